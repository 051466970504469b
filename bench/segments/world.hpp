#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/status.h>

#include "api/live/graph_view.hpp"
#include "kernels/parallel/stop.hpp"
#include "kernels/segment/customer_set.hpp"
#include "kernels/segment/event_selection.hpp"
#include "storage/store.hpp"

namespace grapevine::bench {

inline constexpr TimeMs kDayMs = 86'400'000;
inline constexpr TimeMs kUntil = 1'795'305'600'000;     ///< 2026-11-22T00:00:00Z: now.
inline constexpr TimeMs kFrom = kUntil - 180 * kDayMs;  ///< When the world begins.

/// How large a world is.
struct WorldSize {
  std::uint64_t customers = 1'000'000;
  std::uint64_t events = 10'000'000;
};

/// Generates a world into a data folder, which must not be there yet, as an import would store it:
/// merged by week, and with a checkpoint.
absl::Status make_world(const std::string& folder, const WorldSize& size);

/// The stored world that the questions are asked of. A failure ends the program: a benchmark has
/// nothing to fall back on.
class World {
 public:
  explicit World(const std::string& folder);

  [[nodiscard]] const Snapshot& snapshot() const { return *snapshot_; }
  [[nodiscard]] const Stop& stop() const { return stop_; }

  /// The customers that a segment definition, as JSON, has now: parsed, planned and evaluated.
  [[nodiscard]] CustomerSet members(std::string_view definition) const;
  /// Those events in [from, to).
  [[nodiscard]] EventSelection events(const std::vector<std::string_view>& names,
                                      TimeMs from = kFrom, TimeMs to = kUntil) const;
  /// Every event but those.
  [[nodiscard]] EventSelection events_but(const std::vector<std::string_view>& names) const;
  /// What counts as a mention: posts, reviews and tickets.
  [[nodiscard]] EventSelection mentions() const;
  [[nodiscard]] ColumnId column(std::string_view name) const;
  [[nodiscard]] std::string_view text(ColumnId column, std::uint32_t code) const;

 private:
  std::unique_ptr<Store> store_;
  std::shared_ptr<const Snapshot> snapshot_;
  mutable GraphView graph_;  // What the executor asks for scores, of which no question is.
  Stop stop_;
};

}  // namespace grapevine::bench
