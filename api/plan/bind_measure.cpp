#include "api/plan/bind_measure.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "api/plan/attribute_catalog.hpp"
#include "api/plan/bind_value_rule.hpp"

namespace grapevine {
namespace {

constexpr std::string_view kTarget = "target_id";
constexpr std::array<std::string_view, 4> kUncounted{"ts", "event", "customer_id", "event_id"};

Measure::Kind kind_of(Aggregate::Kind kind) {
  switch (kind) {
    case Aggregate::Kind::Count: break;
    case Aggregate::Kind::Sum: return Measure::Kind::Sum;
    case Aggregate::Kind::Avg: return Measure::Kind::Avg;
    case Aggregate::Kind::Min: return Measure::Kind::Min;
    case Aggregate::Kind::Max: return Measure::Kind::Max;
    case Aggregate::Kind::Distinct: return Measure::Kind::Distinct;
  }
  return Measure::Kind::Count;
}

void bind_measured(const Aggregate& aggregate, const std::string& pointer, const Snapshot& snapshot,
                   Mistakes& mistakes, Measure& measure) {
  const bool takes_any = aggregate.kind == Aggregate::Kind::Distinct;
  const std::string& name = aggregate.of;
  const std::string no_number =
      name + " is not a number: `" + std::string(name_of(aggregate.kind)) + "` takes numbers";
  if (name == kTarget) {
    measure.of_target = takes_any;
    if (!takes_any) mistakes.add(pointer, no_number);
    return;
  }
  const ColumnInfo* info = snapshot.find_column(name, measure.of);
  if (info == nullptr &&
      std::find(kUncounted.begin(), kUncounted.end(), name) != kUncounted.end()) {
    mistakes.add(pointer, name + " is what every event has, and cannot be measured");
  } else if (info == nullptr) {
    mistakes.add(pointer, no_such_column(name, snapshot, {kTarget}));
  } else if (!takes_any && info->type != ValueType::Null && !is_number(info->type)) {
    mistakes.add(pointer, no_number);
  }
}

}  // namespace

Measure bind_measure(const std::optional<Aggregate>& aggregate, const std::string& pointer,
                     const Snapshot& snapshot, Mistakes& mistakes) {
  if (!aggregate) return Measure::at_least_once();
  Measure measure;
  measure.kind = kind_of(aggregate->kind);
  measure.bounds = number_bounds(aggregate->bounds);
  if (aggregate->kind != Aggregate::Kind::Count && !aggregate->of.empty()) {
    const std::string name(name_of(aggregate->kind));
    bind_measured(*aggregate, pointer + '/' + name + "/of", snapshot, mistakes, measure);
  }
  return measure;
}

bool accepts_no_rows(const Measure& measure) {
  switch (measure.kind) {
    case Measure::Kind::Count:
    case Measure::Kind::Distinct:
      return measure.bounds.whole.least <= 0 && 0 <= measure.bounds.whole.most;
    case Measure::Kind::Sum:
      return measure.bounds.real.least <= 0.0 && 0.0 <= measure.bounds.real.most;
    case Measure::Kind::Avg:
    case Measure::Kind::Min:
    case Measure::Kind::Max: break;
  }
  return false;
}

}  // namespace grapevine
