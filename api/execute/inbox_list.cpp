#include "api/execute/inbox_list.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <tuple>
#include <utility>
#include <variant>

#include "api/error.hpp"
#include "api/execute/restricted.hpp"
#include "api/execute/share_forecast.hpp"
#include "api/parse/mistakes.hpp"
#include "api/plan/brand_owners.hpp"
#include "api/plan/company_voices.hpp"
#include "api/plan/mention_groups.hpp"
#include "api/plan/name_warnings.hpp"
#include "kernels/listen/content_shares.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "storage/schema.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kItemsPerTask = 4096;
constexpr TimeMs kLatelyMs = TimeMs{2} * 3'600'000;  // As SeismicOptions::window_max.

std::size_t number(Concern concern) { return static_cast<std::size_t>(concern); }
std::size_t number(Severity severity) { return static_cast<std::size_t>(severity); }

// What concerns the company where nobody named anything: its brands, accounts and voices. nullopt: it
// is not known to have a brand, and whatever is said may concern it.
absl::StatusOr<std::optional<InboxQuestion::Concerning>> own_concerns(const Context& context,
                                                                      GraphSource& source,
                                                                      InboxSelection& selection) {
  GRAPEVINE_ASSIGN_OR_RETURN(const BrandOwners owners,
                             BrandOwners::read(*source.snapshot, context.stop));
  MentionFilter own;
  own.brands = owners.own_brands();
  selection.basis = own.brands.empty() ? InboxSelection::Basis::All : InboxSelection::Basis::Own;
  if (own.brands.empty()) return std::nullopt;
  selection.brands = own.brands;
  InboxQuestion::Concerning concerning;
  Mistakes mistakes;
  GRAPEVINE_ASSIGN_OR_RETURN(concerning.dimensions,
                             filter_mentions(own, source, context, mistakes));
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  return concerning;
}

absl::StatusOr<std::vector<InboxItem>> read_items(const InboxRequest& asked, const Context& context,
                                                  GraphSource& source, InboxList& list) {
  const Snapshot& snapshot = *source.snapshot;
  GRAPEVINE_ASSIGN_OR_RETURN(const CustomerSet voices, company_voices(snapshot, context.stop));
  list.selection.voices = voices.count();
  InboxQuestion question{.from = list.window.from, .to = list.window.to, .voices = voices};
  question.status = asked.status;
  const MentionFilter& filter = asked.filter;
  Mistakes mistakes;
  GRAPEVINE_ASSIGN_OR_RETURN(question.filters, filter_mentions(filter, source, context, mistakes));
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  GRAPEVINE_ASSIGN_OR_RETURN(list.warnings, name_warnings(filter, snapshot, context.stop));
  if (filter.brands.empty() && filter.products.empty() && filter.topics.empty() &&
      filter.accounts.empty()) {
    GRAPEVINE_ASSIGN_OR_RETURN(question.concerning, own_concerns(context, source, list.selection));
  }
  const ConversationQuestion answers{voices, list.window.from, source.moment.as_of + 1};
  GRAPEVINE_ASSIGN_OR_RETURN(Conversations read,
                             Conversations::read(snapshot, answers, context.stop));
  list.conversations.emplace(std::move(read));
  return find_inbox(snapshot, question, *list.conversations, context.stop);
}

std::uint32_t content_of(const InboxItem& item) {
  const RunColumn* column = item.run->column(column_id(CoreColumn::ContentId));
  const auto* codes = column == nullptr ? nullptr : std::get_if<CodeValues>(&column->values);
  if (codes == nullptr || !column->has(item.row)) return RankedItem::kNone;
  return static_cast<std::uint32_t>(codes->codes.at(item.row));
}

absl::Status read_spread(const InboxRequest& asked, const Context& context, GraphSource& source,
                         InboxList& list) {
  GRAPEVINE_RETURN_IF_ERROR(
      find_graph({asked.page.as_of, {}, {}, asked.filter.max_staleness_ms}, context, source));
  list.graph = source.graph;
  GRAPEVINE_ASSIGN_OR_RETURN(const auto score, source.graph->score("spread", context.stop));
  list.spread.assign(source.snapshot->customers().count(),
                     std::numeric_limits<double>::quiet_NaN());
  for (std::size_t i = 0; i < score->people.size(); ++i) {
    // A graph that is newer than a pinned snapshot may know more people.
    if (index(score->people[i]) < list.spread.size()) {
      list.spread[index(score->people[i])] = score->values[i];
    }
  }
  list.spread_error = score->error;
  return absl::OkStatus();
}

