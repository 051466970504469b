#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "api/live/word_index.hpp"
#include "tests/api/asked.hpp"

namespace grapevine {
namespace {

using testing::AskedStore;
using testing::BatchOf;

constexpr TimeMs kHour = 3'600'000;
constexpr TimeMs kNow = 1'795'305'600'000;

// Complaints about the zipper of one brand's tents, among praise.
class Tents {
 public:
  Tents() {
    asked.set_now(kNow);
    BatchOf rows;
    for (int i = 0; i < 300; ++i) {
      const bool complains = i % 3 == 0;
      rows.event(kNow - (300 - i) * kHour, "Post Created", "c" + std::to_string(i % 20));
      rows.with("brand", complains || i % 7 == 0 ? "Alpen" : "Borea");
      rows.with("channel", "blog");
      rows.with("sentiment", complains ? -0.6 : 0.5);
      const std::string text = complains ? "the broken zipper of " : "what a fine tent from ";
      rows.with("text", (text + "https://x.test number " + std::to_string(i)).c_str());
    }
    rows.event(kNow - kHour, "Post Created", "secret_keeper").with("brand", "Alpen");
    rows.with("text", "a broken zipper and xylophone xylophone").with("sentiment", -0.5);
    rows.event(kNow - kHour, "Post Created", "quiet").with("brand", "Alpen");
    rows.with("text", "broken zipper, says a quiet one").with("sentiment", -0.5);
    rows.traits(kNow - kHour, "quiet").with("processing_restricted", true);
    asked.append(rows);
  }
  Response ask(Fields query) { return asked.ask("GET", "/v1/listen/terms", {}, std::move(query)); }
  AskedStore asked;
};

bool says(const Response& answer, const std::string& text) {
  return answer.body.find(text) != std::string::npos;
}

TEST(ShowTerms, TellsWhatSetsMentionsApart) {
  Tents tents;
  const Response answer =
      tents.ask({{"brand", "Alpen"}, {"mood", "negative"}, {"every", "1d"}, {"examples", "1"}});
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_TRUE(says(answer, R"("posts":102,"rest_posts":200,)")) << answer.body;
  EXPECT_TRUE(says(answer, R"("term":"broken zipper","words":2,"z":)")) << answer.body;
  EXPECT_TRUE(says(answer, R"("posts":102,"rest_posts":0,"share":1.0,"rest_share":0.0)") ||
              says(answer, R"("posts":102,"rest_posts":0,"share":1,"rest_share":0)"))
      << answer.body;
  EXPECT_FALSE(says(answer, R"("term":"tent")"));
  EXPECT_FALSE(says(answer, R"("term":"the)"));
  EXPECT_FALSE(says(answer, R"("term":"https)"));
}

TEST(ShowTerms, LeavesOutWhatTheCompanySaysItself) {
  Tents tents;
  BatchOf rows;
  for (int i = 0; i < 5; ++i) {
    rows.event(kNow - kHour, "Post Created", "press_office").with("brand", "Alpen");
    rows.with("text", "our flagship marquee is here").with("channel", "blog");
  }
  rows.traits(kNow - kHour, "press_office").with("kind", "employee");
  tents.asked.append(rows);
  const Response customers = tents.ask({{"brand", "Alpen"}});
  EXPECT_FALSE(says(customers, "marquee")) << customers.body;
  EXPECT_TRUE(says(customers, R"("voices":"customers")"));
  EXPECT_TRUE(says(tents.ask({{"brand", "Alpen"}, {"voices", "all"}}), "flagship marquee"));
  const Response company = tents.ask({{"brand", "Alpen"}, {"voices", "company"}});
  EXPECT_TRUE(says(company, R"("voices":"company","posts":5,"rest_posts":0)")) << company.body;
  EXPECT_EQ(tents.ask({{"voices", "us"}}).status, 422);
}

TEST(ShowTerms, QuotesNobodyWhoIsRestrictedAndForgetsTheErased) {
  Tents tents;
  const Fields query{{"brand", "Alpen"}, {"least", "2"}, {"limit", "500"}, {"examples", "10"}};
  const Response before = tents.ask(query);
  EXPECT_TRUE(says(before, "xylophone xylophone")) << before.body;
  EXPECT_FALSE(says(before, "quiet one")) << before.body;
  ASSERT_TRUE(tents.asked.store().erase("secret_keeper", kNow).ok());
  const Response after = tents.ask(query);
  EXPECT_EQ(after.status, 200);
  EXPECT_FALSE(says(after, "xylophone")) << after.body;
  EXPECT_TRUE(says(after, R"("term":"broken zipper")")) << after.body;
}

TEST(ShowTerms, TellsAllMistakesAtOnce) {
  Tents tents;
  const Response answer =
      tents.ask({{"mood", "angry"}, {"least", "1"}, {"limit", "501"}, {"brandd", "Alpen"}});
  EXPECT_EQ(answer.status, 422);
  for (const char* place : {"?mood", "?least", "?limit", "?brandd"}) {
    EXPECT_TRUE(says(answer, place)) << place << answer.body;
  }
}

TEST(ShowTerms, AnswersAnEmptyStore) {
  AskedStore empty;
  const Response answer = empty.ask("GET", "/v1/listen/terms");
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_TRUE(says(answer, R"("terms":[])")) << answer.body;
}

TEST(WordIndex, ReadsARunOnceAndForgetsWhatNoTextHas) {
  auto store = Store::open({}).value();
  const auto append = [&](const char* word, int rows) {
    BatchOf batch;
    for (int i = 0; i < rows; ++i) {
      batch.event(kNow + i, "Post Created", std::string("by_") + word).with("text", word);
    }
    ASSERT_TRUE(store->append(std::move(batch.batch)).ok());
  };
  WordIndex index;
  append("tent", 10'000);
  {
    const auto snapshot = store->snapshot();
    const auto first = index.at(*snapshot, Stop()).value();
    const auto second = index.at(*snapshot, Stop()).value();
    EXPECT_FALSE(first.streams.empty());
    EXPECT_EQ(first.streams, second.streams);
    EXPECT_EQ(index.words(), 1U);
  }
  append("stove", 10'000);
  EXPECT_EQ(index.at(*store->snapshot(), Stop())->vocabulary,
            index.at(*store->snapshot(), Stop())->vocabulary);
  EXPECT_EQ(index.words(), 2U);

  WordIndex small(100);  // Nothing fits: words are read each time, and the answer is the same.
  const auto snapshot = store->snapshot();
  const auto once = small.at(*snapshot, Stop()).value();
  const auto again = small.at(*snapshot, Stop()).value();
  EXPECT_EQ(once.streams.size(), again.streams.size());
  EXPECT_NE(once.streams, again.streams);
}

}  // namespace
}  // namespace grapevine
