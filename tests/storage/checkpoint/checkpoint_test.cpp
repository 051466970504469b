#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/store.hpp"
#include "tests/storage/checkpoint/dump.hpp"
#include "tests/storage/checkpoint/in_folder.hpp"
#include "tests/storage/checkpoint/random_load.hpp"
#include "tests/storage/checkpoint/temporary_folder.hpp"

namespace grapevine {
namespace {

namespace fs = std::filesystem;
using grapevine::testing::BatchOf;
using grapevine::testing::dump;
using grapevine::testing::in_folder;
using grapevine::testing::names_in;
using grapevine::testing::RandomLoad;
using grapevine::testing::read_bytes;
using grapevine::testing::TemporaryFolder;
using grapevine::testing::write_bytes;

absl::StatusOr<std::unique_ptr<Store>> open(const TemporaryFolder& folder) {
  return Store::open(in_folder(folder.string()));
}

void expect_same(const Store& store, const Store& reference) {
  const std::vector<std::string> is = dump(*store.snapshot());
  const std::vector<std::string> should_be = dump(*reference.snapshot());
  ASSERT_EQ(is.size(), should_be.size());
  for (std::size_t i = 0; i < is.size(); ++i) ASSERT_EQ(is[i], should_be[i]);
  for (int i = 0; i < 3; ++i) {
    const std::string id = "import" + std::to_string(i);
    EXPECT_EQ(store.import_offset(id), reference.import_offset(id));
  }
  EXPECT_EQ(store.facts().message_ids, reference.facts().message_ids);
}

// What is not shown (versions of traits, times of authors, messages remembered, types under way)
// is shown by what becomes of more of the same load.
TEST(Checkpoint, WhatIsLoadedIsWhatWasStoredAndGoesOnLikeIt) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    SCOPED_TRACE(seed);
    const TemporaryFolder folder;
    const auto reference = Store::open({}).value();
    RandomLoad load(seed);
    RandomLoad load_of_reference(seed);
    for (int round = 0; round < 6; ++round) {
      const auto store = open(folder).value();
      EXPECT_EQ(store->recovery().generation, static_cast<std::uint64_t>(round));
      expect_same(*store, *reference);
      for (int i = 0; i < 20; ++i) {
        ASSERT_TRUE(load.store_next(*store));
        ASSERT_TRUE(load_of_reference.store_next(*reference));
        if (i == 4 * (round % 5)) {
          ASSERT_EQ(store->checkpoint(), absl::OkStatus());
        }
      }
      expect_same(*store, *reference);
    }
  }
}

