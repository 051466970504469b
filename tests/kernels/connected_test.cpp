#include "kernels/graph/connected.hpp"

#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/graph/connected_reference.hpp"
#include "tests/kernels/random_graph.hpp"

namespace grapevine {
namespace {

using enum TieDirection;

std::vector<std::uint64_t> random_members(std::size_t vertices, std::uint64_t one_in,
                                          std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::uint64_t> members(mask_words(vertices));
  for (std::size_t v = 0; v < vertices; ++v) {
    if (random() % one_in == 0) members[v / 64] |= std::uint64_t{1} << (v % 64);
  }
  return members;
}

TEST(ConnectedPeople, AgreesWithASearchFromEverybody) {
  for (const std::size_t people : {2, 63, 64, 65, 400}) {
    for (const std::uint64_t one_in : {1, 2, 20}) {
      const ListenGraph graph = random_listen_graph(people, 2 * people, people + one_in);
      const auto members = random_members(graph.vertices(), one_in, people);
      for (const TieDirection direction : {InfluencedBy, Influences, Either}) {
        for (const int hops : {1, 2, 3}) {
          const auto found = connected_people(graph, members, hops, direction, Stop());
          ASSERT_TRUE(found.ok());
          ASSERT_EQ(*found, connected_people_reference(graph, members, hops, direction))
              << people << " people, " << hops << " hops";
        }
      }
    }
  }
}

TEST(ConnectedPeople, AMemberIsNotConnectedToThemselves) {
  // 1 and 2 listen to each other, and 3 to 2; 1 is the only member.
  const ListenGraph graph = graph_of({{CustomerId(1), CustomerId(2), 0, 1.0F},
                                      {CustomerId(2), CustomerId(1), 0, 1.0F},
                                      {CustomerId(2), CustomerId(3), 0, 1.0F}});
  const std::vector<std::uint64_t> members{0b001};
  EXPECT_EQ(*connected_people(graph, members, 1, InfluencedBy, Stop()), (std::vector{0b010UL}));
  EXPECT_EQ(*connected_people(graph, members, 2, InfluencedBy, Stop()), (std::vector{0b110UL}));
  EXPECT_EQ(*connected_people(graph, members, 3, Influences, Stop()), (std::vector{0b010UL}));
}

TEST(ConnectedPeople, SameBitsForAnyNumberOfThreads) {
  const ListenGraph graph = random_listen_graph(20'000, 60'000, 5);
  const auto members = random_members(graph.vertices(), 50, 6);
  const auto found = [&] { return *connected_people(graph, members, 2, Either, Stop()); };
  EXPECT_EQ(with_threads(2, found), with_threads(1, found));
  EXPECT_EQ(with_threads(8, found), with_threads(1, found));
}

}  // namespace
}  // namespace grapevine
