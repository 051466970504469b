#include <atomic>
#include <numeric>
#include <random>
#include <thread>
#include <vector>

#include <gmock/gmock.h>

#include "kernels/parallel/background_tasks.hpp"
#include "kernels/parallel/exclusive_scan.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "kernels/parallel/group_stably.hpp"
#include "kernels/parallel/ordered_sum.hpp"
#include "kernels/parallel/sort.hpp"
#include "tests/kernels/random_graph.hpp"

namespace grapevine {
namespace {

const std::size_t kEdgeSizes[] = {0, 1, 2, 63, 64, 65, 4095, 4096, 4097, 16384, 16385, 100'000};

TEST(ForEachBlock, CoversEachElementOnce) {
  for (const std::size_t count : kEdgeSizes) {
    std::vector<int> visits(count);
    for_each_block(count, 64, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i != end; ++i) ++visits[i];
    });
    EXPECT_EQ(visits, std::vector<int>(count, 1));
  }
}

TEST(OrderedSum, SameBitsForAnyNumberOfThreads) {
  for (const std::size_t count : kEdgeSizes) {
    const auto sum = [&] {
      return ordered_sum(count, [](std::size_t i) { return 1.0 / static_cast<double>(i + 1); });
    };
    double expected = 0.0;
    for (std::size_t i = 0; i != count; ++i) expected += 1.0 / static_cast<double>(i + 1);
    EXPECT_NEAR(sum(), expected, 1e-9);
    EXPECT_EQ(with_threads(1, sum), with_threads(2, sum));
    EXPECT_EQ(with_threads(1, sum), with_threads(8, sum));
  }
}

TEST(ExclusiveScan, AgreesWithTheStandardLibrary) {
  for (const std::size_t count : kEdgeSizes) {
    std::vector<std::size_t> values(count);
    for (std::size_t i = 0; i != count; ++i) values[i] = i * i % 7;
    std::vector<std::size_t> expected(count);
    std::exclusive_scan(values.begin(), values.end(), expected.begin(), std::size_t{0});
    const std::size_t total = std::accumulate(values.begin(), values.end(), std::size_t{0});
    EXPECT_EQ(exclusive_scan(std::span(values)), total);
    EXPECT_EQ(values, expected);
  }
}

TEST(GroupStably, AgreesWithAStableSort) {
  for (const std::size_t count : kEdgeSizes) {
    for (const std::size_t keys : {1, 2, 63, 64, 65, 5000}) {
      SCOPED_TRACE(testing::Message() << "count=" << count << " keys=" << keys);
      std::mt19937_64 draw(count + keys);
      std::vector<std::size_t> key(count);
      for (std::size_t& k : key) k = draw() % keys;
      std::vector<std::size_t> expected(count);
      std::iota(expected.begin(), expected.end(), std::size_t{0});
      std::ranges::stable_sort(expected, {}, [&](std::size_t i) { return key[i]; });

      std::vector<std::size_t> grouped(count);
      const auto offsets = group_stably(
          count, keys, [&](std::size_t i) { return key[i]; },
          [&](std::size_t i, std::size_t position) { grouped[position] = i; });
      EXPECT_EQ(grouped, expected);
      ASSERT_EQ(offsets.size(), keys + 1);
      EXPECT_EQ(offsets.front(), 0U);
      EXPECT_EQ(offsets.back(), count);
      for (std::size_t k = 0; k != keys; ++k) {
        for (std::size_t i = offsets[k]; i != offsets[k + 1]; ++i) ASSERT_EQ(key[grouped[i]], k);
      }
    }
  }
}

TEST(ParallelSort, Sorts) {
  for (const std::size_t count : kEdgeSizes) {
    std::mt19937_64 draw(count);
    std::vector<std::uint64_t> values(count);
    for (std::uint64_t& value : values) value = draw();
    std::vector<std::uint64_t> expected = values;
    std::ranges::sort(expected);
    parallel_sort(std::span(values), std::less<>());
    EXPECT_EQ(values, expected);
  }
}

TEST(WorkerLocal, IsMadeOnceAThread) {
  std::atomic<int> made{0};
  WorkerLocal<int> scratch([&made] { return ++made; });
  for_each(1000, [&](std::size_t) { EXPECT_GT(scratch.mine(), 0); });
  EXPECT_GE(made.load(), 1);
  EXPECT_LE(made.load(), 1000);
}

// A worker that oneTBB starts against the limit would never rest again.
TEST(BackgroundTasks, WithOneThreadAreRunByTheCaller) {
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, 1);
  BackgroundTasks tasks;
  std::vector<std::thread::id> ran_on;
  for (int i = 0; i < 20; ++i) {
    tasks.run([&ran_on] { ran_on.push_back(std::this_thread::get_id()); });
  }
  EXPECT_EQ(ran_on, std::vector(20, std::this_thread::get_id()));
}

// With one thread there may be no worker at all: closing must not wait for tasks that none will begin.
TEST(BackgroundTasks, CloseNeedsNoWorker) {
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, 1);
  std::atomic<int> begun{0};
  std::atomic<int> ended{0};
  for (int round = 0; round < 100; ++round) {
    BackgroundTasks tasks;
    for (int i = 0; i < 20; ++i) {
      tasks.run([&] {
        ++begun;
        ++ended;
      });
    }
    tasks.close();
    EXPECT_EQ(begun, ended);
  }
}

}  // namespace
}  // namespace grapevine
