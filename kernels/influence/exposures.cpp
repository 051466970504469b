#include "kernels/influence/exposures.hpp"

#include <algorithm>

#include "kernels/parallel/for_each_block.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kPeoplePerBlock = 4096;
// How much longer the influencer's list must be for searches in it to beat a look at all of it.
constexpr std::size_t kSearchRatio = 16;

// Calls `body(i, j)` where few[i] is many[j]; both increase.
template <typename Body>
void search_each(std::span<const std::uint32_t> few, std::span<const std::uint32_t> many,
                 const Body& body) {
  std::size_t j = 0;
  for (std::size_t i = 0; i != few.size(); ++i) {
    std::size_t step = 1;  // Doubled until what is sought lies before j + step.
    while (j + step < many.size() && many[j + step] < few[i]) {
      j += step;
      step *= 2;
    }
    const auto rest = many.first(std::min(j + step + 1, many.size())).subspan(j);
    j += static_cast<std::size_t>(std::ranges::lower_bound(rest, few[i]) - rest.begin());
    if (j == many.size()) return;
    if (many[j] == few[i]) body(static_cast<std::uint32_t>(i), j);
  }
}

// Two moments may be further apart than any of them is from 1970.
double delay_between(TimeMs earlier, TimeMs later) {
  return static_cast<double>(static_cast<std::uint64_t>(later) -
                             static_cast<std::uint64_t>(earlier));
}

}  // namespace

ActionsBelow::ActionsBelow(const ActionLog& actions_log, std::uint32_t content_end)
    : log(actions_log),
      ends(log.people()),
      contents(std::min<std::size_t>(content_end, log.begins.size())) {
  for_each_block(ends.size(), kPeoplePerBlock, [&](std::size_t first, std::size_t last) {
    for (std::size_t v = first; v != last; ++v) {
      const auto begin = log.contents.begin() + static_cast<std::ptrdiff_t>(log.offsets[v]);
      const auto end = log.contents.begin() + static_cast<std::ptrdiff_t>(log.offsets[v + 1]);
      ends[v] = static_cast<std::size_t>(std::lower_bound(begin, end, content_end) -
                                         log.contents.begin());
    }
  });
  for (std::size_t v = 0; v != ends.size(); ++v) actions += ends[v] - log.offsets[v];
}

void ListenerExposures::find(const ListenGraph& graph, const ActionsBelow& below, Vertex listener) {
  const ActionLog& log = below.log;
  const auto ask_ahead = [&](std::span<const Vertex> people, std::size_t i) {
    if (i + 16 < people.size()) {
      __builtin_prefetch(&log.offsets[people[i + 16]]);
      __builtin_prefetch(&below.ends[people[i + 16]]);
    }
    if (i + 8 < people.size()) {
      const std::uint32_t* const begin = log.contents.data() + log.offsets[people[i + 8]];
      __builtin_prefetch(begin);
      __builtin_prefetch(begin + 16);
      __builtin_prefetch(begin + 32);
    }
  };
  const auto contents_of = [&](Vertex person) {
    return std::span(log.contents.data() + log.offsets[person],
                     below.ends[person] - log.offsets[person]);
  };
  const std::span<const std::uint32_t> own = contents_of(listener);
  const TimeMs* own_times = log.times.data() + log.offsets[listener];
  acted_on_.resize(below.contents / 64 + 1);
  action_on_.resize(below.contents);
  for (std::uint32_t i = 0; i != own.size(); ++i) {
    acted_on_[own[i] / 64] |= std::uint64_t{1} << (own[i] % 64);
    action_on_[own[i]] = i;
  }

  const std::span<const Vertex> influencers = graph.influencers.of(listener);
  trials_.resize(influencers.size());
  both_.clear();
  for (std::uint32_t i = 0; i != influencers.size(); ++i) {
    ask_ahead(influencers, i);
    const std::span<const std::uint32_t> theirs = contents_of(influencers[i]);
    const TimeMs* their_times = log.times.data() + log.offsets[influencers[i]];
    trials_[i] = theirs.size();
    const auto note = [&](std::uint32_t mine, std::size_t at) {
      __builtin_prefetch(their_times + at);
      both_.push_back({mine, i, their_times + at});
    };
    if (own.size() * kSearchRatio < theirs.size()) {
      search_each(own, theirs, note);
    } else {
      for (std::size_t at = 0; at != theirs.size(); ++at) {
        const std::uint32_t content = theirs[at];
        if ((acted_on_[content / 64] >> (content % 64) & 1) != 0) note(action_on_[content], at);
      }
    }
  }
  for (const std::uint32_t content : own) acted_on_[content / 64] = 0;

  // Times are far away: no branch should wait for one.
  offsets_.assign(own.size() + 1, 0);
  by_influencer_.resize(both_.size());
  std::size_t found = 0;
  for (const Both& both : both_) {
    const TimeMs earlier = *both.their_time;
    const TimeMs later = own_times[both.action];
    by_influencer_[found] = {both.action, both.influencer, delay_between(earlier, later)};
    const std::size_t follows = later > earlier ? 1 : 0;
    found += follows;
    offsets_[both.action] += follows;
    trials_[both.influencer] -= 1 - follows;  // First, or at the same time.
  }
  by_influencer_.resize(found);

  std::size_t before = 0;
  for (std::size_t& offset : offsets_) before = (offset += before);  // Where each action's end.
  exposures_.resize(by_influencer_.size());
  for (std::size_t i = by_influencer_.size(); i-- != 0;) {
    exposures_[--offsets_[by_influencer_[i].action]] = by_influencer_[i];
  }
}

}  // namespace grapevine
