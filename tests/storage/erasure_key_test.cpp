#include "storage/erasure_key.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/disk/folder.hpp"
#include "storage/store.hpp"
#include "tests/storage/batches.hpp"
#include "tests/storage/disk/simulated_disk.hpp"

namespace grapevine {
namespace {

using grapevine::testing::BatchOf;
using grapevine::testing::SimulatedDisk;
using ::testing::HasSubstr;

const std::string kKey = "/data/" + std::string(kErasureKeyFile);

absl::StatusOr<std::unique_ptr<Store>> open(SimulatedDisk& disk, bool salvage = false) {
  StoreOptions options;
  options.folder = "/data";
  options.disk = &disk;
  options.purge_erased = false;  // It writes checkpoints of its own.
  options.salvage = salvage;
  return Store::open(options);
}

// Takes the key away from a store that has something.
void expect_lost(SimulatedDisk& disk) {
  ASSERT_TRUE(remove_file(disk, kKey).ok());
  const auto names = disk.names("/data");
  const absl::Status refused = open(disk).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(refused.message()), HasSubstr(kKey + ": "));
  EXPECT_EQ(disk.names("/data"), names);  // Nothing was made or cut.
  EXPECT_EQ(open(disk, true).status(), absl::OkStatus());
  EXPECT_EQ(disk.bytes(kKey).size(), 36u);
  EXPECT_EQ(open(disk).status(), absl::OkStatus());
}

TEST(ErasureKey, IsMadeOnceAndKept) {
  SimulatedDisk disk;
  ASSERT_TRUE(open(disk).ok());
  const std::string key = disk.bytes(kKey);
  EXPECT_EQ(key.size(), 36u);
  ASSERT_TRUE(open(disk).ok());
  EXPECT_EQ(disk.bytes(kKey), key);
}

TEST(ErasureKey, ALostOneOfALogWithRecordsIsRefused) {
  SimulatedDisk disk;
  {
    const auto store = open(disk).value();
    ASSERT_TRUE(store->append(BatchOf().event(1, "Mine", "c").batch).ok());
    ASSERT_TRUE(store->erase("c", 1000).ok());
  }
  expect_lost(disk);
}

TEST(ErasureKey, ALostOneOfACheckpointIsRefused) {
  SimulatedDisk disk;
  {
    const auto store = open(disk).value();
    ASSERT_TRUE(store->append(BatchOf().event(1, "Mine", "c").batch).ok());
    ASSERT_TRUE(store->checkpoint().ok());
    ASSERT_TRUE(store->checkpoint().ok());
  }
  for (const std::string& name : disk.names("/data")) {
    if (!name.starts_with("log-")) continue;
    ASSERT_TRUE(remove_file(disk, "/data/" + name).ok());
  }
  expect_lost(disk);
}

// No record: nobody can have been erased.
TEST(ErasureKey, ALogWithoutRecordsGetsANewOne) {
  SimulatedDisk disk;
  ASSERT_TRUE(open(disk).ok());
  ASSERT_TRUE(remove_file(disk, kKey).ok());
  EXPECT_EQ(open(disk).status(), absl::OkStatus());
  EXPECT_EQ(disk.bytes(kKey).size(), 36u);
}

TEST(ErasureKey, WhatIsNoKeyIsRefusedInASalvageToo) {
  SimulatedDisk disk;
  ASSERT_TRUE(open(disk).ok());
  disk.put(kKey, "short");
  EXPECT_EQ(open(disk).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(open(disk, true).status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace grapevine
