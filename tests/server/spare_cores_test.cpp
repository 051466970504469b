#include "server/spare_cores.hpp"

#include <functional>
#include <future>
#include <optional>
#include <thread>

#include <gtest/gtest.h>
#include <unistd.h>

namespace grapevine {
namespace {

using namespace std::chrono_literals;

SpareCores::Options quick() {
  return {.short_max = 10ms, .often = 4, .often_within = 300ms, .look_every = 5ms};
}

int cores_of(pid_t thread) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  EXPECT_EQ(::sched_getaffinity(thread, sizeof cores, &cores), 0);
  return CPU_COUNT(&cores);
}

// Within some seconds, because the machine may be busy with others.
bool comes_true(const std::function<bool()>& condition) {
  const auto end = SpareCores::Clock::now() + 10s;
  while (SpareCores::Clock::now() < end) {
    if (condition()) return true;
    std::this_thread::yield();
  }
  return false;
}

void pass(SpareCores::Clock::duration time) {
  const auto end = SpareCores::Clock::now() + time;
  EXPECT_TRUE(comes_true([end] { return SpareCores::Clock::now() > end; }));
}

// A long query until it is let go, and a thread that computes for it.
class LongQuery {
 public:
  explicit LongQuery(SpareCores& core)
      : asking_([this, &core] {
          const AttentiveThread attentive;
          const SpareCores::Query query(core);
          query_.set_value(::gettid());
          ended_.wait();
        }),
        computing_([this] {
          worker_.set_value(::gettid());
          ended_.wait();
        }) {}
  ~LongQuery() {
    end_.set_value();
    asking_.join();
    computing_.join();
  }

  [[nodiscard]] pid_t query() const { return of_query_.get(); }
  [[nodiscard]] pid_t worker() const { return of_worker_.get(); }

 private:
  std::promise<void> end_;
  const std::shared_future<void> ended_ = end_.get_future();
  std::promise<pid_t> query_, worker_;
  const std::shared_future<pid_t> of_query_ = query_.get_future(),
                                  of_worker_ = worker_.get_future();
  std::thread asking_, computing_;
};

void ask_shortly(SpareCores& core) { const SpareCores::Query query(core); }

class SpareCoresTest : public testing::Test {
 protected:
  void SetUp() override {
    if (all_ < 2) GTEST_SKIP() << "this process has one core";
  }
  const int all_ = cores_of(0);
  const int others_ = all_ - (all_ + 7) / 8;
};

// Work that says that it will be long leaves at once; the thread's next query has the spare cores again.
TEST_F(SpareCoresTest, LongWorkMayLeaveThemAtOnce) {
  SpareCores core(quick());
  const AttentiveThread attentive;
  EXPECT_EQ(CoreShare::mine(), nullptr);
  const LongQuery lasting(core);
  EXPECT_TRUE(comes_true([&] {
    ask_shortly(core);
    return core.are_kept() && cores_of(::gettid()) == all_ - others_;
  }));
  {
    const SpareCores::Query query(core);
    ASSERT_TRUE(CoreShare::mine()->is_own());
    CoreShare::mine()->leave();
    EXPECT_EQ(cores_of(::gettid()), others_);
  }
  EXPECT_EQ(cores_of(::gettid()), all_ - others_);
  EXPECT_TRUE(comes_true([&] { return !core.are_kept(); }));
  const SpareCores::Query query(core);
  EXPECT_FALSE(CoreShare::mine()->is_own());
  CoreShare::mine()->leave();
  EXPECT_EQ(cores_of(::gettid()), all_);
}

TEST_F(SpareCoresTest, AreKeptWhileManyShortQueriesComeBesideALongOne) {
  SpareCores core(quick());
  const AttentiveThread attentive;
  LongQuery lasting(core);
  EXPECT_TRUE(comes_true([&] {
    ask_shortly(core);
    return cores_of(lasting.query()) == others_ && cores_of(lasting.worker()) == others_;
  }));
  EXPECT_TRUE(core.are_kept());
  EXPECT_EQ(cores_of(::gettid()), all_ - others_);
  // No short ones any more: the long one has all cores again.
  EXPECT_TRUE(comes_true([&] { return !core.are_kept(); }));
  EXPECT_EQ(cores_of(lasting.query()), all_);
  EXPECT_EQ(cores_of(lasting.worker()), all_);
  EXPECT_EQ(cores_of(::gettid()), all_);
}

TEST_F(SpareCoresTest, LeaveThreadsOfUnknownWorkAnywhere) {
  SpareCores core(quick());
  const AttentiveThread attentive;
  const LongQuery lasting(core);
  std::promise<pid_t> collecting;
  std::promise<void> end;
  std::thread thread([&] {
    const AttentiveThread collects(AttentiveThread::Work::Unknown);
    collecting.set_value(::gettid());
    end.get_future().wait();
  });
  const pid_t collects = collecting.get_future().get();
  EXPECT_TRUE(comes_true([&] {
    ask_shortly(core);
    return cores_of(lasting.worker()) == others_;
  }));
  EXPECT_EQ(cores_of(collects), all_);
  end.set_value();
  thread.join();
}

TEST_F(SpareCoresTest, AreGivenBackOnceNothingLongRuns) {
  SpareCores core(quick());
  const AttentiveThread attentive;
  std::optional<LongQuery> lasting(core);
  EXPECT_TRUE(comes_true([&] {
    ask_shortly(core);
    return core.are_kept();
  }));
  lasting.reset();
  EXPECT_TRUE(comes_true([&] {
    ask_shortly(core);
    return !core.are_kept();
  }));
}

TEST_F(SpareCoresTest, AreNotKeptForAFewShortQueriesOrWithoutALongOne) {
  SpareCores core(quick());
  for (int i = 0; i < 100; ++i) ask_shortly(core);
  EXPECT_FALSE(core.are_kept());
  SpareCores other(quick());
  const LongQuery lasting(other);
  pass(30ms);  // Now it is long.
  for (int i = 0; i < 3; ++i) ask_shortly(other);
  EXPECT_FALSE(other.are_kept());
}

TEST_F(SpareCoresTest, ThreadsHaveAllCoresOnceTheyAreGone) {
  std::optional<SpareCores> core(quick());
  std::optional<LongQuery> lasting(*core);
  const AttentiveThread attentive;
  EXPECT_TRUE(comes_true([&] {
    ask_shortly(*core);
    return core->are_kept() && cores_of(lasting->worker()) == others_;
  }));
  lasting.reset();
  core.reset();
  EXPECT_EQ(cores_of(::getpid()), all_);
}

}  // namespace
}  // namespace grapevine
