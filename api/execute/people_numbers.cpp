#include "api/execute/people_numbers.hpp"

#include <limits>
#include <variant>

#include "api/encode/attribute_value.hpp"
#include "api/execute/computed_columns.hpp"
#include "api/parse/mistakes.hpp"
#include "api/plan/computed_planner.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {

absl::StatusOr<std::vector<double>> people_numbers(const AttributeName& attribute,
                                                   const GraphSource& source,
                                                   const Context& context) {
  Mistakes mistakes;
  ComputedPlanner planner(*source.snapshot, {source.moment.as_of, context.timezone}, mistakes);
  const ComputedPlan plan = planner.plan_value({attribute.pointer, attribute.name, {}});
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  ComputedColumns columns({*source.snapshot, source.moment.as_of, context.graph, context.stop});
  GRAPEVINE_ASSIGN_OR_RETURN(const auto column, columns.column(plan));
  const std::vector<CustomerId>& people = source.graph->listening().people;
  std::vector<double> numbers(people.size(), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t v = 0; v < people.size(); ++v) {
    const AttributeValue value = value_of(*column, people[v]);
    if (const auto* real = std::get_if<double>(&value)) numbers[v] = *real;
    if (const auto* whole = std::get_if<std::int64_t>(&value)) {
      numbers[v] = static_cast<double>(*whole);
    }
  }
  return numbers;
}

absl::StatusOr<std::vector<double>> people_values(const AttributeName& attribute,
                                                  const GraphSource& source,
                                                  const Context& context) {
  GRAPEVINE_ASSIGN_OR_RETURN(std::vector<double> values,
                             people_numbers(attribute, source, context));
  for (double& value : values) {
    if (!(value > 0.0)) value = 0.0;
  }
  return values;
}

}  // namespace grapevine
