#include "api/execute/exit_filter.hpp"

#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "tests/api/asked.hpp"

namespace grapevine {
namespace {

using testing::AskedStore;
using testing::BatchOf;

std::string id_of(int i) { return "c" + std::to_string(i); }

TEST(ExitFilter, HoldsOutAShareOfPeople) {
  constexpr int kPeople = 100'000;
  for (const double share : {0.0, 0.001, 0.1, 0.5, 1.0}) {
    int held_out = 0;
    for (int i = 0; i < kPeople; ++i) held_out += is_held_out("spring", id_of(i), share) ? 1 : 0;
    // Six standard deviations of a binomial count.
    EXPECT_NEAR(held_out, share * kPeople, 6 * std::sqrt(share * (1 - share) * kPeople) + 1e-9);
  }
}

// XXH3-64 of "spring", NUL, "c07" by the library of Debian's libxxhash0: 0c720063017f4ff9.
TEST(ExitFilter, TheHashIsWhatTheContractSays) {
  const double hash = std::ldexp(static_cast<double>(0x0c72'0063'017f'4ff9), -64);
  EXPECT_FALSE(is_held_out("spring", "c07", hash * (1 - 1e-12)));
  EXPECT_TRUE(is_held_out("spring", "c07", hash * (1 + 1e-12)));
}

TEST(ExitFilter, ALargerShareHoldsOutTheSamePeopleAndMore) {
  int others = 0;
  for (int i = 0; i < 10'000; ++i) {
    const bool tenth = is_held_out("spring", id_of(i), 0.1);
    EXPECT_TRUE(!tenth || is_held_out("spring", id_of(i), 0.2));
    others += tenth != is_held_out("autumn", id_of(i), 0.1) ? 1 : 0;
  }
  EXPECT_GT(others, 1000) << "another campaign holds out others: some 1800";
}

TEST(ExitFilter, CountsEachPersonOnceInTheOrderOfReasons) {
  AskedStore asked;
  BatchOf batch;
  // Both; consent refused; granted; never asked; restricted without a consent; said in words.
  batch.traits(1, "a").with("consent.email", true).with("processing_restricted", true);
  batch.traits(1, "b").with("consent.email", false);
  batch.traits(1, "c").with("consent.email", true);
  batch.traits(1, "d");
  batch.traits(1, "e").with("processing_restricted", true);
  asked.append(batch);
  const auto snapshot = asked.store().snapshot();
  const auto counts = [&](const ExitRules& rules, std::size_t left) {
    CustomerSet all = CustomerSet::everyone(snapshot->customers().count());
    const auto withheld = ExitFilter(rules, *snapshot).keep_back(all, asked.stop());
    EXPECT_EQ(all.count(), left);
    return withheld.value();
  };
  EXPECT_EQ(counts({}, 3), (WithheldCounts{.restricted = 2}));
  EXPECT_EQ(counts({"email", {}, {}}, 1), (WithheldCounts{.consent = 2, .restricted = 2}));
  EXPECT_EQ(counts({"email", 1.0, "x"}, 0),
            (WithheldCounts{.consent = 2, .restricted = 2, .holdout = 1}));
  EXPECT_EQ(counts({"sms", {}, {}}, 0), (WithheldCounts{.consent = 3, .restricted = 2}));
}

TEST(ExitFilter, OnlyAClearYesIsAConsent) {
  AskedStore asked;
  BatchOf batch;
  batch.traits(1, "a").with("consent.sms", "yes");
  batch.traits(1, "b").with("consent.sms", "maybe");
  batch.traits(1, "c").with("consent.sms", true);  // As text by now: "true".
  batch.traits(1, "d").with("consent.sms", std::int64_t{0});
  asked.append(batch);
  const auto snapshot = asked.store().snapshot();
  const ExitFilter filter({"sms", {}, {}}, *snapshot);
  const auto kept_back = [&](const char* id) {
    return filter.keeps_back(snapshot->customers().find(id));
  };
  EXPECT_FALSE(kept_back("a"));
  EXPECT_TRUE(kept_back("b"));
  EXPECT_FALSE(kept_back("c"));
  EXPECT_TRUE(kept_back("d"));
}

}  // namespace
}  // namespace grapevine
