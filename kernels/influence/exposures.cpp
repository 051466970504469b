#include "kernels/influence/exposures.hpp"

#include <algorithm>

namespace grapevine {
namespace {

// How much longer one list must be for a search in it to beat a merge.
constexpr std::size_t kSearchRatio = 8;

// A person's actions on the contents below an end.
struct PersonActions {
  const std::uint32_t* contents;
  const TimeMs* times;
  std::size_t count;
};

PersonActions actions_of(const ActionLog& log, std::uint32_t content_end, Vertex person) {
  const std::uint32_t* begin = log.contents.data() + log.offsets[person];
  const std::uint32_t* end = log.contents.data() + log.offsets[person + 1];
  if (begin != end && end[-1] >= content_end) end = std::lower_bound(begin, end, content_end);
  return {begin, log.times.data() + log.offsets[person], static_cast<std::size_t>(end - begin)};
}

// Calls `body(i, j)` where few[i] is many[j]; both increase.
template <typename Body>
void search_each(const PersonActions& few, const PersonActions& many, const Body& body) {
  std::size_t j = 0;
  for (std::size_t i = 0; i != few.count; ++i) {
    std::size_t step = 1;  // Doubled until the content lies before j + step.
    while (j + step < many.count && many.contents[j + step] < few.contents[i]) {
      j += step;
      step *= 2;
    }
    const std::uint32_t* const end = many.contents + std::min(j + step + 1, many.count);
    j = static_cast<std::size_t>(std::lower_bound(many.contents + j, end, few.contents[i]) -
                                 many.contents);
    if (j == many.count) return;
    if (many.contents[j] == few.contents[i]) body(i, j);
  }
}

// Calls `body(i, j)` where a[i] is b[j]; both increase.
template <typename Body>
void for_each_common(const PersonActions& a, const PersonActions& b, const Body& body) {
  if (a.count * kSearchRatio < b.count) return search_each(a, b, body);
  if (b.count * kSearchRatio < a.count) {
    return search_each(b, a, [&](std::size_t j, std::size_t i) { body(i, j); });
  }
  std::size_t i = 0;
  std::size_t j = 0;
  while (i != a.count && j != b.count) {
    const std::uint32_t a_content = a.contents[i];
    const std::uint32_t b_content = b.contents[j];
    if (a_content == b_content) body(i, j);
    i += a_content <= b_content ? 1 : 0;
    j += b_content <= a_content ? 1 : 0;
  }
}

// Two moments may be further apart than any of them is from 1970.
double delay_between(TimeMs earlier, TimeMs later) {
  return static_cast<double>(static_cast<std::uint64_t>(later) -
                             static_cast<std::uint64_t>(earlier));
}

}  // namespace

void ListenerExposures::find(const ListenGraph& graph, const ActionLog& log,
                             std::uint32_t content_end, Vertex listener) {
  const auto influencers = graph.influencers.of(listener);
  const PersonActions own = actions_of(log, content_end, listener);
  actions = own.count;
  trials.resize(influencers.size());
  offsets.assign(own.count + 1, 0);
  by_influencer_.clear();
  for (std::uint32_t i = 0; i != influencers.size(); ++i) {
    const PersonActions theirs = actions_of(log, content_end, influencers[i]);
    std::uint64_t not_later = 0;  // Contents on which the listener was first, or at the same time.
    if (own.count != 0) {
      for_each_common(own, theirs, [&](std::size_t a, std::size_t b) {
        if (own.times[a] <= theirs.times[b]) {
          ++not_later;
          return;
        }
        by_influencer_.push_back(
            {static_cast<std::uint32_t>(a), i, delay_between(theirs.times[b], own.times[a])});
        ++offsets[a];
      });
    }
    trials[i] = theirs.count - not_later;
  }

  std::size_t before = 0;
  for (std::size_t& offset : offsets) before = (offset += before);  // Where each action's end.
  exposures.resize(by_influencer_.size());
  for (std::size_t i = by_influencer_.size(); i-- != 0;) {
    exposures[--offsets[by_influencer_[i].action]] = by_influencer_[i];
  }
}

}  // namespace grapevine
