#include "kernels/influence/core_number.hpp"

#include <gmock/gmock.h>

#include "kernels/influence/core_number_reference.hpp"
#include "tests/kernels/random_graph.hpp"

namespace grapevine {
namespace {

using testing::ElementsAre;

TEST(CoreNumber, OfATriangleWithATailAndALoner) {
  const auto id = [](std::uint32_t number) { return CustomerId(number); };
  // 1, 2, 3 hear each other (1 and 2 both ways: one tie); 4 hears 3; 5 only themselves.
  const ListenGraph graph = graph_of({{id(1), id(2)},
                                      {id(2), id(1)},
                                      {id(2), id(3)},
                                      {id(3), id(1)},
                                      {id(3), id(4)},
                                      {id(5), id(5)}});
  EXPECT_THAT(core_number(graph, Stop()).value(), ElementsAre(2, 2, 2, 1, 0));
}

TEST(CoreNumber, AgreesWithRepeatedDeletion) {
  for (const std::size_t people : {0, 1, 2, 3, 63, 64, 65, 200}) {
    for (const std::size_t events_each : {1, 3, 12}) {
      SCOPED_TRACE(testing::Message() << "people=" << people << " events_each=" << events_each);
      const auto graph = random_listen_graph(people, events_each * people, people);
      EXPECT_EQ(core_number(graph, Stop()).value(), core_number_reference(graph));
    }
  }
}

TEST(CoreNumber, SameBitsForAnyNumberOfThreads) {
  const auto graph = random_listen_graph(20'000, 100'000, 1);
  const auto cores = [&] { return core_number(graph, Stop()).value(); };
  EXPECT_EQ(with_threads(1, cores), with_threads(8, cores));
}

TEST(CoreNumber, Stops) {
  Stop stop;
  stop.request();
  const auto graph = random_listen_graph(10, 20, 1);
  EXPECT_EQ(core_number(graph, stop).status().code(), absl::StatusCode::kCancelled);
}

}  // namespace
}  // namespace grapevine
