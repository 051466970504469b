#include "kernels/listen/inbox.hpp"

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "kernels/listen/content_shares.hpp"
#include "kernels/listen/inbox_reference.hpp"
#include "kernels/segment/window_reference.hpp"
#include "storage/schema.hpp"
#include "storage/store.hpp"
#include "tests/storage/batches.hpp"

namespace grapevine {
namespace {

constexpr TimeMs kBegin = 1'700'000'000'000;

// Tickets, posts and answers under few ids, at few times, late, twice, of people who are merged or
// erased later; ticket ids are numbers at first and texts later.
class ServiceWorld {
 public:
  ServiceWorld(std::size_t events, std::uint64_t seed)
      : random_(seed), store_(Store::open({}).value()) {
    for (std::size_t batch = 0; batch < 4; ++batch) {
      testing::BatchOf rows(kBegin + 1000);
      for (std::size_t i = 0; i < events / 4; ++i) add(rows, batch >= 2);
      if (batch == 3) rows.traits(kBegin, "voice0").with("kind", "brand");
      EXPECT_TRUE(store_->append(std::move(rows.batch)).ok());
    }
    if (events < 100) return;
    EXPECT_TRUE(store_->erase("c3", kBegin + 1000).ok());
  }

  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  [[nodiscard]] std::shared_ptr<const Snapshot> snapshot() const { return store_->snapshot(); }

 private:
  void add(testing::BatchOf& rows, bool is_late) {
    constexpr const char* kNames[] = {"Post Created",    "Post Replied",    "Post Shared",
                                      "Ticket Opened",   "Ticket Answered", "Ticket Resolved",
                                      "Product Reviewed"};
    constexpr const char* kTexts[] = {"it caught fire",
                                      "where is my parcel?",
                                      "love it",
                                      "충전기가 고장났어요",
                                      "재입고 되나요",
                                      "",
                                      "ok"};
    const bool is_voice = below(4) == 0;
    rows.event(kBegin + static_cast<TimeMs>(below(60)), kNames[below(7)],
               is_voice ? "voice" + std::to_string(below(3)) : "c" + std::to_string(below(12)));
    if (below(6) == 0) rows.target("voice" + std::to_string(below(3)));
    if (below(4) == 0) rows.id("m" + std::to_string(below(40)));  // Second copies.
    if (below(3) != 0) rows.with("content_id", ("k" + std::to_string(below(30))).c_str());
    if (below(3) != 0) rows.with("parent_id", ("k" + std::to_string(below(30))).c_str());
    const std::uint64_t ticket = below(20);
    if (below(2) == 0 && !is_late) {
      rows.with("properties.ticket_id", static_cast<std::int64_t>(ticket));
    } else if (below(2) == 0 && is_late) {
      rows.with("properties.ticket_id", std::to_string(ticket).c_str());
    }
    if (below(3) != 0) rows.with("text", kTexts[below(7)]);
    if (below(3) != 0) rows.with("sentiment", static_cast<double>(below(21)) / 10 - 1.0);
    if (below(6) == 0) rows.with("account", "@own");
    if (below(2) == 0) rows.with("brand", ("b" + std::to_string(below(3))).c_str());
  }

  std::mt19937_64 random_;
  std::unique_ptr<Store> store_;
};

CustomerSet voices_of(const Snapshot& snapshot) {
  CustomerSet voices(snapshot.customers().count());
  for (const char* id : {"voice0", "voice1", "voice2"}) {
    const CustomerId customer = snapshot.customers().find(id);
    if (customer != kNobody) voices.add(customer);
  }
  return voices;
}

GroupDimension brand_is(const Snapshot& snapshot, const std::string& brand) {
  GroupDimension by{.groups = 1, .column = column_id(CoreColumn::Brand)};
  const auto& info = snapshot.columns()[index(column_id(CoreColumn::Brand))];
  const std::uint32_t code = info.dictionary->find(brand);
  if (code != Dictionary::kMissing) {
    by.of_code.assign(code + 1, kNoGroup);
    by.of_code[code] = 0;
  }
  by.of_text.emplace(brand, 0);
  return by;
}

TEST(Conversations, AnswersAsEachRowAloneDoes) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    ServiceWorld world(seed == 1 ? 8 : 600, seed);
    const auto snapshot = world.snapshot();
    const CustomerSet voices = voices_of(*snapshot);
    const ConversationQuestion question{voices, kBegin + (seed % 2 == 0 ? 0 : 5), kBegin + 50};
    const auto read = Conversations::read(*snapshot, question, Stop());
    ASSERT_TRUE(read.ok());
    std::size_t answered = 0, resolved = 0;
    for_each_row_reference(*snapshot, [&](const grapevine::Run& run, std::size_t row) {
      const Outcome is = OutcomesOfRun(*read, run).of(row);
      EXPECT_EQ(is, outcome_reference(*snapshot, run, row, question));
      answered += is.answered ? 1 : 0;
      resolved += is.resolved ? 1 : 0;
    });
    if (seed > 1) {
      EXPECT_GT(answered, 20U);
      EXPECT_GT(resolved, 5U);
    }
  }
}

