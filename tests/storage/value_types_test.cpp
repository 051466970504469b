// Values of every type, in any order in one column: what comes back as text is what was sent,
// whatever types the column had meanwhile, and however it came back.
#include <array>
#include <bit>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "storage/canonical_text.hpp"
#include "storage/date_time.hpp"
#include "storage/store.hpp"
#include "tests/storage/batches.hpp"
#include "tests/storage/checkpoint/temporary_folder.hpp"

namespace grapevine {
namespace {

using grapevine::testing::BatchOf;
using grapevine::testing::TemporaryFolder;

// (column, row or customer) → the value as text.
using Texts = std::map<std::pair<std::string, std::string>, std::string>;

struct RunText {
  std::size_t row;
  const ColumnInfo& info;
  std::string operator()(const CodeValues& v) const {
    return std::string(info.dictionary->at(static_cast<std::uint32_t>(v.codes.at(row))));
  }
  std::string operator()(const BoolValues& v) const {
    return canonical_text(ValueType::Bool, v.at(row));
  }
  std::string operator()(const Int64Values& v) const { return std::to_string(v.at(row)); }
  std::string operator()(const RealValues& v) const {
    return canonical_text(ValueType::Float64, std::bit_cast<std::uint64_t>(v.at(row)));
  }
  std::string operator()(const TextValues& v) const { return std::string(TextReader(v).at(row)); }
  std::string operator()(const TimeValues& v) const {
    return canonical_text(ValueType::DateTime, static_cast<std::uint64_t>(v.at(row).ms));
  }
};

struct TraitText {
  std::size_t slot;
  const AttributeColumn& column;
  std::string operator()(const std::vector<std::uint8_t>& v) const {
    return canonical_text(ValueType::Bool, v[slot]);
  }
  std::string operator()(const std::vector<std::int64_t>& v) const {
    return std::to_string(v[slot]);
  }
  std::string operator()(const std::vector<double>& v) const {
    return canonical_text(ValueType::Float64, std::bit_cast<std::uint64_t>(v[slot]));
  }
  std::string operator()(const std::vector<std::uint32_t>& v) const {
    return std::string(column.dictionary->at(v[slot]));
  }
  std::string operator()(const std::vector<DateTime>& v) const {
    return canonical_text(ValueType::DateTime, static_cast<std::uint64_t>(v[slot].ms));
  }
};

Texts texts_of(const Snapshot& snapshot) {
  Texts texts;
  for (const auto& part : snapshot.parts()) {
    for (const LiveRun& run : part->runs) {
      for (const RunColumn& column : run->columns) {
        const ColumnInfo& info = snapshot.columns()[index(column.id)];
        for (std::size_t row = 0; row < run->size(); ++row) {
          if (!column.has(row) || run.is_dead(row)) continue;
          const std::string place = "row " + std::to_string(run->sequences.at(row));
          texts[{info.name, place}] = std::visit(RunText{row, info}, column.values);
        }
      }
    }
  }
  for (const auto& column : snapshot.customers().attributes()) {
    if (column->name == "kind") continue;
    for (std::uint32_t c = 0; c < snapshot.customers().count(); ++c) {
      const CustomerId customer{c};
      const AttributeChunk* chunk = column->chunk_of(customer);
      const std::size_t slot = c % AttributeChunk::kCustomers;
      if (chunk == nullptr || !chunk->has(slot)) continue;
      const std::string place(snapshot.customers().external_id(customer));
      texts[{column->name, place}] = std::visit(TraitText{slot, *column}, chunk->values);
    }
  }
  return texts;
}

// A value of one of the kinds; `kinds` says which of them come in a column.
class RandomValues {
 public:
  explicit RandomValues(std::uint64_t seed) : random_(seed) {}