TEST(Checkpoint, PartsAreWrittenOnceAndFilesThatNobodyNeedsGo) {
  const TemporaryFolder folder;
  const auto store = open(folder).value();
  BatchOf many;
  for (int i = 0; i < 10'000; ++i) many.event(i, "Mine", "c" + std::to_string(i % 100));
  ASSERT_TRUE(store->append(many.batch).ok());
  ASSERT_TRUE(store->checkpoint().ok());
  const auto first = names_in(folder.string(), "part-");
  EXPECT_EQ(first.size(), 3u);  // Two of 4,096 rows, and what came last.
  ASSERT_TRUE(store->append(BatchOf().event(1, "Mine", "c").batch).ok());
  ASSERT_TRUE(store->checkpoint().ok());
  EXPECT_EQ(names_in(folder.string(), "part-").size(), 4u);  // What came last is one row longer.
  ASSERT_TRUE(store->checkpoint().ok());
  ASSERT_TRUE(store->checkpoint().ok());
  const auto last = names_in(folder.string(), "part-");
  EXPECT_EQ(last.front(), first.front());
  EXPECT_THAT(names_in(folder.string(), "manifest-"),
              ::testing::ElementsAre("manifest-00000003", "manifest-00000004"));
  EXPECT_THAT(names_in(folder.string(), "state-"),
              ::testing::ElementsAre("state-00000003", "state-00000004"));
  EXPECT_EQ(store->facts().checkpoints, 4u);
}

TEST(Checkpoint, TheLogIsCutBehindTheOlderOfTwo) {
  const TemporaryFolder folder;
  const auto store = open(folder).value();
  RandomLoad load(1);
  for (int i = 0; i < 60; ++i) ASSERT_TRUE(load.store_next(*store));
  // So that the newest file is none that was begun just now.
  ASSERT_TRUE(store->append(BatchOf().event(1, "Mine", "c").batch).ok());
  const auto before = names_in(folder.string(), "log-");
  ASSERT_GT(before.size(), 3u);
  ASSERT_TRUE(store->checkpoint().ok());
  const auto between = names_in(folder.string(), "log-");
  EXPECT_EQ(between.size(),
            before.size() + 1);  // What comes behind it stands in a file of its own.
  for (int i = 0; i < 30; ++i) ASSERT_TRUE(load.store_next(*store));
  ASSERT_TRUE(store->checkpoint().ok());
  EXPECT_EQ(names_in(folder.string(), "log-").front(), between.back());
}

TEST(Checkpoint, OneIsWrittenWhenTheLogGrew) {
  const TemporaryFolder folder;
  StoreOptions options = in_folder(folder.string());
  options.checkpoint_log_bytes = 20'000;
  RandomLoad load(1);
  const auto store = Store::open(options).value();
  while (store->facts().checkpoints < 3) ASSERT_TRUE(load.store_next(*store));
}

TEST(Checkpoint, OneIsWrittenWhenTimePassedWithAnythingNew) {
  const TemporaryFolder folder;
  StoreOptions options = in_folder(folder.string());
  options.checkpoint_interval = std::chrono::milliseconds(1);
  const auto store = Store::open(options).value();
  ASSERT_TRUE(store->append(BatchOf().event(1, "Mine", "c").batch).ok());
  while (store->facts().checkpoint_sequence < 1) std::this_thread::yield();
}

TEST(Checkpoint, AStoreWithALongLogWritesOneWhenItIsClosed) {
  const TemporaryFolder folder;
  StoreOptions options = in_folder(folder.string());
  options.checkpoint_log_bytes = 60'000;
  RandomLoad load(1);
  std::vector<std::string> stored;
  {
    const auto store = Store::open(options).value();
    while (store->facts().log_bytes < 30'000) ASSERT_TRUE(load.store_next(*store));
    stored = dump(*store->snapshot());
    EXPECT_EQ(store->facts().checkpoints, 0u);
  }
  const auto store = Store::open(options).value();
  EXPECT_EQ(store->recovery().generation, 1u);
  EXPECT_EQ(store->recovery().records, 0u);
  EXPECT_EQ(dump(*store->snapshot()), stored);
}

TEST(Checkpoint, NoneIsWrittenWithoutAFolder) {
  EXPECT_EQ(Store::open({}).value()->checkpoint().code(), absl::StatusCode::kFailedPrecondition);
}

// Two generations with rows before, between and behind them; what was stored.
std::vector<std::string> store_two_generations(const TemporaryFolder& folder) {
  RandomLoad load(4);
  const auto store = open(folder).value();
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 30; ++i) EXPECT_TRUE(load.store_next(*store));
    if (round < 2) {
      EXPECT_TRUE(store->checkpoint().ok());
    }
  }
  return dump(*store->snapshot());
}

// Flips a bit in steps over the file, and gives the store that is opened then to `judge`.
template <typename Judge>
void for_flips(const TemporaryFolder& folder, const std::string& name, const Judge& judge) {
  const std::string whole = read_bytes(folder / name);
  for (std::size_t at = 0; at < whole.size(); at += 1 + whole.size() / 60) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << (at % 8)));
    write_bytes(folder / name, flipped);
    SCOPED_TRACE(::testing::Message() << name << " at " << at);
    judge(open(folder));
  }
  write_bytes(folder / name, whole);
}

