// parseDateTime: times of texts by a format.
#include <limits>
#include <string>
#include <utility>

#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/text_kernels.hpp"
#include "kernels/query/functions/time_format.hpp"
#include "kernels/query/functions/time_rows.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// What becomes of a text that is no time of the format.
enum class Otherwise { Error, Null, Zero };

absl::Status no_time(std::string_view text, std::string_view format) {
  return query_error(QueryErrorCode::CannotParseDateTime,
                     joined({"Cannot parse '", text.substr(0, 100), "' by the format '", format,
                             "': it is no time of it, or there is no such time"}));
}

template <Otherwise otherwise, bool with_fraction>
absl::StatusOr<Resolved> parse(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_strings(call, 1));
  std::string format = "%Y-%m-%d %H:%i:%s";
  if (call.size() > 1) {
    GRAPEVINE_ASSIGN_OR_RETURN(format, constant_string(call, 1));
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const TimeFormat reads, TimeFormat::of(format, call.name));
  DataType type = plain(with_fraction ? TypeId::DateTime64 : TypeId::DateTime);
  type.scale = with_fraction ? 6 : 0;
  type.timezone = call.facts.timezone;
  if (call.size() > 2) {
    GRAPEVINE_ASSIGN_OR_RETURN(type.timezone, constant_string(call, 2));
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const ZonePtr zone, Zone::named(type.timezone));
  if (otherwise == Otherwise::Null) type = nullable(std::move(type));
  using Value = std::conditional_t<with_fraction, std::int64_t, std::uint32_t>;
  return Resolved{
      type,
      [=](std::span<const ColumnPtr> arguments, std::size_t rows) -> absl::StatusOr<ColumnPtr> {
        const Texts texts(arguments[0]);
        ZoneCursor cursor(*zone);
        auto result = new_fixed(type, rows);
        if (otherwise == Otherwise::Null) result->nulls.resize(rows);
        Value* const to = result->template fixed<Value>().data();
        for (std::size_t row = 0; row < rows; ++row) {
          TimeFormat::Moment moment;
          bool is_time = reads.read(texts[row], cursor, moment);
          if constexpr (with_fraction) {
            to[row] = moment.seconds * 1'000'000 + moment.microseconds;
          } else {
            is_time = is_time && std::in_range<Value>(moment.seconds);
            to[row] = static_cast<Value>(moment.seconds);
          }
          if (is_time) continue;
          if (otherwise == Otherwise::Error) return no_time(texts[row], format);
          to[row] = 0;
          if (otherwise == Otherwise::Null) result->nulls[row] = 1;
        }
        return result;
      }};
}

constexpr auto kSkipped = Definition::Nulls::Skipped;
constexpr Definition kDefinitions[] = {
    {"parseDateTime", parse<Otherwise::Error, false>, 1, 3, kSkipped},
    {"parseDateTimeOrNull", parse<Otherwise::Null, false>, 1, 3, kSkipped},
    {"parseDateTimeOrZero", parse<Otherwise::Zero, false>, 1, 3, kSkipped},
    {"parseDateTime64", parse<Otherwise::Error, true>, 1, 3, kSkipped},
    {"parseDateTime64OrNull", parse<Otherwise::Null, true>, 1, 3, kSkipped},
    {"parseDateTime64OrZero", parse<Otherwise::Zero, true>, 1, 3, kSkipped},
};

}  // namespace

std::span<const Definition> time_parsing_functions() { return kDefinitions; }

}  // namespace grapevine::sql
