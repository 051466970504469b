#include "api/live/job_board.hpp"

#include <atomic>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "api/error.hpp"

namespace grapevine {
namespace {

using State = JobBoard::State;

std::atomic<TimeMs> now{1'000};
TimeMs told() { return now; }

class JobBoardTest : public testing::Test {
 protected:
  ~JobBoardTest() override {
    board_.stop();
    worker_.join();
  }

  State wait_for_end(std::uint64_t number) {
    while (true) {
      const auto job = board_.find(number);
      if (!job) return State::Queued;  // Forgotten: no test expects that.
      if (job->state != State::Queued && job->state != State::Running) return job->state;
      std::this_thread::yield();
    }
  }

  JobBoard board_{told};
  std::thread worker_{[this] { board_.run(); }};
};

Response answer(std::string body) {
  Response response;
  response.body = std::move(body);
  return response;
}

TEST_F(JobBoardTest, KeepsWhatCameOfIt) {
  const auto number = board_.add("simulateWom", [](const Stop& stop) {
    stop.report(0.5);
    return answer("{\"spread\":1}");
  });
  ASSERT_TRUE(number.ok());
  EXPECT_EQ(wait_for_end(*number), State::Succeeded);
  const auto job = board_.find(*number);
  EXPECT_EQ(job->answer, "{\"spread\":1}");
  EXPECT_EQ(job->progress, 1.0);
  EXPECT_EQ(job->operation, "simulateWom");
}

TEST_F(JobBoardTest, KeepsTheProblem) {
  const auto refused = board_.add("x", [](const Stop&) -> absl::StatusOr<Response> {
    return problem(ErrorCode::Unprocessable, "no such segment: vipp");
  });
  EXPECT_EQ(wait_for_end(*refused), State::Failed);
  EXPECT_NE(board_.find(*refused)->answer.find("no such segment: vipp"), std::string::npos);
  const auto thrown =
      board_.add("x", [](const Stop&) -> absl::StatusOr<Response> { throw std::bad_alloc(); });
  EXPECT_EQ(wait_for_end(*thrown), State::Failed);
}

TEST_F(JobBoardTest, TellsHowFarAndEndsWhatIsCancelled) {
  const auto endless = board_.add("x", [](const Stop& stop) -> absl::StatusOr<Response> {
    stop.report(0.25);
    stop.report(0.125);  // Passed over: it has come further.
    while (!stop.requested()) std::this_thread::yield();
    return absl::CancelledError();
  });
  const auto waiting = board_.add("y", [](const Stop&) { return answer("{}"); });
  while (board_.find(*endless)->progress < 0.25) std::this_thread::yield();
  EXPECT_EQ(board_.find(*endless)->progress, 0.25);
  EXPECT_EQ(board_.find(*endless)->state, State::Running);
  EXPECT_EQ(board_.find(*waiting)->state, State::Queued);
  EXPECT_TRUE(board_.cancel(*endless));
  EXPECT_EQ(wait_for_end(*waiting), State::Succeeded);
  EXPECT_EQ(board_.find(*endless)->state, State::Cancelled);
  EXPECT_TRUE(board_.cancel(*endless));  // Now it is forgotten.
  EXPECT_FALSE(board_.find(*endless));
  EXPECT_FALSE(board_.cancel(*endless));
}

TEST_F(JobBoardTest, WhatWaitsCanBeCancelled) {
  std::atomic<bool> go{false};
  const auto first = board_.add("x", [&](const Stop&) {
    while (!go) std::this_thread::yield();
    return answer("{}");
  });
  std::atomic<bool> ran{false};
  const auto second = board_.add("y", [&](const Stop&) {
    ran = true;
    return answer("{}");
  });
  EXPECT_TRUE(board_.cancel(*second));
  const auto third = board_.add("z", [](const Stop&) { return answer("{}"); });
  go = true;
  EXPECT_EQ(wait_for_end(*first), State::Succeeded);
  EXPECT_EQ(wait_for_end(*third), State::Succeeded);
  EXPECT_EQ(board_.find(*second)->state, State::Cancelled);
  EXPECT_FALSE(ran);
}

TEST_F(JobBoardTest, KeepsSoManyForAnHour) {
  std::uint64_t last = 0;
  for (std::size_t i = 0; i < JobBoard::kJobsMax; ++i) {
    last = board_.add("x", [](const Stop&) { return answer("{}"); }).value();
  }
  EXPECT_EQ(wait_for_end(last), State::Succeeded);
  EXPECT_FALSE(board_.add("x", [](const Stop&) { return answer("{}"); }).ok());
  EXPECT_EQ(board_.list(0, 1000).size(), JobBoard::kJobsMax);
  EXPECT_EQ(board_.list(last - 1, 1000).size(), 1);
  now += JobBoard::kKeepMs + 1;
  EXPECT_TRUE(board_.list(0, 1000).empty());
  EXPECT_TRUE(board_.add("x", [](const Stop&) { return answer("{}"); }).ok());
}

}  // namespace
}  // namespace grapevine
