// What is kept of topics equals a look at every text, whatever happened to the rows.
#include "api/live/topics/topic_index.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "storage/schema.hpp"
#include "storage/store.hpp"
#include "tests/storage/batches.hpp"

namespace grapevine {
namespace {

constexpr TimeMs kBegin = 1'700'000'000'000;
constexpr TimeMs kDay = 86'400'000;

constexpr const char* kTexts[] = {"I love Acme stoves",
                                  "애플은 정말 좋다",
                                  "an apple pie by Apple",
                                  "nothing to see",
                                  "ACME and apple",
                                  "배송이 늦어요",
                                  "delivery took weeks, Acme",
                                  "그레이프에서 샀어요",
                                  "12"};

TopicDocument topic_of(std::vector<std::string> phrases, std::vector<std::string> exclusions = {}) {
  TopicDocument topic;
  topic.phrases = std::move(phrases);
  topic.exclusions = std::move(exclusions);
  return topic;
}

class TopicIndexTest : public ::testing::Test {
 protected:
  void put(const std::string& name, const TopicDocument& topic) {
    topics_[name] = topic;
    ASSERT_TRUE(store_->put_document(kTopicDocuments, name, write_topic_document(topic)).ok());
  }
  void remove(const std::string& name) {
    topics_.erase(name);
    ASSERT_TRUE(store_->put_document(kTopicDocuments, name, "").ok());
  }
  void post(std::size_t count) {
    ::grapevine::testing::BatchOf rows;
    for (std::size_t i = 0; i < count; ++i) {
      const TimeMs time = kBegin + static_cast<TimeMs>(random_() % 60) * kDay;
      rows.event(time, random_() % 3 == 0 ? "Post Shared" : "Post Created",
                 "c" + std::to_string(random_() % 40));
      if (random_() % 5 != 0) rows.with("text", kTexts[random_() % std::size(kTexts)]);
    }
    ASSERT_TRUE(store_->append(std::move(rows.batch)).ok());
    texts_ += count;
  }
  // Two people become one: rows of one of them move.
  void join(const std::string& from, const std::string& to) {
    ::grapevine::testing::BatchOf rows;
    rows.batch.links.push_back({kBegin, rows.batch.strings.intern(from),
                                rows.batch.strings.intern(to), rows.batch.strings.intern(from),
                                IdentityLink::Kind::Alias});
    ASSERT_TRUE(store_->append(std::move(rows.batch)).ok());
  }

  // The rows of a snapshot about a topic by (sequence): by a look at each text.
  static std::set<std::uint64_t> wanted(const Snapshot& snapshot, const TopicDocument& topic) {
    std::vector<Phrase> phrases;
    add_phrases(topic, 0, phrases);
    const auto matcher = PhraseMatcher::build(phrases).value();
    std::set<std::uint64_t> sequences;
    for (const auto& part : snapshot.parts()) {
      for (const LiveRun& run : part->runs) {
        const RunColumn* column = run->column(column_id(CoreColumn::Text));
        if (column == nullptr) continue;
        TextReader reader(std::get<TextValues>(column->values));
        for (std::size_t row = 0; row < run->size(); ++row) {
          if (run.is_dead(row) || !column->has(row)) continue;
          if (!matcher.topics_of(reader.at(row)).empty()) {
            EXPECT_TRUE(sequences.insert(run->sequences.at(row)).second);
          }
        }
      }
    }
    return sequences;
  }
  static std::set<std::uint64_t> living(const Snapshot& snapshot, const TopicRows& rows) {
    std::set<std::uint64_t> sequences;
    for (const auto& part : snapshot.parts()) {
      for (const LiveRun& run : part->runs) {
        const RowList* list = rows.of(*run);
        if (list == nullptr) continue;
        list->for_each([&](std::uint32_t row) {
          if (!run.is_dead(row)) EXPECT_TRUE(sequences.insert(run->sequences.at(row)).second);
        });
      }
    }
    return sequences;
  }
  void expect_right(const Snapshot& snapshot) {
    for (const auto& [name, topic] : topics_of(snapshot)) {
      const auto rows = index_.rows(snapshot, {&topic, 1}, Stop());
      ASSERT_TRUE(rows.ok()) << rows.status();
      EXPECT_EQ(living(snapshot, *rows->front()), wanted(snapshot, topic)) << name;
    }
  }
  void advance() { ASSERT_TRUE(index_.advance(*store_->snapshot(), Stop()).ok()); }

