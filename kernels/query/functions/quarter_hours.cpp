#include "kernels/query/functions/quarter_hours.hpp"

#include <algorithm>

namespace grapevine::sql {
namespace {

constexpr std::int64_t kQuarterSeconds = 900;
constexpr std::int64_t kQuarter = 1000 * kQuarterSeconds;  // Milliseconds.
constexpr std::uint32_t kQuartersMax = 4096;
constexpr std::size_t kRowsPerQuarter = 2;

// A quarter has a whole number of units: 32 bits of units are more than four years.
constexpr unsigned kUnitBits = 5;  // Of 32 milliseconds.
constexpr std::uint32_t kUnits = kQuarter >> kUnitBits;
static_assert(kUnits << kUnitBits == kQuarter);
// Moments are counted from so many quarters before the first row's.
constexpr std::uint32_t kQuartersBefore = 1U << 16;

// Moments as units since `origin`; false: some lie too far from it.
bool count_units(std::span<const std::int64_t> moments, std::int64_t origin,
                 std::span<std::uint32_t> units) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < moments.size(); ++i) {
    const auto passed = static_cast<std::uint64_t>(moments[i]) - static_cast<std::uint64_t>(origin);
    bits |= passed;
    units[i] = static_cast<std::uint32_t>(passed >> kUnitBits);
  }
  return bits >> (32 + kUnitBits) == 0;
}

}  // namespace

std::optional<QuarterHours> quarter_hours(const Column& moments) {
  if (moments.type.id != TypeId::DateTime64 || moments.type.scale != 3 || moments.constant ||
      moments.rows == 0) {
    return std::nullopt;
  }
  const std::span<const std::int64_t> values = moments.fixed<std::int64_t>();
  if (values[0] < 0) return std::nullopt;
  const std::int64_t origin = (values[0] / kQuarter - kQuartersBefore) * kQuarter;
  QuarterHours found;
  found.index.resize(values.size());
  if (!count_units(values, origin, found.index)) return std::nullopt;
  std::uint32_t least = found.index[0];
  std::uint32_t most = least;
  for (const std::uint32_t units : found.index) {
    least = std::min(least, units);
    most = std::max(most, units);
  }
  const std::uint32_t first = least / kUnits;
  const std::uint32_t quarters = most / kUnits - first + 1;
  const std::int64_t begin = origin + first * kQuarter;
  if (begin < 0 || quarters > kQuartersMax || quarters > values.size() / kRowsPerQuarter) {
    return std::nullopt;
  }

  DataType type = moments.type;
  type.nullable = false;
  auto beginnings = new_fixed(std::move(type), quarters);
  const std::span<std::int64_t> begins = beginnings->fixed<std::int64_t>();
  for (std::size_t i = 0; i < begins.size(); ++i) {
    begins[i] = begin + static_cast<std::int64_t>(i) * kQuarter;
  }
  found.beginnings = std::move(beginnings);
  for (std::uint32_t& index : found.index) index = index / kUnits - first;
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
