#include "storage/log/log.hpp"

#include <cerrno>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/log/log_reader.hpp"
#include "tests/storage/disk/simulated_disk.hpp"

namespace grapevine {
namespace {

using grapevine::testing::DiskCall;
using grapevine::testing::SimulatedDisk;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Sequences = std::vector<std::uint64_t>;

constexpr std::size_t kFileBytes = 400;

class LogOnDisk : public ::testing::Test {
 protected:
  LogOnDisk() { disk_.mkdir("/data"); }

  // Opens the log; what was replayed is in `replayed_`.
  absl::StatusOr<std::unique_ptr<Log>> open(std::uint64_t first_needed = 1) {
    options_.file_bytes = kFileBytes;
    options_.first_needed = first_needed;
    replayed_.clear();
    return Log::open(disk_, "/data", options_,
                     [this](RecordType, std::uint64_t sequence, std::string_view payload) {
                       EXPECT_EQ(payload, "record " + std::to_string(sequence));
                       replayed_.push_back(sequence);
                       return absl::OkStatus();
                     });
  }
  static void append(Log& log, int records) {
    for (int i = 0; i < records; ++i) {
      const std::uint64_t sequence = log.last_sequence() + 1;
      log.add(RecordType::Batch, sequence, "record " + std::to_string(sequence));
      ASSERT_TRUE(log.commit().ok());
    }
  }
  static Sequences range(std::uint64_t first, std::uint64_t last) {
    Sequences sequences;
    for (; first <= last; ++first) sequences.push_back(first);
    return sequences;
  }
  std::string path(std::uint64_t number) const { return "/data/" + log_file_name(number); }

