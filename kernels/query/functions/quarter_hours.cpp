#include "kernels/query/functions/quarter_hours.hpp"

#include <algorithm>

namespace grapevine::sql {
namespace {

constexpr std::int64_t kQuarterSeconds = 900;
constexpr std::int64_t kQuarter = 1000 * kQuarterSeconds;  // Milliseconds.
constexpr std::int64_t kQuartersMax = 4096;                // They span less than 2^32 milliseconds.
static_assert(kQuartersMax * kQuarter <= std::int64_t{1} << 32);
constexpr std::int64_t kRowsPerQuarter = 2;

}  // namespace

std::optional<QuarterHours> quarter_hours(const Column& moments) {
  if (moments.type.id != TypeId::DateTime64 || moments.type.scale != 3 || moments.constant ||
      moments.rows == 0) {
    return std::nullopt;
  }
  const std::span<const std::int64_t> values = moments.fixed<std::int64_t>();
  std::int64_t least = values[0];
  std::int64_t most = values[0];
  for (const std::int64_t value : values) {
    least = std::min(least, value);
    most = std::max(most, value);
  }
  if (least < 0) return std::nullopt;
  const std::int64_t first = least / kQuarter * kQuarter;
  const std::int64_t quarters = (most - first) / kQuarter + 1;
  const auto rows = static_cast<std::int64_t>(values.size());
  if (quarters > std::min(kQuartersMax, rows / kRowsPerQuarter)) return std::nullopt;

  QuarterHours found;
  DataType type = moments.type;
  type.nullable = false;
  auto beginnings = new_fixed(std::move(type), static_cast<std::size_t>(quarters));
  const std::span<std::int64_t> begins = beginnings->fixed<std::int64_t>();
  for (std::size_t i = 0; i < begins.size(); ++i) {
    begins[i] = first + static_cast<std::int64_t>(i) * kQuarter;
  }
  found.beginnings = std::move(beginnings);
  found.index.resize(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    found.index[i] =
        static_cast<std::uint32_t>(values[i] - first) / static_cast<std::uint32_t>(kQuarter);
  }
  return found;
}

bool keeps_quarter_hours(const Zone& zone) {
  return std::all_of(zone.stretches().begin(), zone.stretches().end(),
                     [](const Zone::Stretch& stretch) {
                       if (stretch.end <= 0) return true;
                       return stretch.offset % kQuarterSeconds == 0 &&
                              (stretch.begin <= 0 || stretch.begin % kQuarterSeconds == 0);
                     });
}

Resolved of_quarter_hours(Resolved resolved, const Zone& zone) {
  resolved.of_quarter_hours = keeps_quarter_hours(zone);
  return resolved;
}

}  // namespace grapevine::sql
