#include "storage/rescoring.hpp"

#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/change.hpp"
#include "storage/derived_columns.hpp"
#include "storage/part.hpp"
#include "storage/schema.hpp"
#include "storage/store.hpp"
#include "storage/texts_to_score.hpp"
#include "tests/storage/batches.hpp"
#include "tests/storage/checkpoint/temporary_folder.hpp"

namespace grapevine {
namespace {

using grapevine::testing::BatchOf;
using grapevine::testing::TemporaryFolder;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr TimeMs kDay = TimeMs{86'400'000};

// What a row says of its mood.
struct Mood {
  std::optional<float> score;
  std::string model;  // Empty: none.

  friend bool operator==(const Mood&, const Mood&) = default;
  friend void PrintTo(const Mood& mood, std::ostream* out) {
    *out << (mood.score ? std::to_string(*mood.score) : "unknown") << " by " << mood.model;
  }
};

// By sequence, of the rows that live.
std::map<std::uint64_t, Mood> moods_of(const Snapshot& snapshot) {
  std::map<std::uint64_t, Mood> moods;
  ColumnId model{};
  const ColumnInfo* const info = snapshot.find_column(kSentimentModelColumn, model);
  for (const auto& part : snapshot.parts()) {
    for (const LiveRun& run : part->runs) {
      const RunColumn* const scores = run->column(column_id(CoreColumn::Sentiment));
      const RunColumn* const models = info == nullptr ? nullptr : run->column(model);
      for (std::size_t row = 0; row < run->size(); ++row) {
        if (run.is_dead(row)) continue;
        Mood& mood = moods[run->sequences.at(row)];
        if (scores != nullptr && scores->has(row)) {
          mood.score = static_cast<float>(std::get<RealValues>(scores->values).at(row));
        }
        if (models != nullptr && models->has(row)) {
          const auto code = std::get<CodeValues>(models->values).codes.at(row);
          mood.model = info->dictionary->at(static_cast<std::uint32_t>(code));
        }
      }
    }
  }
  return moods;
}

// All that rows have beside their moods, so that it can be seen that nothing else changed.
std::string others_of(const Snapshot& snapshot) {
  std::map<std::uint64_t, std::string> rows;
  for (const auto& part : snapshot.parts()) {
    for (const LiveRun& run : part->runs) {
      const RunColumn* const text = run->column(column_id(CoreColumn::Text));
      std::optional<TextReader> reader;
      if (text != nullptr) reader.emplace(std::get<TextValues>(text->values));
      for (std::size_t row = 0; row < run->size(); ++row) {
        if (run.is_dead(row)) continue;
        std::string& line = rows[run->sequences.at(row)];
        line = std::to_string(index(run->event)) + ' ' + std::to_string(run->time(row)) + ' ' +
               std::to_string(index(run->customers[row])) + ' ' +
               std::to_string(index(run->identity(row)));
        if (text != nullptr && text->has(row)) line += ' ' + std::string(reader->at(row));
      }
    }
  }
  std::string all;
  for (const auto& [sequence, line] : rows) all += std::to_string(sequence) + ": " + line + '\n';
  return all;
}

std::vector<Rescoring::Text> all_texts(const Snapshot& snapshot, std::string_view model,
                                       std::mt19937& random) {
  const KnownModel known = known_model(snapshot, model);
  std::map<std::uint64_t, std::optional<std::int16_t>> found;
  for (const auto& part : snapshot.parts()) {
    for (const LiveRun& run : part->runs) {
      for (const std::uint32_t row : texts_to_score(run, known)) {
        auto& score = found[run->sequences.at(row)];
        if (random() % 4 != 0) score = static_cast<std::int16_t>(random() % 20'001) - 10'000;
      }
    }
  }
  std::vector<Rescoring::Text> texts;
  for (const auto& [sequence, score] : found) texts.push_back({sequence, score});
  return texts;
}

float kept(std::int16_t score) { return static_cast<float>(score / 10'000.0); }

Batch some_moods() {
  return BatchOf()
      .event(1, "Post Created", "ann")
      .with("text", "good")
      .with("sentiment", 0.5)
      .with("sentiment_model", "old")
      .event(2, "Post Created", "bob")
      .with("text", "bad")
      .with("sentiment", -0.5)
      .event(3, "Post Created", "cem")
      .with("text", "123")
      .with("sentiment_model", "old")
      .event(4, "Post Liked", "ann")
      .event(5, "Post Created", "dan")
      .with("text", "never scored")
      .batch;
}

TEST(Rescoring, ReachesTextsThatAModelScoredOrNobody) {
  auto store = Store::open({});
  ASSERT_TRUE(store.ok());
  ASSERT_TRUE((*store)->append(some_moods()).ok());
  const auto before = (*store)->snapshot();
  EXPECT_EQ(count_texts_to_score(*before, known_model(*before, "new")), 3);
  EXPECT_EQ(count_texts_to_score(*before, known_model(*before, "old")), 1);

  ASSERT_TRUE((*store)
                  ->rescore({"new",
                             {{0, std::int16_t{-2500}},
                              {1, std::int16_t{9999}},
                              {2, std::int16_t{1}},
                              {3, std::int16_t{7}},
                              {4, std::nullopt},
                              {77, std::int16_t{5}}}})
                  .ok());
  const auto after = (*store)->snapshot();
  EXPECT_EQ(moods_of(*after), (std::map<std::uint64_t, Mood>{{0, {kept(-2500), "new"}},
                                                             {1, {-0.5F, ""}},
                                                             {2, {kept(1), "new"}},
                                                             {3, {{}, ""}},
                                                             {4, {{}, "new"}}}));
  EXPECT_EQ(others_of(*after), others_of(*before));
  EXPECT_EQ(count_texts_to_score(*after, known_model(*after, "new")), 0);
  EXPECT_GT(after->number(), before->number());
  // Who holds the snapshot of before sees what there was.
  EXPECT_EQ(moods_of(*before).at(0), (Mood{0.5F, "old"}));
}

TEST(Rescoring, ASecondTimeChangesNothing) {
  auto store = Store::open({});
  ASSERT_TRUE(store.ok());
  ASSERT_TRUE((*store)->append(some_moods()).ok());
  const Rescoring scores{"new", {{0, std::int16_t{100}}, {4, std::int16_t{-100}}}};
  ASSERT_TRUE((*store)->rescore(scores).ok());
  const auto first = moods_of(*(*store)->snapshot());
  ASSERT_TRUE((*store)->rescore({"new", {{0, std::int16_t{9}}, {4, std::nullopt}}}).ok());
  EXPECT_EQ(moods_of(*(*store)->snapshot()), first);
  ASSERT_TRUE((*store)->rescore({"new", {}}).ok());
  EXPECT_EQ(moods_of(*(*store)->snapshot()), first);
}

TEST(Rescoring, TouchesWhoseMoodChanged) {
  auto store = Store::open({});
  ASSERT_TRUE(store.ok());
  ASSERT_TRUE((*store)->append(some_moods()).ok());
  (*store)->take_written();
  // ann's is the same under another name; cem's was unknown.
  ASSERT_TRUE(
      (*store)->rescore({"new", {{0, std::int16_t{5000}}, {2, std::int16_t{10}}, {4, {}}}}).ok());
  const auto written = (*store)->take_written();
  EXPECT_FALSE(written.touched.everybody);
  std::vector<std::string> who;
  for (const Touch& touch : written.touched.touches) {
    EXPECT_EQ(touch.event, Touch::kPerson);
    who.emplace_back(written.snapshot->customers().external_id(touch.identity));
  }
  EXPECT_THAT(who, ElementsAre("cem"));
}

// Merges of people and parts, erasures and undone imports between, a checkpoint and a restart.
TEST(Rescoring, RandomHistoriesAreAsAModelSays) {
  for (std::uint32_t seed = 1; seed <= 4; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const TemporaryFolder folder;
    StoreOptions options;
    options.folder = folder.string();
    options.purge_erased = seed % 2 == 0;
    auto store = Store::open(options);
    ASSERT_TRUE(store.ok());
    std::string model = "m0";
    for (int round = 1; round <= 6; ++round) {
      for (int b = 0; b < 4; ++b) {
        BatchOf batch;
        if (b == 3) batch.batch.import_id = "import" + std::to_string(round);
        for (int i = 0; i < 1500; ++i) {
          const std::string who = "c" + std::to_string(random() % 300);
          batch.event(static_cast<TimeMs>(random() % 60) * kDay,
                      random() % 3 == 0 ? "Post Created" : "Product Reviewed", who);
          if (random() % 4 == 0) continue;
          batch.with("text", ("text " + std::to_string(random() % 1000)).c_str());
          const unsigned kind = random() % 8;
          if (kind == 0) batch.with("sentiment", 0.25);
          if (kind >= 2) batch.with("sentiment", 0.125).with("sentiment_model", model.c_str());
          if (kind == 1) batch.with("sentiment_model", model.c_str());
        }
        ASSERT_TRUE((*store)->append(std::move(batch.batch)).ok());
      }
      const auto seen = (*store)->snapshot();
      model = "m" + std::to_string(round);
      auto texts = all_texts(*seen, model, random);
      if (round == 3) {
        ASSERT_TRUE((*store)->erase("c7", 61 * kDay).ok());
      }
      if (round == 4) {
        ASSERT_TRUE((*store)->undo_import("import4").ok());
      }
      if (round == 5) {
        Batch link;
        link.links.push_back({1, link.strings.intern("c1"), link.strings.intern("c2"), kNoString,
                              IdentityLink::Kind::Alias});
        ASSERT_TRUE((*store)->append(std::move(link)).ok());
      }
      auto expected = moods_of(*(*store)->snapshot());
      const std::string others = others_of(*(*store)->snapshot());
      for (const auto& text : texts) {
        const auto at = expected.find(text.sequence);
        if (at == expected.end()) continue;
        at->second = {text.score ? std::optional(kept(*text.score)) : std::nullopt, model};
      }
      const std::size_t half = texts.size() / 2;
      std::vector<Rescoring::Text> rest(texts.begin() + static_cast<std::ptrdiff_t>(half),
                                        texts.end());
      texts.resize(half);
      ASSERT_TRUE((*store)->rescore({model, std::move(texts)}).ok());
      ASSERT_TRUE((*store)->rescore({model, std::move(rest)}).ok());
      EXPECT_EQ(moods_of(*(*store)->snapshot()), expected);
      EXPECT_EQ(others_of(*(*store)->snapshot()), others);
      if (round % 2 == 0) {
        ASSERT_TRUE((*store)->checkpoint().ok());
      }
      if (round % 3 == 0) {
        (*store).reset();
        store = Store::open(options);
        ASSERT_TRUE(store.ok()) << store.status();
        EXPECT_EQ(moods_of(*(*store)->snapshot()), expected);
        EXPECT_EQ(others_of(*(*store)->snapshot()), others);
      }
    }
  }
}

TEST(Rescoring, IsReadAsItWasWritten) {
  const Rescoring scores{"model",
                         {{0, std::int16_t{-10'000}},
                          {1, std::int16_t{0}},
                          {900, std::nullopt},
                          {1'000'000'000'000, std::int16_t{10'000}}}};
  std::string bytes;
  encode_change(scores, bytes);
  const std::size_t kind = Change(scores).index();
  const auto read = decode_change(kind, bytes);
  ASSERT_TRUE(read.ok());
  const auto& found = std::get<Rescoring>(*read);
  EXPECT_EQ(found.model, "model");
  ASSERT_EQ(found.texts.size(), scores.texts.size());
  for (std::size_t i = 0; i < scores.texts.size(); ++i) {
    EXPECT_EQ(found.texts[i].sequence, scores.texts[i].sequence);
    EXPECT_EQ(found.texts[i].score, scores.texts[i].score);
  }
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_FALSE(decode_change(kind, std::string_view(bytes).substr(0, length)).ok()) << length;
  }
}

TEST(Rescoring, WhatIsOutOfRangeIsDamage) {
  const auto decoded = [](std::initializer_list<std::uint64_t> numbers) {
    std::string bytes;
    ByteWriter out(bytes);
    out.text("model");
    for (const std::uint64_t number : numbers) out.varint(number);
    return decode_change(Change(Rescoring{}).index(), bytes);
  };
  EXPECT_TRUE(decoded({1, 5, 20'001}).ok());
  EXPECT_FALSE(decoded({1, 5, 20'002}).ok());                       // A score beyond 1.
  EXPECT_FALSE(decoded({2, 5, 1, ~std::uint64_t{0} - 3, 1}).ok());  // Sequences that wrap.
  EXPECT_FALSE(decoded({1, ~std::uint64_t{0}, 1}).ok());
  EXPECT_FALSE(decoded({3, 5, 1}).ok());  // Fewer than it says.
}

}  // namespace
}  // namespace grapevine
