// Every truncation of a log's last 64 KiB and every flipped bit of its last 4 KiB: what is replayed
// is an exact prefix, or the log is refused, naming file and offset.

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/log/format.hpp"
#include "storage/log/log_reader.hpp"
#include "tests/storage/disk/simulated_disk.hpp"
#include "tests/torture.hpp"

namespace grapevine {
namespace {

using grapevine::testing::rounds;
using grapevine::testing::SimulatedDisk;
using ::testing::HasSubstr;

struct Written {
  std::size_t offset = 0;     // Where the record begins.
  std::uint64_t durable = 0;  // What it knew to be on the disk.
  std::string payload;
};

// A log of one file, some 72 KiB: records of 1 to 700 bytes, 1 to 6 of them a sync.
class DamagedLog {
 public:
  explicit DamagedLog(std::uint64_t seed) : random_(seed) {
    disk_.mkdir("/data");
    LogOptions options;
    const auto log =
        Log::open(disk_, "/data", options, [](auto&&...) { return absl::OkStatus(); }).value();
    std::uint64_t durable = 0;
    std::size_t offset = LogFileHeader::kBytes;
    while (offset < (72u << 10)) {
      for (std::size_t together = 1 + random_() % 6; together > 0; --together) {
        std::string payload(1 + random_() % (random_() % 4 == 0 ? 700 : 100), '\0');
        for (char& byte : payload) byte = static_cast<char>(random_());
        log->add(RecordType::Batch, log->last_sequence() + 1, payload);
        written_.push_back({offset, durable, payload});
        offset += RecordHeader::kBytes + payload.size();
      }
      EXPECT_TRUE(log->commit().ok());
      durable = log->last_sequence();
    }
    EXPECT_EQ(bytes().size(), offset);
  }

  std::string& bytes() { return disk_.bytes(kPath); }
  const std::vector<Written>& written() const { return written_; }

  // How many records are replayed, each compared with what was written.
  absl::StatusOr<std::size_t> replay() {
    std::size_t records = 0;
    const Log::Replay compare = [&](RecordType, std::uint64_t sequence, std::string_view payload) {
      EXPECT_EQ(sequence, records + 1);
      EXPECT_EQ(payload, written_.at(records).payload);
      ++records;
      return absl::OkStatus();
    };
    const auto contents = read_log(disk_, "/data", {}, compare);
    if (!contents.ok()) return contents.status();
    return records;
  }

  static constexpr const char* kPath = "/data/log-000000000001";

 private:
  std::mt19937_64 random_;
  SimulatedDisk disk_;
  std::vector<Written> written_;
};

class LogDamage : public ::testing::TestWithParam<int> {};

TEST_P(LogDamage, EveryTruncationLeavesExactlyTheWholeRecords) {
  DamagedLog log(static_cast<std::uint64_t>(GetParam()));
  std::size_t whole = log.written().size();
  const std::size_t size = log.bytes().size();
  for (std::size_t cut = 0; cut <= (64u << 10); ++cut) {
    log.bytes().resize(size - cut);
    // The last record is whole up to the cut, the one that begins before it and ends behind is not.
    while (cut > 0 && whole > 0 &&
           log.written()[whole - 1].offset + RecordHeader::kBytes +
                   log.written()[whole - 1].payload.size() >
               size - cut) {
      --whole;
    }
    const auto replayed = log.replay();
    ASSERT_TRUE(replayed.ok()) << replayed.status();
    ASSERT_EQ(*replayed, whole) << "cut to " << size - cut;
  }
}

TEST_P(LogDamage, EveryFlippedBitIsAShorterLogOrARefusal) {
  DamagedLog log(static_cast<std::uint64_t>(GetParam()));
  const std::size_t size = log.bytes().size();
  std::size_t refused = 0;
  std::size_t accepted = 0;
  for (std::size_t bit = 8 * (size - (4u << 10)); bit < 8 * size; ++bit) {
    const auto after = std::upper_bound(
        log.written().begin(), log.written().end(), bit / 8,
        [](std::size_t offset, const Written& record) { return offset < record.offset; });
    const auto damaged = static_cast<std::size_t>(after - log.written().begin()) - 1;
    const bool promised = std::any_of(after, log.written().end(), [&](const Written& record) {
      return record.durable >= damaged + 1;
    });
    char& byte = log.bytes()[bit / 8];
    byte = static_cast<char>(byte ^ (1 << bit % 8));
    const auto replayed = log.replay();
    byte = static_cast<char>(byte ^ (1 << bit % 8));
    if (promised) {
      ASSERT_EQ(replayed.status().code(), absl::StatusCode::kDataLoss) << bit;
      ASSERT_THAT(std::string(replayed.status().message()),
                  HasSubstr(std::string(DamagedLog::kPath) + ": offset " +
                            std::to_string(log.written()[damaged].offset)));
      ++refused;
    } else {
      ASSERT_TRUE(replayed.ok()) << bit << ' ' << replayed.status();
      ASSERT_EQ(*replayed, damaged) << bit;
      ++accepted;
    }
  }
  EXPECT_GT(refused, 8 * 1000u);  // What the last two syncs wrote may be a torn tail.
  EXPECT_GT(accepted, 0u);
}

INSTANTIATE_TEST_SUITE_P(Logs, LogDamage, ::testing::Range(1, 1 + rounds(1)));

}  // namespace
}  // namespace grapevine
