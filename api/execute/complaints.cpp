#include "api/execute/complaints.hpp"

#include <string>
#include <utility>

#include "api/error.hpp"
#include "api/live/topics/topic_index.hpp"
#include "api/parse/mistakes.hpp"
#include "api/plan/brand_owners.hpp"
#include "api/plan/company_voices.hpp"
#include "api/plan/mention_groups.hpp"
#include "kernels/listen/case_groups.hpp"
#include "kernels/listen/complaint_rows.hpp"
#include "kernels/listen/conversations.hpp"
#include "storage/schema.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

// Keeps the cases that are in a group, or that `also` takes.
template <typename Also>
absl::Status keep_grouped(std::span<const GroupDimension> dimensions, const Stop& stop,
                          const Also& also, std::vector<ServiceCase>& cases) {
  GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<GroupedCase> grouped,
                             group_cases(cases, dimensions, stop));
  std::size_t kept = 0;
  auto next = grouped.begin();
  for (std::size_t i = 0; i < cases.size(); ++i) {
    while (next != grouped.end() && next->of < i) ++next;
    const bool is_grouped = next != grouped.end() && next->of == i;
    if (is_grouped || also(cases[i])) cases[kept++] = cases[i];
  }
  cases.resize(kept);
  return absl::OkStatus();
}

bool says_what_is_spoken_of(const MentionFilter& filter) {
  return !filter.brands.empty() || !filter.accounts.empty() || !filter.topics.empty() ||
         !filter.products.empty();
}

absl::StatusOr<VerdictsOfRuns> judge_texts(const Snapshot& snapshot, const MentionWindow& window,
                                           const Context& context) {
  VerdictIndex nothing_known;
  VerdictIndex& index = context.topics == nullptr ? nothing_known : context.topics->verdicts();
  return index.of(snapshot, window.from, window.to, context.stop);
}

// Leaves posts that are not about the company out.
absl::Status keep_own(const CustomerSet& voices, GraphSource& source, const Context& context,
                      std::vector<ServiceCase>& cases) {
  const Snapshot& snapshot = *source.snapshot;
  GRAPEVINE_ASSIGN_OR_RETURN(const BrandOwners owners, BrandOwners::read(snapshot, context.stop));
  MentionFilter own;
  own.brands = owners.own_brands();
  if (own.brands.empty()) return absl::OkStatus();
  Mistakes mistakes;
  GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<GroupDimension> of_own,
                             filter_mentions(own, source, context, mistakes));
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  const auto is_meant = [&](const ServiceCase& one) {
    if (one.is_ticket) return true;
    const RunColumn* account = one.run->column(column_id(CoreColumn::Account));
    if (account != nullptr && account->has(one.row)) return true;
    const CustomerId target = snapshot.target(*one.run, one.row);
    return target != kNobody && voices.has(target);
  };
  return keep_grouped(of_own, context.stop, is_meant, cases);
}

}  // namespace

absl::StatusOr<Complaints> find_complaints(const MentionFilter& filter,
                                           std::span<const GroupDimension> filters,
                                           const MentionWindow& window, GraphSource& source,
                                           const Context& context) {
  const Snapshot& snapshot = *source.snapshot;
  GRAPEVINE_ASSIGN_OR_RETURN(const CustomerSet voices, company_voices(snapshot, context.stop));
  Complaints complaints;
  GRAPEVINE_ASSIGN_OR_RETURN(const VerdictsOfRuns verdicts, judge_texts(snapshot, window, context));
  auto found =
      find_complaint_rows(snapshot, window.from, window.to, voices, verdicts, context.stop);
  if (absl::IsInvalidArgument(found.status())) {
    const std::string detail(found.status().message());
    return problem(ErrorCode::Unprocessable, detail, {{"?from", detail}});
  }
  GRAPEVINE_RETURN_IF_ERROR(found.status());
  complaints.cases = *std::move(found);
  if (!filters.empty()) {
    const auto none = [](const ServiceCase&) { return false; };
    GRAPEVINE_RETURN_IF_ERROR(keep_grouped(filters, context.stop, none, complaints.cases));
  }
  if (!says_what_is_spoken_of(filter)) {
    GRAPEVINE_RETURN_IF_ERROR(keep_own(voices, source, context, complaints.cases));
  }
  const TimeMs until = source.moment.as_of + 1;
  GRAPEVINE_ASSIGN_OR_RETURN(
      const Conversations conversations,
      Conversations::read(snapshot, {.voices = voices, .from = window.from, .to = until},
                          context.stop));
  GRAPEVINE_ASSIGN_OR_RETURN(complaints.untraceable,
                             follow_cases(conversations, complaints.cases, context.stop));
  return complaints;
}

}  // namespace grapevine
