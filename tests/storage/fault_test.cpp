// Every file call of a fixed course of a store's life fails once, in every way that it can. What
// was acknowledged is there afterwards, what was not is there whole or not at all.

#include <cerrno>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/storage/disk/simulated_disk.hpp"
#include "tests/storage/ledger.hpp"
#include "tests/torture.hpp"

namespace grapevine {
namespace {

using grapevine::testing::DiskCall;
using grapevine::testing::Fault;
using grapevine::testing::Ledger;
using grapevine::testing::rounds;
using grapevine::testing::SimulatedDisk;

constexpr std::size_t kOperations = 12;

// The lives of a store before everything is checked.
struct Course {
  std::vector<std::size_t> operations;  // That it takes in each life.
  bool checkpoints = false;             // Whether each life ends with one.
};
const std::vector<Course> kCourses{{{12, 12, 12}}, {{12, 2}}, {{4, 1}, true}};

StoreOptions options_on(SimulatedDisk& disk) {
  StoreOptions options;
  options.folder = "/srv/data";
  options.disk = &disk;
  options.log_file_bytes = 4000;  // So that files are begun in every life.
  return options;
}

// One life of a store: it opens, unless the disk forbids it, and takes some operations.
bool live(SimulatedDisk& disk, Ledger& ledger, std::size_t operations = kOperations,
          bool checkpoints = false) {
  const auto store = Store::open(options_on(disk));
  if (!store.ok()) {
    EXPECT_EQ(store.status().code(), absl::StatusCode::kUnavailable) << store.status();
    return false;
  }
  ledger.check(**store);
  ledger.send(**store, operations);
  if (checkpoints) (*store)->checkpoint().IgnoreError();
  return true;
}

// Everything is there, can be sent again without being stored twice, and is there the next time.
void expect_whole(SimulatedDisk& disk, Ledger& ledger) {
  {
    const auto store = Store::open(options_on(disk));
    ASSERT_TRUE(store.ok()) << store.status();
    ledger.check(**store);
    ledger.send_again(**store);
    EXPECT_EQ(ledger.acknowledged(), ledger.sent());
    ledger.send(**store, kOperations);
    ledger.check(**store);
  }
  const auto store = Store::open(options_on(disk));
  ASSERT_TRUE(store.ok()) << store.status();
  ledger.check(**store);
}

enum class Kind { OnceEio, OnceEintr, FullFrom, ShortOnce, ShortThenFull };

bool takes_space(DiskCall call) {
  return call == DiskCall::Open || call == DiskCall::Write || call == DiskCall::MakeFolder ||
         call == DiskCall::Rename || call == DiskCall::Link || call == DiskCall::SyncFile;
}

// `hit` says afterwards whether the fault befell any call.
std::function<Fault(DiskCall, std::size_t)> fault_at(Kind kind, std::size_t at, bool& hit) {
  return [kind, at, &hit](DiskCall call, std::size_t number) -> Fault {
    Fault fault;
    if (number < at) return fault;
    const bool moves = call == DiskCall::Read || call == DiskCall::Write;
    hit = true;
    switch (kind) {
      case Kind::OnceEio: fault.error = number == at ? EIO : 0; break;
      case Kind::OnceEintr: fault.error = number == at ? EINTR : 0; break;
      case Kind::FullFrom: fault.error = takes_space(call) ? ENOSPC : 0; break;
      case Kind::ShortOnce:
        if (number == at && moves) fault.bytes_max = 7;
        break;
      case Kind::ShortThenFull:
        if (number == at && moves) fault.bytes_max = 7;
        if (number > at && takes_space(call)) fault.error = ENOSPC;
        break;
    }
    return fault;
  };
}

class EveryFileCall : public ::testing::TestWithParam<std::tuple<Kind, bool>> {};

TEST_P(EveryFileCall, MayFailOnce) {
  const auto [kind, power_fails] = GetParam();
  std::mt19937_64 random(1);
  auto courses = kCourses;
  for (int more = rounds(1); more > 1; --more) {
    courses.push_back({{1 + random() % 20, random() % 20, random() % 20}, random() % 2 == 0});
  }
  for (const Course& course : courses) {
    bool hit = true;
    for (std::size_t at = 0; hit; ++at) {
      SCOPED_TRACE("call " + std::to_string(at));
      SimulatedDisk disk;
      Ledger ledger;
      hit = false;
      disk.fault = fault_at(kind, at, hit);
      for (const std::size_t operations : course.operations) {
        live(disk, ledger, operations, course.checkpoints);
      }
      disk.fault = nullptr;
      if (power_fails) {
        disk.cut_power_at(disk.calls());
        disk.restart(random);
      }
      expect_whole(disk, ledger);
      ASSERT_FALSE(HasFailure());
    }
  }
}

std::string course(const ::testing::TestParamInfo<std::tuple<Kind, bool>>& info) {
  static constexpr const char* kKinds[] = {"OnceEio", "OnceEintr", "FullFrom", "ShortOnce",
                                           "ShortThenFull"};
  const auto& [kind, power_fails] = info.param;
  return std::string(kKinds[static_cast<int>(kind)]) + (power_fails ? "AndPowerFails" : "");
}

INSTANTIATE_TEST_SUITE_P(Faults, EveryFileCall,
                         ::testing::Combine(::testing::Values(Kind::OnceEio, Kind::OnceEintr,
                                                              Kind::FullFrom, Kind::ShortOnce,
                                                              Kind::ShortThenFull),
                                            ::testing::Bool()),
                         course);

// Interrupted and short calls are no failures: everything is acknowledged. A sync is not repeated,
// whatever the reason.
TEST(Faults, InterruptedAndShortCallsAreGoneOnWith) {
  SimulatedDisk disk;
  std::size_t interrupted = 0;
  disk.fault = [&](DiskCall call, std::size_t number) {
    Fault fault;
    const bool repeats = call == DiskCall::Open || call == DiskCall::Read ||
                         call == DiskCall::Write || call == DiskCall::Truncate ||
                         call == DiskCall::Lock;
    if (repeats && number % 2 == 0) {
      fault.error = EINTR;
      ++interrupted;
    }
    if (call == DiskCall::Read || call == DiskCall::Write) fault.bytes_max = 1 + number % 9;
    return fault;
  };
  Ledger ledger;
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(live(disk, ledger));
  EXPECT_EQ(ledger.acknowledged(), 3 * kOperations);
  EXPECT_GT(interrupted, 10u);
}

TEST(Faults, AFullDiskEndsAcknowledgingButNotReading) {
  SimulatedDisk disk;
  const auto store = Store::open(options_on(disk)).value();
  Ledger ledger;
  ledger.send(*store, kOperations);
  const std::size_t rows = store->snapshot()->rows();
  bool full = true;
  disk.fault = [&full](DiskCall call, std::size_t) {
    Fault fault;
    if (full && takes_space(call)) fault.error = ENOSPC;
    return fault;
  };
  ledger.send(*store, kOperations);
  EXPECT_EQ(ledger.acknowledged(), kOperations);
  EXPECT_EQ(store->snapshot()->rows(), rows);
  EXPECT_THAT(std::string(store->status().message()), ::testing::HasSubstr("No space left"));
  full = false;  // Too late: what the log holds is not known any more.
  ledger.send(*store, kOperations);
  EXPECT_EQ(ledger.acknowledged(), kOperations);
}

TEST(Faults, ASyncThatFailedIsNeverRepeated) {
  for (const int error : {EIO, EINTR, ENOSPC}) {
    SimulatedDisk disk;
    const auto store = Store::open(options_on(disk)).value();
    Ledger ledger;
    ledger.send(*store, kOperations);
    std::size_t syncs = 0;
    disk.fault = [&](DiskCall call, std::size_t) {
      Fault fault;
      if (call == DiskCall::SyncFile && syncs++ == 0) fault.error = error;
      return fault;
    };
    ledger.send(*store, kOperations);
    EXPECT_EQ(syncs, 1u);
    EXPECT_EQ(ledger.acknowledged(), kOperations);
    EXPECT_EQ(store->status().code(), absl::StatusCode::kUnavailable);
  }
}

}  // namespace
}  // namespace grapevine
