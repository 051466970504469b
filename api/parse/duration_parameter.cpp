#include "api/parse/duration_parameter.hpp"

#include <string>
#include <variant>

#include "api/parse/within.hpp"

namespace grapevine {

std::optional<TimeMs> take_duration(QueryReader& query, std::string_view name, TimeMs most) {
  constexpr TimeMs kDay = TimeMs{24} * 3'600'000;
  const std::string* text = query.take(name);
  if (text == nullptr) return std::nullopt;
  const auto span = parse_within(*text);
  const TimeMs* length = span ? std::get_if<TimeMs>(&*span) : nullptr;
  if (length != nullptr && *length <= most) return *length;
  query.wrong(name, "wants a duration of up to " + std::to_string(most / kDay) +
                        "d (15m, 4h, 2d, 6w), not: " + *text);
  return std::nullopt;
}

}  // namespace grapevine
