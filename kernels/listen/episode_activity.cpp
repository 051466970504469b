#include "kernels/listen/episode_activity.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>
#include <variant>

#include "kernels/listen/groups_of_run.hpp"
#include "kernels/listen/mention_rows.hpp"
#include "kernels/listen/mood_lanes.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/event_rows.hpp"
#include "storage/real_values.hpp"
#include "storage/schema.hpp"

namespace grapevine {
namespace {

constexpr std::uint32_t kNone = 0xFFFF'FFFF;
constexpr std::array<std::string_view, 6> kAdvocacyEvents{"Post Created",     "Post Shared",
                                                          "Post Replied",     "Customer Mentioned",
                                                          "Product Reviewed", "Product Shared"};

// What an event name counts as.
struct NameKind {
  bool is_post = false;
  bool is_order = false;
  bool may_advocate = false;
  bool advocates_unscored = false;
};

std::vector<NameKind> kinds_of_names(const Snapshot& snapshot) {
  std::vector<NameKind> kinds(snapshot.event_counts().size());
  for (std::uint32_t i = 0; i < kinds.size(); ++i) {
    const std::string_view name = snapshot.event_names().at(i);
    kinds[i].is_post = std::ranges::find(kSocialEvents, name) != kSocialEvents.end();
    kinds[i].is_order = name == "Order Completed";
    kinds[i].may_advocate = std::ranges::find(kAdvocacyEvents, name) != kAdvocacyEvents.end();
    kinds[i].advocates_unscored = name == "Product Shared";
  }
  return kinds;
}

using Advocacy = std::pair<std::uint32_t, TimeMs>;  // Of which episode, and when.

// Reads the rows of one stretch, all of one run.
class StretchRead {
 public:
  StretchRead(const Run& run, const NameKind& kind, std::span<const Episode> episodes,
              std::span<const std::uint32_t> episode_of, std::span<PriorActivity> prior)
      : run_(run),
        kind_(kind),
        episodes_(episodes),
        episode_of_(episode_of),
        prior_(prior),
        sentiment_(run.column(column_id(CoreColumn::Sentiment))),
        scores_(sentiment_ == nullptr ? nullptr : std::get_if<RealValues>(&sentiment_->values)) {}

  void read(RowRange rows, std::span<const std::uint8_t> mask,
            std::span<const GroupDimension> about, std::vector<Advocacy>& advocacies) {
    begin_ = rows.begin;
    run_.customers.for_each(rows.begin, rows.end, [&](std::size_t row, CustomerId customer) {
      const std::uint32_t episode = episode_of_[index(customer)];
      if (episode == kNone || (!mask.empty() && mask[row - rows.begin] == 0)) return;
      read_row(row, episode);
    });
    if (!speaking_.empty() && !about.empty()) {
      GroupsOfRun groups(run_, about);
      for (std::size_t d = 0; d < about.size() && !speaking_.empty(); ++d) {
        groups.divide(d, begin_, speaking_);
      }
    }
    std::size_t last = SIZE_MAX;
    for (const GroupedRow& spoken : speaking_) {
      if (spoken.row != last) note_advocacy(begin_ + spoken.row, advocacies);
      last = spoken.row;
    }
  }

 private:
  void read_row(std::size_t row, std::uint32_t episode) {
    const TimeMs time = run_.time(row);
    const TimeMs begin = episodes_[episode].begin;
    if (time < begin - kPriorMs) return;
    const bool is_scored = scores_ != nullptr && sentiment_->has(row);
    const double score = is_scored ? std::clamp(scores_->at(row), -1.0, 1.0) : 0.0;
    if (kind_.may_advocate && (is_scored ? score > kMoodScore : kind_.advocates_unscored)) {
      speaking_.push_back({static_cast<std::uint32_t>(row - begin_), 0});
    }
    if (time >= begin) return;
    PriorActivity& prior = prior_[episode];
    ++prior.events;
    prior.events_30 += time >= begin - kRecentMs ? 1 : 0;
    prior.posts += kind_.is_post ? 1 : 0;
    prior.orders += kind_.is_order ? 1 : 0;
    prior.scored += is_scored ? 1 : 0;
    prior.sentiment_sum += std::llrint(score * 0x1p32);
  }

  void note_advocacy(std::size_t row, std::vector<Advocacy>& advocacies) {
    const std::uint32_t episode = episode_of_[index(run_.customers[row])];
    const TimeMs time = run_.time(row);
    if (time < episodes_[episode].begin) {
      ++prior_[episode].advocacies;
    } else {
      advocacies.emplace_back(episode, time);
    }
  }

  const Run& run_;
  const NameKind& kind_;
  std::span<const Episode> episodes_;
  std::span<const std::uint32_t> episode_of_;
  std::span<PriorActivity> prior_;
  const RunColumn* sentiment_;
  const RealValues* scores_;
  std::size_t begin_ = 0;
  std::vector<GroupedRow> speaking_;
};

}  // namespace

std::size_t EpisodeActivity::count(std::size_t episode, TimeMs after, TimeMs length) const {
  const auto times =
      std::span(advocacies).subspan(offsets[episode], offsets[episode + 1] - offsets[episode]);
  return static_cast<std::size_t>(std::ranges::upper_bound(times, after + length) -
                                  std::ranges::upper_bound(times, after));
}

absl::StatusOr<EpisodeActivity> read_episode_activity(const Snapshot& snapshot,
                                                      std::span<const Episode> episodes,
                                                      std::span<const GroupDimension> about,
                                                      TimeMs until, const Stop& stop) {
  EpisodeActivity activity;
  activity.prior.resize(episodes.size());
  activity.offsets.assign(episodes.size() + 1, 0);
  if (episodes.empty()) return activity;
  const std::size_t customers = snapshot.customers().count();
  std::vector<std::uint32_t> episode_of(customers, kNone);
  CustomerSet people(customers);
  EventSelection rows;
  rows.from = until;
  rows.to = until;
  for (std::uint32_t e = 0; e < episodes.size(); ++e) {
    episode_of[index(episodes[e].person)] = e;
    people.add(episodes[e].person);
    rows.from = std::min(rows.from, episodes[e].begin - kPriorMs);
  }
  const std::vector<NameKind> kinds = kinds_of_names(snapshot);
  for (std::uint32_t i = 0; i < kinds.size(); ++i) rows.events.push_back(EventNameId(i));

  const EventRows events(snapshot, rows, {}, {.among = &people});
  std::vector<std::vector<Advocacy>> of_block(blocks_of(events.customers(), kCustomersPerTask));
  WorkerLocal<EventRows::Scratch> scratch([] { return EventRows::Scratch(); });
  for_each_block(events.customers(), kCustomersPerTask, [&](std::size_t first, std::size_t last) {
    if (stop.requested()) return;
    std::vector<Advocacy>& mine = of_block[first / kCustomersPerTask];
    events.for_each_stretch(
        first, last, scratch.mine(),
        [&](const Run& run, RowRange range, std::span<const std::uint8_t> mask) {
          StretchRead read(run, kinds[index(run.event)], episodes, episode_of, activity.prior);
          read.read(range, mask, about, mine);
        });
    std::ranges::sort(mine);
  });
  if (stop.requested()) return absl::CancelledError("stopped while reading what people did");
  for (const std::vector<Advocacy>& more : of_block) {  // By person, as episodes are.
    for (const auto& [episode, time] : more) {
      ++activity.offsets[episode + 1];
      activity.advocacies.push_back(time);
    }
  }
  for (std::size_t e = 0; e < episodes.size(); ++e) activity.offsets[e + 1] += activity.offsets[e];
  return activity;
}

}  // namespace grapevine
