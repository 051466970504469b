#include <algorithm>
#include <cerrno>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/disk/folder.hpp"
#include "storage/log/format.hpp"
#include "storage/log/log_reader.hpp"
#include "tests/storage/disk/simulated_disk.hpp"
#include "tests/torture.hpp"

namespace grapevine {
namespace {

using grapevine::testing::DiskCall;
using grapevine::testing::Fault;
using grapevine::testing::rounds;
using grapevine::testing::SimulatedDisk;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using Sequences = std::set<std::uint64_t>;

constexpr std::uint64_t kRecords = 40;

// Where a record was written.
struct Place {
  std::string path;
  std::size_t begin = 0;
  std::size_t end = 0;
};

// A log of 40 records in some five files, to be damaged and salvaged.
class Salvage : public ::testing::Test {
 protected:
  void SetUp() override {
    options_.file_bytes = 500;
    disk_ = std::make_unique<SimulatedDisk>();
    write(*disk_);
  }

  void write(SimulatedDisk& disk) {
    ASSERT_TRUE(make_folder(disk, "/data").ok());
    const auto log =
        Log::open(disk, "/data", options_, [](auto&&...) { return absl::OkStatus(); }).value();
    for (std::uint64_t i = 1; i <= kRecords; ++i) {
      log->add(RecordType::Batch, i, payload(i));
      ASSERT_TRUE(log->commit().ok());
    }
    std::uint64_t sequence = 1;
    for (const std::string& name : disk.names("/data")) {
      const std::string path = "/data/" + name;
      for (std::size_t at = LogFileHeader::kBytes; at < disk.bytes(path).size(); ++sequence) {
        const std::size_t end = at + RecordHeader::kBytes + payload(sequence).size();
        places_[sequence] = {path, at, end};
        at = end;
      }
    }
    ASSERT_EQ(sequence, kRecords + 1);
  }

  static std::string payload(std::uint64_t sequence) {
    return "record " + std::to_string(sequence) + std::string(sequence * 7 % 40, 'x');
  }

  absl::StatusOr<std::unique_ptr<Log>> open(SimulatedDisk& disk, bool salvage) {
    LogOptions options = options_;
    options.salvage = salvage;
    replayed_.clear();
    return Log::open(disk, "/data", options,
                     [this](RecordType, std::uint64_t sequence, std::string_view found) {
                       if (sequence == unreadable_) return absl::DataLossError("not a batch");
                       EXPECT_EQ(found, payload(sequence));
                       EXPECT_TRUE(replayed_.empty() || *replayed_.rbegin() < sequence);
                       replayed_.insert(sequence);
                       return absl::OkStatus();
                     });
  }

  // Salvages, expects that `lost` and nothing else is lost, and that the log is sound then.
  void expect_lost(const Sequences& lost) {
    EXPECT_EQ(open(*disk_, false).status().code(), absl::StatusCode::kDataLoss);
    {
      const auto log = open(*disk_, true);
      ASSERT_TRUE(log.ok()) << log.status();
      losses_ = (*log)->recovery().losses;
      EXPECT_THAT(losses_, Not(IsEmpty()));
      EXPECT_EQ(replayed_, all_but(lost));
    }
    expect_sound(*disk_, lost);
  }

  void expect_sound(SimulatedDisk& disk, const Sequences& lost) {
    unreadable_ = 0;
    std::uint64_t next = 0;
    {
      const auto log = open(disk, false);
      ASSERT_TRUE(log.ok()) << log.status();
      EXPECT_EQ(replayed_, all_but(lost));
      next = (*log)->last_sequence() + 1;
      (*log)->add(RecordType::Batch, next, payload(next));
      ASSERT_TRUE((*log)->commit().ok());
    }
    ASSERT_TRUE(open(disk, false).ok());
    EXPECT_THAT(replayed_, Contains(next));
  }

  static Sequences all_but(const Sequences& lost) {
    Sequences kept;
    for (std::uint64_t i = 1; i <= kRecords; ++i) {
      if (!lost.contains(i)) kept.insert(i);
    }
    return kept;
  }
  static std::string path(std::uint64_t number) { return "/data/" + log_file_name(number); }
  Sequences records_of(const std::string& file) const {
    Sequences records;
    for (const auto& [sequence, place] : places_) {
      if (place.path == file) records.insert(sequence);
    }
    return records;
  }
  char& byte_of(std::uint64_t sequence, std::size_t at) {
    return disk_->bytes(places_.at(sequence).path)[places_.at(sequence).begin + at];
  }

