#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "kernels/query/aggregates/parameters.hpp"
#include "kernels/query/aggregates/sequence_pattern.hpp"
#include "kernels/query/aggregates/timed_conditions.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// Whether the events of a group match a pattern, or how often, one match after the other.
template <bool kCounts>
class Sequences final : public AggregateStates {
 public:
  using AggregateStates::merge;
  explicit Sequences(SequencePattern pattern) : pattern_(std::move(pattern)) {}
  void resize(std::size_t groups) override { rows_.resize(groups); }
  absl::Status add(std::span<const std::uint32_t> groups, std::span<const ColumnPtr> arguments,
                   std::span<const std::uint8_t> mask) override {
    add_timed_conditions(groups, arguments, mask, false, rows_);
    return absl::OkStatus();
  }
  void seal() override { rows_.seal(); }
  void merge(const AggregateStates& other, std::span<const std::uint32_t> from,
             std::span<const std::uint32_t> to) override {
    rows_.merge(static_cast<const Sequences&>(other).rows_, from, to);
  }
  absl::StatusOr<ColumnPtr> finish() override {
    rows_.seal();
    auto column = new_fixed(plain(kCounts ? TypeId::UInt64 : TypeId::UInt8), rows_.groups());
    std::vector<TimedConditions> rows;
    for (std::size_t group = 0; group < rows_.groups(); ++group) {
      const std::span<TimedConditions> events = rows_.of(group, rows);
      std::stable_sort(events.begin(), events.end());
      if constexpr (kCounts) {
        GRAPEVINE_ASSIGN_OR_RETURN(column->template fixed<std::uint64_t>()[group], count(events));
      } else {
        GRAPEVINE_ASSIGN_OR_RETURN(const auto end, pattern_.match(events, 0));
        column->template fixed<std::uint8_t>()[group] = end ? 1 : 0;
      }
    }
    return column;
  }
  [[nodiscard]] std::size_t bytes() const override { return rows_.bytes(); }

 private:
  absl::StatusOr<std::uint64_t> count(std::span<const TimedConditions> events) const {
    std::uint64_t matches = 0;
    std::size_t at = 0;
    while (at < events.size()) {
      GRAPEVINE_ASSIGN_OR_RETURN(const auto end, pattern_.match(events, at));
      if (!end) break;
      ++matches;
      at = std::max(*end, at + 1);  // A match of nothing takes an event.
    }
    return matches;
  }

  SequencePattern pattern_;
  GroupedValues<TimedConditions> rows_;
};

template <bool kCounts>
absl::StatusOr<AggregatePtr> make_sequence(const AggregateRequest& request) {
  if (request.parameters.size() != 1) {
    return query_error(
        QueryErrorCode::NumberOfArgumentsDoesntMatch,
        "Aggregate function " + std::string(request.name) + " requires exactly one parameter.");
  }
  GRAPEVINE_RETURN_IF_ERROR(check_timed_conditions(request, 2));
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string_view text, text_parameter(*request.parameters[0]));
  GRAPEVINE_ASSIGN_OR_RETURN(const SequencePattern pattern,
                             SequencePattern::parse(text, request.arguments.size() - 1));
  return made(plain(kCounts ? TypeId::UInt64 : TypeId::UInt8),
              [pattern] { return std::make_unique<Sequences<kCounts>>(pattern); });
}

constexpr std::array kKinds{
    AggregateKind{"sequenceMatch", make_sequence<false>},
    AggregateKind{"sequenceCount", make_sequence<true>},
};

}  // namespace

std::span<const AggregateKind> sequence_kinds() { return kKinds; }

}  // namespace grapevine::sql