  std::mt19937_64 random_{11};
  std::unique_ptr<Store> store_ = Store::open({}).value();
  TopicIndex index_;
  std::map<std::string, TopicDocument> topics_;
  std::size_t texts_ = 0;
};

TEST_F(TopicIndexTest, EqualsALookAtEveryTextWhateverHappens) {
  put("acme", topic_of({"acme"}));
  put("apple", topic_of({"apple", "애플"}, {"apple pie"}));
  std::vector<std::shared_ptr<const Snapshot>> kept;
  for (int step = 0; step < 120; ++step) {
    SCOPED_TRACE(::testing::Message() << "step " << step);
    post(1 + random_() % 900);
    switch (random_() % 8) {
      case 0: put("delivery", topic_of({"delivery", "배송"})); break;
      case 1: put("apple", topic_of({"apple"}, {random_() % 2 == 0 ? "apple pie" : "acme"})); break;
      case 2: remove("delivery"); break;
      case 3: {
        const std::string gone = "c" + std::to_string(random_() % 40);
        (void)store_->erase(gone, kBegin + 100 * kDay);
        break;
      }
      case 4:
        join("c" + std::to_string(random_() % 40), "c" + std::to_string(random_() % 40));
        break;
      default: break;
    }
    if (random_() % 2 == 0) advance();
    if (random_() % 10 == 0) kept.push_back(store_->snapshot());
    expect_right(*store_->snapshot());
  }
  for (const auto& snapshot : kept) expect_right(*snapshot);  // Also with definitions of then.
}

TEST_F(TopicIndexTest, ReadsEachTextOnce) {
  put("acme", topic_of({"acme"}));
  put("apple", topic_of({"apple"}));
  for (int i = 0; i < 200; ++i) {  // Enough for merges.
    post(1000);
    advance();
  }
  expect_right(*store_->snapshot());
  EXPECT_LE(index_.texts_read(), texts_);
  put("delivery", topic_of({"delivery", "배송"}));
  advance();
  advance();
  expect_right(*store_->snapshot());
  EXPECT_LE(index_.texts_read(), 2 * texts_);
}

TEST_F(TopicIndexTest, SaysHowItStands) {
  const TopicDocument acme = topic_of({"acme"});
  EXPECT_FALSE(index_.state(acme).is_current);
  put("acme", acme);
  post(100);
  index_.set_topics(*store_->snapshot());
  EXPECT_FALSE(index_.state(acme).is_current);
  EXPECT_EQ(index_.state(acme).progress, 0.0);
  advance();
  EXPECT_TRUE(index_.state(acme).is_current);
  EXPECT_GT(index_.bytes(), 0U);
  remove("acme");
  advance();
  EXPECT_FALSE(index_.state(acme).is_current);
}

TEST_F(TopicIndexTest, StopsWhenNobodyWaits) {
  put("acme", topic_of({"acme"}));
  post(100);
  Stop stop;
  stop.request();
  EXPECT_TRUE(absl::IsCancelled(index_.advance(*store_->snapshot(), stop)));
  const TopicDocument acme = topics_.at("acme");
  EXPECT_TRUE(absl::IsCancelled(index_.rows(*store_->snapshot(), {&acme, 1}, stop).status()));
  advance();
  expect_right(*store_->snapshot());
}

TEST(TopicMatches, AreFoundBySequence) {
  TopicMatches matches;
  const auto topics = [&](std::uint64_t sequence) {
    std::vector<TopicNumber> found;
    matches.for_each_topic(sequence, [&](TopicNumber topic) { found.push_back(topic); });
    return found;
  };
  EXPECT_TRUE(topics(0).empty());
  matches.add(std::vector<TopicMatch>{{0, 3}, {63, 1}, {64, 1}, {65'535, 2}, {200'000, 1}});
  matches.add(std::vector<TopicMatch>{{0, 1}, {64, 7}, {65'536, 9}});
  EXPECT_EQ(topics(0), (std::vector<TopicNumber>{1, 3}));
  EXPECT_EQ(topics(63), (std::vector<TopicNumber>{1}));
  EXPECT_EQ(topics(64), (std::vector<TopicNumber>{1, 7}));
  EXPECT_EQ(topics(65'535), (std::vector<TopicNumber>{2}));
  EXPECT_EQ(topics(65'536), (std::vector<TopicNumber>{9}));
  EXPECT_EQ(topics(200'000), (std::vector<TopicNumber>{1}));
  EXPECT_TRUE(topics(1).empty());
  EXPECT_TRUE(topics(1'000'000).empty());
  matches.keep_topics(std::vector<TopicNumber>{1, 9});
  EXPECT_EQ(topics(0), (std::vector<TopicNumber>{1}));
  EXPECT_TRUE(topics(65'535).empty());
  EXPECT_EQ(topics(65'536), (std::vector<TopicNumber>{9}));
}

}  // namespace
}  // namespace grapevine
