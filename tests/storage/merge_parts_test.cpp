#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "storage/canonical_text.hpp"
#include "storage/part_builder.hpp"
#include "storage/part_tiers.hpp"
#include "storage/store_state.hpp"
#include "storage/time_span.hpp"
#include "tests/storage/batches.hpp"

namespace grapevine {
namespace {

using grapevine::testing::BatchOf;
using Parts = std::vector<std::shared_ptr<const Part>>;

StoreState empty_state() { return StoreState(StoreOptions{}, ErasedIds::Key{}); }

// Reads one column as text. Not thread-safe.
class CellText {
 public:
  CellText(const ColumnStrings& strings, const RunColumn& column)
      : strings_(strings), column_(column) {
    if (const auto* texts = std::get_if<TextValues>(&column.values)) reader_.emplace(*texts);
  }
  std::string at(std::size_t row) {
    return std::visit(Text{strings_, column_.id, row, reader_}, column_.values);
  }
  [[nodiscard]] const RunColumn& column() const { return column_; }

 private:
  struct Text {
    const ColumnStrings& strings;
    ColumnId id;
    std::size_t row;
    std::optional<TextReader>& reader;
    std::string operator()(const CodeValues& v) const {
      return "'" + std::string(strings.text_of(id, static_cast<std::uint32_t>(v.codes.at(row))));
    }
    std::string operator()(const TextValues&) const { return "'" + std::string(reader->at(row)); }
    std::string operator()(const BoolValues& v) const { return v.at(row) ? "true" : "false"; }
    std::string operator()(const Int64Values& v) const { return std::to_string(v.at(row)); }
    std::string operator()(const TimeValues& v) const { return std::to_string(v.at(row).ms); }
    std::string operator()(const RealValues& v) const {
      return canonical_text(ValueType::Float64, std::bit_cast<std::uint64_t>(v.at(row)));
    }
  };
  const ColumnStrings& strings_;
  const RunColumn& column_;
  std::optional<TextReader> reader_;
};

// All living rows by (sequence, event): everything that a row is, as text. `as_string`: values of
// that column are compared as the strings that they widen to.
std::map<std::pair<std::uint64_t, std::uint32_t>, std::string> rows_of(const StoreState& state,
                                                                       ColumnId as_string) {
  std::map<std::pair<std::uint64_t, std::uint32_t>, std::string> rows;
  const ColumnStrings strings = state.strings();
  for (const auto& part : state.parts()) {
    std::size_t living = 0;
    for (const LiveRun& run : part->runs) {
      MessageIdReader ids(run->message_ids);
      std::vector<std::unique_ptr<CellText>> cells;
      for (const RunColumn& column : run->columns) {
        cells.push_back(std::make_unique<CellText>(strings, column));
      }
      for (std::size_t row = 0; row < run->size(); ++row) {
        const auto key = [&](std::size_t r) {
          return std::tuple(run->customers[r], run->time(r), run->sequences.at(r));
        };
        if (row > 0) {
          EXPECT_LT(key(row - 1), key(row));
        }
        EXPECT_GE(run->time(row), run->first);
        EXPECT_LE(run->time(row), run->last);
        if (run.is_dead(row)) continue;
        ++living;
        std::string text =
            std::to_string(index(run->customers[row])) + " at " + std::to_string(run->time(row)) +
            " of " + std::to_string(index(run->identity(row))) + " to " +
            std::to_string(index(run->target(row))) + " id " + std::string(ids.at(row));
        for (const auto& cell : cells) {
          const RunColumn& column = cell->column();
          if (!column.has(row)) continue;
          std::string value = cell->at(row);
          if (column.id == as_string && value.front() != '\'') value = "'" + value;
          text += " " + std::to_string(index(column.id)) + "=" + value;
        }
        const std::pair place(run->sequences.at(row), index(run->event));
        EXPECT_TRUE(rows.emplace(place, text).second) << "twice: " << text;
      }
    }
    EXPECT_EQ(living, part->rows);
  }
  return rows;
}

// Rows of every kind of value, most of one week, others years apart.
void fill(StoreState& state, std::size_t rows, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const char* const events[] = {"Page Viewed", "Order Completed", "Post Shared"};
  for (std::size_t first = 0; first < rows; first += 10'000) {
    BatchOf batch;
    for (std::size_t i = first; i < std::min(rows, first + 10'000); ++i) {
      const TimeMs week = TimeMs{2900} * kTimeSpanMs;
      const TimeMs time = random() % 3 != 0
                              ? week + static_cast<TimeMs>(random() % kTimeSpanMs)
                              : static_cast<TimeMs>(random() % 150) * kTimeSpanMs - kTimeSpanMs * 9;
      batch.event(time, events[random() % 3], "c" + std::to_string(random() % 700));
      if (random() % 3 == 0) batch.target("t" + std::to_string(random() % 50));
      if (random() % 5 == 0) batch.id("message " + std::to_string(i));
      if (random() % 5 == 0) {
        Uuid uuid;
        for (std::uint8_t& byte : uuid) byte = static_cast<std::uint8_t>(random());
        char text[36];
        format_uuid(uuid, text);
        batch.id({text, sizeof text});
      }
      batch.with("properties.token", ("token " + std::to_string(i)).c_str());
      batch.with("value", static_cast<double>(random() % 100'000) / 100);
      if (random() % 4 == 0)
        batch.with("properties.weight", static_cast<double>(random()) * 0x1p-70);
      if (random() % 2 == 0) batch.with("properties.vip", random() % 2 == 0);
      if (random() % 2 == 0) batch.with("text", random() % 9 == 0 ? "" : "그냥 그래요");
      if (random() % 3 == 0) batch.with("rating", static_cast<double>(random() % 50) / 10);
      // Integers, then numbers, then strings.
      if (i < rows / 3) {
        batch.with("properties.size", static_cast<std::int64_t>(random() >> (random() % 60)));
      } else if (i < rows / 2) {
        batch.with("properties.size", static_cast<double>(random() % 1000) / 8);
      } else {
        batch.with("properties.size", random() % 2 == 0 ? "large" : "small");
      }
    }
    state.apply(batch.batch, first + 1);
  }
}

// Merges until nothing is left to merge. Returns how many merges that took.
std::size_t merge_all(StoreState& state) {
  for (std::size_t merges = 0;; ++merges) {
    Parts begun = due_merge(state.parts());
    if (begun.empty()) begun = tidy_merge(state.parts());
    if (begun.empty()) return merges;
    EXPECT_TRUE(state.exchange_parts(begun, merge_parts(begun, state.strings())));
  }
}

TEST(MergeParts, KeepsEveryRowAndValue) {
  StoreState state = empty_state();
  fill(state, 120'000, 1);
  const auto view = state.publish();
  ColumnId size{};
  ASSERT_NE(view->find_column("properties.size", size), nullptr);
  const auto before = rows_of(state, size);
  const std::size_t parts = state.parts().size();
  EXPECT_GT(merge_all(state), 1U);
  EXPECT_LT(state.parts().size(), parts / 4);
  EXPECT_EQ(rows_of(state, size), before);
  for (const auto& part : state.parts()) {
    for (const LiveRun& run : part->runs) EXPECT_EQ(run.dead(), nullptr);
  }
  // The week of most rows has a part of its own.
  EXPECT_TRUE(std::any_of(state.parts().begin(), state.parts().end(), [](const auto& part) {
    return part->rows > 30'000 && span_of(part->first) == span_of(part->last);
  }));
}

TEST(MergeParts, StringsThatHardlyRepeatAreTexts) {
  StoreState state = empty_state();
  fill(state, 120'000, 2);
  const auto view = state.publish();
  ColumnId token{};
  ASSERT_NE(view->find_column("properties.token", token), nullptr);
  const auto has_codes = [&] {
    return std::any_of(state.parts().begin(), state.parts().end(), [&](const auto& part) {
      return std::any_of(part->runs.begin(), part->runs.end(), [&](const LiveRun& run) {
        const RunColumn* column = run->column(token);
        return column != nullptr && std::holds_alternative<CodeValues>(column->values);
      });
    });
  };
  EXPECT_TRUE(has_codes());  // Those of before the dictionary was large.
  merge_all(state);
  EXPECT_FALSE(has_codes());
}

// What dies while a merge is under way is dead behind it.
TEST(MergeParts, RowsThatDieMeanwhileAreCarriedOver) {
  StoreState merged = empty_state();
  StoreState plain = empty_state();
  for (StoreState* state : {&merged, &plain}) {
    fill(*state, 60'000, 3);
    state->apply(*state->decide_erasure("c1", 5), 90);
    EXPECT_NE(state->publish(), nullptr);
  }
  const Parts begun(merged.parts().begin(), merged.parts().end());
  auto made = merge_parts(begun, merged.strings());
  for (StoreState* state : {&merged, &plain}) {
    for (const char* id : {"c2", "c3", "c699"}) state->apply(*state->decide_erasure(id, 5), 91);
    EXPECT_NE(state->publish(), nullptr);
  }
  ASSERT_TRUE(merged.exchange_parts(begun, std::move(made)));
  const ColumnId none{0xFFFF};
  const auto rows = rows_of(plain, none);
  EXPECT_LT(rows.size(), 60'000U);
  EXPECT_EQ(rows_of(merged, none).size(), rows.size());
  for (const auto& [place, row] : rows_of(merged, none)) EXPECT_TRUE(rows.contains(place)) << row;
  merge_all(merged);
  EXPECT_EQ(rows_of(merged, none).size(), rows.size());
}

TEST(MergeParts, APartThatIsGoneIsNotBroughtBack) {
  StoreState state = empty_state();
  fill(state, 20'000, 4);
  const Parts begun(state.parts().begin(), state.parts().end());
  auto made = merge_parts(begun, state.strings());
  state.trim(INT64_MAX);
  EXPECT_FALSE(state.exchange_parts(begun, std::move(made)));
  EXPECT_TRUE(rows_of(state, ColumnId{0xFFFF}).empty());
}

std::shared_ptr<const Part> part_of(std::size_t rows, TimeMs first, TimeMs last) {
  auto part = std::make_shared<Part>();
  part->rows = rows;
  part->first = first;
  part->last = last;
  return part;
}

TEST(PartTiers, SixteenOfATierAndASpanAreDue) {
  Parts parts;
  for (std::size_t i = 0; i < kFanIn; ++i) {
    EXPECT_TRUE(due_merge(parts).empty());
    parts.push_back(part_of(4096, 10, 20));
    parts.push_back(part_of(100'000, 10, 20));
    parts.push_back(part_of(4096, 10, 20 + kTimeSpanMs));  // Across spans.
    parts.push_back(part_of(4096, static_cast<TimeMs>(i + 5) * kTimeSpanMs,
                            static_cast<TimeMs>(i + 5) * kTimeSpanMs));
  }
  const Parts due = due_merge(parts);
  ASSERT_EQ(due.size(), kFanIn);
  for (const auto& part : due) EXPECT_EQ(part->rows, 4096U);
}

TEST(PartTiers, ASpanComesDownToPartsOfVeryDifferentSizes) {
  Parts parts{part_of(1000, 1, 2), part_of(400, 1, 2), part_of(500, 1, 2), part_of(100, 1, 2)};
  EXPECT_TRUE(tidy_merge(std::span(parts).first(2)).empty());
  EXPECT_EQ(tidy_merge(parts).size(), 4U);  // 100 + 400 >= 500, and all of these >= 1000.
  parts = {part_of(10'000, 1, 2), part_of(20, 1, 2), part_of(20, 1, 2)};
  EXPECT_EQ(tidy_merge(parts).size(), 2U);
}

TEST(TimeSpan, IsAWeekAlsoBefore1970) {
  EXPECT_EQ(span_of(0), TimeSpan{0});
  EXPECT_EQ(span_of(kTimeSpanMs - 1), TimeSpan{0});
  EXPECT_EQ(span_of(kTimeSpanMs), TimeSpan{1});
  EXPECT_EQ(span_of(-1), TimeSpan{-1});
  EXPECT_EQ(span_of(-kTimeSpanMs), TimeSpan{-1});
  EXPECT_EQ(span_of(-kTimeSpanMs - 1), TimeSpan{-2});
  EXPECT_EQ(span_of(INT64_MIN), TimeSpan{INT64_MIN / kTimeSpanMs - 1});
}

}  // namespace
}  // namespace grapevine
