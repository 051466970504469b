#include "kernels/graph/tie_changes.hpp"

#include <cstring>
#include <random>

#include <gtest/gtest.h>
#include <tbb/global_control.h>

namespace grapevine {
namespace {

using Ties = std::vector<SocialTie>;
constexpr std::size_t kCustomers = 60;

Ties random_ties(std::mt19937& random, std::size_t count) {
  std::uniform_int_distribution<std::uint32_t> customer(0, kCustomers - 1);
  std::uniform_int_distribution<std::int64_t> time(0, 1'000'000'000);
  std::uniform_int_distribution<int> verb(1, 5);
  Ties ties;
  for (std::size_t i = 0; i < count; ++i) {
    ties.push_back({CustomerId(customer(random)), CustomerId(customer(random)), time(random),
                    static_cast<float>(verb(random)) / 5.0F});
  }
  return ties;
}

std::vector<std::span<const SocialTie>> in_chunks(const Ties& ties, std::size_t size) {
  std::vector<std::span<const SocialTie>> chunks;
  for (std::size_t i = 0; i < ties.size(); i += size) {
    chunks.push_back(std::span(ties).subspan(i, std::min(size, ties.size() - i)));
  }
  return chunks;
}

ListenGraph built(const Ties& ties) {
  return build_listen_graph(in_chunks(ties, 7), {}, Stop()).value();
}

ListenGraph updated(const ListenGraph& earlier, const Ties& before, const Ties& now) {
  const auto chunks = in_chunks(now, 7);
  const auto changes = find_tie_changes(earlier, digest_ties(in_chunks(before, 5), kCustomers - 3),
                                        digest_ties(chunks, kCustomers), chunks);
  const std::span<const SocialTie> due(changes.ties);
  return update_listen_graph(
             earlier, {changes.people, std::span(&due, 1), changes.events, changes.self_events}, {},
             Stop())
      .value();
}

template <typename Element>
bool same_bits(const std::vector<Element>& a, const std::vector<Element>& b) {
  return a.size() == b.size() &&
         (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(Element)) == 0);
}

void expect_same(const ListenGraph& a, const ListenGraph& b) {
  EXPECT_TRUE(same_bits(a.people, b.people));
  EXPECT_EQ(a.events, b.events);
  EXPECT_EQ(a.self_events, b.self_events);
  for (const auto side : {&ListenGraph::listeners, &ListenGraph::influencers}) {
    EXPECT_TRUE(same_bits((a.*side).offsets, (b.*side).offsets));
    EXPECT_TRUE(same_bits((a.*side).neighbors, (b.*side).neighbors));
    EXPECT_TRUE(same_bits((a.*side).weights, (b.*side).weights));
  }
}

TEST(TieChanges, LeadToTheGraphOfAllTies) {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    // Customers beyond the earlier digests have no ties yet.
    Ties before = random_ties(random, random() % 80);
    std::erase_if(before, [](const SocialTie& tie) {
      return index(tie.listener) >= kCustomers - 3 || index(tie.influencer) >= kCustomers - 3;
    });
    Ties now = before;
    for (std::size_t gone = random() % 6; gone > 0 && !now.empty(); --gone) {
      now.erase(now.begin() + static_cast<std::ptrdiff_t>(random() % now.size()));
    }
    const Ties more = random_ties(random, random() % 6);
    now.insert(now.end(), more.begin(), more.end());
    std::shuffle(now.begin(), now.end(), random);
    expect_same(updated(built(before), before, now), built(now));
  }
}

TEST(TieChanges, AreNoneWhereOnlyTheOrderIsAnother) {
  std::mt19937 random(8);
  const Ties before = random_ties(random, 500);
  Ties now = before;
  std::shuffle(now.begin(), now.end(), random);
  const auto chunks = in_chunks(now, 11);
  const auto digests = digest_ties(in_chunks(before, 500), kCustomers);
  EXPECT_EQ(digests, digest_ties(chunks, kCustomers));
  EXPECT_TRUE(find_tie_changes(built(before), digests, digests, chunks).people.empty());
}

TEST(TieChanges, DigestsHaveTheSameBitsOnAnyNumberOfThreads) {
  std::mt19937 random(9);
  const Ties ties = random_ties(random, 20'000);
  const auto chunks = in_chunks(ties, 100);
  const auto once = digest_ties(chunks, kCustomers);
  for (const std::size_t threads : {1, 2, 8}) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    EXPECT_EQ(digest_ties(chunks, kCustomers), once);
  }
}

}  // namespace
}  // namespace grapevine
