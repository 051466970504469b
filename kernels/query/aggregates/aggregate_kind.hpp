#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/query/aggregate.hpp"
#include "kernels/query/visit_stored.hpp"

namespace grapevine::sql {

/// What an aggregate function is asked for. The types have no NULL: what deals with it stands around.
struct AggregateRequest {
  std::string_view name;
  std::span<const ColumnPtr> parameters;
  std::vector<DataType> arguments;
};

/// An aggregate function by name. Its states see neither NULL nor constant columns.
struct AggregateKind {
  std::string_view name;
  absl::StatusOr<AggregatePtr> (*make)(const AggregateRequest& request);
  bool case_insensitive = false;
  /// What it answers of no rows is a value like others, also where arguments may be NULL: no group
  /// is NULL.
  bool never_null = false;
  std::string_view alias_to = {};
};

/// The kinds of one file, one list for each.
std::span<const AggregateKind> count_and_sum_kinds();
std::span<const AggregateKind> extreme_kinds();
std::span<const AggregateKind> picked_value_kinds();
std::span<const AggregateKind> distinct_kinds();
std::span<const AggregateKind> quantile_kinds();
std::span<const AggregateKind> moment_kinds();
std::span<const AggregateKind> array_kinds();
std::span<const AggregateKind> bit_kinds();
std::span<const AggregateKind> top_kinds();
std::span<const AggregateKind> funnel_kinds();
std::span<const AggregateKind> sequence_kinds();
std::span<const AggregateKind> computed_array_kinds();
std::span<const AggregateKind> counted_value_kinds();
std::span<const AggregateKind> series_kinds();
std::span<const AggregateKind> estimate_kinds();

/// An aggregate of a type and a way to make states.
class MadeAggregate final : public Aggregate {
 public:
  using Make = std::function<std::unique_ptr<AggregateStates>()>;
  MadeAggregate(DataType type, Make make) : type_(std::move(type)), make_(std::move(make)) {}
  [[nodiscard]] const DataType& type() const override { return type_; }
  [[nodiscard]] std::unique_ptr<AggregateStates> make_states() const override { return make_(); }

 private:
  DataType type_;
  Make make_;
};

inline AggregatePtr made(DataType type, MadeAggregate::Make make) {
  return std::make_shared<MadeAggregate>(std::move(type), std::move(make));
}

/// Errors that all share.
absl::Status wrong_argument(const AggregateRequest& request, std::size_t argument);
absl::Status wrong_argument_count(const AggregateRequest& request, std::string_view wanted);
/// OK where there are so many arguments; `most`: the same where it is 0.
absl::Status check_argument_count(const AggregateRequest& request, std::size_t least,
                                  std::size_t most = 0);
absl::Status check_no_parameters(const AggregateRequest& request);

}  // namespace grapevine::sql
