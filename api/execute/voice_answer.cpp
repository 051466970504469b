#include "api/execute/voice_answer.hpp"

#include <algorithm>
#include <numeric>
#include <span>
#include <utility>

#include "api/error.hpp"
#include "api/execute/list_page.hpp"
#include "api/parse/mistakes.hpp"
#include "api/plan/buckets.hpp"
#include "api/plan/company_voices.hpp"
#include "api/plan/mention_window.hpp"
#include "api/plan/name_warnings.hpp"
#include "kernels/listen/mention_rows.hpp"
#include "kernels/listen/reach.hpp"
#include "kernels/listen/reach_of_masks.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kBucketsMax = 10'000;

absl::Status wrong(const char* parameter, const std::string& detail) {
  return problem(ErrorCode::Unprocessable, detail, {{parameter, detail}});
}

absl::StatusOr<VoicePeriod> resolve_period(const VoiceRequest& asked, const Snapshot& snapshot,
                                           TimeMs as_of) {
  const MentionWindow window = resolve_window(asked.filter, snapshot, as_of);
  GRAPEVINE_RETURN_IF_ERROR(check_window(window));
  VoicePeriod period{{window.from, window.to}, window.from, window.to, 0};
  if (asked.every) {
    period.bounds =
        bucket_bounds(window.from, window.to, *asked.every, asked.filter.timezone, kBucketsMax);
    if (period.bounds.empty()) {
      return wrong("?every", "more than 10000 buckets: ask for less or for longer ones");
    }
  }
  if (window.has_begin) period.before_ms = window.to - window.from;
  return period;
}

// Reach of the lists that are asked for: of groups, of buckets and of all.
struct Reaches {
  std::vector<std::uint64_t> of_groups;
  std::vector<std::uint64_t> of_cells;
  std::vector<std::uint64_t> of_totals;  // By period.
};

SpeakerLists speakers_of_totals(const Voice& voice) {
  SpeakerLists lists{{0}, {}};
  for (const Voice::Total& total : voice.totals) {
    total.speakers.for_each_member([&](CustomerId speaker) { lists.people.push_back(speaker); });
    lists.offsets.push_back(lists.people.size());
  }
  return lists;
}

absl::Status find_reach(const VoiceRequest& asked, const Voice& voice, const Context& context,
                        VoiceAnswer& answer, Reaches& reaches) {
  using enum VoiceRequest::Reach;
  if (asked.reach == None) return absl::OkStatus();
  const GraphSource& source = answer.source;
  const ListenGraph& graph = source.graph->listening();
  const std::size_t customers = source.snapshot->customers().count();
  if (voice.masks.lists() > 0) {
    GRAPEVINE_ASSIGN_OR_RETURN(reaches.of_groups, reach_of_masks(graph, voice.masks, context.stop));
    const auto totals = reaches.of_groups.end() - static_cast<std::ptrdiff_t>(voice.periods);
    reaches.of_totals.assign(totals, reaches.of_groups.end());
    reaches.of_groups.erase(totals, reaches.of_groups.end());
  } else {
    const ReachCounter counter(graph, customers);
    GRAPEVINE_ASSIGN_OR_RETURN(reaches.of_groups,
                               counter.reach(voice.speakers_of_groups, context.stop));
    GRAPEVINE_ASSIGN_OR_RETURN(reaches.of_totals,
                               counter.reach(speakers_of_totals(voice), context.stop));
  }
  if (voice.buckets == 1) {
    answer.has_bucket_reach = true;
    reaches.of_cells = reaches.of_groups;
    return absl::OkStatus();
  }
  answer.has_bucket_reach = !voice.speakers.offsets.empty();
  if (answer.has_bucket_reach) {
    GRAPEVINE_ASSIGN_OR_RETURN(reaches.of_cells,
                               ReachCounter(graph, customers).reach(voice.speakers, context.stop));
  }
  return absl::OkStatus();
}

// Sums over the groups of the first dimension: what shares are of. Numbers are of lists of
// `places` places a group.
class Sums {
 public:
  // Precondition: `groups` is a multiple of `inner`, the groups of the other dimensions.
  template <typename Number>
  Sums(std::size_t groups, std::size_t inner, std::size_t places, const Number& number)
      : inner_(inner), places_(places), sums_(inner * places) {
    for (std::size_t group = 0; group < groups; ++group) {
      for (std::size_t place = 0; place < places; ++place) {
        sums_[group % inner * places + place] += number(group * places + place);
      }
    }
  }
  [[nodiscard]] std::optional<double> share(std::uint64_t number, std::size_t group,
                                            std::size_t place) const {
    const std::uint64_t sum = sums_[group % inner_ * places_ + place];
    if (sum == 0) return std::nullopt;
    return static_cast<double>(number) / static_cast<double>(sum);
  }

