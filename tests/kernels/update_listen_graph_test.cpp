#include "kernels/graph/update_listen_graph.hpp"

#include <algorithm>
#include <random>
#include <set>

#include <gmock/gmock.h>

#include "tests/kernels/random_graph.hpp"

namespace grapevine {
namespace {

void expect_same(const ListenGraph& a, const ListenGraph& b) {
  EXPECT_EQ(a.people, b.people);
  EXPECT_EQ(a.events, b.events);
  EXPECT_EQ(a.self_events, b.self_events);
  for (const auto& [x, y] :
       {std::pair(&a.influencers, &b.influencers), std::pair(&a.listeners, &b.listeners)}) {
    EXPECT_EQ(x->offsets, y->offsets);
    EXPECT_EQ(x->neighbors, y->neighbors);
    EXPECT_EQ(x->weights, y->weights);  // Floats equal in value; none is a NaN or a zero.
  }
}

struct Change {
  std::vector<SocialTie> before;
  std::vector<SocialTie> after;
  std::vector<CustomerId> people;
  std::vector<SocialTie> theirs;  // Of `after`.
};

// Everyone in a tie that is only in one of both: as the precondition wants, and more.
Change change_of(std::vector<SocialTie> before, std::vector<SocialTie> after,
                 const std::vector<SocialTie>& changed) {
  std::set<CustomerId> people;
  for (const SocialTie& tie : changed) people.insert({tie.listener, tie.influencer});
  Change change{std::move(before), std::move(after), {people.begin(), people.end()}, {}};
  std::ranges::copy_if(change.after, std::back_inserter(change.theirs),
                       [&](const SocialTie& tie) { return people.contains(tie.listener); });
  return change;
}

absl::StatusOr<ListenGraph> updated(const Change& change, const ListenGraphOptions& options = {}) {
  const auto earlier = graph_of(change.before, options);
  const auto all = graph_of(change.after, options);
  const std::span<const SocialTie> theirs(change.theirs);
  return update_listen_graph(earlier,
                             {.people = change.people,
                              .ties = std::span(&theirs, 1),
                              .events = all.events,
                              .self_events = all.self_events},
                             options, Stop());
}

void expect_as_built(const Change& change) {
  const auto graph = updated(change);
  ASSERT_TRUE(graph.ok()) << graph.status();
  expect_same(*graph, graph_of(change.after));
}

TEST(UpdateListenGraph, IsTheGraphOfAllTies) {
  for (const std::size_t people : {1, 2, 3, 10, 63, 64, 65, 500, 5000}) {
    for (const std::uint64_t seed : {1, 2, 3, 4}) {
      for (const std::size_t changes : {std::size_t{0}, std::size_t{1}, people / 4 + 2}) {
        SCOPED_TRACE(testing::Message()
                     << "people=" << people << " seed=" << seed << " changes=" << changes);
        const auto before = random_ties(people, 2 * people, seed);
        // New ties of old people and of new ones anywhere between them.
        auto added = random_ties(people, changes, seed + 10);
        std::mt19937_64 draw(seed);
        for (SocialTie& tie : added) {
          if (draw() % 4 == 0) tie.listener = CustomerId(static_cast<std::uint32_t>(draw() % 9000));
          if (draw() % 4 == 0) {
            tie.influencer = CustomerId(static_cast<std::uint32_t>(draw() % 9000));
          }
        }
        auto after = before;
        std::ranges::copy(added, std::back_inserter(after));
        expect_as_built(change_of(before, after, added));  // Came,
        expect_as_built(change_of(after, before, added));  // and went again.
        auto turned = before;                              // Both at once.
        const auto gone = std::min(changes, turned.size());
        auto changed = added;
        changed.insert(changed.end(), turned.begin(),
                       turned.begin() + static_cast<std::ptrdiff_t>(gone));
        turned.erase(turned.begin(), turned.begin() + static_cast<std::ptrdiff_t>(gone));
        std::ranges::copy(added, std::back_inserter(turned));
        expect_as_built(change_of(before, turned, changed));
      }
    }
  }
}

TEST(UpdateListenGraph, NeedsOnlyListenersWhereEventsCome) {
  const auto before = random_ties(300, 900, 1);
  const auto added = random_ties(320, 50, 2);
  auto after = before;
  std::ranges::copy(added, std::back_inserter(after));
  Change change = change_of(before, after, {});
  std::set<CustomerId> listeners;
  for (const SocialTie& tie : added) listeners.insert(tie.listener);
  change.people.assign(listeners.begin(), listeners.end());
  std::ranges::copy_if(after, std::back_inserter(change.theirs),
                       [&](const SocialTie& tie) { return listeners.contains(tie.listener); });
  expect_as_built(change);
}

TEST(UpdateListenGraph, BuildsFromNothingAndDownToNothing) {
  const auto ties = random_ties(100, 300, 1);
  expect_as_built(change_of({}, ties, ties));
  expect_as_built(change_of(ties, {}, ties));
  expect_as_built(change_of({}, {}, {}));
  expect_as_built(change_of(ties, ties, ties));
}

TEST(UpdateListenGraph, KeepsWhoIsNotNamedAndWhoHearsThemselves) {
  const SocialTie tie{CustomerId(1), CustomerId(2)};
  const SocialTie self{CustomerId(1), CustomerId(1)};
  const SocialTie other{CustomerId(3), CustomerId(4)};
  // 1 only hears themselves from now on, which those who are named show.
  expect_as_built(change_of({tie, self, other}, {self, other}, {tie}));
  // Nobody says what 1 hears: they stay. 2, of whom is said that there is nothing, leaves.
  Change change = change_of({tie, other}, {other}, {tie});
  change.people = {CustomerId(2)};
  const auto graph = updated(change).value();
  EXPECT_THAT(graph.people, testing::ElementsAre(CustomerId(1), CustomerId(3), CustomerId(4)));
}

TEST(UpdateListenGraph, KeepsDecayedWeightsToTheBit) {
  const ListenGraphOptions options{.half_life_ms = 1000};
  auto before = random_ties(200, 2000, 1);
  auto added = random_ties(200, 20, 2);
  for (SocialTie& tie : added) tie.time_ms += 50'000'000'000;  // Makes the old ones tiny.
  auto after = before;
  std::ranges::copy(added, std::back_inserter(after));
  const Change change = change_of(before, after, added);
  expect_same(updated(change, options).value(), graph_of(after, options));
}

TEST(UpdateListenGraph, SameBitsForAnyNumberOfThreads) {
  const auto before = random_ties(20'000, 100'000, 1);
  const auto added = random_ties(21'000, 500, 2);
  auto after = before;
  std::ranges::copy(added, std::back_inserter(after));
  const Change change = change_of(before, after, added);
  for (const std::size_t threads : {1, 2, 8}) {
    const auto graph = with_threads(threads, [&] { return updated(change).value(); });
    expect_same(graph, graph_of(after));
  }
}

TEST(UpdateListenGraph, RefusesWhatCannotBe) {
  const auto earlier = random_listen_graph(10, 30, 1);
  const std::vector<CustomerId> people{CustomerId(3), CustomerId(10)};
  const std::vector<CustomerId> turned{CustomerId(10), CustomerId(3)};
  const std::vector<SocialTie> ties{{CustomerId(17), CustomerId(3)},
                                    {CustomerId(3), CustomerId(3)}};
  const std::vector<SocialTie> strange{{CustomerId(3), CustomerId(17)}};
  const std::vector<SocialTie> weightless{{CustomerId(17), CustomerId(3), 0, 0.0F}};
  const auto code = [&](std::span<const CustomerId> whose, std::span<const SocialTie> chunk,
                        std::size_t events, std::size_t self_events) {
    return update_listen_graph(earlier, {whose, std::span(&chunk, 1), events, self_events}, {},
                               Stop())
        .status()
        .code();
  };
  EXPECT_EQ(code(people, ties, 2, 1), absl::StatusCode::kOk);
  EXPECT_EQ(code(turned, ties, 2, 1), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(people, strange, 2, 1), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(people, weightless, 2, 1), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(people, ties, 1, 1), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(people, ties, 2, 0), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(people, ties, 0, 1), absl::StatusCode::kInvalidArgument);
}

TEST(UpdateListenGraph, Stops) {
  Stop stop;
  stop.request();
  EXPECT_EQ(update_listen_graph(random_listen_graph(10, 20, 1), {}, {}, stop).status().code(),
            absl::StatusCode::kCancelled);
}

}  // namespace
}  // namespace grapevine
