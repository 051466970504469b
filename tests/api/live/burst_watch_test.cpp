// Very many bursts at once, as when all brands are talked of at the same hour: each is told once.

#include "api/live/alerts/burst_watch.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/api/live/alert_keeper_fixture.hpp"

namespace grapevine {
namespace {

using Kind = BurstStep::Kind;

class ManyBursts : public ::testing::Test {
 protected:
  // Three quiet days, and then 12 mentions each, in turn.
  template <typename SubjectsOf>
  void talk(std::size_t many, const SubjectsOf& subjects_of) {
    std::vector<WatchedMention> mentions(many);
    for (std::size_t i = 0; i < many; ++i) subjects_of(i, mentions[i]);
    mentions.front().ts = kBegin;
    watch_.count(mentions.front(), steps_);
    for (int round = 0; round < 12; ++round) {
      for (WatchedMention& mention : mentions) {
        mention.ts = kBegin + 3 * kDay + round * 1000;
        watch_.count(mention, steps_);
      }
    }
  }
  std::uint32_t number(const char* kind, std::size_t i) {
    return names_.number_of(kind + std::to_string(i));
  }
  [[nodiscard]] std::size_t steps(Kind kind) const {
    std::size_t count = 0;
    for (const BurstStep& step : steps_) count += step.kind == kind ? 1 : 0;
    return count;
  }

  WatchedNames names_;
  BurstWatch watch_{names_};
  std::vector<BurstStep> steps_;
};

TEST_F(ManyBursts, OfProductsTakeEachItsOwnBrand) {
  constexpr std::size_t kMany = 20'000;
  talk(kMany, [&](std::size_t i, WatchedMention& mention) {
    mention.product = number("p", i);
    mention.brand = number("b", i);
  });
  EXPECT_EQ(steps(Kind::Began), kMany);
  ASSERT_EQ(steps(Kind::Joined), kMany);
  for (const BurstStep& step : steps_) {
    EXPECT_EQ(step.series.about, AlertSubject::Product);
    if (step.kind == Kind::Joined) {
      EXPECT_EQ(step.other_subject.substr(1), step.series.subject.substr(1));
    }
  }
  EXPECT_EQ(watch_.bursting(), 2 * kMany);
  watch_.end_bursts(kBegin + 10 * kDay, steps_);
  EXPECT_EQ(watch_.bursting(), 0U);
}

// The brand's burst is of all of them, and none of theirs.
TEST_F(ManyBursts, OfProductsOfOneBrandAreBesideIt) {
  constexpr std::size_t kMany = 20'000;
  talk(kMany, [&](std::size_t i, WatchedMention& mention) {
    mention.product = number("p", i);
    mention.brand = number("b", 0);
  });
  EXPECT_EQ(steps(Kind::Began), kMany + 1);
  EXPECT_EQ(steps(Kind::Joined), 0U);
}

}  // namespace
}  // namespace grapevine
