#include "kernels/query/functions/civil.hpp"
#include "kernels/query/functions/read_time.hpp"
#include "kernels/query/functions/time_scanner.hpp"

namespace grapevine::sql {

std::size_t read_time_basic(std::string_view text, TimeReading& reading, bool with_fraction,
                            ReadTime& time) {
  TimeScanner scanner{text};
  time.nanoseconds = 0;
  const auto read_fraction = [&] {
    if (with_fraction && scanner.take('.')) time.nanoseconds = scanner.fraction();
    return scanner.at;
  };
  // Four digits and a separator begin a date; else it is a number.
  if (text.size() < 8 || is_time_digit(text[4]) || text[0] == '-') {
    const bool negative = scanner.take('-');
    if (scanner.digits(time.seconds) == 0) return 0;
    if (negative) time.seconds = -time.seconds;
    return read_fraction();
  }
  if (text.size() < 10 || text[4] == ' ' || text[7] != text[4]) return 0;
  std::int64_t day = 0;
  scanner.at = read_date(text, day);
  if (scanner.at != 10) return 0;
  std::int64_t hour = 0;
  std::int64_t minute = 0;
  std::int64_t second = 0;
  if (scanner.peek() == ' ' || scanner.peek() == 'T') {
    ++scanner.at;
    if (scanner.digits(hour, 2) != 2 || !scanner.take(':') || scanner.digits(minute, 2) != 2 ||
        !scanner.take(':') || scanner.digits(second, 2) != 2) {
      return 0;
    }
  }
  time.seconds = reading.zone.utc_of(day * kSecondsOfDay + hour * 3600 + minute * 60 + second);
  return read_fraction();
}

std::size_t read_date(std::string_view text, std::int64_t& day_number) {
  TimeScanner scanner{text};
  std::int64_t year = 0;
  std::int64_t month = 0;
  std::int64_t day = 0;
  if (scanner.digits(year, 4) != 4) return 0;
  if (is_time_digit(scanner.peek())) {
    if (scanner.digits(month, 2) != 2 || scanner.digits(day, 2) != 2) return 0;
  } else {
    if (scanner.done()) return 0;
    ++scanner.at;
    if (scanner.digits(month, 2) == 0 || scanner.done()) return 0;
    ++scanner.at;
    if (scanner.digits(day, 2) == 0) return 0;
  }
  const bool is_day = month >= 1 && month <= 12 && day >= 1 && day <= 31;
  day_number = is_day ? day_of_civil(year, month, day) : 0;
  return scanner.at;
}

}  // namespace grapevine::sql
