#include "api/sql/tables/measured_customers.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "api/sql/bind/quarter_hour_moments.hpp"
#include "api/sql/execute/query_context.hpp"
#include "api/sql/plan/plan.hpp"
#include "api/sql/tables/customer_states.hpp"
#include "api/sql/tables/measured_funnel.hpp"
#include "api/sql/tables/measured_rows.hpp"
#include "api/sql/tables/people_codes.hpp"
#include "api/sql/tables/quarters_read.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "kernels/query/visit_stored.hpp"
#include "kernels/segment/event_rows.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

using MakeState = std::function<std::unique_ptr<CustomerState>()>;

// What is measured of one selection.
struct MeasuredSelection {
  EventSelection selection;
  std::vector<std::size_t> measures;  // By their place among the results.
  std::vector<MakeState> states;      // Of each; then, perhaps, one that tells who has rows.
  bool is_query = false;              // Whoever has such rows is in the answer.
};

// All that is measured. Selections stay where they are: row filters refer to them.
struct MeasuredPlan {
  std::vector<std::unique_ptr<MeasuredSelection>> selections;
  std::vector<DataType> types;
  std::vector<EventConditions::Among> among;
  std::vector<std::unique_ptr<QuarterBits>> quarter_bits;
  // By their place among the results.
  std::vector<std::pair<std::size_t, std::unique_ptr<MeasuredFunnel>>> funnels;
};

class MeasurePlanner {
 public:
  MeasurePlanner(std::span<const EventColumn> columns, QueryContext& context)
      : columns_(columns), context_(context) {}

  std::optional<MeasuredPlan> plan(const std::vector<BoundPtr>& conditions,
                                   std::span<const CustomerMeasure> measures) {
    if (!set_alternatives(conditions)) return std::nullopt;
    for (std::size_t i = 0; i < measures.size(); ++i) {
      if (!add(i, measures[i])) return std::nullopt;
      plan_.types.push_back(measures[i].type);
    }
    for (const std::vector<BoundPtr>& alternative : alternatives_) {
      MeasuredSelection* const selection = selection_of(alternative);
      if (selection == nullptr) return std::nullopt;
      selection->is_query = true;
    }
    for (const auto& selection : plan_.selections) {
      const bool knows =
          std::any_of(selection->states.begin(), selection->states.end(),
                      [](const MakeState& make) { return make()->mark_present({}); });
      if (selection->is_query && !knows) {
        selection->states.emplace_back([] { return any_row(plain(TypeId::UInt8)); });
      }
    }
    return std::move(plan_);
  }

 private:
  // The rows of a query are those for which all conditions of some alternative hold: more than one
  // where a condition is `a OR b OR ...`.
  bool set_alternatives(const std::vector<BoundPtr>& conditions) {
    std::vector<BoundPtr> common;
    const Bound* either = nullptr;
    for (const BoundPtr& condition : conditions) {
      if (condition->kind != Bound::Kind::Call || condition->name != "or") {
        common.push_back(condition);
      } else if (either == nullptr) {
        either = condition.get();
      } else {
        return false;
      }
    }
    if (either == nullptr) {
      alternatives_.push_back(std::move(common));
      return true;
    }
    for (const BoundPtr& one : either->arguments) {
      alternatives_.push_back(common);
      split_conditions(one, alternatives_.back());
    }
    return true;
  }

  bool add(std::size_t number, const CustomerMeasure& measure) {
    if (const auto shape = funnel_shape_of(*measure.aggregate)) {
      return add_funnel(number, *shape, measure.of);
    }
    const MeasuredRows rows = measured_rows(measure.function, measure.of);
    if (rows.function == "max" && rows.condition == nullptr && rows.of.size() == 1 &&
        rows.of[0]->kind != Bound::Kind::Column && rows.of[0]->type.id == TypeId::UInt8) {
      return add_condition(number, rows.of[0], measure.type);
    }
    std::vector<BoundPtr> conditions;
    if (rows.condition != nullptr) split_conditions(rows.condition, conditions);
    MeasuredSelection* const selection = selection_where(conditions);
    if (selection == nullptr) return false;
    MakeState make = state_of(rows, *selection, measure.type);
    if (make == nullptr) return false;
    selection->measures.push_back(number);
    selection->states.push_back(std::move(make));
    return true;
  }