// What is known of the spread of one item from its shares, which are not none.
ItemSpread spread_of_shares(const InboxItem& item, std::span<const ContentShare> shares,
                            const InboxList& list, TimeMs as_of, bool interval) {
  ItemSpread spread;
  spread.shares = shares.size();
  spread.shared_lately = as_of - shares.back().ts <= kLatelyMs;
  if (shares.size() < ItemSpread::kSharesMin) return spread;
  std::vector<TimedSpeaker> speakers{{item.ts, item.customer}};
  for (const ContentShare& share : shares) {
    // What came before it is said to have been published counts as of then.
    speakers.push_back({std::max(share.ts, item.ts), share.by});
  }
  SeismicOptions options;
  options.mean_listeners = list.mean_listeners;
  options.interval = interval;
  const auto forecast = forecast_speech(speakers, list.graph->listening(), as_of, options);
  if (forecast.ok()) spread.forecast = *forecast;
  return spread;
}

// Finds the shares of the items, and forecasts how far those go.
absl::Status read_shares(const Context& context, const GraphSource& source, InboxList& list) {
  std::vector<std::uint32_t> contents(list.items.size());
  for_each_block(contents.size(), kItemsPerTask, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) contents[i] = content_of(list.items[i].item);
  });
  const TimeMs as_of = source.moment.as_of;
  GRAPEVINE_ASSIGN_OR_RETURN(list.shares,
                             find_shares(*source.snapshot, contents, as_of, context.stop));
  const std::vector<ContentShare>& shares = list.shares;
  if (shares.empty()) return absl::OkStatus();
  const auto by_content = [](const ContentShare& share) { return share.content; };
  std::vector<std::size_t> shared;  // Items.
  for (std::size_t i = 0; i < contents.size(); ++i) {
    if (contents[i] == RankedItem::kNone) continue;
    const auto of = std::ranges::equal_range(shares, contents[i], {}, by_content);
    if (of.empty()) continue;
    list.items[i].shared = static_cast<std::uint32_t>(shared.size());
    shared.push_back(i);
    InboxList::Shared& one = list.shared.emplace_back();
    one.first = static_cast<std::size_t>(of.begin() - shares.begin());
    one.spread.shares = of.size();
  }
  list.mean_listeners = mean_listeners_of_listeners(list.graph->listening());
  for_each_block(shared.size(), 64, [&](std::size_t begin, std::size_t end) {
    for (std::size_t s = begin; s < end && !context.stop.requested(); ++s) {
      InboxList::Shared& one = list.shared[s];
      one.spread = spread_of_shares(list.items[shared[s]].item,
                                    std::span(shares).subspan(one.first, one.spread.shares), list,
                                    as_of, false);
    }
  });
  if (context.stop.requested()) return absl::CancelledError("stopped while forecasting shares");
  return absl::OkStatus();
}

// Counts the items, and keeps those that are to be listed.
void choose_items(const InboxRequest& asked, const CustomerSet& restricted, TimeMs as_of,
                  std::vector<InboxItem> items, InboxList& list) {
  list.items.reserve(items.size());
  const bool any_restricted = !restricted.empty();  // Which is a look at all words of the set.
  for (const InboxItem& item : items) {
    if (any_restricted && restricted.has(item.customer)) {
      ++list.restricted;
      continue;
    }
    InboxCount& count = list.counts[number(item.concern)][number(item.severity)];
    ++count.items;
    if (as_of - item.ts > asked.target_ms[number(item.severity)]) ++count.overdue;
    if (!asked.concerns[number(item.concern)] || !asked.severities[number(item.severity)]) continue;
    list.items.push_back({item, 0.0, RankedItem::kNone});
  }
}

}  // namespace

std::size_t InboxList::bytes() const {
  return items.capacity() * sizeof(RankedItem) + spread.capacity() * sizeof(double) +
         shared.capacity() * sizeof(Shared) + shares.capacity() * sizeof(ContentShare) +
         (graph ? graph->bytes() : 0) + (conversations ? conversations->answers() * 70 : 0);
}