  // Adds a value to the row begun last, and returns its text.
  std::string add(BatchOf& rows, const std::string& column, unsigned kinds) {
    const auto put = [&](ValueType type, auto value, std::uint64_t bits) {
      rows.with(column, value);
      return canonical_text(type, bits);
    };
    switch (pick(kinds)) {
      case 0: {
        const bool truth = random_() % 2 == 0;
        return put(ValueType::Bool, truth, truth ? 1 : 0);
      }
      case 1: {
        const auto number = static_cast<std::int64_t>(random_() % 200'000) - 100'000;
        return put(ValueType::Int64, number, static_cast<std::uint64_t>(number));
      }
      case 2: {
        const auto number = static_cast<std::int64_t>(random_() | std::uint64_t{1} << 55);
        return put(ValueType::Int64, number, static_cast<std::uint64_t>(number));
      }
      case 3: {
        const double number = static_cast<double>(random_() % 100'000) / 7;
        return put(ValueType::Float64, number, std::bit_cast<std::uint64_t>(number));
      }
      case 4: {
        const std::string text = kTexts[random_() % kTexts.size()];
        rows.with(column, text.c_str());
        return text;
      }
      default: {
        constexpr std::uint64_t kMost = 253'402'300'800'000;  // The year 10000.
        const DateTime time{static_cast<TimeMs>(random_() % (2 * 62'135'596'800'000)) -
                            62'135'596'800'000};
        const DateTime moment{std::min<TimeMs>(time.ms, TimeMs(kMost) - 1)};
        return put(ValueType::DateTime, moment, static_cast<std::uint64_t>(moment.ms));
      }
    }
  }

  std::uint64_t operator()() { return random_(); }

  static constexpr unsigned kKinds = 6;

 private:
  unsigned pick(unsigned kinds) {
    while (true) {
      const auto kind = static_cast<unsigned>(random_() % kKinds);
      if ((kinds >> kind & 1) != 0) return kind;
    }
  }

  // Some look like values of other types.
  static constexpr std::array<const char*, 8> kTexts{"",
                                                     "x",
                                                     "true",
                                                     "12.50",
                                                     "2024-02-29T00:00:00Z",
                                                     "2024-02-29",
                                                     "1.0e3",
                                                     "2024-02-30T00:00:00.000Z"};
  std::mt19937_64 random_;
};

StoreOptions options_in(const TemporaryFolder& folder) {
  StoreOptions options;
  options.folder = folder.string();
  return options;
}

// Every subset of the kinds has a column, whose values come from few kinds at first.
TEST(ValueTypes, ComeBackAsTheyWereSentThroughLogMergesAndCheckpoints) {
  constexpr unsigned kSubsets = 1u << RandomValues::kKinds;
  for (const std::uint64_t seed : {1, 2, 3}) {
    SCOPED_TRACE(seed);
    const TemporaryFolder folder;
    RandomValues values(seed);
    Texts sent;
    std::uint64_t rows = 0;
    for (unsigned life = 0; life < 4; ++life) {
      const auto store = Store::open(options_in(folder)).value();
      ASSERT_EQ(texts_of(*store->snapshot()), sent) << "life " << life;
      for (int batches = 0; batches < 10; ++batches) {
        BatchOf batch;
        for (int i = 0; i < 30; ++i, ++rows) {
          const std::string customer = "c" + std::to_string(rows % 97);
          batch.event(static_cast<TimeMs>(rows), rows % 3 == 0 ? "Mine" : "Yours", customer);
          for (int columns = 0; columns < 12; ++columns) {
            const auto kinds = static_cast<unsigned>(1 + values() % (kSubsets - 1));
            const std::string name = "properties.k" + std::to_string(kinds);
            const std::string place = "row " + std::to_string(rows);
            if (sent.contains({name, place})) continue;
            const unsigned first = kinds & (0u - kinds);  // Its lowest kind alone, for a while.
            const bool is_early = life == 0 && batches < 5;
            sent[{name, place}] = values.add(batch, name, is_early ? first : kinds);
          }
        }
        for (int i = 0; i < 30; ++i) {
          const std::string customer = "c" + std::to_string(values() % 97);
          const auto kinds = static_cast<unsigned>(1 + values() % (kSubsets - 1));
          const std::string name = "t" + std::to_string(kinds);
          batch.traits(static_cast<TimeMs>(rows * 100 + static_cast<std::uint64_t>(i)), customer);
          sent[{name, customer}] = values.add(batch, name, kinds);
        }
        ASSERT_TRUE(store->append(batch.batch).ok());
        if (life == 1 && batches == 7) {
          ASSERT_TRUE(store->checkpoint().ok());
        }
      }
      ASSERT_EQ(texts_of(*store->snapshot()), sent) << "life " << life;
      if (life == 2) {
        ASSERT_TRUE(store->checkpoint().ok());
      }
    }
  }
}

TEST(ValueTypes, ATimeAndAnythingElseMakeAString) {
  for (const ValueType other :
       {ValueType::Bool, ValueType::Int64, ValueType::Float64, ValueType::String}) {
    EXPECT_EQ(wider(ValueType::DateTime, other), ValueType::String);
    EXPECT_EQ(wider(other, ValueType::DateTime), ValueType::String);
  }
  EXPECT_EQ(wider(ValueType::DateTime, ValueType::DateTime), ValueType::DateTime);
  EXPECT_EQ(wider(ValueType::Null, ValueType::DateTime), ValueType::DateTime);
  EXPECT_EQ(wider(ValueType::Int64, ValueType::Float64), ValueType::Float64);
  EXPECT_EQ(wider(ValueType::Bool, ValueType::Int64), ValueType::String);
}

TEST(DateTimes, OnlyTheirOneFormIsRead) {
  const auto text_of = [](DateTime time) {
    std::string text;
    append_date_time(text, time.ms);
    return text;
  };
  // Milliseconds by `date -d ... +%s%3N`.
  const std::pair<const char*, TimeMs> times[] = {
      {"1970-01-01T00:00:00.000Z", 0},
      {"2024-02-29T23:59:59.999Z", 1'709'251'199'999},
      {"1969-12-31T23:59:59.999Z", -1},
      {"0001-01-01T00:00:00.000Z", -62'135'596'800'000},
      {"9999-12-31T23:59:59.999Z", 253'402'300'799'999}};
  for (const auto& [text, ms] : times) {
    ASSERT_TRUE(read_date_time(text)) << text;
    EXPECT_EQ(read_date_time(text)->ms, ms);
    EXPECT_EQ(text_of({ms}), text);
    EXPECT_TRUE(is_date_time(ms));
  }
  EXPECT_FALSE(is_date_time(-62'135'596'800'001));
  EXPECT_FALSE(is_date_time(253'402'300'800'000));
  for (const char* text :
       {"", "2024-02-29", "2024-02-29T00:00:00Z", "2024-02-29T00:00:00.00Z",
        "2024-02-29T00:00:00.0000Z", "2024-02-29 00:00:00.000Z", "2024-02-29t00:00:00.000Z",
        "2024-02-29T00:00:00.000z", "2024-02-29T00:00:00.000+", "2023-02-29T00:00:00.000Z",
        "2024-13-01T00:00:00.000Z", "2024-00-01T00:00:00.000Z", "2024-01-00T00:00:00.000Z",
        "2024-01-01T24:00:00.000Z", "2024-01-01T00:60:00.000Z", "2024-01-01T00:00:60.000Z",
        "0000-01-01T00:00:00.000Z", "-001-01-01T00:00:00.000Z", "2024-01-01T00:00:00,000Z"}) {
    EXPECT_FALSE(read_date_time(text)) << text;
  }
}

}  // namespace
}  // namespace grapevine
