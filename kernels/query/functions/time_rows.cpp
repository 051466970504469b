#include "kernels/query/functions/time_rows.hpp"

#include "storage/status_macros.hpp"

namespace grapevine::sql {

absl::StatusOr<std::string> call_zone_name(const Call& call, std::size_t time_argument,
                                           std::size_t zone_argument) {
  if (call.size() <= zone_argument) return call.type(time_argument).timezone;
  return constant_string(call, zone_argument);
}

absl::StatusOr<ZonePtr> call_zone(const Call& call, std::size_t time_argument,
                                  std::size_t zone_argument) {
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string name,
                             call_zone_name(call, time_argument, zone_argument));
  return Zone::named(name.empty() ? call.facts.timezone : name);
}

}  // namespace grapevine::sql
