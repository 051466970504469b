#include "api/sql/execute/lanes.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "api/core_share.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// How long a thread reads alone. Where it has a core for itself, helpers would keep it waiting for longer.
std::chrono::microseconds alone_max_of(const BlockSource& source) {
  constexpr std::uint64_t kManyRows = 1U << 20;
  if (source.rows() >= kManyRows) return std::chrono::microseconds(0);
  const CoreShare* const share = CoreShare::mine();
  return std::chrono::microseconds(share != nullptr && share->is_own() ? 2000 : 200);
}

}  // namespace

std::vector<Lane> lanes_of(const BlockSource& source) {
  constexpr std::uint64_t kFewRows = 1U << 15;  // Not worth a second lane.
  constexpr std::uint64_t kRowsPerLane = 1U << 17;
  constexpr std::uint64_t kLanesMin = 4;
  constexpr std::uint64_t kLanesMax = 8;
  const std::size_t morsels = source.morsels();
  const std::uint64_t wanted =
      source.rows() < kFewRows ? 1 : std::clamp(source.rows() / kRowsPerLane, kLanesMin, kLanesMax);
  const auto lanes =
      static_cast<std::size_t>(std::min<std::uint64_t>(wanted, std::max<std::size_t>(morsels, 1)));
  std::vector<Lane> cut;
  const std::size_t each = morsels / lanes;
  const std::size_t longer = morsels % lanes;
  std::size_t begin = 0;
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    const std::size_t end = begin + each + (lane < longer ? 1 : 0);
    cut.push_back({begin, end});
    begin = end;
  }
  return cut;
}

absl::Status read_lanes(const BlockSource& source, std::span<const Lane> lanes,
                        absl::FunctionRef<absl::Status(std::size_t, std::size_t)> read) {
  using Clock = std::chrono::steady_clock;
  const Clock::duration alone_max = alone_max_of(source);
  const Clock::time_point begun = Clock::now();
  std::size_t lane = 0;
  std::size_t morsel = lanes.empty() ? 0 : lanes[0].begin;
  while (lane < lanes.size() && Clock::now() - begun < alone_max) {
    if (morsel == lanes[lane].end) {
      if (++lane < lanes.size()) morsel = lanes[lane].begin;
    } else {
      GRAPEVINE_RETURN_IF_ERROR(read(lane, morsel++));
    }
  }
  if (lane == lanes.size()) return absl::OkStatus();
  if (CoreShare* const share = CoreShare::mine()) share->leave();
  std::vector<absl::Status> statuses(lanes.size() - lane);
  for_each(statuses.size(), [&](std::size_t i) {
    const std::size_t begin = i == 0 ? morsel : lanes[lane + i].begin;
    for (std::size_t m = begin; m < lanes[lane + i].end && statuses[i].ok(); ++m) {
      statuses[i] = read(lane + i, m);
    }
  });
  for (absl::Status& status : statuses) GRAPEVINE_RETURN_IF_ERROR(std::move(status));
  return absl::OkStatus();
}

}  // namespace grapevine::sql
