// now() and what else is the same for a whole query.
#include <limits>
#include <utility>

#include "kernels/query/functions/civil.hpp"
#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/zone.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

constexpr std::int64_t kNanoseconds = 1'000'000'000;

Resolved constant(ColumnPtr value) {
  const DataType type = value->type;
  return {type, [value = std::move(value)](std::span<const ColumnPtr>, std::size_t rows) {
            return absl::StatusOr<ColumnPtr>(resized(value, rows));
          }};
}

absl::StatusOr<std::string> zone_name(const Call& call, std::size_t argument) {
  if (call.size() <= argument) return std::string();
  GRAPEVINE_ASSIGN_OR_RETURN(std::string name, constant_string(call, argument));
  GRAPEVINE_RETURN_IF_ERROR(Zone::named(name).status());
  return name;
}

absl::StatusOr<Resolved> now(const Call& call) {
  DataType type = plain(TypeId::DateTime);
  GRAPEVINE_ASSIGN_OR_RETURN(type.timezone, zone_name(call, 0));
  return constant(
      constant_fixed(type, static_cast<std::uint32_t>(floor_div(call.facts.now_ns, kNanoseconds))));
}

absl::StatusOr<Resolved> utc_now(const Call& call) {
  DataType type = plain(TypeId::DateTime);
  type.timezone = "UTC";
  return constant(
      constant_fixed(type, static_cast<std::uint32_t>(floor_div(call.facts.now_ns, kNanoseconds))));
}

absl::StatusOr<Resolved> now64(const Call& call) {
  DataType type = plain(TypeId::DateTime64);
  type.scale = 3;
  if (call.size() > 0) {
    GRAPEVINE_ASSIGN_OR_RETURN(const std::int64_t scale, constant_integer(call, 0));
    if (scale < 0 || scale > 9) {
      return query_error(
          QueryErrorCode::ArgumentOutOfBound,
          joined({"Scale ", std::to_string(scale),
                  " is too large for DateTime64. Maximum is up to nanoseconds (9)"}));
    }
    type.scale = static_cast<std::uint8_t>(scale);
  }
  GRAPEVINE_ASSIGN_OR_RETURN(type.timezone, zone_name(call, 1));
  return constant(constant_fixed(type, floor_div(call.facts.now_ns, power_of_ten(9 - type.scale))));
}

template <int days_ago>
absl::StatusOr<Resolved> today(const Call& call) {
  GRAPEVINE_ASSIGN_OR_RETURN(std::string name, zone_name(call, 0));
  if (name.empty()) name = call.facts.timezone;
  GRAPEVINE_ASSIGN_OR_RETURN(const ZonePtr zone, Zone::named(name));
  ZoneCursor cursor(*zone);
  const std::int64_t local = cursor.local_of(floor_div(call.facts.now_ns, kNanoseconds));
  const std::int64_t day = floor_div(local, kSecondsOfDay) - days_ago;
  return constant(constant_fixed(plain(TypeId::Date), static_cast<std::uint16_t>(day)));
}

constexpr auto kOwn = Definition::Nulls::Own;
constexpr Definition kDefinitions[] = {
    {"now", now, 0, 1, kOwn},
    {"now64", now64, 0, 2, kOwn},
    {"UTCTimestamp", utc_now, 0, 0, kOwn},
    {"today", today<0>, 0, 1, kOwn},
    {"yesterday", today<1>, 0, 1, kOwn},
};

}  // namespace

std::span<const Definition> clock_functions() { return kDefinitions; }

}  // namespace grapevine::sql
