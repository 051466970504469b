// The power is cut at random moments, and the disk keeps what was synced and any part of the rest.

#include <random>
#include <string>

#include <gtest/gtest.h>

#include "tests/storage/disk/simulated_disk.hpp"
#include "tests/storage/ledger.hpp"
#include "tests/torture.hpp"

namespace grapevine {
namespace {

using grapevine::testing::Ledger;
using grapevine::testing::rounds;
using grapevine::testing::SimulatedDisk;

constexpr int kCuts = 20;

StoreOptions options_on(SimulatedDisk& disk) {
  StoreOptions options;
  options.folder = "/srv/data";
  options.disk = &disk;
  options.log_file_bytes = 4000;
  return options;
}

class PowerCuts : public ::testing::TestWithParam<int> {
 protected:
  // The store lives until the power goes, once or after being killed and started again: long enough
  // now and then for the log to be cut behind two checkpoints.
  void live_until_cut(SimulatedDisk& disk, Ledger& ledger) {
    disk.cut_power_at(disk.calls() + random_() % (random_() % 2 == 0 ? 150 : 1500));
    for (std::size_t lives = 1 + random_() % 5; lives > 0; --lives) {
      const auto store = Store::open(options_on(disk));
      if (!store.ok()) {
        EXPECT_EQ(store.status().code(), absl::StatusCode::kUnavailable) << store.status();
        break;
      }
      ledger.send(**store, random_() % 40);
      for (std::size_t i = random_() % 3; i > 0; --i) (*store)->checkpoint().IgnoreError();
      ledger.send(**store, random_() % 20);
    }
    disk.cut_power_at(disk.calls());
    disk.restart(random_);
  }

  std::mt19937_64 random_{static_cast<std::uint64_t>(GetParam())};
};

TEST_P(PowerCuts, LoseNothingThatWasAcknowledged) {
  SimulatedDisk disk;
  Ledger ledger;
  for (int cut = 0; cut < kCuts; ++cut) {
    SCOPED_TRACE("cut " + std::to_string(cut));
    live_until_cut(disk, ledger);
    const auto store = Store::open(options_on(disk));
    ASSERT_TRUE(store.ok()) << store.status();
    ledger.check(**store);
    ledger.send_again(**store);
    ledger.check(**store);
    ASSERT_EQ(ledger.acknowledged(), ledger.sent());
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_GT(ledger.acknowledged(), 5u * kCuts);
}

INSTANTIATE_TEST_SUITE_P(Power, PowerCuts, ::testing::Range(1, 1 + rounds(10)));

// The rig itself: where syncing is switched off it must show losses, or it would show none ever.
class WithoutSyncs : public PowerCuts {
 protected:
  // How many cuts lost something that was acknowledged, or left a log that is refused.
  int cuts_with_losses(bool syncs_files, bool syncs_folders) {
    int losses = 0;
    for (int cut = 0; cut < kCuts; ++cut) {
      SimulatedDisk disk;
      disk.syncs_files = syncs_files;
      disk.syncs_folders = syncs_folders;
      Ledger ledger;
      live_until_cut(disk, ledger);
      const auto store = Store::open(options_on(disk));
      losses += store.ok() && ledger.lost(**store) == 0 ? 0 : 1;
    }
    return losses;
  }
};

TEST_P(WithoutSyncs, TheRigShowsLosses) {
  EXPECT_EQ(cuts_with_losses(true, true), 0);
  EXPECT_GT(cuts_with_losses(false, true), kCuts / 4);
  EXPECT_GT(cuts_with_losses(true, false), kCuts / 4);
}

INSTANTIATE_TEST_SUITE_P(Power, WithoutSyncs, ::testing::Range(1, 4));

}  // namespace
}  // namespace grapevine
