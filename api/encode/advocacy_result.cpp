#include "api/encode/advocacy_result.hpp"

#include <optional>
#include <string_view>
#include <utility>

#include "api/encode/json_writer.hpp"
#include "api/encode/write_optional.hpp"
#include "api/encode/write_texts.hpp"

namespace grapevine {
namespace {

constexpr std::string_view kCaution =
    "Nobody was answered or left waiting by chance. People are alike in what they did before as "
    "far as it is told here; what else decides who is answered, and who praises, may differ, so "
    "this is no proof that the answer was the cause.";

class AdvocacyWriter {
 public:
  AdvocacyWriter(const AdvocacyRequest& asked, const AdvocacyAnswer& answer)
      : asked_(asked), answer_(answer) {}

  std::string write(double elapsed_ms) {
    json_.begin_object();
    json_.time_member("from", answer_.window.from);
    json_.time_member("to", answer_.window.to);
    json_.member("timezone", asked_.filter.timezone);
    json_.member("days", asked_.days);
    if (asked_.target) json_.member("target", asked_.target_text);
    json_.key("brands");
    if (answer_.brands) {
      json_.begin_array();
      for (const std::string& brand : *answer_.brands) json_.value(brand);
      json_.end_array();
    } else {
      json_.null();
    }
    json_.member("observational", true);
    json_.member("caution", kCaution);
    write_people();
    write_matching();
    json_.key("effects");
    json_.begin_array();
    write_effects("matched", answer_.advocacy.matched);
    write_effects("naive", answer_.advocacy.naive);
    json_.end_array();
    write_balance();
    write_texts(json_, "warnings", answer_.warnings);
    json_.time_member("as_of", answer_.source.moment.as_of);
    if (answer_.source.graph != nullptr) {
      json_.member("graph_snapshot", answer_.source.graph->snapshot_number());
    }
    json_.member("snapshot", answer_.source.snapshot->number());
    json_.member("elapsed_ms", elapsed_ms);
    json_.end_object();
    return std::move(json_).take();
  }

 private:
  void write_people() {
    const AdvocacyPeople& people = answer_.advocacy.people;
    json_.key("people");
    json_.begin_object();
    json_.member("complained", people.people);
    json_.member("answered_well", people.treated);
    json_.member("unanswered", people.controls);
    json_.member("late", people.late);
    json_.member("unresolved", people.unresolved);
    json_.member("too_recent", people.too_recent);
    json_.end_object();
  }

  void write_matching() {
    const Advocacy& advocacy = answer_.advocacy;
    const AdvocacyComparison& matched = advocacy.matched;
    json_.key("matching");
    json_.begin_object();
    json_.member("strata", matched.strata);
    json_.member("answered_well", matched.treated);
    json_.member("unanswered", matched.controls);
    json_.member("answered_well_left_out", advocacy.people.treated - matched.treated);
    json_.member("unanswered_left_out", advocacy.people.controls - matched.controls);
    json_.member("unanswered_unfit", matched.unfit_controls);
    json_.end_object();
  }

  void write_effects(std::string_view comparison, const AdvocacyComparison& numbers) {
    write_effect(comparison, "advocacies", numbers.advocacies);
    write_effect(comparison, "advocates", numbers.advocates);
  }

  void write_effect(std::string_view comparison, std::string_view outcome,
                    const std::optional<Effect>& effect) {
    const auto part = [&](const auto& of) -> std::optional<double> {
      if (!effect) return std::nullopt;
      return of(*effect);
    };
    json_.begin_object();
    json_.member("comparison", comparison);
    json_.member("outcome", outcome);
    write_optional(json_, "answered_well", part([](auto& e) { return e.treated_mean; }));
    write_optional(json_, "unanswered", part([](auto& e) { return e.control_mean; }));
    write_optional(json_, "difference", part([](auto& e) { return e.difference(); }));
    write_optional(json_, "standard_error", part([](auto& e) { return e.standard_error; }));
    write_optional(json_, "lower", part([](auto& e) { return e.lower; }));
    write_optional(json_, "upper", part([](auto& e) { return e.upper; }));
    json_.end_object();
  }

  void write_balance() {
    json_.key("balance");
    json_.begin_array();
    for (const auto& [covariate, balance] : answer_.advocacy.balance) {
      json_.begin_object();
      json_.member("covariate", covariate);
      json_.member("answered_well_before", balance.treated_before);
      json_.member("unanswered_before", balance.controls_before);
      write_optional(json_, "standardised_difference_before", balance.difference_before);
      json_.member("answered_well_after", balance.treated_after);
      json_.member("unanswered_after", balance.controls_after);
      write_optional(json_, "standardised_difference_after", balance.difference_after);
      json_.end_object();
    }
    json_.end_array();
  }

  const AdvocacyRequest& asked_;
  const AdvocacyAnswer& answer_;
  JsonWriter json_;
};

}  // namespace

std::string encode_advocacy(const AdvocacyRequest& asked, const AdvocacyAnswer& answer,
                            double elapsed_ms) {
  return AdvocacyWriter(asked, answer).write(elapsed_ms);
}

}  // namespace grapevine
