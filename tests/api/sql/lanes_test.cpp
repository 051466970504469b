#include "api/sql/execute/lanes.hpp"

#include <atomic>
#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace grapevine::sql {
namespace {

constexpr std::uint64_t kFew = 300'000, kMany = 10'000'000;

class Morsels final : public BlockSource {
 public:
  Morsels(std::size_t morsels, std::uint64_t rows) : morsels_(morsels), rows_(rows) {}
  [[nodiscard]] std::size_t morsels() const override { return morsels_; }
  [[nodiscard]] std::uint64_t rows() const override { return rows_; }
  absl::Status read(std::size_t, const Consume&) const override { return absl::OkStatus(); }

 private:
  const std::size_t morsels_;
  const std::uint64_t rows_;
};

void compute_for(std::chrono::microseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < end) {
  }
}

// Reads all lanes and says which morsels each had, in their order.
std::vector<std::vector<std::size_t>> read_all(const Morsels& source,
                                               std::chrono::microseconds each) {
  const std::vector<Lane> lanes = lanes_of(source);
  std::vector<std::vector<std::size_t>> read(lanes.size());
  EXPECT_TRUE(read_lanes(source, lanes, [&](std::size_t lane, std::size_t morsel) {
                compute_for(each);
                read[lane].push_back(morsel);
                return absl::OkStatus();
              }).ok());
  return read;
}

// Alone, shared from the beginning, and shared in the middle of a lane.
TEST(Lanes, AreReadOnceAndInOrder) {
  for (const std::uint64_t rows : {std::uint64_t{0}, kFew, kMany}) {
    for (const std::size_t morsels : {0, 1, 3, 4, 5, 100}) {
      for (const int each : {0, 30, 300}) {
        const auto read = read_all({morsels, rows}, std::chrono::microseconds(each));
        std::size_t next = 0;
        for (const auto& lane : read) {
          for (const std::size_t morsel : lane) EXPECT_EQ(morsel, next++);
        }
        EXPECT_EQ(next, morsels) << rows << " rows";
      }
    }
  }
}

// The rest of a lane is not read, nor, alone, that of others.
TEST(Lanes, EndWithTheErrorOfTheFirst) {
  for (const std::uint64_t rows : {kFew, kMany}) {
    for (const int each : {0, 100}) {
      const Morsels source(40, rows);
      const std::vector<Lane> lanes = lanes_of(source);
      ASSERT_GE(lanes.size(), 3u);
      std::atomic<bool> read_on{false};
      const auto status = read_lanes(source, lanes, [&](std::size_t lane, std::size_t morsel) {
        compute_for(std::chrono::microseconds(each));
        if (lane == 0 || morsel < lanes[lane].begin + 1) return absl::OkStatus();
        if (morsel > lanes[lane].begin + 1) read_on = true;
        return absl::AbortedError(std::to_string(lane));
      });
      EXPECT_EQ(status, absl::AbortedError("1"));
      EXPECT_FALSE(read_on);
    }
  }
}

}  // namespace
}  // namespace grapevine::sql