 private:
  std::size_t inner_;
  std::size_t places_;
  std::vector<std::uint64_t> sums_;
};

// The numbers of some places of each group: its periods, or its buckets in each of them.
class Places {
 public:
  Places(std::size_t groups, std::size_t inner, std::size_t places,
         std::span<const MoodCounts> counts, std::span<const std::uint64_t> people,
         std::span<const std::uint64_t> reach)
      : places_(places),
        counts_(counts),
        people_(people),
        reach_(reach),
        mentions_(groups, inner, places, [&](std::size_t i) { return counts[i].mentions(); }),
        reached_(reach.empty() ? 0 : groups, inner, places,
                 [&](std::size_t i) { return reach[i]; }) {}

  [[nodiscard]] VoiceNumbers at(std::size_t group, std::size_t place) const {
    const std::size_t i = group * places_ + place;
    VoiceNumbers numbers{.counts = counts_[i], .people = people_[i]};
    numbers.share_of_voice = mentions_.share(counts_[i].mentions(), group, place);
    if (!reach_.empty()) {
      numbers.reach = reach_[i];
      numbers.share_of_voice_by_reach = reached_.share(reach_[i], group, place);
    }
    return numbers;
  }
  // The same of two places, of which the second is in the period before; SIZE_MAX: there is none.
  [[nodiscard]] ComparedNumbers at(std::size_t group, std::size_t now, std::size_t before) const {
    ComparedNumbers compared{at(group, now), std::nullopt};
    if (before != SIZE_MAX) compared.previous = at(group, before);
    return compared;
  }

 private:
  std::size_t places_;
  std::span<const MoodCounts> counts_;
  std::span<const std::uint64_t> people_;
  std::span<const std::uint64_t> reach_;
  Sums mentions_;
  Sums reached_;
};

// The counts of each group and period.
std::vector<MoodCounts> add_up(const Voice& voice) {
  std::vector<MoodCounts> counts(voice.groups * voice.periods);
  for (std::size_t i = 0; i < voice.cells.size(); ++i)
    counts[i / voice.buckets].add(voice.cells[i]);
  return counts;
}

