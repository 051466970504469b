#include "tests/storage/ledger.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <semaphore>
#include <utility>

#include <gtest/gtest.h>

#include "tests/storage/batches.hpp"

namespace grapevine::testing {
namespace {

constexpr std::size_t kRows = 3;

std::string customer(std::size_t number) { return "c" + std::to_string(number); }

Batch batch(std::size_t number) {
  const auto time = static_cast<TimeMs>(number);
  BatchOf rows;
  for (std::size_t row = 0; row < kRows; ++row) {
    const std::string id = std::to_string(number) + "-" + std::to_string(row);
    rows.event(time, "Sent", customer(number)).id(id.c_str());
    rows.with("properties.text", std::string(number * number % 1500, 'x').c_str());
  }
  rows.traits(time, customer(number)).with("number", static_cast<std::int64_t>(number));
  rows.batch.deduplicate_by = "ledger";
  return rows.batch;
}

// How many rows each customer has.
std::map<std::string, std::size_t> rows_by_customer(const Snapshot& snapshot) {
  std::map<std::string, std::size_t> rows;
  for (const auto& part : snapshot.parts()) {
    for (const LiveRun& run : part->runs) {
      for (std::size_t row = 0; row < run->size(); ++row) {
        if (run.is_dead(row)) continue;
        ++rows[std::string(snapshot.customers().external_id(run->customers[row]))];
      }
    }
  }
  return rows;
}

std::int64_t number_of(const Snapshot& snapshot, const std::string& external_id) {
  const CustomerId id = snapshot.customers().find(external_id);
  const AttributeColumn* column = snapshot.customers().attribute("number");
  if (id == kNobody || column == nullptr) return -1;
  const AttributeChunk* chunk = column->chunk_of(id);
  const std::size_t slot = index(id) % AttributeChunk::kCustomers;
  if (chunk == nullptr || !chunk->has(slot)) return -1;
  return std::get<std::vector<std::int64_t>>(chunk->values)[slot];
}

}  // namespace

void Ledger::send(Store& store, std::size_t count) {
  const std::size_t begin = acknowledged_.size();
  while (acknowledged_.size() < begin + count) {
    const std::size_t left = begin + count - acknowledged_.size();
    std::vector<std::size_t> together(std::min(left, 1 + acknowledged_.size() % 5));
    std::iota(together.begin(), together.end(), acknowledged_.size());
    acknowledged_.resize(acknowledged_.size() + together.size());
    send_together(store, together);
  }
  const auto first = acknowledged_.begin() + static_cast<std::ptrdiff_t>(begin);
  EXPECT_TRUE(std::is_partitioned(first, acknowledged_.end(), std::identity{}))
      << "acknowledged again after a refusal";
}

void Ledger::send_again(Store& store) {
  std::vector<std::size_t> missing;
  for (std::size_t i = 0; i < acknowledged_.size(); ++i) {
    if (!acknowledged_[i]) missing.push_back(i);
  }
  send_together(store, missing);
}

void Ledger::send_together(Store& store, const std::vector<std::size_t>& numbers) {
  // Shared with the writer, which may still leave `done` when we go on.
  struct Answers {
    std::mutex mutex;
    std::vector<bool> ok;
    std::counting_semaphore<> come{0};
  };
  const auto answers = std::make_shared<Answers>();
  answers->ok.resize(numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::size_t number = numbers[i];
    if (is_document(number)) {
      acknowledged_[number] = store.put_document("segment", customer(number), "{}").ok();
      continue;
    }
    store.append(batch(number), [answers, i](const absl::StatusOr<Appended>& result) {
      {
        const std::lock_guard lock(answers->mutex);
        answers->ok[i] = result.ok();
      }
      answers->come.release();
    });
  }
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (is_document(numbers[i])) continue;
    answers->come.acquire();
  }
  const std::lock_guard lock(answers->mutex);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (!is_document(numbers[i])) acknowledged_[numbers[i]] = answers->ok[i];
  }
}

void Ledger::check(Store& store) const {
  const auto snapshot = store.snapshot();
  const auto rows = rows_by_customer(*snapshot);
  std::size_t known = 0;
  for (std::size_t i = 0; i < acknowledged_.size(); ++i) {
    if (is_document(i)) {
      const bool stored = snapshot->documents().contains({"segment", customer(i)});
      EXPECT_TRUE(stored || !acknowledged_[i]) << "document " << i << " is lost";
      continue;
    }
    const auto found = rows.find(customer(i));
    const std::size_t stored = found == rows.end() ? 0 : found->second;
    known += stored;
    if (acknowledged_[i]) {
      EXPECT_EQ(stored, kRows) << "batch " << i << " was acknowledged";
    } else {
      EXPECT_TRUE(stored == 0 || stored == kRows) << "batch " << i << " has " << stored << " rows";
    }
    const std::int64_t number = stored == 0 ? -1 : static_cast<std::int64_t>(i);
    EXPECT_EQ(number_of(*snapshot, customer(i)), number) << "the trait of batch " << i;
  }
  EXPECT_EQ(snapshot->rows(), known) << "rows that nobody sent";
}

std::size_t Ledger::lost(Store& store) const {
  const auto snapshot = store.snapshot();
  const auto rows = rows_by_customer(*snapshot);
  std::size_t lost = 0;
  for (std::size_t i = 0; i < acknowledged_.size(); ++i) {
    if (!acknowledged_[i]) continue;
    const auto found = rows.find(customer(i));
    const bool stored = is_document(i) ? snapshot->documents().contains({"segment", customer(i)})
                                       : found != rows.end() && found->second == kRows;
    lost += stored ? 0 : 1;
  }
  return lost;
}

std::size_t Ledger::acknowledged() const {
  return static_cast<std::size_t>(std::count(acknowledged_.begin(), acknowledged_.end(), true));
}

}  // namespace grapevine::testing
