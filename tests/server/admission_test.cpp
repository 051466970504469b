#include "server/admission.hpp"

#include <atomic>
#include <future>
#include <thread>

#include <gtest/gtest.h>

namespace grapevine {
namespace {

TEST(WorkerPoolTest, WorkAdmittedBeforeTakesNoPlaceFromOthers) {
  std::promise<void> begun;
  std::promise<void> released;
  std::atomic<int> done{0};
  {
    WorkerPool pool({.threads_max = 1, .queue_max = 2});
    ASSERT_TRUE(pool.try_run([&] {
      begun.set_value();
      released.get_future().wait();
    }));
    begun.get_future().wait();
    for (int i = 0; i < 50; ++i) pool.run([&] { ++done; });
    EXPECT_TRUE(pool.try_run([&] { ++done; }));
    EXPECT_TRUE(pool.try_run([&] { ++done; }));
    EXPECT_FALSE(pool.try_run([&] { ++done; }));
    EXPECT_EQ(pool.queued(), 52u);
    released.set_value();
  }
  EXPECT_EQ(done, 52);
}

TEST(WorkerPoolTest, APlaceIsFreeAgainOnceATaskRuns) {
  std::atomic<int> ran{0};
  WorkerPool pool({.threads_max = 1, .queue_max = 1});
  for (int i = 0; i < 100; ++i) {
    while (!pool.try_run([&] { ++ran; })) std::this_thread::yield();
    while (ran <= i) std::this_thread::yield();
  }
  EXPECT_EQ(pool.queued(), 0u);
}

}  // namespace
}  // namespace grapevine
