// Rows chosen by real numbers, in whatever form a run keeps them.

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/segment/event_selection.hpp"
#include "storage/store.hpp"
#include "tests/storage/batches.hpp"

namespace grapevine {
namespace {

using testing::BatchOf;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Kept {
  const char* how;
  const char* column;
  std::vector<double> values;  // NaN: the row has none.
};

std::vector<Kept> all_kept() {
  const double none = std::nan("");
  std::vector<Kept> all{
      {"one value: no bytes", "value", {}},
      {"hundredths: a byte", "value", {}},
      {"cents: two bytes", "value", {}},
      {"amounts: three bytes", "value", {}},
      {"wide: more than 4 bytes", "value", {}},
      {"doubles' bits", "value", {}},
      {"at the end of what is whole", "value", {}},
      {"floats", "rating", {}},
      {"stars", "rating", {}},
      {"sentiment", "sentiment", {}},
  };
  for (int i = 0; i < 1300; ++i) {
    const bool is_absent = i % 7 == 3;
    const auto add = [&](std::size_t at, double value, bool gaps = true) {
      all[at].values.push_back(gaps && is_absent ? none : value);
    };
    add(0, 2.5, false);
    add(1, (i * 37 % 200 - 100) / 100.0);
    add(2, (i * 7919 % 60'000 - 30'000) / 100.0, false);
    add(3, i * 7'919 % 9'000'000 - 4'500'000);
    add(4, i * 1e9 - 5e11);
    add(5, std::sin(i));
    add(6, 9.2233720368547748e18 - (i % 3) * 1024.0);
    add(7, static_cast<float>(std::cos(i)));
    add(8, 1 + i % 5);
    add(9, static_cast<float>((i * 31 % 2001 - 1000) / 1000.0));
  }
  return all;
}

// Holds each row of a run against the definition, from the third one on: not the edge of a word.
std::size_t compare(const Snapshot& snapshot, const EventSelection& selection, const LiveRun& run) {
  const ColumnRule& rule = selection.where.front();
  const RunColumn& column = *run->column(rule.column);
  const auto& reals = std::get<RealValues>(column.values);
  const RowFilter filter(snapshot, selection);
  std::vector<std::uint8_t> scratch;
  const RowRange rows{3, run->size() - 5};
  const auto mask = filter.meant(run, rows, scratch);
  for (std::size_t row = rows.begin; row < rows.end; ++row) {
    const double value = reals.at(row);
    const bool is_satisfied = reals.single ? satisfies(rule.test, static_cast<float>(value))
                                           : satisfies(rule.test, value);
    EXPECT_EQ(mask.empty() || mask[row - rows.begin] != 0,
              (column.has(row) && is_satisfied) != rule.negated)
        << value << " in [" << rule.test.real[0].least << ", " << rule.test.real[0].most << "]";
  }
  return rows.end - rows.begin;
}

TEST(RowFilter, ChoosesRealsAsTheyAreCompared) {
  for (const Kept& kept : all_kept()) {
    SCOPED_TRACE(kept.how);
    const auto store = Store::open({}).value();
    BatchOf batch;
    for (std::size_t i = 0; i < kept.values.size(); ++i) {
      batch.event(static_cast<TimeMs>(1000 + i), "E", "c" + std::to_string(i));
      if (!std::isnan(kept.values[i])) batch.with(kept.column, kept.values[i]);
    }
    ASSERT_TRUE(store->append(std::move(batch.batch)).ok());
    const auto snapshot = store->snapshot();
    ColumnRule rule;
    ASSERT_NE(snapshot->find_column(kept.column, rule.column), nullptr);
    std::vector<double> bounds{-kInfinity, 0.0, -0.05, 0.05, kInfinity};
    for (const std::size_t i : {0U, 1U, 50U, 600U}) {
      bounds.insert(bounds.end(), {kept.values[i], std::nextafter(kept.values[i], kInfinity),
                                   std::nextafter(kept.values[i], -kInfinity)});
    }
    std::size_t compared = 0;
    for (const auto& part : snapshot->parts()) {
      for (const LiveRun& run : part->runs) {
        for (std::size_t i = 0; i < 2 * bounds.size() * bounds.size(); ++i) {
          const double least = bounds[i / 2 / bounds.size()], most = bounds[i / 2 % bounds.size()];
          rule.negated = i % 2 == 1;
          rule.test.real = {{least, most}};
          rule.test.real32 = {{static_cast<float>(least), static_cast<float>(most)}};
          EventSelection selection;
          selection.events = {run->event};
          selection.where = {rule};
          compared += compare(*snapshot, selection, run);
        }
      }
    }
    EXPECT_GT(compared, 500'000U);
  }
}

}  // namespace
}  // namespace grapevine
