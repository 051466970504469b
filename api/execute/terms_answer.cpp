#include "api/execute/terms_answer.hpp"

#include <utility>

#include "api/error.hpp"
#include "api/execute/erased.hpp"
#include "api/execute/list_page.hpp"
#include "api/execute/restricted.hpp"
#include "api/parse/mistakes.hpp"
#include "api/plan/buckets.hpp"
#include "api/plan/company_voices.hpp"
#include "api/plan/mention_groups.hpp"
#include "api/plan/name_warnings.hpp"
#include "storage/status_macros.hpp"
#include "storage/store.hpp"

namespace grapevine {
namespace {

constexpr TimeMs kHour = 3'600'000;
constexpr TimeMs kDay = 24 * kHour;
constexpr std::size_t kBucketsMax = 1000;

absl::Status wrong(const char* parameter, const std::string& detail) {
  return problem(ErrorCode::Unprocessable, detail, {{parameter, detail}});
}

// Some dozens to hundreds of buckets, whatever the period.
TimeMs width_for(TimeMs length) {
  if (length <= 4 * kDay) return kHour;
  return length <= 400 * kDay ? kDay : 7 * kDay;
}

absl::StatusOr<std::vector<TimeMs>> find_bounds(const TermsRequest& asked,
                                                const MentionWindow& window) {
  const TimeMs every = asked.every.value_or(width_for(window.to - window.from));
  std::vector<TimeMs> bounds =
      bucket_bounds(window.from, window.to, every, asked.filter.timezone, kBucketsMax);
  if (bounds.empty() && asked.every) {
    return wrong("?every", "more than 1000 buckets: ask for less or for longer ones");
  }
  if (bounds.empty()) bounds = {window.from, window.to};  // Longer than 19 years: no bursts.
  return bounds;
}

}  // namespace

absl::StatusOr<TermsAnswer> answer_terms(const TermsRequest& asked, const Context& context) {
  TermsAnswer answer;
  GraphSource& source = answer.source;
  GRAPEVINE_ASSIGN_OR_RETURN(source.snapshot, open_snapshot(asked.filter.snapshot, context));
  source.moment = resolve_as_of(asked.filter.as_of, *source.snapshot, context);
  answer.window = resolve_window(asked.filter, *source.snapshot, source.moment.as_of);
  GRAPEVINE_RETURN_IF_ERROR(check_window(answer.window));
  GRAPEVINE_ASSIGN_OR_RETURN(answer.bounds, find_bounds(asked, answer.window));

  TermQuestion question;
  question.until = source.moment.as_of + 1;
  question.from = answer.window.from;
  question.to = answer.window.to;
  question.moods = asked.moods;
  question.least = asked.least;
  question.terms_max = asked.limit;
  question.examples_max = asked.examples;
  question.bounds = answer.bounds;
  Mistakes mistakes;
  GRAPEVINE_ASSIGN_OR_RETURN(question.filters,
                             filter_mentions(asked.filter, source, context, mistakes));
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  GRAPEVINE_ASSIGN_OR_RETURN(answer.warnings,
                             name_warnings(asked.filter, *source.snapshot, context.stop));
  GRAPEVINE_ASSIGN_OR_RETURN(const CustomerSet company,
                             company_voices(*source.snapshot, context.stop));
  question.apart = company.empty() ? nullptr : &company;
  question.counted = asked.voices;
  // They count among the others, but are quoted nowhere.
  GRAPEVINE_ASSIGN_OR_RETURN(const CustomerSet restricted,
                             restricted_customers(*source.snapshot, context.stop));
  const auto newest = context.store.snapshot();
  question.is_hidden = [&](CustomerId customer) {
    return (!restricted.empty() && restricted.has(customer)) || is_erased(customer, *newest);
  };

  WordIndex of_this_request;
  WordIndex& index = context.words == nullptr ? of_this_request : *context.words;
  GRAPEVINE_ASSIGN_OR_RETURN(answer.words, index.at(*source.snapshot, context.stop));
  GRAPEVINE_ASSIGN_OR_RETURN(
      answer.terms, find_terms(
                        *source.snapshot, question, *answer.words.vocabulary,
                        [&](const Run& run) { return answer.words.of(run); }, context.stop));
  if (answer.terms.posts.selected > 0 && answer.terms.posts.rest == 0) {
    answer.warnings.emplace_back(
        "everything that was said is selected: no words set it apart; narrow it by mood, brand, "
        "channel or "
        "within");
  }
  return answer;
}

}  // namespace grapevine
