#include "storage/message_ids.hpp"

#include <random>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "storage/fingerprint_set.hpp"

namespace grapevine {
namespace {

TEST(FingerprintSet, HoldsWhatASetHolds) {
  std::mt19937_64 random(1);
  FingerprintSet fingerprints;
  std::set<std::pair<std::uint64_t, std::uint16_t>> expected;
  for (int i = 0; i < 20'000; ++i) {
    // Few distinct ones, and many that pile up at the end.
    const std::uint64_t low = i % 3 == 0 ? UINT64_MAX - random() % 999 : random() << 48;
    const auto high = static_cast<std::uint16_t>(random() % 3);
    const Fingerprint fingerprint{low, high};
    const bool has = expected.contains({low, high});
    EXPECT_EQ(fingerprints.contains(fingerprint), has);
    EXPECT_EQ(fingerprints.insert(fingerprint), !has);
    if (low != 0 || high != 0) expected.insert({low, high});
    if (low == 0 && high == 0) expected.insert({0, 0}), expected.insert({0, 1});
  }
  EXPECT_LE(fingerprints.size(), expected.size());
  EXPECT_GE(fingerprints.size() + 1, expected.size());  // (0, 0) and (0, 1) are taken for one.
  std::size_t count = 0;
  std::pair<std::uint64_t, std::uint16_t> previous{0, 0};
  fingerprints.for_each([&](Fingerprint fingerprint) {
    const std::pair pair(fingerprint.low, fingerprint.high);
    EXPECT_LT(previous, pair);
    previous = pair;
    ++count;
  });
  EXPECT_EQ(count, fingerprints.size());
}

TEST(MessageIds, TakesTwelveBytesAMessage) {
  MessageIds ids;
  constexpr std::size_t kMessages = 400'000;
  for (std::size_t i = 0; i < kMessages; ++i) {
    ASSERT_TRUE(ids.insert("key", std::to_string(i), MessageIds::kDay));
  }
  EXPECT_EQ(ids.size(), kMessages);
  EXPECT_LT(double(ids.bytes()) / kMessages, 13.0);
  for (std::size_t i = 0; i < kMessages; i += 7) {
    EXPECT_FALSE(ids.insert("key", std::to_string(i), 3 * MessageIds::kDay));
  }
  EXPECT_TRUE(ids.insert("another key", "1", 3 * MessageIds::kDay));
}

TEST(MessageIds, ForgetsADayAfterAWeek) {
  MessageIds ids;
  const TimeMs day = MessageIds::kDay;
  EXPECT_TRUE(ids.insert("key", "a", 10 * day));
  EXPECT_FALSE(ids.insert("key", "a", 17 * day + day - 1));
  EXPECT_TRUE(ids.insert("key", "a", 18 * day));
  EXPECT_EQ(ids.size(), 1U);
}

TEST(MessageIds, ForgetsTheOldestWhereRoomIsShort) {
  constexpr std::size_t kBytesMax = 3u << 20;
  MessageIds ids(kBytesMax);
  constexpr std::size_t kMessages = 500'000;  // 6 MB of one day.
  for (std::size_t i = 0; i < kMessages; ++i) {
    ids.insert("key", std::to_string(i), MessageIds::kDay);
    if (i % 50'000 == 0) {
      ASSERT_LT(ids.bytes(), kBytesMax + (1u << 20));
    }
  }
  EXPECT_EQ(ids.size() + ids.forgotten_early(), kMessages);
  EXPECT_GT(ids.size(), kMessages / 4);
  for (std::size_t i = kMessages - 50'000; i < kMessages; ++i) {
    ASSERT_FALSE(ids.insert("key", std::to_string(i), MessageIds::kDay));
  }
  EXPECT_TRUE(ids.insert("key", "0", MessageIds::kDay));
}

TEST(MessageIds, ACopyRemembersTheSame) {
  MessageIds ids;
  for (int i = 0; i < 200'000; ++i) {
    ids.insert("key", std::to_string(i), (1 + i % 3) * MessageIds::kDay);
  }
  MessageIds copied;
  for (std::size_t shard = 0; shard < MessageIds::kShards;) copied.add(ids.copy(shard));
  EXPECT_EQ(copied.size(), ids.size());
  for (int i = 0; i < 200'000; ++i) {
    ASSERT_FALSE(copied.insert("key", std::to_string(i), 3 * MessageIds::kDay));
  }
}

}  // namespace
}  // namespace grapevine
