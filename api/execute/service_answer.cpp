#include "api/execute/service_answer.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "api/error.hpp"
#include "api/execute/complaints.hpp"
#include "api/execute/list_page.hpp"
#include "api/parse/mistakes.hpp"
#include "api/plan/buckets.hpp"
#include "api/plan/name_warnings.hpp"
#include "kernels/listen/bounds_finder.hpp"
#include "kernels/listen/case_groups.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "kernels/parallel/group_stably.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

using CaseList = std::span<const ServiceCase* const>;

absl::Status wrong(const char* parameter, const std::string& detail) {
  return problem(ErrorCode::Unprocessable, detail, {{parameter, detail}});
}

absl::Status find_bounds(const ServiceRequest& asked, ServiceAnswer& answer) {
  const MentionWindow& window = answer.window;
  answer.bounds = {window.from, window.to};
  if (!asked.every) return absl::OkStatus();
  answer.bounds = bucket_bounds(window.from, window.to, *asked.every, asked.filter.timezone,
                                ServiceAnswer::kBucketsMax);
  if (!answer.bounds.empty()) return absl::OkStatus();
  return wrong("?every", "more than 10000 buckets: ask for less or for longer ones");
}

// Complaints in their cells: those of a group side by side, in the order of its buckets.
struct Cells {
  std::size_t buckets = 1;
  std::vector<std::size_t> offsets;  // By group × buckets + bucket, and the end.
  std::vector<const ServiceCase*> cases;

  [[nodiscard]] std::size_t groups() const { return (offsets.size() - 1) / buckets; }
  [[nodiscard]] CaseList of(std::size_t first, std::size_t last) const {
    return CaseList(cases).subspan(offsets[first], offsets[last] - offsets[first]);
  }
  [[nodiscard]] CaseList of_group(std::size_t group) const {
    return of(group * buckets, (group + 1) * buckets);
  }
};

Cells sort_into_cells(std::span<const ServiceCase> cases, std::span<const GroupedCase> grouped,
                      std::size_t groups, std::span<const TimeMs> bounds) {
  Cells cells{.buckets = bounds.size() - 1, .offsets = {}, .cases = {}};
  const BoundsFinder finder(bounds);
  cells.cases.resize(grouped.size());
  cells.offsets = group_stably(
      grouped.size(), groups * cells.buckets,
      [&](std::size_t i) -> std::size_t {
        return grouped[i].group * cells.buckets + finder.of(cases[grouped[i].of].opened);
      },
      [&](std::size_t i, std::size_t place) { cells.cases[place] = &cases[grouped[i].of]; });
  return cells;
}

// The groups that are told: those that have complaints, and those that were asked for by name.
void choose_listed(const ServiceRequest& asked, const Cells& cells, ServiceAnswer& answer) {
  const bool are_named = std::ranges::none_of(answer.by, &NamedGroups::all);
  std::vector<std::size_t>& listed = answer.listed;
  for (std::size_t group = 0; group < cells.groups(); ++group) {
    if (are_named || !cells.of_group(group).empty()) listed.push_back(group);
  }
  answer.groups = listed.size();
  const auto is_before = [&](std::size_t a, std::size_t b) {
    const std::size_t of_a = cells.of_group(a).size();
    const std::size_t of_b = cells.of_group(b).size();
    if (of_a != of_b) return of_a > of_b;
    for (std::size_t d = 0; d < answer.by.size(); ++d) {
      const int order = answer.name(a, d).compare(answer.name(b, d));
      if (order != 0) return order < 0;
    }
    return a < b;
  };
  std::ranges::sort(listed, is_before);
  if (listed.size() > asked.limit) listed.resize(asked.limit);
}