  // `of`: the time of rows and the condition of each step.
  bool add_funnel(std::size_t number, const FunnelShape& shape, std::span<const BoundPtr> of) {
    if (alternatives_.size() != 1 || !MeasuredFunnel::can_follow(shape)) return false;
    const auto wanted = select(alternatives_[0]);
    if (!wanted) return false;
    const RowsRead read = rows_read(*context_.snapshot, *wanted);
    const auto unit_ms = MeasuredFunnel::unit_of(of[0], columns_, read.first, read.last);
    if (!unit_ms) return false;
    std::vector<EventSelection> steps;
    for (const BoundPtr& condition : of.subspan(1)) {
      std::vector<BoundPtr> all = alternatives_[0];
      split_conditions(condition, all);
      auto step = condition->type.nullable ? std::nullopt : select(all);
      if (!step) return false;
      steps.push_back(*std::move(step));
    }
    plan_.funnels.emplace_back(number,
                               std::make_unique<MeasuredFunnel>(shape, *unit_ms, std::move(steps)));
    return true;
  }

  // max(condition): whether it holds for some row; NULL where it is NULL for all rows, which must not
  // come to pass.
  bool add_condition(std::size_t number, const BoundPtr& condition, const DataType& type) {
    std::vector<BoundPtr> conditions;
    split_conditions(condition, conditions);
    if (!std::all_of(conditions.begin(), conditions.end(), is_truth)) return false;
    if (condition->type.nullable && !is_never_null(conditions)) return false;
    MeasuredSelection* const selection = selection_where(conditions);
    if (selection == nullptr) return false;
    selection->measures.push_back(number);
    selection->states.emplace_back([type] { return any_row(type); });
    return true;
  }

  // Whether an expression is 1, 0 or NULL.
  static bool is_truth(const BoundPtr& expression) {
    return expression->kind == Bound::Kind::In || column_comparison(*expression).has_value();
  }

  // Whether, in each alternative, all of the conditions hold, or one that is never NULL does not: that
  // on the event's name.
  [[nodiscard]] bool is_never_null(const std::vector<BoundPtr>& conditions) const {
    const auto wanted = select_rows(conditions, columns_, *context_.snapshot, context_.facts);
    if (!wanted) return false;
    return std::all_of(alternatives_.begin(), alternatives_.end(), [&](const auto& alternative) {
      if (has_all(alternative, conditions)) return true;
      const auto rows = select_rows(alternative, columns_, *context_.snapshot, context_.facts);
      if (!rows) return false;
      const auto& events = wanted->selection.events;
      return std::none_of(rows->selection.events.begin(), rows->selection.events.end(),
                          [&](EventNameId event) {
                            return std::find(events.begin(), events.end(), event) != events.end();
                          });
    });
  }

  static bool has_all(const std::vector<BoundPtr>& conditions,
                      const std::vector<BoundPtr>& wanted) {
    return std::all_of(wanted.begin(), wanted.end(), [&](const BoundPtr& one) {
      return std::any_of(conditions.begin(), conditions.end(),
                         [&](const BoundPtr& other) { return other->key == one->key; });
    });
  }

  // The query's rows for which further conditions hold; nullptr: the store cannot say.
  MeasuredSelection* selection_where(const std::vector<BoundPtr>& conditions) {
    std::vector<BoundPtr> all = conditions;
    if (alternatives_.size() == 1) {
      all.insert(all.end(), alternatives_[0].begin(), alternatives_[0].end());
      return selection_of(all);
    }
    // Where they ask for more than an alternative does, the others need not be looked at.
    const auto implied = std::find_if(
        alternatives_.begin(), alternatives_.end(),
        [&](const std::vector<BoundPtr>& alternative) { return has_all(conditions, alternative); });
    return implied == alternatives_.end() ? nullptr : selection_of(all);
  }

  MeasuredSelection* selection_of(const std::vector<BoundPtr>& conditions) {
    std::set<std::string> keys;
    for (const BoundPtr& condition : conditions) keys.insert(condition->key);
    MeasuredSelection*& known = known_[keys];
    if (known != nullptr) return known;
    auto selection = select(conditions);
    if (!selection) return nullptr;
    auto made = std::make_unique<MeasuredSelection>();
    made->selection = *std::move(selection);
    known = made.get();
    plan_.selections.push_back(std::move(made));
    return known;
  }