TEST(CheckpointDamage, ADamagedNewestOneFallsBackToTheOneBeforeIt) {
  const TemporaryFolder folder;
  const std::vector<std::string> stored = store_two_generations(folder);
  const auto older = open(folder).value()->recovery().generation - 1;
  const std::vector<std::string> parts = names_in(folder.string(), "part-");
  for (const std::string& name :
       {std::string("manifest-00000002"), std::string("state-00000002"), parts.back()}) {
    for_flips(folder, name, [&](const absl::StatusOr<std::unique_ptr<Store>>& opened) {
      ASSERT_EQ(opened.status(), absl::OkStatus());
      EXPECT_EQ((*opened)->recovery().generation, older);
      ASSERT_EQ((*opened)->recovery().damaged.size(), 1u);
      EXPECT_THAT((*opened)->recovery().damaged[0], ::testing::HasSubstr(name + ": offset "));
      EXPECT_EQ(dump(*(*opened)->snapshot()), stored);
    });
  }
  EXPECT_EQ(open(folder).value()->recovery().generation, older + 1);
}

TEST(CheckpointDamage, TheNextOneTakesThePlaceOfADamagedOne) {
  const TemporaryFolder folder;
  const std::vector<std::string> stored = store_two_generations(folder);
  write_bytes(folder / "state-00000002", "");
  ASSERT_TRUE(open(folder).value()->checkpoint().ok());
  EXPECT_THAT(names_in(folder.string(), "manifest-"),
              ::testing::ElementsAre("manifest-00000001", "manifest-00000003"));
  const auto store = open(folder).value();
  EXPECT_EQ(store->recovery().generation, 3u);
  EXPECT_TRUE(store->recovery().damaged.empty());
  EXPECT_EQ(dump(*store->snapshot()), stored);
}

// Nothing else has these rows: the log was cut behind the older one.
TEST(CheckpointDamage, WhatNoWholeOneAndNotTheLogHasIsRefused) {
  const TemporaryFolder folder;
  {
    RandomLoad load(4);
    const auto store = open(folder).value();
    for (int round = 0; round < 3; ++round) {
      for (int i = 0; i < 30; ++i) ASSERT_TRUE(load.store_next(*store));
      ASSERT_TRUE(store->checkpoint().ok());
    }
  }
  const auto states = names_in(folder.string(), "state-");
  ASSERT_EQ(states.size(), 2u);
  write_bytes(folder / states.front(), "");
  for_flips(folder, states.back(), [&](const absl::StatusOr<std::unique_ptr<Store>>& opened) {
    ASSERT_EQ(opened.status().code(), absl::StatusCode::kDataLoss);
    for (const std::string& state : states) {
      EXPECT_THAT(std::string(opened.status().message()),
                  ::testing::HasSubstr(state + ": offset "));
    }
  });
  fs::remove(folder / states.back());
  EXPECT_FALSE(open(folder).ok());
}

// The machine's disk until the n-th call that changes it: that one and all after it fail, as if the
// process had died there.
class DyingDisk : public Disk {
 public:
  std::size_t calls_left = SIZE_MAX;
  std::size_t calls = 0;

  int open(const std::string& path, int flags) override { return disk_.open(path, flags); }
  int close(int file) override { return disk_.close(file); }
  ssize_t pread(int file, char* to, std::size_t count, std::uint64_t offset) override {
    return disk_.pread(file, to, count, offset);
  }
  ssize_t write(int file, const char* from, std::size_t count) override {
    return dies() ? -1 : disk_.write(file, from, count);
  }
  ssize_t pwrite(int file, const char* from, std::size_t count, std::uint64_t offset) override {
    return dies() ? -1 : disk_.pwrite(file, from, count, offset);
  }
  int fdatasync(int file) override { return dies() ? -1 : disk_.fdatasync(file); }
  int fsync(int file) override { return dies() ? -1 : disk_.fsync(file); }
  int sync_file_range(int file, std::uint64_t offset, std::uint64_t bytes) override {
    return dies() ? -1 : disk_.sync_file_range(file, offset, bytes);
  }
  int ftruncate(int file, std::uint64_t bytes) override {
    return dies() ? -1 : disk_.ftruncate(file, bytes);
  }
  int flock(int file) override { return disk_.flock(file); }
  std::int64_t size(int file) override { return disk_.size(file); }
  int mkdir(const std::string& path) override { return dies() ? -1 : disk_.mkdir(path); }
  int rename(const std::string& from, const std::string& to) override {
    return dies() ? -1 : disk_.rename(from, to);
  }
  int link(const std::string& from, const std::string& to) override {
    return dies() ? -1 : disk_.link(from, to);
  }
  int unlink(const std::string& path) override { return dies() ? -1 : disk_.unlink(path); }
  int list(const std::string& folder, std::vector<std::string>& names) override {
    return disk_.list(folder, names);
  }

