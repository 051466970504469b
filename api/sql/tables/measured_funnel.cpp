#include "api/sql/tables/measured_funnel.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace grapevine::sql {
namespace {

constexpr TimeMs kSecondMs = 1000;
constexpr TimeMs kSecondsEnd = TimeMs{1} << 32;  // Of a DateTime.
constexpr std::uint64_t kWindowMax = std::uint64_t{1} << 50;

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::optional<TimeMs> MeasuredFunnel::unit_of(const BoundPtr& time,
                                              std::span<const EventColumn> columns, TimeMs first,
                                              TimeMs last) {
  if (first < 0 || last >= kSecondsEnd * kSecondMs) return std::nullopt;
  const Bound* node = time.get();
  const auto is_call_of = [&](std::initializer_list<std::string_view> names) {
    return node->kind == Bound::Kind::Call && is_one_of(node->name, names);
  };
  if (is_call_of({"toUInt64", "toInt64"})) node = node->arguments[0].get();
  const bool in_ms = is_call_of({"toUnixTimestamp64Milli"});
  if (!in_ms && !is_call_of({"toDateTime", "toUnixTimestamp"})) return std::nullopt;
  const Bound& of = *node->arguments[0];
  if (of.kind != Bound::Kind::Column || columns[of.column].of != EventColumn::Of::Time) {
    return std::nullopt;
  }
  return in_ms ? TimeMs{1} : kSecondMs;
}

MeasuredFunnel::MeasuredFunnel(const FunnelShape& shape, TimeMs unit_ms,
                               std::vector<EventSelection> steps) {
  for (EventSelection& step : steps) sequence_.steps.push_back({std::move(step)});
  sequence_.window_ms = static_cast<TimeMs>(std::min(shape.window, kWindowMax)) * unit_ms;
  moments_.same = shape.strict_increase ? SameMoment::Hiding : SameMoment::Continued;
  moments_.unit_ms = unit_ms;
}

void MeasuredFunnel::open(const Snapshot& snapshot, const EventScan& scan) {
  plain_.emplace(snapshot, sequence_, false, scan, moments_);
  workers_.emplace([this] { return plain_->new_worker(); });
}

std::vector<std::uint8_t> MeasuredFunnel::levels(std::size_t first, std::size_t last,
                                                 const Stop& stop) const {
  const auto levels = plain_->levels(first, last, workers_->mine(), stop);
  if (levels.empty()) return std::vector<std::uint8_t>(last - first);
  return {levels.begin(), levels.end()};
}

}  // namespace grapevine::sql