  // The rows for which all conditions hold, of the customers that all of them ask for.
  std::optional<EventSelection> select(const std::vector<BoundPtr>& conditions) {
    auto rows = select_rows(conditions, columns_, *context_.snapshot, context_.facts);
    if (!rows) return std::nullopt;
    if (!rows->among.empty()) {
      if (alternatives_.size() > 1) return std::nullopt;  // One of them alone may ask for a set.
      if (plan_.among.empty()) plan_.among = rows->among;
      if (plan_.among.size() != rows->among.size()) return std::nullopt;
    } else if (!plan_.among.empty()) {
      return std::nullopt;
    }
    return std::move(rows->selection);
  }

  // nullptr: it is no measure.
  MakeState state_of(const MeasuredRows& rows, const MeasuredSelection& selection,
                     const DataType& type) {
    if (rows.function == "count" && rows.of.empty()) return row_counts;
    if (rows.of.size() != 1) return nullptr;
    const BoundPtr& of = rows.of[0];
    if (rows.function == "groupBitOr") return bits_of(of, selection, type);
    if (of->kind != Bound::Kind::Column) return nullptr;
    const EventColumn& column = columns_[of->column];
    const bool least = rows.function == "min";
    if (column.of == EventColumn::Of::Time && (least || rows.function == "max")) {
      return [type, least] { return extreme_times(type, !least); };
    }
    const bool mean = rows.function == "avg";
    if (column.of == EventColumn::Of::Stored && is_float(of->type.id) &&
        (mean || rows.function == "sum") && type == nullable(plain(TypeId::Float64))) {
      return [id = column.id, mean] { return sums(id, mean); };
    }
    return nullptr;
  }

  MakeState bits_of(const BoundPtr& of, const MeasuredSelection& selection, const DataType& type) {
    const Bound* const moments = quarter_hour_moments(*of);
    if (moments == nullptr || columns_[moments->column].of != EventColumn::Of::Time ||
        of->type != type || type.nullable || !is_integer(type.id)) {
      return nullptr;
    }
    auto bits = std::make_unique<QuarterBits>();
    const RowsRead read = rows_read(*context_.snapshot, selection.selection);
    if (read.first <= read.last) {
      const auto by_quarter = by_quarter_hour(of, read.first, read.last);
      if (!by_quarter) return nullptr;
      bits->from = by_quarter->from;
      visit_stored(type.id, [&](auto zero) {
        using Value = decltype(zero);
        if constexpr (std::is_integral_v<Value>) {
          const auto values = by_quarter->values->template fixed<Value>();
          for (const Value value : values) {
            bits->bits.push_back(static_cast<std::uint64_t>(value));
            bits->any_is_0 = bits->any_is_0 || value == 0;
          }
        }
      });
      bits->find_changes();
    }
    plan_.quarter_bits.push_back(std::move(bits));
    const QuarterBits& made = *plan_.quarter_bits.back();
    return [type, &made] { return bits_of_times(type, made); };
  }

  std::span<const EventColumn> columns_;
  QueryContext& context_;
  std::vector<std::vector<BoundPtr>> alternatives_;
  std::map<std::set<std::string>, MeasuredSelection*> known_;
  MeasuredPlan plan_;
};

class MeasuredCustomers final : public BlockSource {
 public:
  MeasuredCustomers(MeasuredPlan plan, QueryContext& context)
      : context_(context), plan_(std::move(plan)), among_(people_among(plan_.among, context)) {
    for (const auto& selection : plan_.selections) {
      rows_.emplace_back(*context.snapshot, selection->selection, RowPick{},
                         EventScan{among_ ? &*among_ : nullptr, nullptr});
      context.progress.read_rows += rows_read(*context.snapshot, selection->selection).rows;
    }
    for (const auto& [measure, funnel] : plan_.funnels) {
      funnel->open(*context.snapshot, EventScan{among_ ? &*among_ : nullptr, nullptr});
    }
  }