TEST(Inbox, HoldsWhatEachRowAloneSays) {
  using Status = InboxQuestion::Status;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    ServiceWorld world(seed == 1 ? 4 : 500, seed);
    const auto snapshot = world.snapshot();
    const CustomerSet voices = voices_of(*snapshot);
    InboxQuestion question{.from = kBegin + 3, .to = kBegin + 55, .voices = voices};
    if (seed % 3 == 0) question.filters.push_back(brand_is(*snapshot, "b1"));
    if (seed % 2 == 0) {
      question.concerning =
          InboxQuestion::Concerning{{brand_is(*snapshot, "b0"), brand_is(*snapshot, "b2")}};
    }
    const ConversationQuestion conversation{voices, kBegin, kBegin + 58};
    const auto read = Conversations::read(*snapshot, conversation, Stop());
    ASSERT_TRUE(read.ok());
    for (const Status status : {Status::Open, Status::Answered, Status::All}) {
      question.status = status;
      const auto expected = find_inbox_reference(*snapshot, question, conversation);
      for (const std::size_t threads : {1, 2, 7}) {
        const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
        const auto items = find_inbox(*snapshot, question, *read, Stop());
        ASSERT_TRUE(items.ok());
        EXPECT_EQ(*items, expected) << seed;
      }
    }
  }
}

TEST(Inbox, StopsWhenAskedTo) {
  ServiceWorld world(100, 3);
  const auto snapshot = world.snapshot();
  const CustomerSet voices = voices_of(*snapshot);
  Stop stop;
  const ConversationQuestion conversation{voices};
  const auto read = Conversations::read(*snapshot, conversation, stop);
  ASSERT_TRUE(read.ok());
  stop.request();
  const InboxQuestion question{.from = kBegin, .to = kBegin + 60, .voices = voices};
  EXPECT_TRUE(absl::IsCancelled(find_inbox(*snapshot, question, *read, stop).status()));
  EXPECT_TRUE(absl::IsCancelled(Conversations::read(*snapshot, conversation, stop).status()));
  EXPECT_TRUE(absl::IsCancelled(find_shares(*snapshot, std::vector{0U}, 0, stop).status()));
}

TEST(ContentShares, AreThoseOfEachRowAlone) {
  ServiceWorld world(800, 5);
  const auto snapshot = world.snapshot();
  const auto& contents = snapshot->columns()[index(column_id(CoreColumn::ContentId))].dictionary;
  std::vector<std::uint32_t> wanted;
  for (std::uint32_t i = 0; i < contents->size(); i += 2) wanted.push_back(i);
  const TimeMs as_of = kBegin + 40;
  std::vector<ContentShare> expected;
  for_each_row_reference(*snapshot, [&](const grapevine::Run& run, std::size_t row) {
    if (run.event != snapshot->find_event("Post Shared") || run.time(row) > as_of) return;
    const RunColumn* column = run.column(column_id(CoreColumn::ParentId));
    if (column == nullptr || !column->has(row)) return;
    const auto code =
        static_cast<std::uint32_t>(std::get<CodeValues>(column->values).codes.at(row));
    if (code % 2 != 0) return;
    expected.push_back({code, run.time(row), run.sequences.at(row), run.customers[row]});
  });
  std::sort(expected.begin(), expected.end(), [](const ContentShare& a, const ContentShare& b) {
    return std::tie(a.content, a.ts, a.sequence) < std::tie(b.content, b.ts, b.sequence);
  });
  const auto found = find_shares(*snapshot, wanted, as_of, Stop());
  ASSERT_TRUE(found.ok());
  EXPECT_GT(expected.size(), 10U);
  EXPECT_EQ(*found, expected);
}

}  // namespace
}  // namespace grapevine