ItemSpread InboxList::spread_of(const RankedItem& ranked) const {
  ItemSpread is;
  if (ranked.shared != RankedItem::kNone) is = shared[ranked.shared].spread;
  const std::size_t customer = index(ranked.item.customer);
  if (customer < spread.size() && !std::isnan(spread[customer])) is.people = spread[customer];
  return is;
}

ItemSpread InboxList::told_spread_of(const RankedItem& ranked, TimeMs as_of) const {
  const ItemSpread plain = spread_of(ranked);
  if (!plain.forecast) return plain;
  const auto of = std::span(shares).subspan(shared[ranked.shared].first, plain.shares);
  ItemSpread told = spread_of_shares(ranked.item, of, *this, as_of, true);
  told.people = plain.people;
  return told;
}

std::vector<const RankedItem*> InboxList::page(std::size_t begin, std::size_t end) const {
  std::vector<const RankedItem*> ranked;
  ranked.reserve(items.size());
  for (const RankedItem& item : items) ranked.push_back(&item);
  end = std::min(end, ranked.size());
  begin = std::min(begin, end);
  const auto before = [](const RankedItem* a, const RankedItem* b) { return is_before(*a, *b); };
  const auto at = [&](std::size_t place) {
    return ranked.begin() + static_cast<std::ptrdiff_t>(place);
  };
  if (end < ranked.size()) std::nth_element(ranked.begin(), at(end), ranked.end(), before);
  if (begin > 0 && begin < end) std::nth_element(ranked.begin(), at(begin), at(end), before);
  std::sort(at(begin), at(end), before);
  return {at(begin), at(end)};
}

double urgency_of(const ItemSpread& spread, std::size_t people_of_graph, TimeMs age_ms,
                  TimeMs target_ms) {
  double people = std::max(spread.people.value_or(1.0), 1.0 + static_cast<double>(spread.shares));
  if (spread.forecast) {
    people = std::max(people, 1.0 + spread.forecast->expected.value_or(0.0));
    if (spread.forecast->supercritical && spread.shared_lately) {
      people = std::max(people, static_cast<double>(people_of_graph));
    }
  }
  return people * (1.0 + static_cast<double>(age_ms) / static_cast<double>(target_ms));
}

bool is_before(const RankedItem& a, const RankedItem& b) {
  if (a.item.severity != b.item.severity) return a.item.severity > b.item.severity;
  if (a.urgency != b.urgency) return a.urgency > b.urgency;
  return std::tie(a.item.ts, a.item.sequence) < std::tie(b.item.ts, b.item.sequence);
}

absl::StatusOr<std::shared_ptr<InboxList>> make_inbox(const InboxRequest& asked,
                                                      const ListSource& list_source,
                                                      const Context& context) {
  auto list = std::make_shared<InboxList>();
  list->snapshot = list_source.snapshot;
  GraphSource source{list_source.snapshot, list_source.moment, nullptr};
  const TimeMs as_of = source.moment.as_of;
  list->window = resolve_window(asked.filter, *source.snapshot, as_of);
  GRAPEVINE_RETURN_IF_ERROR(check_window(list->window));
  GRAPEVINE_ASSIGN_OR_RETURN(std::vector<InboxItem> items,
                             read_items(asked, context, source, *list));
  GRAPEVINE_ASSIGN_OR_RETURN(const CustomerSet restricted,
                             restricted_customers(*source.snapshot, context.stop));
  choose_items(asked, restricted, as_of, std::move(items), *list);
  GRAPEVINE_RETURN_IF_ERROR(read_spread(asked, context, source, *list));
  GRAPEVINE_RETURN_IF_ERROR(read_shares(context, source, *list));
  const std::size_t people = source.graph->listening().vertices();
  for_each_block(list->items.size(), kItemsPerTask, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      RankedItem& ranked = list->items[i];
      ranked.urgency = urgency_of(list->spread_of(ranked), people, as_of - ranked.item.ts,
                                  asked.target_ms[number(ranked.item.severity)]);
    }
  });
  return list;
}

}  // namespace grapevine