  std::size_t morsels() const override { return blocks_of(customers(), kStretch); }
  std::uint64_t rows() const override { return customers(); }
  absl::Status read(std::size_t morsel, const Consume& consume) const override {
    GRAPEVINE_RETURN_IF_ERROR(context_.check());
    const std::size_t first = morsel * kStretch;
    const std::size_t count = std::min(kStretch, customers() - first);
    States states(rows_.size());
    EventRows::Scratch scratch;
    for (std::size_t s = 0; s < rows_.size(); ++s) {
      for (const MakeState& make : plan_.selections[s]->states) {
        states[s].push_back(make());
        states[s].back()->reset(count);
      }
      rows_[s].for_each_stretch(
          first, first + count, scratch,
          [&](const Run& run, RowRange rows, std::span<const std::uint8_t> mask) {
            for (const auto& state : states[s]) state->add(run, rows, mask, first);
          });
    }
    std::vector<std::vector<std::uint8_t>> levels;
    for (const auto& [measure, funnel] : plan_.funnels) {
      levels.push_back(funnel->levels(first, first + count, context_.api.stop));
    }
    GRAPEVINE_RETURN_IF_ERROR(context_.check());
    const std::vector<std::uint32_t> present = present_in(first, count, states);
    for (std::size_t begin = 0; begin < present.size(); begin += kBlockRows) {
      const std::span some =
          std::span(present).subspan(begin, std::min(kBlockRows, present.size() - begin));
      GRAPEVINE_RETURN_IF_ERROR(consume(results_of(some, first, states, levels)));
    }
    return absl::OkStatus();
  }

 private:
  using States = std::vector<std::vector<std::unique_ptr<CustomerState>>>;  // By selection.

  // Whole words of a CustomerSet; few enough for a second-level cache, and many enough for a run to
  // be worth looking at.
  static constexpr std::size_t kStretch = 2 * kBlockRows;
  static_assert(kStretch == CustomerMoment::kCustomers);  // As funnels are followed.

  [[nodiscard]] std::size_t customers() const { return context_.snapshot->customers().count(); }

  // Those of a stretch who have rows, by their number in it.
  std::vector<std::uint32_t> present_in(std::size_t first, std::size_t count,
                                        const States& states) const {
    std::vector<std::uint8_t> has_rows(count, 0);
    for (std::size_t s = 0; s < states.size(); ++s) {
      if (!plan_.selections[s]->is_query) continue;
      for (const auto& state : states[s]) {
        if (state->mark_present(has_rows)) break;
      }
    }
    std::vector<std::uint32_t> present(count);
    std::size_t size = 0;
    if (among_) {
      for (std::uint32_t i = 0; i < count; ++i) {
        if (!among_->has(CustomerId(static_cast<std::uint32_t>(first) + i))) has_rows[i] = 0;
      }
    }
    const std::uint8_t* const marks = has_rows.data();
    std::uint32_t* const numbers = present.data();
    for (std::uint32_t i = 0; i < count; ++i) {
      numbers[size] = i;
      size += marks[i];
    }
    present.resize(size);
    return present;
  }

  Block results_of(std::span<const std::uint32_t> present, std::size_t first, const States& states,
                   std::span<const std::vector<std::uint8_t>> levels) const {
    Block block{present.size(), {}};
    block.columns.resize(plan_.types.size() + 1);
    std::vector<std::uint32_t> people(present.begin(), present.end());
    for (std::uint32_t& person : people) person += static_cast<std::uint32_t>(first);
    block.columns[0] = people_column(std::move(people), context_);
    for (std::size_t s = 0; s < states.size(); ++s) {
      const std::vector<std::size_t>& measures = plan_.selections[s]->measures;
      for (std::size_t i = 0; i < measures.size(); ++i) {
        block.columns[measures[i] + 1] = states[s][i]->results(present);
      }
    }
    for (std::size_t f = 0; f < levels.size(); ++f) {
      auto column = new_fixed(plain(TypeId::UInt8), present.size());
      const auto values = column->fixed<std::uint8_t>();
      for (std::size_t i = 0; i < present.size(); ++i) values[i] = levels[f][present[i]];
      block.columns[plan_.funnels[f].first + 1] = std::move(column);
    }
    return block;
  }

  QueryContext& context_;
  MeasuredPlan plan_;
  std::optional<CustomerSet> among_;
  std::vector<EventRows> rows_;  // By selection.
};

}  // namespace

absl::StatusOr<std::shared_ptr<const BlockSource>> measure_customers(
    const std::vector<BoundPtr>& conditions, std::span<const CustomerMeasure> measures,
    std::span<const EventColumn> columns, QueryContext& context) {
  auto plan = MeasurePlanner(columns, context).plan(conditions, measures);
  if (!plan) return nullptr;
  return std::make_shared<MeasuredCustomers>(*std::move(plan), context);
}

}  // namespace grapevine::sql
