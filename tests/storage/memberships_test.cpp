#include "storage/memberships.hpp"

#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/store.hpp"
#include "tests/storage/batches.hpp"
#include "tests/storage/checkpoint/temporary_folder.hpp"

namespace grapevine {
namespace {

using grapevine::testing::BatchOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::uint64_t kIdentities = 5000;

std::vector<CustomerId> ids(const std::set<std::uint32_t>& numbers) {
  std::vector<CustomerId> list;
  for (const std::uint32_t number : numbers) list.push_back(CustomerId(number));
  return list;
}

std::set<std::uint32_t> numbers(const IdList& list) {
  std::set<std::uint32_t> found;
  list.for_each([&](CustomerId id) { found.insert(index(id)); });
  return found;
}

// Who is in, by the base and the changes behind it.
std::set<std::uint32_t> members_of(const MembershipStream& stream) {
  std::set<std::uint32_t> in = numbers(stream.base->members);
  for (std::uint64_t at = stream.first; at < stream.end; ++at) {
    const MembershipChange& change = stream.at(at);
    if (change.entered) {
      EXPECT_TRUE(in.insert(index(change.identity)).second) << "position " << at;
    } else {
      EXPECT_EQ(in.erase(index(change.identity)), 1u) << "position " << at;
    }
  }
  EXPECT_EQ(in.size(), stream.size);
  return in;
}

MembershipUpdate begin(std::string segment, const std::set<std::uint32_t>& members) {
  MembershipUpdate update;
  update.key.segment = std::move(segment);
  update.members = IdList(ids(members));
  return update;
}

TEST(IdLists, KeepNumbersOfEverySize) {
  const std::set<std::uint32_t> sets[] = {
      {}, {0}, {1}, {0xFFFF'FFFE}, {0, 1, 2, 127, 128, 129, 16'384, 0xFFFF'FFFD, 0xFFFF'FFFE}};
  for (const auto& set : sets) {
    const IdList list(ids(set));
    EXPECT_EQ(list.size(), set.size());
    EXPECT_EQ(numbers(list), set);
    EXPECT_TRUE(list.is_sound(0xFFFF'FFFF));
    EXPECT_EQ(list.is_sound(set.empty() ? 0 : *set.rbegin()), set.empty());
  }
}

TEST(Memberships, RandomUpdatesAreWhatASetSays) {
  std::mt19937 random(1);
  Memberships memberships(20'000);  // Beyond it they are folded.
  std::map<std::string, std::set<std::uint32_t>> model;
  std::map<std::string, std::map<TimeMs, std::pair<std::uint32_t, std::uint32_t>>> counts;
  std::vector<std::pair<std::shared_ptr<const MembershipStreams>, decltype(model)>> seen;
  for (std::uint64_t sequence = 1; sequence <= 400; ++sequence) {
    MembershipUpdates updates;
    for (const std::string segment : {"a", "b", "c"}) {
      const auto streams = memberships.publish();
      const auto found = streams->find({segment, ""});
      if (found == streams->end()) {
        std::set<std::uint32_t>& in = model[segment];
        while (in.size() < random() % 300)
          in.insert(static_cast<std::uint32_t>(random() % kIdentities));
        updates.streams.push_back(begin(segment, in));
        continue;
      }
      MembershipUpdate update;
      update.key.segment = segment;
      update.stream = found->second->number;
      update.as_of = static_cast<TimeMs>(sequence) * 60'000;
      for (std::size_t i = random() % 500; i > 0; --i) {
        const std::uint32_t who = static_cast<std::uint32_t>(random() % kIdentities);
        const bool entered = model[segment].insert(who).second;
        if (!entered) model[segment].erase(who);
        update.changes.push_back({update.as_of, CustomerId(who), entered});
        auto& count = counts[segment][update.as_of / MembershipCount::kSpan];
        ++(entered ? count.first : count.second);
      }
      updates.streams.push_back(std::move(update));
    }
    memberships.apply(updates, sequence, kIdentities);
    if (sequence % 97 == 0) {
      memberships.end("b");
      model.erase("b");
      counts.erase("b");
    }
    if (sequence % 50 == 0) memberships.fold_before(static_cast<TimeMs>(sequence - 20) * 60'000);
    if (sequence % 20 == 0) seen.emplace_back(memberships.publish(), model);
    EXPECT_LE(memberships.changes(), 20'000u + 3 * MembershipStream::kChunk);
  }
  for (const auto& [streams, expected] : seen) {  // Views stand as they were published.
    ASSERT_EQ(streams->size(), expected.size());
    for (const auto& [key, stream] : *streams) {
      EXPECT_EQ(members_of(*stream), expected.at(key.segment));
    }
  }
  const auto streams = memberships.publish();
  for (const auto& [key, stream] : *streams) {
    EXPECT_TRUE(stream->first > 0 || key.segment == "b");
    auto left = counts[key.segment];
    for (const MembershipCount& folded : *stream->folded) {
      auto& count = left[folded.begin / MembershipCount::kSpan];
      EXPECT_GE(count.first, folded.entered);
      EXPECT_GE(count.second, folded.left);
      count.first -= folded.entered;
      count.second -= folded.left;
    }
    for (std::uint64_t at = stream->first; at < stream->end; ++at) {
      const MembershipChange& change = stream->at(at);
      auto& count = left[change.ts / MembershipCount::kSpan];
      --(change.entered ? count.first : count.second);
    }
    for (const auto& [bucket, count] : left) {
      EXPECT_EQ(count.first, 0u);
      EXPECT_EQ(count.second, 0u);
    }
  }
}

TEST(Memberships, WhatDoesNotFitIsPassedOver) {
  Memberships memberships(1000);
  memberships.apply({{begin("a", {1, 2})}}, 7, kIdentities);
  MembershipUpdate stale;
  stale.key.segment = "a";
  stale.stream = 6;
  stale.changes = {{0, CustomerId(3), true}};
  MembershipUpdate unknown = begin("b", {static_cast<std::uint32_t>(kIdentities)});
  memberships.apply({{stale, unknown, begin("a", {9})}}, 8, kIdentities);
  const auto streams = memberships.publish();
  ASSERT_EQ(streams->size(), 1u);
  EXPECT_EQ(streams->begin()->second->number, 7u);
  EXPECT_THAT(members_of(*streams->begin()->second), ElementsAre(1u, 2u));
}

TEST(Memberships, SurviveRestartsByLogAndByCheckpoint) {
  const testing::TemporaryFolder folder;
  StoreOptions options;
  options.folder = (folder / "data").string();
  options.membership_changes_max = 3000;
  std::set<std::uint32_t> expected;
  std::uint64_t number = 0;
  std::mt19937 random(2);
  for (int round = 0; round < 6; ++round) {
    auto store = Store::open(options).value();
    if (round == 0) {
      BatchOf customers;
      for (int i = 0; i < 2000; ++i) customers.event(i, "E", "c" + std::to_string(i));
      ASSERT_TRUE(store->append(customers.batch).ok());
      EXPECT_TRUE(absl::IsNotFound(store->note_memberships({{begin("vip", {1})}}).status()));
      ASSERT_TRUE(store->put_document(kSegmentDocuments, "vip", "{}").ok());
      expected = {5, 1999};
      ASSERT_TRUE(store->note_memberships({{begin("vip", expected)}}).ok());
      number = store->snapshot()->number();
    }
    const auto stream = store->snapshot()->memberships().at({"vip", ""});
    EXPECT_EQ(stream->number, number);
    EXPECT_EQ(members_of(*stream), expected) << round;
    for (int i = 0; i < 3; ++i) {
      MembershipUpdate update;
      update.key.segment = "vip";
      update.stream = number;
      for (int change = 0; change < 700; ++change) {
        const std::uint32_t who = static_cast<std::uint32_t>(random() % 2000);
        const bool entered = expected.insert(who).second;
        if (!entered) expected.erase(who);
        update.changes.push_back({change, CustomerId(who), entered});
      }
      ASSERT_TRUE(store->note_memberships({{update}}).ok());
    }
    ASSERT_TRUE(round % 2 == 0 || store->checkpoint().ok());
  }
  auto store = Store::open(options).value();
  ASSERT_TRUE(store->put_document(kSegmentDocuments, "vip", "").ok());
  EXPECT_THAT(store->snapshot()->memberships(), IsEmpty());
}

TEST(Memberships, WhoFollowsIsToldWhomWritesWereAbout) {
  auto store = Store::open({}).value();
  ASSERT_TRUE(store->append(BatchOf().event(1, "E", "a").batch).ok());
  EXPECT_TRUE(store->take_written().touched.everybody);
  ASSERT_TRUE(store->append(BatchOf().event(2, "E", "b").event(3, "F", "a").batch).ok());
  BatchOf traits;
  traits.traits(4, "c").with("age", std::int64_t{3});
  ASSERT_TRUE(store->append(traits.batch).ok());
  const Store::Written written = store->take_written();
  EXPECT_FALSE(written.touched.everybody);
  std::vector<std::string> told;
  for (const Touch& touch : written.touched.touches) {
    const std::string what =
        touch.event == Touch::kTraits
            ? "traits"
            : std::string(written.snapshot->event_names().at(index(touch.event)));
    told.push_back(std::string(written.snapshot->customers().external_id(touch.identity)) + " " +
                   what + " " + std::to_string(touch.ts));
  }
  // What a person is, a visitor or a customer, is a trait.
  EXPECT_THAT(told, ElementsAre("b E 2", "b traits 0", "a F 3", "c traits 0"));
  EXPECT_THAT(store->take_written().touched.touches, IsEmpty());
  EXPECT_TRUE(store->wait_past(0, std::chrono::milliseconds(0)));
  EXPECT_FALSE(store->wait_past(written.snapshot->number(), std::chrono::milliseconds(1)));
}

}  // namespace
}  // namespace grapevine
