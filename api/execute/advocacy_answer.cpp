#include "api/execute/advocacy_answer.hpp"

#include <utility>

#include "api/error.hpp"
#include "api/execute/complaints.hpp"
#include "api/execute/list_page.hpp"
#include "api/parse/mistakes.hpp"
#include "api/plan/brand_owners.hpp"
#include "api/plan/mention_groups.hpp"
#include "api/plan/name_warnings.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

// The brands that advocacy is of.
absl::Status find_brands(const AdvocacyRequest& asked, const Context& context,
                         AdvocacyAnswer& answer) {
  if (!asked.filter.brands.empty()) {
    answer.brands = asked.filter.brands;
    return absl::OkStatus();
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const BrandOwners owners,
                             BrandOwners::read(*answer.source.snapshot, context.stop));
  std::vector<std::string> own = owners.own_brands();
  if (!own.empty()) answer.brands = std::move(own);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<AdvocacyAnswer> answer_advocacy(const AdvocacyRequest& asked,
                                               const Context& context) {
  constexpr TimeMs kDay = TimeMs{24} * 3'600'000;
  AdvocacyAnswer answer;
  GraphSource& source = answer.source;
  GRAPEVINE_ASSIGN_OR_RETURN(source.snapshot, open_snapshot(asked.filter.snapshot, context));
  source.moment = resolve_as_of(asked.filter.as_of, *source.snapshot, context);
  answer.window = resolve_window(asked.filter, *source.snapshot, source.moment.as_of);
  GRAPEVINE_RETURN_IF_ERROR(check_window(answer.window));
  GRAPEVINE_RETURN_IF_ERROR(find_brands(asked, context, answer));
  Mistakes mistakes;
  GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<GroupDimension> filters,
                             filter_mentions(asked.filter, source, context, mistakes));
  AdvocacyQuestion question{.as_of = source.moment.as_of,
                            .after_ms = asked.days * kDay,
                            .target = asked.target,
                            .about = {}};
  if (answer.brands) {
    MentionFilter spoken_of;
    spoken_of.brands = *answer.brands;
    GRAPEVINE_ASSIGN_OR_RETURN(question.about,
                               filter_mentions(spoken_of, source, context, mistakes));
  }
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  GRAPEVINE_ASSIGN_OR_RETURN(answer.warnings,
                             name_warnings(asked.filter, *source.snapshot, context.stop));
  GRAPEVINE_ASSIGN_OR_RETURN(
      const Complaints complaints,
      find_complaints(asked.filter, filters, answer.window, source, context));
  GRAPEVINE_ASSIGN_OR_RETURN(answer.advocacy, compare_advocacy(*source.snapshot, complaints.cases,
                                                               question, context.stop));
  return answer;
}

}  // namespace grapevine
