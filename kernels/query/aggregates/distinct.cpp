#include <array>
#include <utility>

#include "kernels/query/aggregates/aggregate_kind.hpp"
#include "kernels/query/aggregates/distinct_rows.hpp"
#include "kernels/query/aggregates/nullable_states.hpp"
#include "kernels/query/aggregates/selected_rows.hpp"
#include "kernels/query/aggregates/unique_counts.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// Keeps the distinct rows of each group, and gives them to the aggregate in the end.
class DistinctStates final : public AggregateStates {
 public:
  using AggregateStates::merge;
  DistinctStates(std::unique_ptr<AggregateStates> inner, std::vector<DataType> types)
      : inner_(std::move(inner)), rows_(std::move(types)) {}
  void resize(std::size_t groups) override { groups_ = groups; }
  absl::Status add(std::span<const std::uint32_t> groups, std::span<const ColumnPtr> arguments,
                   std::span<const std::uint8_t> mask) override {
    const SelectedRows rows =
        SelectedRows::of(groups, arguments, mask, kept_groups_, kept_columns_);
    rows_.add(rows.groups, rows.columns);
    return absl::OkStatus();
  }
  void seal() override { rows_.seal(groups_); }
  void merge(const AggregateStates& other, std::span<const std::uint32_t> from,
             std::span<const std::uint32_t> to) override {
    rows_.merge(static_cast<const DistinctStates&>(other).rows_, from, to);
  }
  absl::StatusOr<ColumnPtr> finish() override {
    inner_->resize(groups_);
    std::vector<std::uint32_t> numbers(rows_.size());
    std::vector<std::uint32_t> groups(rows_.size());
    for (std::uint32_t i = 0; i < numbers.size(); ++i) {
      numbers[i] = i;
      groups[i] = rows_.group(i);
    }
    const std::vector<ColumnPtr> columns = rows_.rows(numbers);
    GRAPEVINE_RETURN_IF_ERROR(inner_->add(groups, columns, {}));
    return inner_->finish();
  }
  [[nodiscard]] std::size_t bytes() const override { return rows_.bytes() + inner_->bytes(); }

 private:
  std::unique_ptr<AggregateStates> inner_;
  DistinctRows rows_;
  std::size_t groups_ = 0;
  std::vector<std::uint32_t> kept_groups_;
  std::vector<ColumnPtr> kept_columns_;
};

absl::StatusOr<AggregatePtr> make_unique_count(const AggregateRequest& request) {
  if (request.arguments.empty()) return wrong_argument_count(request, "1 or more");
  // The precision of an estimate may be given; there is none.
  if (!request.name.starts_with("uniqCombined") || request.parameters.size() > 1) {
    GRAPEVINE_RETURN_IF_ERROR(check_no_parameters(request));
  }
  const std::vector<DataType> types = request.arguments;
  return made(plain(TypeId::UInt64), [types] { return std::make_unique<UniqueCounts>(types); });
}

constexpr std::array kKinds{
    AggregateKind{"uniqExact", make_unique_count, false, true},
    AggregateKind{"uniq", make_unique_count, false, true},
    AggregateKind{"uniqCombined", make_unique_count},
    AggregateKind{"uniqCombined64", make_unique_count},
    AggregateKind{"uniqHLL12", make_unique_count, false, true},
};

}  // namespace

AggregatePtr of_distinct(AggregatePtr aggregate, std::vector<DataType> arguments) {
  const DataType type = aggregate->type();
  return made(type, [aggregate, arguments]() -> std::unique_ptr<AggregateStates> {
    return std::make_unique<DistinctStates>(aggregate->make_states(), arguments);
  });
}

std::span<const AggregateKind> distinct_kinds() { return kKinds; }

}  // namespace grapevine::sql
