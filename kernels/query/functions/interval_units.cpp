#include "kernels/query/functions/interval_units.hpp"

#include <array>
#include <string>

namespace grapevine::sql {
namespace {

struct UnitName {
  std::string_view name;
  IntervalUnit unit;
};

using enum IntervalUnit;
constexpr std::array<UnitName, 50> kNames = {{{"nanosecond", Nanosecond},
                                              {"nanoseconds", Nanosecond},
                                              {"ns", Nanosecond},
                                              {"microsecond", Microsecond},
                                              {"microseconds", Microsecond},
                                              {"us", Microsecond},
                                              {"u", Microsecond},
                                              {"millisecond", Millisecond},
                                              {"milliseconds", Millisecond},
                                              {"ms", Millisecond},
                                              {"second", Second},
                                              {"seconds", Second},
                                              {"ss", Second},
                                              {"s", Second},
                                              {"minute", Minute},
                                              {"minutes", Minute},
                                              {"mi", Minute},
                                              {"n", Minute},
                                              {"hour", Hour},
                                              {"hours", Hour},
                                              {"hh", Hour},
                                              {"h", Hour},
                                              {"day", Day},
                                              {"days", Day},
                                              {"dd", Day},
                                              {"d", Day},
                                              {"week", Week},
                                              {"weeks", Week},
                                              {"ww", Week},
                                              {"wk", Week},
                                              {"month", Month},
                                              {"months", Month},
                                              {"mm", Month},
                                              {"m", Month},
                                              {"quarter", Quarter},
                                              {"quarters", Quarter},
                                              {"qq", Quarter},
                                              {"q", Quarter},
                                              {"year", Year},
                                              {"years", Year},
                                              {"yyyy", Year},
                                              {"yy", Year},
                                              {"sql_tsi_second", Second},
                                              {"sql_tsi_minute", Minute},
                                              {"sql_tsi_hour", Hour},
                                              {"sql_tsi_day", Day},
                                              {"sql_tsi_week", Week},
                                              {"sql_tsi_month", Month},
                                              {"sql_tsi_quarter", Quarter},
                                              {"sql_tsi_year", Year}}};

}  // namespace

std::optional<IntervalUnit> interval_unit_of(std::string_view name) {
  if (name.size() > 20) return std::nullopt;
  std::string lower(name);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  for (const UnitName& known : kNames) {
    if (known.name == lower) return known.unit;
  }
  return std::nullopt;
}

std::string_view name_of(IntervalUnit unit) {
  for (const UnitName& known : kNames) {
    if (known.unit == unit) return known.name;
  }
  return {};
}

}  // namespace grapevine::sql
