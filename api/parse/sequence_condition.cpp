#include "api/parse/sequence_condition.hpp"

#include <string>
#include <utility>

#include "api/parse/event_rule.hpp"
#include "api/parse/value_rule.hpp"

namespace grapevine {
namespace {

std::optional<SequenceCondition::Step> read_step(const JsonValue& content,
                                                 const std::string& pointer, Mistakes& mistakes,
                                                 ConditionBudget& budget) {
  const auto* object = content.as<JsonObject>();
  if (object == nullptr) {
    mistakes.add(pointer, "wants a step, an object, not " + std::string(content.kind()));
    return std::nullopt;
  }
  ObjectReader reader(*object, pointer, mistakes);
  const bool negated = reader.has("not_event");
  if (negated && reader.has("event")) {
    mistakes.add(pointer, "wants one of `event` and `not_event`, not both");
    return std::nullopt;
  }
  if (!negated && !reader.has("event")) {
    for (const char* name : {"event", "not_event", "where"}) reader.take(name);
    reader.refuse_others();
    mistakes.add(pointer, "wants an event or a not_event");
    return std::nullopt;
  }
  SequenceCondition::Step step;
  step.negated = negated;
  step.events = read_event_rule(reader, negated ? "not_event" : "event", budget);
  reader.refuse_others();
  return step;
}

// What makes no sense of steps that are right one by one.
void check_steps(ObjectReader& reader, const SequenceCondition& sequence) {
  const std::string place = reader.pointer_to("sequence");
  if (sequence.steps.front().negated) {
    reader.mistakes().add(place + "/0", "a sequence begins with an event that happened");
  }
  if (sequence.steps.back().negated && !reader.has("conversion_window")) {
    reader.mistakes().add(
        place + '/' + std::to_string(sequence.steps.size() - 1),
        "a not_event at the end wants a conversion_window: until when it must not happen");
  }
}

}  // namespace

std::optional<SequenceCondition> read_sequence(ObjectReader& reader, ConditionBudget& budget) {
  SequenceCondition sequence;
  const JsonArray* list = reader.take_array("sequence");
  sequence.window = read_window(reader);
  sequence.timezone = read_timezone(reader);
  if (const std::string* text = reader.take_string("conversion_window")) {
    const auto span = parse_within(*text);
    const TimeMs* duration = span ? std::get_if<TimeMs>(&*span) : nullptr;
    if (duration != nullptr) {
      sequence.conversion_window = *duration;
    } else {
      reader.wrong("conversion_window", "wants a duration (15m, 12h, 30d, 6w), not: " + *text);
    }
  }
  if (list == nullptr) return std::nullopt;
  if (list->empty() || list->size() > kSequenceStepsMax) {
    reader.wrong("sequence",
                 "wants from 1 to " + std::to_string(kSequenceStepsMax) + " steps in order");
    return std::nullopt;
  }
  bool all_read = true;
  for (std::size_t i = 0; i < list->size(); ++i) {
    const std::string place = reader.pointer_to("sequence") + '/' + std::to_string(i);
    if (!budget.take(place)) return std::nullopt;
    auto step = read_step((*list)[i], place, reader.mistakes(), budget);
    all_read = all_read && step.has_value();
    if (step) sequence.steps.push_back(*std::move(step));
  }
  if (all_read) check_steps(reader, sequence);
  return sequence;
}

}  // namespace grapevine
