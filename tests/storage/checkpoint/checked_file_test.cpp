#include "storage/checkpoint/checked_file.hpp"

#include <cerrno>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/checkpoint/fields.hpp"
#include "storage/checkpoint/manifest.hpp"
#include "tests/storage/checkpoint/temporary_folder.hpp"
#include "tests/storage/disk/simulated_disk.hpp"

namespace grapevine {
namespace {

using grapevine::testing::DiskCall;
using grapevine::testing::Fault;
using grapevine::testing::read_bytes;
using grapevine::testing::SimulatedDisk;
using grapevine::testing::TemporaryFolder;
using grapevine::testing::write_bytes;

const CheckedName kName{CheckedKind::State, {1, 2, 3}, 7};

FileSeal write_two_sections(const std::string& path, const std::vector<std::uint64_t>& numbers) {
  CheckedWriter file = CheckedWriter::create(system_disk(), path, kName).value();
  FieldWriter out(file);
  out.section("numbers", 1);
  out(numbers, std::string("text"), std::uint8_t{9});
  out.section("empty", 2);
  return file.finish().value();
}

absl::Status read_two_sections(const std::string& path, std::vector<std::uint64_t>& numbers,
                               const CheckedName& name = kName) {
  auto file = CheckedReader::open(system_disk(), path, name);
  if (!file.ok()) return file.status();
  FieldReader in(*file);
  std::string text;
  std::uint8_t last = 0;
  in.section("numbers", 1);
  in(numbers, text, last);
  in.require(text == "text" && last == 9, "other values");
  in.section("empty", 2);
  return file->finish().status();
}

TEST(CheckedFile, ReadsBackWhatWasWrittenOverChunks) {
  const TemporaryFolder folder;
  const std::string path = folder / "f";
  for (const std::size_t count : {0u, 1u, 32'768u, 32'767u, 100'000u}) {
    std::vector<std::uint64_t> numbers(count);
    for (std::size_t i = 0; i < count; ++i) numbers[i] = i * i;
    const FileSeal seal = write_two_sections(path, numbers);
    std::vector<std::uint64_t> read;
    ASSERT_EQ(read_two_sections(path, read), absl::OkStatus());
    EXPECT_EQ(read, numbers);
    EXPECT_EQ(verify_file(system_disk(), path, kName, seal), absl::OkStatus());
    EXPECT_FALSE(verify_file(system_disk(), path, kName, {seal.bytes, seal.checksum + 1}).ok());
    std::filesystem::remove(path);
  }
}

TEST(CheckedFile, EveryFlippedBitAndEveryTruncationIsFound) {
  const TemporaryFolder folder;
  const std::string path = folder / "f";
  write_two_sections(path, {1, 2, 3, 4, 5});
  const std::string whole = read_bytes(path);
  std::vector<std::uint64_t> read;
  for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    std::string flipped = whole;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    write_bytes(path, flipped);
    const absl::Status status = read_two_sections(path, read);
    ASSERT_EQ(status.code(), absl::StatusCode::kDataLoss) << bit;
    ASSERT_THAT(std::string(status.message()), ::testing::HasSubstr(path + ": offset ")) << bit;
  }
  for (std::size_t length = 0; length < whole.size(); ++length) {
    write_bytes(path, whole.substr(0, length));
    ASSERT_FALSE(read_two_sections(path, read).ok()) << length;
  }
  write_bytes(path, whole + "x");
  EXPECT_FALSE(read_two_sections(path, read).ok());
}

TEST(CheckedFile, OneIsNotTakenForAnother) {
  const TemporaryFolder folder;
  const std::string path = folder / "f";
  write_two_sections(path, {});
  std::vector<std::uint64_t> read;
  EXPECT_TRUE(read_two_sections(path, read).ok());
  EXPECT_FALSE(read_two_sections(path, read, {CheckedKind::State, {1, 2, 3}, 8}).ok());
  EXPECT_FALSE(read_two_sections(path, read, {CheckedKind::State, {1, 2, 4}, 7}).ok());
  EXPECT_FALSE(read_two_sections(path, read, {CheckedKind::Part, {1, 2, 3}, 7}).ok());
}

TEST(CheckedFile, NoCountTakesMemoryThatTheFileDoesNotHave) {
  const TemporaryFolder folder;
  const std::string path = folder / "f";
  {
    CheckedWriter file = CheckedWriter::create(system_disk(), path, kName).value();
    FieldWriter out(file);
    out.section("numbers", 1);
    out(std::uint64_t{1} << 60);
    ASSERT_TRUE(file.finish().ok());
  }
  std::vector<std::uint64_t> read;
  EXPECT_EQ(read_two_sections(path, read).code(), absl::StatusCode::kDataLoss);
  EXPECT_TRUE(read.empty());
}

// A file of 5 MiB, so that it is written out on the way.
absl::StatusOr<FileSeal> write_much(Disk& disk) {
  auto file = CheckedWriter::create(disk, "/f", kName);
  if (!file.ok()) return file.status();
  FieldWriter out(*file);
  out.section("numbers", 1);
  out(std::vector<std::uint64_t>(5u << 17, 7));
  return file->finish();
}

TEST(CheckedFile, MuchIsWrittenOutOnTheWayAndDurableByTheSyncAtItsEnd) {
  SimulatedDisk disk;
  std::size_t written_out = 0;
  std::size_t syncs = 0;
  disk.fault = [&](DiskCall call, std::size_t) {
    written_out += call == DiskCall::WriteOut ? 1 : 0;
    syncs += call == DiskCall::SyncFile ? 1 : 0;
    return Fault();
  };
  const FileSeal seal = write_much(disk).value();
  EXPECT_GE(written_out, 4u);
  EXPECT_EQ(syncs, 1u);
  const File folder = File::open(disk, "/", 0).value();
  ASSERT_TRUE(folder.sync_folder().ok());
  disk.cut_power_at(disk.calls());
  std::mt19937_64 random(1);
  disk.restart(random);
  EXPECT_EQ(verify_file(disk, "/f", kName, seal), absl::OkStatus());
}

// What failed to reach the disk is reported by that call, and by no later one.
TEST(CheckedFile, WhatCannotBeWrittenOutIsAFailure) {
  for (const int error : {EIO, ENOSPC, EINTR}) {
    SimulatedDisk disk;
    bool failed = false;
    disk.fault = [&](DiskCall call, std::size_t) {
      const bool fails = call == DiskCall::WriteOut && !std::exchange(failed, true);
      return fails ? Fault{error} : Fault();
    };
    const auto seal = write_much(disk);
    ASSERT_EQ(seal.status().code(), absl::StatusCode::kUnavailable);
    EXPECT_THAT(std::string(seal.status().message()),
                ::testing::HasSubstr("sync_file_range failed: /f"));
  }
}

TEST(CheckedFile, ASystemThatCannotWriteOutIsNoFailure) {
  for (const int error : {ENOSYS, ESPIPE, EINVAL}) {
    SimulatedDisk disk;
    disk.fault = [error](DiskCall call, std::size_t) {
      return call == DiskCall::WriteOut ? Fault{error} : Fault();
    };
    const auto seal = write_much(disk);
    ASSERT_EQ(seal.status(), absl::OkStatus());
    EXPECT_EQ(verify_file(disk, "/f", kName, *seal), absl::OkStatus());
  }
}

}  // namespace
}  // namespace grapevine