void fill_numbers(const ServiceRequest& asked, std::span<const ServiceCase> cases,
                  const Cells& cells, const Stop& stop, ServiceAnswer& answer) {
  const std::size_t buckets = answer.buckets();
  const std::size_t listed = answer.listed.size();
  answer.of_group.resize(listed);
  answer.of_bucket.resize(buckets == 1 ? 0 : listed * buckets);
  const TimeMs as_of = answer.source.moment.as_of;
  const auto count = [&](CaseList of) { return count_service(of, as_of, asked.target); };
  // The total, which is the longest, then groups, then their buckets.
  for_each(1 + listed + answer.of_bucket.size(), [&](std::size_t task) {
    if (stop.requested()) return;
    if (task == 0) {
      std::vector<const ServiceCase*> all;
      all.reserve(cases.size());
      for (const ServiceCase& one : cases) all.push_back(&one);
      answer.total = count(all);
    } else if (task <= listed) {
      answer.of_group[task - 1] = count(cells.of_group(answer.listed[task - 1]));
    } else {
      const std::size_t row = task - 1 - listed;
      const std::size_t cell = answer.listed[row / buckets] * buckets + row % buckets;
      answer.of_bucket[row] = count(cells.of(cell, cell + 1));
    }
  });
  if (buckets == 1) answer.of_bucket = answer.of_group;
}

std::uint64_t count_cases(std::span<const GroupedCase> grouped) {
  std::uint64_t cases = 0;
  for (std::size_t i = 0; i < grouped.size(); ++i) {
    cases += i == 0 || grouped[i].of != grouped[i - 1].of ? 1 : 0;
  }
  return cases;
}

}  // namespace

const std::string& ServiceAnswer::name(std::size_t group, std::size_t dimension) const {
  for (std::size_t d = by.size() - 1; d > dimension; --d) group /= by[d].names.size();
  return by[dimension].names[group % by[dimension].names.size()];
}

absl::StatusOr<ServiceAnswer> answer_service(const ServiceRequest& asked, const Context& context) {
  ServiceAnswer answer;
  GraphSource& source = answer.source;
  GRAPEVINE_ASSIGN_OR_RETURN(source.snapshot, open_snapshot(asked.filter.snapshot, context));
  source.moment = resolve_as_of(asked.filter.as_of, *source.snapshot, context);
  answer.window = resolve_window(asked.filter, *source.snapshot, source.moment.as_of);
  GRAPEVINE_RETURN_IF_ERROR(check_window(answer.window));
  GRAPEVINE_RETURN_IF_ERROR(find_bounds(asked, answer));
  Mistakes mistakes;
  GRAPEVINE_ASSIGN_OR_RETURN(answer.by,
                             group_mentions_by(asked.by, asked.filter, source, context, mistakes));
  GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<GroupDimension> filters,
                             filter_mentions(asked.filter, source, context, mistakes, answer.by));
  const std::vector<GroupDimension> dimensions = take_groups(answer.by);
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  std::size_t groups = 1;
  for (const GroupDimension& dimension : dimensions) groups *= dimension.groups;
  if (groups * answer.buckets() > kCaseGroupsMax) {
    return wrong(asked.every ? "?every" : "?by",
                 "more than 4194304 counts: ask for wider buckets of time, or for fewer groups");
  }
  GRAPEVINE_ASSIGN_OR_RETURN(
      const Complaints complaints,
      find_complaints(asked.filter, filters, answer.window, source, context));
  GRAPEVINE_ASSIGN_OR_RETURN(answer.owners, BrandOwners::read(*source.snapshot, context.stop));
  answer.warnings = name_warnings(asked.filter, *source.snapshot, answer.owners);
  const std::vector<ServiceCase>& cases = complaints.cases;
  answer.untraceable = complaints.untraceable;
  const auto in_groups = group_cases(cases, dimensions, context.stop);
  if (absl::IsInvalidArgument(in_groups.status())) {
    return wrong("?by", std::string(in_groups.status().message()));
  }
  GRAPEVINE_RETURN_IF_ERROR(in_groups.status());
  const std::vector<GroupedCase>& grouped = *in_groups;
  const Cells cells = sort_into_cells(cases, grouped, groups, answer.bounds);
  choose_listed(asked, cells, answer);
  if (answer.listed.size() * answer.buckets() > ServiceAnswer::kRowsMax) {
    return wrong("?limit", "more than 20000 rows: ask for fewer groups, or for longer buckets");
  }
  answer.ungrouped = cases.size() - count_cases(grouped);
  fill_numbers(asked, cases, cells, context.stop, answer);
  if (context.stop.requested()) return absl::CancelledError("stopped while counting complaints");
  return answer;
}

}  // namespace grapevine
