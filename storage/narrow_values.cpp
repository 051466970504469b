#include "storage/narrow_values.hpp"

#include <limits>
#include <type_traits>
#include <variant>
#include <vector>

#include "storage/customers.hpp"

namespace grapevine {
namespace {

template <typename Number>
NarrowValues narrowed(const AttributeChunk& chunk, const std::vector<Number>& values) {
  Number least = std::numeric_limits<Number>::max();
  Number most = std::numeric_limits<Number>::min();
  for (std::size_t slot = 0; slot < values.size(); ++slot) {
    if (!chunk.has(slot)) continue;
    least = values[slot] < least ? values[slot] : least;
    most = values[slot] > most ? values[slot] : most;
  }
  if (least > most) return {};  // Nobody has a value.
  if (static_cast<std::uint64_t>(most) - static_cast<std::uint64_t>(least) > 0xFF) return {};
  NarrowValues narrow{static_cast<std::int64_t>(least),
                      std::make_unique<std::uint8_t[]>(values.size())};
  for (std::size_t slot = 0; slot < values.size(); ++slot) {
    const auto offset =
        static_cast<std::uint64_t>(values[slot]) - static_cast<std::uint64_t>(least);
    narrow.offsets[slot] = chunk.has(slot) ? static_cast<std::uint8_t>(offset) : 0;
  }
  return narrow;
}

}  // namespace

const NarrowValues* AttributeChunk::narrow() const {
  const NarrowValues& made = made_narrow.get([this] {
    return std::visit(
        [this](const auto& of) -> NarrowValues {
          using Value = typename std::decay_t<decltype(of)>::value_type;
          if constexpr (std::is_same_v<Value, std::uint32_t> ||
                        std::is_same_v<Value, std::int64_t>) {
            return narrowed(*this, of);
          } else {
            return {};
          }
        },
        values);
  });
  return made.offsets != nullptr ? &made : nullptr;
}

}  // namespace grapevine
