#include "api/sql/tables/chosen_customers.hpp"

#include <cmath>
#include <limits>
#include <string_view>
#include <type_traits>
#include <utility>

#include "api/sql/execute/query_context.hpp"
#include "api/sql/tables/measured_rows.hpp"
#include "kernels/query/visit_stored.hpp"
#include "kernels/segment/measure.hpp"
#include "kernels/segment/window.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// A constant as a whole number; nullopt: it is none.
std::optional<std::int64_t> whole_number(const Column& constant) {
  std::optional<std::int64_t> number;
  if (!is_integer(constant.type.id)) return number;
  visit_stored(constant.type.id, [&](auto zero) {
    using Value = decltype(zero);
    if constexpr (std::is_integral_v<Value>) {
      const Value value = constant.fixed<Value>()[0];
      if (std::in_range<std::int64_t>(value)) number = static_cast<std::int64_t>(value);
    }
  });
  return number;
}

// The numbers that compare so with one, as a closed range; nullopt: they are none.
template <typename Number>
std::optional<Range<Number>> range_of(Compare compare, Number value, Range<Number> all,
                                      Number before, Number after) {
  switch (compare) {
    case Compare::Equal: return Range<Number>{value, value};
    case Compare::NotEqual: return std::nullopt;
    case Compare::Less: all.most = before; break;
    case Compare::LessOrEqual: all.most = value; break;
    case Compare::Greater: all.least = after; break;
    case Compare::GreaterOrEqual: all.least = value; break;
  }
  return all;
}

// What a test measures, and over which rows.
struct PlannedTest {
  EventSelection selection;
  Measure measure;
  bool wants_row = false;  // Nobody without a row has it.
};

class TestPlanner {
 public:
  TestPlanner(const std::vector<BoundPtr>& conditions, std::span<const EventColumn> columns,
              const QueryContext& context)
      : conditions_(conditions), columns_(columns), context_(context) {}

  std::optional<PlannedTest> plan(const CustomerTest& test) const {
    const MeasuredRows rows = measured_rows(test.function, test.of);
    std::vector<BoundPtr> conditions = conditions_;
    if (rows.condition != nullptr) conditions.push_back(rows.condition);
    PlannedTest planned;
    auto selection = select(conditions);
    if (!selection || !set_measure(rows.function, rows.of, planned.measure)) return std::nullopt;
    planned.selection = *std::move(selection);
    if (!set_bounds(test, planned)) return std::nullopt;
    return planned;
  }

  // The rows for which all conditions hold; nullopt: the store cannot say.
  std::optional<EventSelection> select(const std::vector<BoundPtr>& conditions) const {
    auto taken = select_rows(conditions, columns_, *context_.snapshot, context_.facts);
    if (!taken || !taken->among.empty()) return std::nullopt;
    return std::move(taken->selection);
  }

 private:
  bool set_measure(std::string_view function, std::span<const BoundPtr> of,
                   Measure& measure) const {
    if (function == "count" && of.empty()) {
      measure.kind = Measure::Kind::Count;
      return true;
    }
    if (of.size() != 1 || of[0]->kind != Bound::Kind::Column) return false;
    const EventColumn& column = columns_[of[0]->column];
    if (column.of != EventColumn::Of::Stored) return false;
    measure.of = column.id;
    if (function == "sum" && is_float(of[0]->type.id)) {
      measure.kind = Measure::Kind::Sum;
      return true;
    }
    measure.kind = Measure::Kind::Distinct;
    return (function == "uniqExact" || function == "uniq") && of[0]->type.id == TypeId::String;
  }

  static bool set_bounds(const CustomerTest& test, PlannedTest& planned) {
    NumberBounds& bounds = planned.measure.bounds;
    const std::optional<std::int64_t> number = whole_number(*test.value);
    constexpr std::int64_t kMost = std::int64_t{1} << 53;
    if (!number || *number <= -kMost || *number >= kMost) return false;
    if (planned.measure.kind == Measure::Kind::Sum) {
      const auto value = static_cast<double>(*number);
      constexpr double kInfinity = std::numeric_limits<double>::infinity();
      const auto range =
          range_of(test.compare, value, bounds.real, std::nextafter(value, -kInfinity),
                   std::nextafter(value, kInfinity));
      // The sum of no value is NULL in SQL, 0 as a measure.
      if (!range || range->has(0.0)) return false;
      bounds.real = *range;
      planned.wants_row = true;
    } else {
      const auto range = range_of(test.compare, *number, bounds.whole, *number - 1, *number + 1);
      if (!range) return false;
      bounds.whole = *range;
      planned.wants_row = !range->has(0);
    }
    return true;
  }

  const std::vector<BoundPtr>& conditions_;
  std::span<const EventColumn> columns_;
  const QueryContext& context_;
};

// Those who pass every test, each asked of those alone who passed the ones before it.
absl::StatusOr<CustomerSet> customers_of(const std::vector<PlannedTest>& tests,
                                         QueryContext& context) {
  std::optional<CustomerSet> chosen;
  ReadCounts reads;
  for (const PlannedTest& test : tests) {
    GRAPEVINE_ASSIGN_OR_RETURN(
        CustomerSet having,
        customers_by_measure(*context.snapshot, test.selection, {}, test.measure,
                             {chosen ? &*chosen : nullptr, &reads}, context.api.stop));
    if (!chosen) {
      chosen = std::move(having);
      continue;
    }
    const auto words = chosen->words();
    for (std::size_t i = 0; i < words.size(); ++i) words[i] &= having.words()[i];
  }
  context.progress.read_rows += reads.rows;
  context.progress.read_bytes += reads.bytes;
  return *std::move(chosen);
}

}  // namespace

CustomerChoice choose_customers(const std::vector<BoundPtr>& conditions,
                                std::span<const CustomerTest> tests,
                                std::span<const EventColumn> columns, QueryContext& context) {
  const TestPlanner planner(conditions, columns, context);
  std::vector<PlannedTest> planned;
  bool wants_row = false;
  for (const CustomerTest& test : tests) {
    auto one = planner.plan(test);
    if (!one) return {};
    wants_row = wants_row || one->wants_row;
    planned.push_back(*std::move(one));
  }
  if (!wants_row) {  // A group has a row.
    auto selection = planner.select(conditions);
    if (!selection) return {};
    planned.push_back({*std::move(selection), Measure::at_least_once(), true});
  }
  return [planned = std::move(planned), &context] { return customers_of(planned, context); };
}

}  // namespace grapevine::sql