  SimulatedDisk disk_;
  LogOptions options_;
  Sequences replayed_;
};

// A file holds 11 records here: 48 bytes of header, then 33 or 34 bytes each, until 400 are there.
TEST_F(LogOnDisk, IsCutOnlyBehindWholeFiles) {
  const auto log = open().value();
  append(*log, 50);
  const std::size_t files = disk_.names("/data").size();
  ASSERT_GE(files, 4u);
  const std::uint64_t bytes = log->bytes();
  ASSERT_TRUE(log->cut(10).ok());
  EXPECT_EQ(disk_.names("/data").size(), files);
  ASSERT_TRUE(log->cut(11).ok());
  EXPECT_EQ(disk_.names("/data").size(), files - 1);
  EXPECT_LT(log->bytes(), bytes);
  ASSERT_TRUE(log->cut(1'000'000).ok());
  EXPECT_EQ(disk_.names("/data").size(), 1u);  // The one that is written.
  append(*log, 1);
}

TEST_F(LogOnDisk, CanBeCutBehindWhatWasCommitted) {
  const auto log = open().value();
  append(*log, 3);
  ASSERT_TRUE(log->begin_next_file().ok());
  ASSERT_TRUE(log->begin_next_file().ok());  // There is nothing in it yet.
  EXPECT_THAT(disk_.names("/data"), ElementsAre(log_file_name(1), log_file_name(2)));
  append(*log, 2);
  ASSERT_TRUE(log->cut(3).ok());
  EXPECT_THAT(disk_.names("/data"), ElementsAre(log_file_name(2)));
  EXPECT_TRUE(open(4).ok());
  EXPECT_EQ(replayed_, range(4, 5));
}

TEST_F(LogOnDisk, ReplaysFromWhatIsNeeded) {
  {
    const auto log = open().value();
    append(*log, 50);
    ASSERT_TRUE(log->cut(20).ok());
  }
  {
    const auto log = open(21).value();
    EXPECT_EQ(replayed_, range(21, 50));
    EXPECT_EQ(log->recovery().records, 30u);
    append(*log, 3);
  }
  const auto log = open(40).value();
  EXPECT_EQ(replayed_, range(40, 53));
  // Files that were not read are cut like the others.
  ASSERT_TRUE(log->cut(53).ok());
  EXPECT_EQ(disk_.names("/data").size(), 1u);
}

TEST_F(LogOnDisk, RefusesAGapInWhatIsNeeded) {
  {
    const auto log = open().value();
    append(*log, 50);
    ASSERT_TRUE(log->cut(20).ok());
  }
  for (const std::uint64_t first_needed : {1, 11}) {
    const auto log = open(first_needed);
    EXPECT_EQ(log.status().code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(std::string(log.status().message()), HasSubstr(path(2) + ": offset 0"));
    EXPECT_THAT(replayed_, ElementsAre());
  }
}

// A crash may undo any of the removals, not only the last ones.
TEST_F(LogOnDisk, GapsBeforeWhatIsNeededDoNotMatter) {
  append(*open().value(), 50);
  ASSERT_EQ(disk_.unlink(path(2)), 0);
  EXPECT_EQ(open(5).status().code(), absl::StatusCode::kDataLoss);
  const auto log = open(30);
  ASSERT_TRUE(log.ok()) << log.status();
  EXPECT_EQ(replayed_, range(30, 50));
  ASSERT_TRUE((*log)->cut(29).ok());
  EXPECT_THAT(disk_.names("/data"), ::testing::Not(::testing::Contains(log_file_name(1))));
}

TEST_F(LogOnDisk, GoesOnBehindACheckpointThatHasMore) {
  append(*open().value(), 5);
  {
    const auto log = open(21).value();
    EXPECT_THAT(replayed_, ElementsAre());
    EXPECT_EQ(log->last_sequence(), 20u);
    append(*log, 5);
  }
  EXPECT_TRUE(open(21).ok());
  EXPECT_EQ(replayed_, range(21, 25));
  EXPECT_EQ(open(1).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(LogOnDisk, BeginsWhereABackupEnds) {
  options_.store = StoreId{7};
  {
    const auto log = open(21).value();
    EXPECT_EQ(log->store(), StoreId{7});
    append(*log, 5);
  }
  EXPECT_TRUE(open(21).ok());
  options_.store = StoreId{8};
  EXPECT_EQ(open(21).status().code(), absl::StatusCode::kDataLoss);
}

// A checkpoint that covers a record says that it was durable: it cannot be a torn tail.
TEST_F(LogOnDisk, DamageToWhatACheckpointCoversIsNoTornTail) {
  {
    const auto log = open().value();
    for (std::uint64_t i = 1; i <= 4; ++i) {
      log->add(RecordType::Batch, i, "record " + std::to_string(i));
    }
    ASSERT_TRUE(log->commit().ok());  // One sync for all: none says that another is durable.
  }
  disk_.bytes(path(1))[48 + 30] ^= 1;
  EXPECT_EQ(open(3).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_TRUE(open(1).ok());
}

// What the medium holds behind the cut can be whole records of this very file, and come back when
// the file grows over them.
TEST_F(LogOnDisk, BehindATornTailComesANewFile) {
  append(*open().value(), 4);
  disk_.bytes(path(1)).pop_back();
  {
    const auto log = open().value();
    EXPECT_EQ(replayed_, range(1, 3));
    EXPECT_EQ(log->recovery().torn_file, path(1));
    EXPECT_EQ(log->recovery().torn_bytes, 32u);
    EXPECT_THAT(disk_.names("/data"), ElementsAre(log_file_name(1), log_file_name(2)));
    append(*log, 2);
  }
  EXPECT_TRUE(open().ok());
  EXPECT_EQ(replayed_, range(1, 5));
}

TEST_F(LogOnDisk, TriesNothingAfterAFailure) {
  for (const DiskCall failing : {DiskCall::Write, DiskCall::SyncFile}) {
    const auto log = open().value();
    disk_.fault = [&](DiskCall call, std::size_t) {
      return grapevine::testing::Fault{call == failing ? EIO : 0};
    };
    log->add(RecordType::Batch, 1, "record 1");
    const absl::Status failed = log->commit();
    EXPECT_EQ(failed.code(), absl::StatusCode::kUnavailable);
    EXPECT_THAT(std::string(failed.message()), HasSubstr(path(1) + ": Input/output error"));
    disk_.fault = nullptr;
    const std::size_t calls = disk_.calls();
    log->add(RecordType::Batch, 2, "record 2");
    EXPECT_EQ(log->commit(), failed);
    EXPECT_EQ(disk_.calls(), calls);
  }
}

TEST_F(LogOnDisk, OtherNamesAreLeftAlone) {
  append(*open().value(), 3);
  disk_.put("/data/log-000000000002.damaged", "x");
  disk_.put("/data/log-2", "x");
  disk_.put("/data/manifest-1", "x");
  EXPECT_TRUE(open().ok());
  EXPECT_EQ(replayed_, range(1, 3));
}

}  // namespace
}  // namespace grapevine
