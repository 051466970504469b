#include "api/live/segments/person_test.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "api/encode/attribute_value.hpp"
#include "api/live/segments/person_measure.hpp"
#include "kernels/segment/row_test.hpp"
#include "kernels/segment/sequence_matcher.hpp"

namespace grapevine {
namespace {

class EventTest final : public PersonTest {
 public:
  explicit EventTest(EventPlan plan)
      : plan_(std::move(plan)), row_test_(plan_.events.rows), measure_(plan_.measure) {}

  void move_to(const Snapshot&, TimeMs as_of) override {
    as_of_ = as_of;
    bind_times(plan_.events, bind(plan_.window, as_of), as_of);
  }

  bool holds(PersonView& person) override {
    measure_.reset();
    if (plan_.choice != RowChoice::Any) {
      if (const CustomerRow chosen = choose(person); chosen.run != nullptr) add(person, chosen);
      return measure_.in_bounds();
    }
    const EventSelection& wanted = plan_.events.rows;
    for (const EventNameId event : wanted.events) {
      for (const CustomerRow& row : person.rows(event, wanted.from)) {
        if (row.ts >= wanted.to) break;
        add(person, row);
      }
    }
    return measure_.in_bounds();
  }

 private:
  void add(PersonView& person, const CustomerRow& row) {
    const EventSelection& wanted = plan_.events.rows;
    if (row.ts < wanted.from || row.ts >= wanted.to) return;
    if (row_test_.accepts(person.snapshot(), row)) measure_.add(person.snapshot(), row);
  }

  // The first or the last row of all names until now.
  [[nodiscard]] CustomerRow choose(PersonView& person) const {
    const bool wants_last = plan_.choice == RowChoice::Last;
    // One from before the window would not be in it, so the last one need not be looked for there.
    const TimeMs from = wants_last ? plan_.events.rows.from : std::numeric_limits<TimeMs>::min();
    CustomerRow chosen;
    for (const EventNameId event : plan_.events.rows.events) {
      const std::span<const CustomerRow> rows = person.rows(event, from);
      const auto beyond =
          std::upper_bound(rows.begin(), rows.end(), as_of_,
                           [](TimeMs time, const CustomerRow& row) { return time < row.ts; });
      if (beyond == rows.begin()) continue;
      const CustomerRow& mine = wants_last ? *(beyond - 1) : rows.front();
      if (chosen.run == nullptr || comes_before(mine, chosen) != wants_last) chosen = mine;
    }
    return chosen;
  }
  static bool comes_before(const CustomerRow& a, const CustomerRow& b) {
    if (a.ts != b.ts) return a.ts < b.ts;
    return a.run->sequences.at(a.row) < b.run->sequences.at(b.row);
  }

  EventPlan plan_;
  RowTest row_test_;
  PersonMeasure measure_;
  TimeMs as_of_ = 0;
};

class SequenceTest final : public PersonTest {
 public:
  explicit SequenceTest(SequencePlan plan) : plan_(std::move(plan)) {
    for (const SequencePlan::Step& step : plan_.steps) {
      row_tests_.emplace_back(step.events.rows);
      negated_.push_back(step.negated);
    }
  }

  void move_to(const Snapshot&, TimeMs as_of) override {
    bind_steps(plan_, as_of);
    matcher_.emplace(negated_, plan_.conversion_window, as_of);
  }

  bool holds(PersonView& person) override {
    events_.clear();
    for (std::uint32_t step = 0; step < plan_.steps.size(); ++step) {
      const std::size_t before = events_.size();
      add_events(person, step);
      // Who lacks a step cannot have come to the end.
      if (events_.size() == before && !negated_[step]) return false;
    }
    std::sort(events_.begin(), events_.end(), precedes);
    return matcher_->level(events_) == matcher_->levels();
  }

 private:
  void add_events(PersonView& person, std::uint32_t step) {
    const EventSelection& wanted = plan_.steps[step].events.rows;
    for (const EventNameId event : wanted.events) {
      for (const CustomerRow& row : person.rows(event, wanted.from)) {
        if (row.ts >= wanted.to) break;
        if (row_tests_[step].accepts(person.snapshot(), row)) events_.push_back({row.ts, step});
      }
    }
  }

  SequencePlan plan_;
  std::vector<RowTest> row_tests_;  // By step.
  std::vector<bool> negated_;
  std::optional<SequenceMatcher> matcher_;
  std::vector<StepEvent> events_;
};

class AttributeTest final : public PersonTest {
 public:
  explicit AttributeTest(const AttributePlan& plan)
      : name_(plan.column->name), test_(plan.test), moving_(plan.moving) {}

  void move_to(const Snapshot& snapshot, TimeMs as_of) override {
    const auto& attributes = snapshot.customers().attributes();
    if (number_ >= attributes.size() || attributes[number_]->name != name_) {
      const auto found = std::find_if(attributes.begin(), attributes.end(),
                                      [&](const auto& column) { return column->name == name_; });
      number_ = static_cast<std::size_t>(found - attributes.begin());
    }
    column_ = number_ < attributes.size() ? attributes[number_] : nullptr;
    if (moving_) test_ = bind(*moving_, as_of);
  }

  bool holds(PersonView& person) override {
    return column_ != nullptr && is_satisfied(test_, value_of(*column_, person.person()));
  }

 private:
  std::string name_;
  ValueTest test_;
  std::shared_ptr<const MovingRule> moving_;
  std::size_t number_ = 0;
  std::shared_ptr<const AttributeColumn> column_;
};

class SeenTest final : public PersonTest {
 public:
  explicit SeenTest(const SeenPlan& plan)
      : last_(plan.last), test_(plan.test), moving_(plan.moving) {}

  void move_to(const Snapshot&, TimeMs as_of) override {
    if (moving_) test_ = bind(*moving_, as_of);
  }
  bool holds(PersonView& person) override {
    const TimeMs time = last_ ? person.seen().last : person.seen().first;
    return time != kNever && satisfies(test_, time);
  }

 private:
  bool last_;
  ValueTest test_;
  std::shared_ptr<const MovingRule> moving_;
};

}  // namespace

std::unique_ptr<PersonTest> person_test(const Plan& condition) {
  if (const auto* event = std::get_if<EventPlan>(&condition->what)) {
    return std::make_unique<EventTest>(*event);
  }
  if (const auto* sequence = std::get_if<SequencePlan>(&condition->what)) {
    return std::make_unique<SequenceTest>(*sequence);
  }
  if (const auto* attribute = std::get_if<AttributePlan>(&condition->what)) {
    return std::make_unique<AttributeTest>(*attribute);
  }
  if (const auto* seen = std::get_if<SeenPlan>(&condition->what)) {
    return std::make_unique<SeenTest>(*seen);
  }
  return nullptr;
}

}  // namespace grapevine
