#include "api/sql/tables/event_conditions.hpp"

#include <algorithm>
#include <functional>
#include <string>

#include "api/sql/bind/value_set.hpp"
#include "api/sql/tables/value_condition.hpp"

namespace grapevine::sql {
namespace {

// The conditions of one query, one after the other.
class Taker {
 public:
  Taker(std::span<const EventColumn> columns, const Snapshot& snapshot, const SessionFacts& facts)
      : columns_(columns), snapshot_(snapshot), facts_(facts) {}

  EventConditions take(const std::vector<BoundPtr>& conditions) {
    for (const BoundPtr& condition : conditions) {
      if (take_one(*condition)) {
        taken_.taken.push_back(condition->name);
      } else {
        taken_.left.push_back(condition);
        narrow(*condition);
      }
    }
    if (!events_) {
      for (std::uint32_t id = 0; id < snapshot_.event_names().size(); ++id) {
        taken_.selection.events.push_back(EventNameId(id));
      }
    } else {
      taken_.selection.events = std::move(*events_);
    }
    return std::move(taken_);
  }

 private:
  bool take_one(const Bound& condition) {
    if (take_value(condition)) return true;
    if (condition.kind == Bound::Kind::In) return take_in(condition);
    const auto compared = column_comparison(condition);
    return compared && take_comparison(*compared);
  }

  // Of `a OR b OR ...` what every alternative wants of names and times, so that the rest is not read.
  void narrow(const Bound& condition) {
    if (condition.kind != Bound::Kind::Call || condition.name != "or") return;
    std::vector<EventNameId> events;
    TimeMs from = std::numeric_limits<TimeMs>::max();
    TimeMs to = std::numeric_limits<TimeMs>::min();
    for (const BoundPtr& alternative : condition.arguments) {
      const bool is_and = alternative->kind == Bound::Kind::Call && alternative->name == "and";
      const EventConditions one =
          Taker(columns_, snapshot_, facts_)
              .take(is_and ? alternative->arguments : std::vector<BoundPtr>{alternative});
      events.insert(events.end(), one.selection.events.begin(), one.selection.events.end());
      from = std::min(from, one.selection.from);
      to = std::max(to, one.selection.to);
    }
    take_events([&](std::string_view name) {
      return std::any_of(events.begin(), events.end(), [&](EventNameId id) {
        return snapshot_.event_names().at(index(id)) == name;
      });
    });
    taken_.selection.from = std::max(taken_.selection.from, from);
    taken_.selection.to = std::min(taken_.selection.to, to);
  }

  bool take_value(const Bound& condition) {
    auto found = value_condition(condition, [&](std::size_t column) -> std::optional<ValueType> {
      if (columns_[column].of != EventColumn::Of::Stored) return std::nullopt;
      return snapshot_.columns()[index(columns_[column].id)].type;
    });
    if (!found) return false;
    taken_.selection.where.push_back(
        {columns_[found->column].id, std::move(found->test), found->negated});
    return true;
  }

  bool take_comparison(const ColumnComparison& compared) {
    const ColumnPtr& value = compared.value;
    switch (columns_[compared.column->column].of) {
      case EventColumn::Of::Time: return take_time(compared.compare, value);
      case EventColumn::Of::Event:
        return value->type.id == TypeId::String && take_events([&](std::string_view name) {
                 return holds(name, compared.compare, value);
               });
      case EventColumn::Of::Customer:
        return compared.compare == Compare::Equal && value->type.id == TypeId::String &&
               take_customers({value});
      default: return false;
    }
  }

  bool take_in(const Bound& condition) {
    if (condition.arguments.size() != 1) return false;
    const Bound& of = *condition.arguments[0];
    if (of.kind != Bound::Kind::Column || of.type.id != TypeId::String) return false;
    const EventColumn& column = columns_[of.column];
    if (column.of == EventColumn::Of::Event) {
      const std::vector<ColumnPtr> values = condition.set->values();
      return take_events([&](std::string_view name) {
        bool found = false;
        for (std::size_t row = 0; row < condition.set->size(); ++row) {
          found = found || values[0]->text(row) == name;
        }
        return found != condition.negated;
      });
    }
    if (column.of != EventColumn::Of::Customer) return false;
    if (!condition.negated && condition.set->size() <= kCustomersMax) {
      return take_customers(condition.set->values());
    }
    taken_.among.push_back({condition.set, condition.negated});
    return true;
  }

  bool take_events(const std::function<bool(std::string_view)>& accepts) {
    std::vector<EventNameId> accepted;
    if (events_) {
      for (const EventNameId id : *events_) {
        if (accepts(snapshot_.event_names().at(index(id)))) accepted.push_back(id);
      }
    } else {
      for (std::uint32_t id = 0; id < snapshot_.event_names().size(); ++id) {
        if (accepts(snapshot_.event_names().at(id))) accepted.push_back(EventNameId(id));
      }
    }
    events_ = std::move(accepted);
    return true;
  }

  bool take_customers(const std::vector<ColumnPtr>& values) {
    std::vector<CustomerId> people;
    for (std::size_t row = 0; row < values[0]->stored(); ++row) {
      const std::string_view name = values[0]->text(row);
      const CustomerId person = snapshot_.customers().find(name);
      if (person == kNobody || snapshot_.customers().external_id(person) != name) continue;
      if (taken_.customers &&
          !std::binary_search(taken_.customers->begin(), taken_.customers->end(), person)) {
        continue;
      }
      people.push_back(person);
    }
    std::sort(people.begin(), people.end());
    people.erase(std::unique(people.begin(), people.end()), people.end());
    taken_.customers = std::move(people);
    return true;
  }

  // Times are compared as whole milliseconds: constants that are finer are left to the rows.
  bool take_time(Compare compare, const ColumnPtr& value) {
    const DataType& type = value->type;
    const bool fits = type.id == TypeId::String || type.id == TypeId::Date ||
                      type.id == TypeId::DateTime ||
                      (type.id == TypeId::DateTime64 && type.scale <= 3);
    if (!fits || compare == Compare::NotEqual) return false;
    DataType milliseconds = plain(TypeId::DateTime64);
    milliseconds.scale = 3;
    const auto cast_value = cast(resized(value, 1), milliseconds, facts_);
    if (!cast_value.ok() || (*cast_value)->is_null(0)) return false;
    const TimeMs time = (*cast_value)->fixed<std::int64_t>()[0];
    if (time <= std::numeric_limits<TimeMs>::min() + 1 ||
        time >= std::numeric_limits<TimeMs>::max() - 1) {
      return false;
    }
    EventSelection& selection = taken_.selection;
    if (compare == Compare::Equal || compare == Compare::GreaterOrEqual) {
      selection.from = std::max(selection.from, time);
    }
    if (compare == Compare::Greater) selection.from = std::max(selection.from, time + 1);
    if (compare == Compare::Equal || compare == Compare::LessOrEqual) {
      selection.to = std::min(selection.to, time + 1);
    }
    if (compare == Compare::Less) selection.to = std::min(selection.to, time);
    return true;
  }

  static constexpr std::size_t kCustomersMax = 10'000;

  std::span<const EventColumn> columns_;
  const Snapshot& snapshot_;
  const SessionFacts& facts_;
  EventConditions taken_;
  std::optional<std::vector<EventNameId>> events_;
};

}  // namespace

EventConditions take_conditions(const std::vector<BoundPtr>& conditions,
                                std::span<const EventColumn> columns, const Snapshot& snapshot,
                                const SessionFacts& facts) {
  return Taker(columns, snapshot, facts).take(conditions);
}

}  // namespace grapevine::sql
