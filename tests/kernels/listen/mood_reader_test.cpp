#include "kernels/listen/mood_reader.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/listen/mood_lanes.hpp"
#include "storage/schema.hpp"
#include "storage/store.hpp"
#include "tests/storage/batches.hpp"

namespace grapevine {
namespace {

// By the definition of moods, one row alone.
std::uint8_t mood_of(const RunColumn* column, std::size_t row) {
  if (column == nullptr || !column->has(row)) return 0;
  const double score = std::get<RealValues>(column->values).at(row);
  return score > kMoodScore ? 2 : score < -kMoodScore ? 3 : 1;
}

// What is noted of kept scores is what is noted of the numbers that they are.
void expect_notes(const RealValues& scores, std::size_t begin) {
  std::vector<double> values(scores.size() - begin);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = scores.at(begin + i);
  std::vector<std::int64_t> moods(values.size()), sums(values.size());
  note_moods(values, moods, sums);
  std::vector<std::int64_t> moods_of_kept(values.size()), sums_of_kept(values.size());
  note_moods(scores, begin, moods_of_kept, sums_of_kept);
  EXPECT_EQ(moods_of_kept, moods);
  EXPECT_EQ(sums_of_kept, sums);
}

void expect_moods(const std::function<double(std::mt19937_64&)>& score, unsigned one_in) {
  std::mt19937_64 random(1);
  const auto store = Store::open({}).value();
  testing::BatchOf rows;
  for (int i = 0; i < 1500; ++i) {
    rows.event(1'700'000'000'000 + i, "Post Created", "c" + std::to_string(i));
    if (random() % one_in == 0) rows.with("sentiment", score(random));
  }
  ASSERT_TRUE(store->append(std::move(rows.batch)).ok());
  std::array<std::size_t, 4> kinds{};
  for (const auto& part : store->snapshot()->parts()) {
    for (const LiveRun& live : part->runs) {
      const MoodReader reader(*live);
      const RunColumn* column = live->column(column_id(CoreColumn::Sentiment));
      const auto* scores = column == nullptr ? nullptr : std::get_if<RealValues>(&column->values);
      for (const std::size_t begin : {0, 1, 63, 64, 700, 1499}) {
        if (scores != nullptr) expect_notes(*scores, begin);
        std::vector<std::uint8_t> moods(std::min(MoodReader::kReadTogether, live->size() - begin));
        reader.read(begin, moods);
        for (std::size_t i = 0; i < moods.size(); ++i) {
          ASSERT_EQ(moods[i], mood_of(column, begin + i)) << begin + i;
          ++kinds[moods[i]];
        }
      }
    }
  }
  EXPECT_EQ(kinds[0] == 0, one_in == 1);
  EXPECT_GT(kinds[1] + kinds[2] + kinds[3], 0U);
}

TEST(MoodReader, ReadsScoresInEveryFormThatTheyAreKeptIn) {
  for (const unsigned one_in : {1U, 3U}) {
    expect_moods([](auto&) { return 0.25; }, one_in);
    expect_moods([](auto& random) { return static_cast<double>(random() % 3) - 1.0; }, one_in);
    // At the bound itself, and beside it.
    expect_moods([](auto& random) { return (static_cast<double>(random() % 13) - 6) / 100; },
                 one_in);
    expect_moods([](auto& random) { return (static_cast<double>(random() % 20'001) - 1e4) / 1e4; },
                 one_in);
    expect_moods([](auto& random) { return (static_cast<double>(random() % 2'001) - 1e3) / 3e3; },
                 one_in);
  }
}

TEST(MoodReader, KnowsNoMoodWhereNobodyWasScored) {
  const auto store = Store::open({}).value();
  testing::BatchOf rows;
  rows.event(1'700'000'000'000, "Post Created", "a");
  ASSERT_TRUE(store->append(std::move(rows.batch)).ok());
  for (const auto& part : store->snapshot()->parts()) {
    for (const LiveRun& live : part->runs) {
      std::array<std::uint8_t, 1> mood{9};
      MoodReader(*live).read(0, mood);
      EXPECT_EQ(mood[0], 0);
    }
  }
}

}  // namespace
}  // namespace grapevine
