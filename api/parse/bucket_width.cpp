#include "api/parse/bucket_width.hpp"

#include <variant>

#include "api/parse/within.hpp"
#include "api/plan/buckets.hpp"

namespace grapevine {

std::optional<TimeMs> take_every(QueryReader& query) {
  constexpr TimeMs kMinute = 60'000;
  const std::string* text = query.take("every");
  if (text == nullptr) return std::nullopt;
  const auto within = parse_within(*text);
  const TimeMs* every = within ? std::get_if<TimeMs>(&*within) : nullptr;
  if (every != nullptr && is_bucket_width(*every, kMinute)) return *every;
  query.wrong(
      "every",
      "wants whole days or weeks, or a part of a day that divides it: 15m, 1h, 1d, 1w, not: " +
          *text);
  return std::nullopt;
}

}  // namespace grapevine