  LogOptions options_;
  std::unique_ptr<SimulatedDisk> disk_;
  std::map<std::uint64_t, Place> places_;
  Sequences replayed_;
  std::vector<LogLoss> losses_;
  std::uint64_t unreadable_ = 0;
};

TEST_F(Salvage, SkipsADamagedRecordAndSaysWhichOne) {
  const Place place = places_.at(13);
  const std::string before = disk_->bytes(place.path);
  byte_of(13, 30) ^= 1;
  const std::string damaged = disk_->bytes(place.path);
  expect_lost({13});
  ASSERT_THAT(losses_, SizeIs(1));
  EXPECT_EQ(losses_[0].path, place.path);
  EXPECT_EQ(losses_[0].offset, place.begin);
  EXPECT_EQ(losses_[0].bytes, place.end - place.begin);
  EXPECT_EQ(losses_[0].first_sequence, 13u);
  EXPECT_EQ(losses_[0].last_sequence, 13u);
  EXPECT_EQ(disk_->bytes(place.path + ".damaged"), damaged);
}

TEST_F(Salvage, ChangesNothingInASoundLog) {
  const auto before = disk_->names("/data");
  const auto log = open(*disk_, true).value();
  EXPECT_THAT(log->recovery().losses, IsEmpty());
  EXPECT_EQ(disk_->names("/data"), before);
  EXPECT_EQ(replayed_, all_but({}));
}

TEST_F(Salvage, FindsRecordsBehindEachOfSeveralDamages) {
  byte_of(3, 5) ^= 1;    // The length.
  byte_of(14, 10) ^= 1;  // The sequence.
  byte_of(15, 0) ^= 1;   // The checksum.
  byte_of(kRecords - 3, 40) ^= 1;
  expect_lost({3, 14, 15, kRecords - 3});
  EXPECT_THAT(losses_, SizeIs(3));
}

TEST_F(Salvage, ReadsAFileWithoutItsHeader) {
  for (const std::uint64_t number : {1, 2, 3}) {
    disk_->bytes(path(number)).replace(0, LogFileHeader::kBytes, LogFileHeader::kBytes, '\0');
  }
  expect_lost({});
}

TEST_F(Salvage, GoesOnWithoutAFile) {
  for (const std::uint64_t missing : {1, 3}) {
    SetUp();
    const Sequences lost = records_of(path(missing));
    ASSERT_EQ(disk_->unlink(path(missing)), 0);
    expect_lost(lost);
    ASSERT_THAT(losses_, SizeIs(1));
    EXPECT_EQ(losses_[0].path, path(missing + 1));
    EXPECT_EQ(losses_[0].bytes, 0u);
    EXPECT_EQ(losses_[0].first_sequence, *lost.begin());
    EXPECT_EQ(losses_[0].last_sequence, *lost.rbegin());
  }
}

TEST_F(Salvage, ATruncatedFileLosesItsEnd) {
  Sequences lost = records_of(path(2));
  lost.erase(lost.begin());
  disk_->bytes(path(2)).resize(places_.at(*lost.begin()).begin + 7);
  // At a record's end there is no damage to be seen but in the next file.
  const std::uint64_t last = *records_of(path(3)).rbegin();
  disk_->bytes(path(3)).resize(places_.at(last).begin);
  lost.insert(last);
  expect_lost(lost);
}

TEST_F(Salvage, SkipsARecordThatIsNoBatch) {
  unreadable_ = 9;
  expect_lost({9});
}

// Found by the fuzzer of the log.
TEST_F(Salvage, SkipsARecordThatIsNoBatchBehindADamagedOne) {
  unreadable_ = 9;
  byte_of(8, 30) ^= 1;
  expect_lost({8, 9});
  EXPECT_THAT(losses_, SizeIs(2));
}

TEST_F(Salvage, SetsAnothersFileAside) {
  SimulatedDisk other;
  write(other);
  disk_->bytes(path(2)) = other.bytes(path(2));
  expect_lost(records_of(path(2)));
  EXPECT_THAT(disk_->names("/data"), Contains(log_file_name(2) + ".damaged"));
}

// Whatever is damaged: a record that was not touched, in a file whose header was not, is replayed;
// what is replayed is what was written; the log is sound then. An error of any file call on the
// way leaves a log that can be salvaged again.
TEST_F(Salvage, KeepsEverythingThatWasNotTouched) {
  for (int round = 0; round < rounds(300); ++round) {
    std::mt19937_64 random(static_cast<std::uint64_t>(round));
    SimulatedDisk disk;
    write(disk);
    Sequences lost;
    for (std::size_t damages = 1 + random() % 4; damages > 0; --damages) {
      const std::string file = path(1 + random() % 5);
      std::string bytes = disk.bytes(file);
      const std::size_t begin = LogFileHeader::kBytes + random() % (bytes.size() - 48);
      const std::size_t end = std::min<std::size_t>(bytes.size(), begin + 1 + random() % 90);
      for (std::size_t i = begin; i < end; ++i) bytes[i] = static_cast<char>(random());
      disk.put(file, bytes);
    }
    SCOPED_TRACE("seed " + std::to_string(round));
    for (const auto& [sequence, place] : places_) {
      const std::string found = disk.bytes(place.path).substr(place.begin, place.end - place.begin);
      if (!found.ends_with(payload(sequence)) ||
          !decode_record(found, LogFileHeader::decode(disk.bytes(place.path))->checksum_seed())) {
        lost.insert(sequence);
      }
    }
    if (round % 2 == 1) {
      const std::size_t failing = disk.calls() + random() % 90;
      disk.fault = [failing](DiskCall, std::size_t number) {
        return Fault{number == failing ? EIO : 0};
      };
      const absl::Status status = open(disk, true).status();
      EXPECT_TRUE(status.ok() || absl::IsUnavailable(status)) << status;
      disk.fault = nullptr;
      if (random() % 2 == 0) {
        disk.cut_power_at(disk.calls());
        disk.restart(random);
      }
    }
    const auto log = open(disk, true);
    ASSERT_TRUE(log.ok()) << log.status();
    // At the log's end damage is a torn tail, and its sequences come again.
    EXPECT_EQ(replayed_, all_but(lost));
    ASSERT_TRUE(open(disk, false).ok());
    EXPECT_EQ(replayed_, all_but(lost));
    ASSERT_FALSE(HasFailure());
  }
}

}  // namespace
}  // namespace grapevine
