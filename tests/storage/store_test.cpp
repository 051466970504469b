#include "storage/store.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/canonical_text.hpp"
#include "storage/delta.hpp"
#include "storage/schema.hpp"
#include "tests/storage/batches.hpp"

namespace grapevine {
namespace {

using grapevine::testing::BatchOf;

std::unique_ptr<Store> memory_store(StoreOptions options = {}) {
  return Store::open(options).value();
}

// A row as (sequence, event, customer, ts, value of one column as text).
using PlainRow = std::tuple<std::uint64_t, std::string, std::string, TimeMs, std::string>;

std::string text_at(const Snapshot& snapshot, const RunColumn* column, std::size_t row) {
  if (column == nullptr || !column->has(row)) return "null";
  struct Text {
    const Snapshot& snapshot;
    ColumnId id;
    std::size_t row;
    std::string operator()(const CodeValues& v) const {
      const auto& dictionary = snapshot.columns()[index(id)].dictionary;
      return "'" + std::string(dictionary->at(static_cast<std::uint32_t>(v.codes.at(row))));
    }
    std::string operator()(const TextValues& v) const {
      return "'" + std::string(TextReader(v).at(row));
    }
    std::string operator()(const BoolValues& v) const { return v.at(row) ? "true" : "false"; }
    std::string operator()(const Int64Values& v) const { return std::to_string(v.at(row)); }
    std::string operator()(const TimeValues& v) const { return std::to_string(v.at(row).ms); }
    std::string operator()(const RealValues& v) const {
      return canonical_text(ValueType::Float64, std::bit_cast<std::uint64_t>(v.at(row)));
    }
  };
  return std::visit(Text{snapshot, column->id, row}, column->values);
}

std::vector<PlainRow> rows_of(const Snapshot& snapshot, std::string_view column_name) {
  ColumnId id{};
  EXPECT_NE(snapshot.find_column(column_name, id), nullptr);
  std::vector<PlainRow> rows;
  for (const auto& part : snapshot.parts()) {
    std::size_t in_runs = 0;
    for (const LiveRun& live : part->runs) {
      const Run& run = *live;
      in_runs += live.rows();
      for (std::size_t row = 0; row < run.size(); ++row) {
        const auto key = [&](std::size_t r) {
          return std::tuple(run.customers[r], run.time(r), run.sequences.at(r));
        };
        if (row > 0) {
          EXPECT_LT(key(row - 1), key(row));
        }
        if (live.is_dead(row)) continue;
        rows.emplace_back(run.sequences.at(row), snapshot.event_names().at(index(run.event)),
                          snapshot.customers().external_id(run.customers[row]), run.time(row),
                          text_at(snapshot, run.column(id), row));
      }
    }
    EXPECT_EQ(in_runs, part->rows);
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

TEST(Store, AnAppendedRowIsInTheNextSnapshot) {
  const auto store = memory_store();
  EXPECT_EQ(store->snapshot()->rows(), 0u);
  BatchOf rows;
  rows.event(5, "Order Completed", "anna").with("value", 9.5).with("channel", "web");
  rows.event(-3, "Page Viewed", "bert");
  const auto appended = store->append(rows.batch);
  ASSERT_TRUE(appended.ok()) << appended.status();
  const auto snapshot = store->snapshot();
  EXPECT_EQ(snapshot->number(), appended->snapshot);
  EXPECT_EQ(snapshot->newest_event(), 5);
  EXPECT_THAT(rows_of(*snapshot, "value"),
              ::testing::ElementsAre(PlainRow{0, "Order Completed", "anna", 5, "9.5"},
                                     PlainRow{1, "Page Viewed", "bert", -3, "null"}));
  EXPECT_EQ(snapshot->event_counts()[index(snapshot->find_event("Order Completed"))], 1u);
  EXPECT_EQ(index(snapshot->find_event("order completed")), Dictionary::kMissing);
}

TEST(Store, ASnapshotStaysAsItWas) {
  const auto store = memory_store();
  ASSERT_TRUE(
      store->append(BatchOf().event(1, "A", "x").with("properties.n", std::int64_t{1}).batch).ok());
  const auto before = store->snapshot();
  for (int i = 0; i < 10'000; ++i) {
    ASSERT_TRUE(store->append(BatchOf().event(2, "A", std::to_string(i)).batch).ok());
    if (i == 5000) {
      EXPECT_EQ(rows_of(*before, "properties.n").size(), 1u);
    }
  }
  EXPECT_EQ(rows_of(*before, "properties.n").size(), 1u);
  EXPECT_EQ(before->customers().count(), 1u);
  EXPECT_EQ(before->customers().find("17"), kNobody);
  EXPECT_EQ(rows_of(*store->snapshot(), "properties.n").size(), 10'001u);
}

// Random rows whose property changes its type now and then, against what was sent.
TEST(Store, RowsAreThoseSentThroughSortingAndMerging) {
  const auto store = memory_store();
  std::mt19937_64 random(1);
  std::vector<PlainRow> sent;
  bool as_text = false;
  for (int b = 0; b < 40; ++b) {
    BatchOf rows;
    for (int i = 0; i < 5000; ++i) {
      const auto ts = static_cast<TimeMs>(random() % 1'000'000'000) - 500'000'000;
      const std::string event = "E" + std::to_string(random() % 7);
      const std::string customer = "c" + std::to_string(random() % 3000);
      rows.event(ts, event, customer);
      std::string value = "null";
      const auto number = static_cast<std::int64_t>(random() % 1000);
      switch (random() % (b < 20 ? 3 : 4)) {
        case 0: break;
        case 1:
          rows.with("properties.p", number);
          value = std::to_string(number);
          break;
        case 2:
          rows.with("properties.p", static_cast<double>(number) + 0.25);
          value = std::to_string(number) + ".25";
          break;
        default:
          rows.with("properties.p", "text");
          value = "text";
          as_text = true;
      }
      sent.emplace_back(sent.size(), event, customer, ts, value);
    }
    ASSERT_TRUE(store->append(rows.batch).ok());
  }
  ASSERT_TRUE(as_text);
  std::sort(sent.begin(), sent.end());
  const auto got = rows_of(*store->snapshot(), "properties.p");
  ASSERT_EQ(got.size(), sent.size());
  for (std::size_t i = 0; i < sent.size(); ++i) {
    PlainRow plain = got[i];
    if (std::get<4>(plain).starts_with("'")) std::get<4>(plain).erase(0, 1);
    ASSERT_EQ(plain, sent[i]);
  }
}

TEST(Store, AMessageIsStoredOnce) {
  const auto store = memory_store();
  const auto send = [&](std::string_view scope, const char* id, TimeMs received) {
    BatchOf rows(received);
    rows.batch.deduplicate_by = scope;
    rows.event(1, "Order Completed", "anna").id(id);
    rows.batch.events.push_back(rows.batch.events.back());  // An item of the same call.
    rows.batch.events.back().once = false;
    return store->append(rows.batch)->duplicates;
  };
  constexpr TimeMs kDay = 86'400'000;
  EXPECT_EQ(send("k", "m1", 0), 0u);
  EXPECT_EQ(send("k", "m1", 6 * kDay), 1u);
  EXPECT_EQ(send("other", "m1", 6 * kDay), 0u);
  EXPECT_EQ(send("k", "m2", 6 * kDay), 0u);
  EXPECT_EQ(send("k", "m1", 9 * kDay), 0u);  // Forgotten by now.
  EXPECT_EQ(store->snapshot()->rows(), 8u);
}

TEST(Store, RefusesWhatWouldPassALimitAndStoresTheRest) {
  const auto store = memory_store({.event_columns_max = kCoreColumns.size() + 1,
                                   .attributes_max = 2,
                                   .event_names_max = kKnownEvents.size() + 1});
  BatchOf rows;
  rows.event(1, "New", "a").with("properties.a", true);
  rows.event(1, "Newer", "a");
  rows.event(1, "New", "a").with("properties.b", true);
  rows.traits(1, "a").with("age", std::int64_t{3});
  rows.traits(1, "a").with("kind", "brand").with("size", std::int64_t{3});
  const auto appended = store->append(rows.batch);
  ASSERT_TRUE(appended.ok());
  ASSERT_EQ(appended->refused.size(), 3u);
  EXPECT_EQ(appended->refused[0].source, 1u);
  EXPECT_EQ(appended->refused[1].source, 2u);
  EXPECT_THAT(appended->refused[1].detail, ::testing::EndsWith(": properties.b"));
  EXPECT_EQ(appended->refused[2].source, 4u);
  EXPECT_EQ(store->snapshot()->rows(), 1u);
}

TEST(Store, TheLatestTraitWinsWhateverTheOrderOfArrival) {
  std::vector<Batch> calls;
  calls.push_back(
      BatchOf().traits(10, "a", "m1").with("age", std::int64_t{30}).with("x", 1.5).batch);
  calls.push_back(BatchOf().traits(20, "a", "m1").with("age", std::int64_t{31}).batch);
  calls.push_back(BatchOf().traits(20, "a", "m2").with("age", std::int64_t{32}).batch);
  calls.push_back(BatchOf().traits(15, "a", "m9").with_null("x").batch);
  std::vector<int> order{0, 1, 2, 3};
  do {
    const auto store = memory_store();
    for (const int i : order) ASSERT_TRUE(store->append(calls[static_cast<std::size_t>(i)]).ok());
    const auto snapshot = store->snapshot();
    const AttributeColumn* age = snapshot->customers().attribute("age");
    ASSERT_NE(age, nullptr);
    EXPECT_EQ(std::get<std::vector<std::int64_t>>(age->chunks[0]->values)[0], 32);
    const AttributeColumn* x = snapshot->customers().attribute("x");
    EXPECT_TRUE(x->chunks.empty() || x->chunks[0] == nullptr || !x->chunks[0]->has(0));
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(Store, AnAttributeWidensWithoutLosingAValue) {
  const auto store = memory_store();
  const auto set = [&](const char* customer, auto value) {
    ASSERT_TRUE(store->append(BatchOf().traits(1, customer).with("a", value).batch).ok());
  };
  const auto read = [&](const char* customer) {
    const auto snapshot = store->snapshot();
    const AttributeColumn& column = *snapshot->customers().attribute("a");
    const CustomerId id = snapshot->customers().find(customer);
    const auto& codes = std::get<std::vector<std::uint32_t>>(column.chunk_of(id)->values);
    return std::string(column.dictionary->at(codes[index(id)]));
  };
  set("int", std::int64_t{9'007'199'254'740'993});  // 2^53 + 1: no double.
  EXPECT_EQ(store->snapshot()->customers().attribute("a")->type, ValueType::Int64);
  set("float", 0.1);
  set("bool", true);
  set("text", "x");
  EXPECT_EQ(read("int"), "9007199254740993");
  EXPECT_EQ(read("float"), "0.1");
  EXPECT_EQ(read("bool"), "true");
  EXPECT_EQ(read("text"), "x");
}

TEST(Store, TheKindIsTheStrongestUnlessATraitSaysOtherwise) {
  const auto store = memory_store();
  const auto kind = [&](const char* customer) {
    const auto snapshot = store->snapshot();
    const AttributeColumn& column = *snapshot->customers().attribute("kind");
    const CustomerId id = snapshot->customers().find(customer);
    const auto& codes = std::get<std::vector<std::uint32_t>>(column.chunk_of(id)->values);
    return std::string(column.dictionary->at(codes[index(id)]));
  };
  ASSERT_TRUE(store->append(BatchOf().event(1, "Post Liked", "a").target("b").batch).ok());
  EXPECT_EQ(kind("a"), "customer");
  EXPECT_EQ(kind("b"), "contact");
  ASSERT_TRUE(store->append(BatchOf().event(1, "Post Liked", "b").batch).ok());
  EXPECT_EQ(kind("b"), "customer");
  ASSERT_TRUE(store->append(BatchOf().traits(1, "b").with("kind", "brand").batch).ok());
  EXPECT_EQ(kind("b"), "brand");
  ASSERT_TRUE(store->append(BatchOf().traits(2, "b").with_null("kind").batch).ok());
  EXPECT_EQ(kind("b"), "customer");
}

TEST(Store, ATargetIsTheParentsAuthorEvenIfThatIsKnownLater) {
  const auto store = memory_store();
  ASSERT_TRUE(
      store->append(BatchOf().event(9, "Post Shared", "b").with("parent_id", "p1").batch).ok());
  const auto target = [&] {
    const auto snapshot = store->snapshot();
    for (const auto& part : snapshot->parts()) {
      if (const auto* live = part->run(snapshot->find_event("Post Shared"))) {
        const grapevine::Run& run = **live;
        const CustomerId id = snapshot->target(run, 0);
        return id == kNobody ? "" : std::string(snapshot->customers().external_id(id));
      }
    }
    return std::string("no row");
  };
  EXPECT_EQ(target(), "");
  ASSERT_TRUE(
      store->append(BatchOf().event(8, "Post Liked", "z").with("content_id", "p1").batch).ok());
  EXPECT_EQ(target(), "z");
  ASSERT_TRUE(
      store->append(BatchOf().event(1, "Post Created", "a").with("content_id", "p1").batch).ok());
  EXPECT_EQ(target(), "a");
}

}  // namespace
}  // namespace grapevine