 private:
  bool dies() {
    ++calls;
    errno = EIO;
    if (calls_left == 0) return true;
    --calls_left;
    return false;
  }
  Disk& disk_ = system_disk();
};

TEST(CheckpointCrash, BetweenAnyTwoStepsNothingIsLost) {
  const TemporaryFolder base;
  const TemporaryFolder* const folder = &base;
  std::vector<std::string> stored;
  {
    RandomLoad load(5);
    const auto store = open(base).value();
    for (int round = 0; round < 3; ++round) {
      for (int i = 0; i < 25; ++i) ASSERT_TRUE(load.store_next(*store));
      if (round < 2) {
        ASSERT_TRUE(store->checkpoint().ok());
      }
    }
    stored = dump(*store->snapshot());
  }
  const std::string copy = folder->string() + "-copy";
  std::size_t steps = 0;
  for (bool finished = false; !finished; ++steps) {
    fs::remove_all(copy);
    fs::copy(folder->string(), copy, fs::copy_options::recursive);
    DyingDisk disk;
    StoreOptions options = in_folder(copy);
    options.disk = &disk;
    {
      const auto store = Store::open(options).value();
      disk.calls_left = steps;
      finished = store->checkpoint().ok();
      disk.calls_left = 0;
    }
    const auto store = Store::open(in_folder(copy)).value();
    ASSERT_EQ(dump(*store->snapshot()), stored) << "after step " << steps;
    ASSERT_TRUE(store->recovery().damaged.empty()) << "after step " << steps;
    ASSERT_TRUE(store->checkpoint().ok());
  }
  EXPECT_GT(steps, 15u);
  fs::remove_all(copy);
}

TEST(CheckpointCrash, AFailedOneIsReportedAndWritingGoesOn) {
  const TemporaryFolder folder;
  DyingDisk disk;
  StoreOptions options = in_folder(folder.string());
  options.disk = &disk;
  const auto store = Store::open(options).value();
  ASSERT_TRUE(store->append(BatchOf().event(1, "Mine", "c").batch).ok());
  disk.calls_left = 5;
  EXPECT_EQ(store->checkpoint().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(store->facts().checkpoint_status.code(), absl::StatusCode::kUnavailable);
  disk.calls_left = SIZE_MAX;
  ASSERT_TRUE(store->append(BatchOf().event(2, "Mine", "c").batch).ok());
  EXPECT_TRUE(store->checkpoint().ok());
  EXPECT_TRUE(store->facts().checkpoint_status.ok());
}

TEST(CheckpointThreads, WhatIsAcknowledgedWhileTheyAreWrittenIsThere) {
  const TemporaryFolder folder;
  std::atomic<int> acknowledged{0};
  {
    StoreOptions options = in_folder(folder.string());
    options.checkpoint_log_bytes = 10'000;
    const auto store = Store::open(options).value();
    std::vector<std::thread> writers;
    for (int w = 0; w < 3; ++w) {
      writers.emplace_back([&, w] {
        for (int i = 0; i < 200; ++i) {
          BatchOf rows;
          const std::string name = std::to_string(w) + "-" + std::to_string(i);
          rows.event(i, "Mine", "c" + name).id(("m" + name).c_str()).with("category", name.c_str());
          rows.traits(i, "c" + std::to_string(i % 50)).with("age", std::int64_t{i});
          ASSERT_TRUE(store->append(rows.batch).ok());
          ++acknowledged;
        }
      });
    }
    std::thread asker([&] {
      while (acknowledged < 600) ASSERT_TRUE(store->checkpoint().ok());
    });
    for (std::thread& writer : writers) writer.join();
    asker.join();
    EXPECT_GT(store->facts().checkpoints, 1u);
  }
  const auto store = open(folder).value();
  EXPECT_EQ(store->snapshot()->rows(), 600u);
  EXPECT_EQ(store->facts().message_ids, 600u);
  EXPECT_EQ(store->append(BatchOf().event(1, "Mine", "c").id("m2-199").batch)->duplicates, 1u);
}

}  // namespace
}  // namespace grapevine
