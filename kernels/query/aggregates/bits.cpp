#include <array>
#include <type_traits>
#include <utility>

#include "kernels/query/aggregates/aggregate_kind.hpp"
#include "kernels/query/aggregates/row_loops.hpp"
#include "kernels/query/aggregates/state_vector.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

enum class BitRule : std::uint8_t { And, Or, Xor };

// Words of bits, which begin as what changes nothing.
template <BitRule kRule>
struct Word {
  std::uint64_t bits = kRule == BitRule::And ? ~std::uint64_t{0} : 0;
};

template <typename Value, BitRule kRule>
class BitStates final : public StateVector<BitStates<Value, kRule>, Word<kRule>> {
 public:
  explicit BitStates(DataType type) : type_(std::move(type)) {}
  absl::Status add(std::span<const std::uint32_t> groups, std::span<const ColumnPtr> arguments,
                   std::span<const std::uint8_t> mask) override {
    const std::span<const Value> values = arguments[0]->fixed<Value>();
    Word<kRule>* const states = this->states_.data();
    for_each_row(groups, mask, this->has_one_group(), [&](std::size_t i, std::uint32_t g) {
      apply(states[g].bits, static_cast<std::uint64_t>(values[i]));
    });
    return absl::OkStatus();
  }
  static void merge_state(Word<kRule>& into, const Word<kRule>& from) {
    apply(into.bits, from.bits);
  }
  absl::StatusOr<ColumnPtr> finish() override {
    auto column = new_fixed(type_, this->states_.size());
    const std::span<Value> results = column->template fixed<Value>();
    for (std::size_t i = 0; i < results.size(); ++i) {
      results[i] = static_cast<Value>(this->states_[i].bits);
    }
    return column;
  }

 private:
  static void apply(std::uint64_t& bits, std::uint64_t more) {
    if constexpr (kRule == BitRule::And) {
      bits &= more;
    } else if constexpr (kRule == BitRule::Or) {
      bits |= more;
    } else {
      bits ^= more;
    }
  }

  DataType type_;
};

template <BitRule kRule>
absl::StatusOr<AggregatePtr> make_bits(const AggregateRequest& request) {
  GRAPEVINE_RETURN_IF_ERROR(check_no_parameters(request));
  GRAPEVINE_RETURN_IF_ERROR(check_argument_count(request, 1));
  const TypeId id = request.arguments[0].id;
  if (!is_integer(id) && id != TypeId::Bool) return wrong_argument(request, 0);
  const DataType type = plain(id == TypeId::Bool ? TypeId::UInt8 : id);
  return visit_stored(id, [&]<typename Value>(Value) -> AggregatePtr {
    if constexpr (std::is_floating_point_v<Value>) {
      return nullptr;  // None was let in.
    } else {
      return made(type, [type] { return std::make_unique<BitStates<Value, kRule>>(type); });
    }
  });
}

constexpr std::array kKinds{
    AggregateKind{"groupBitAnd", make_bits<BitRule::And>},
    AggregateKind{"BIT_AND", make_bits<BitRule::And>, true, false, "groupBitAnd"},
    AggregateKind{"groupBitOr", make_bits<BitRule::Or>},
    AggregateKind{"BIT_OR", make_bits<BitRule::Or>, true, false, "groupBitOr"},
    AggregateKind{"groupBitXor", make_bits<BitRule::Xor>},
    AggregateKind{"BIT_XOR", make_bits<BitRule::Xor>, true, false, "groupBitXor"},
};

}  // namespace

std::span<const AggregateKind> bit_kinds() { return kKinds; }

}  // namespace grapevine::sql