// The groups that are told: those that are mentioned, and those that were asked for by name.
void choose_listed(const VoiceRequest& asked, const std::vector<MoodCounts>& of_group,
                   std::size_t periods, VoiceAnswer& answer) {
  const bool are_named = std::ranges::none_of(answer.by, &NamedGroups::all);
  std::vector<std::size_t>& listed = answer.listed;
  for (std::size_t group = 0; group < of_group.size() / periods; ++group) {
    std::uint64_t mentions = 0;
    for (std::size_t p = 0; p < periods; ++p) mentions += of_group[group * periods + p].mentions();
    if (are_named || mentions > 0) listed.push_back(group);
  }
  answer.groups = listed.size();
  const auto is_before = [&](std::size_t a, std::size_t b) {
    const std::uint64_t of_a = of_group[a * periods].mentions();
    const std::uint64_t of_b = of_group[b * periods].mentions();
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

void fill_numbers(const Voice& voice, const Reaches& reaches,
                  const std::vector<MoodCounts>& of_group, VoiceAnswer& answer) {
  const bool is_compared = voice.periods == 2;
  const std::size_t inner =
      answer.by.empty() ? 1 : voice.groups / std::max<std::size_t>(answer.by[0].names.size(), 1);
  const Places periods(voice.groups, inner, voice.periods, of_group, voice.people_of_groups,
                       reaches.of_groups);
  const Places buckets(voice.groups, inner, voice.periods * voice.buckets, voice.cells,
                       voice.people, reaches.of_cells);
  for (const std::size_t group : answer.listed) {
    answer.of_group.push_back(periods.at(group, 0, is_compared ? 1 : SIZE_MAX));
    for (std::size_t b = 0; b < voice.buckets; ++b) {
      answer.of_bucket.push_back(buckets.at(group, b, is_compared ? voice.buckets + b : SIZE_MAX));
    }
  }
  const auto total = [&](std::size_t p) {
    VoiceNumbers numbers{.counts = voice.totals[p].counts,
                         .people = voice.totals[p].speakers.count()};
    if (!reaches.of_totals.empty()) numbers.reach = reaches.of_totals[p];
    return numbers;
  };
  const auto by_company = [&](std::size_t p) {
    return VoiceNumbers{.counts = voice.totals[p].apart,
                        .people = voice.totals[p].speakers_apart.count()};
  };
  answer.total.now = total(0);
  answer.by_company.now = by_company(0);
  if (is_compared) answer.by_company.previous = by_company(1);
  if (is_compared) answer.total.previous = total(1);
  answer.ungrouped = voice.totals[0].counts.mentions() - voice.totals[0].grouped;
}

absl::StatusOr<VoiceQuestion> plan_voice(const VoiceRequest& asked, const Context& context,
                                         VoiceAnswer& answer) {
  const Snapshot& snapshot = *answer.source.snapshot;
  VoiceQuestion question;
  question.mentions = select_mentions(snapshot, 0, 0);
  question.period = answer.period;
  using enum VoiceRequest::Reach;
  question.lists_of_groups = asked.reach != None;
  if (asked.reach != None) question.people = answer.source.graph->listening().people;
  question.lists_of_cells =
      answer.period.buckets() > 1 &&
      (asked.reach == Bucket || (asked.reach == Auto && answer.ties <= VoiceAnswer::kTiesMax));
  Mistakes mistakes;
  GRAPEVINE_ASSIGN_OR_RETURN(
      answer.by, group_mentions_by(asked.by, asked.filter, answer.source, context, mistakes));
  GRAPEVINE_ASSIGN_OR_RETURN(question.dimensions, filter_mentions(asked.filter, answer.source,
                                                                  context, mistakes, answer.by));
  question.filters = question.dimensions.size();
  for (GroupDimension& by : take_groups(answer.by)) question.dimensions.push_back(std::move(by));
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  return question;
}

}  // namespace

std::optional<double> VoiceNumbers::net_sentiment() const {
  if (counts.scored() == 0) return std::nullopt;
  return (static_cast<double>(counts.positive) - static_cast<double>(counts.negative)) /
         static_cast<double>(counts.scored());
}

const std::string& VoiceAnswer::name(std::size_t group, std::size_t dimension) const {
  for (std::size_t d = by.size() - 1; d > dimension; --d) group /= by[d].names.size();
  return by[dimension].names[group % by[dimension].names.size()];
}

absl::StatusOr<VoiceAnswer> answer_voice(const VoiceRequest& asked, const Context& context) {
  VoiceAnswer answer;
  GraphSource& source = answer.source;
  GRAPEVINE_ASSIGN_OR_RETURN(source.snapshot, open_snapshot(asked.filter.snapshot, context));
  source.moment = resolve_as_of(asked.filter.as_of, *source.snapshot, context);
  GRAPEVINE_ASSIGN_OR_RETURN(answer.period,
                             resolve_period(asked, *source.snapshot, source.moment.as_of));
  if (asked.reach != VoiceRequest::Reach::None) {
    GRAPEVINE_RETURN_IF_ERROR(
        find_graph({{}, {}, {}, asked.filter.max_staleness_ms}, context, source));
    answer.ties = source.graph->listening().edges();
  }
  GRAPEVINE_ASSIGN_OR_RETURN(VoiceQuestion question, plan_voice(asked, context, answer));
  GRAPEVINE_ASSIGN_OR_RETURN(answer.owners, BrandOwners::read(*source.snapshot, context.stop));
  answer.warnings = name_warnings(asked.filter, *source.snapshot, answer.owners);
  GRAPEVINE_ASSIGN_OR_RETURN(const CustomerSet company,
                             company_voices(*source.snapshot, context.stop));
  question.apart = company.empty() ? nullptr : &company;
  question.counted = asked.voices;
  const auto counted = count_voice(*source.snapshot, question, context.stop);
  if (absl::IsInvalidArgument(counted.status())) {
    return wrong(asked.every ? "?every" : "?by", std::string(counted.status().message()));
  }
  GRAPEVINE_RETURN_IF_ERROR(counted.status());
  const Voice& voice = *counted;
  Reaches reaches;
  GRAPEVINE_RETURN_IF_ERROR(find_reach(asked, voice, context, answer, reaches));
  const std::vector<MoodCounts> of_group = add_up(voice);
  choose_listed(asked, of_group, voice.periods, answer);
  if (answer.listed.size() * voice.buckets > VoiceAnswer::kRowsMax) {
    return wrong("?limit", "more than 200000 rows: ask for fewer groups, or for longer buckets");
  }
  fill_numbers(voice, reaches, of_group, answer);
  if (context.stop.requested()) return absl::CancelledError("stopped while counting mentions");
  return answer;
}

}  // namespace grapevine
