#include "kernels/query/functions/time_format.hpp"

#include <array>
#include <utility>

#include "kernels/query/functions/call.hpp"
#include "kernels/query/functions/civil.hpp"
#include "kernels/query/functions/weeks.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {
    "january", "february", "march",     "april",   "may",      "june",
    "july",    "august",   "september", "october", "november", "december"};
constexpr std::array<std::string_view, 7> kWeekdays = {
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};

// What was read so far.
struct Fields {
  enum class Day { OfMonth, OfYear, OfWeek } day_is = Day::OfMonth;
  bool has_year = false;
  std::int64_t year = 1970;
  std::int64_t month = 1;
  std::int64_t day = 1;  // Of whatever day_is says.
  std::int64_t day_of_year = 1;
  std::int64_t week = 1;
  std::int64_t weekday = 1;
  std::int64_t hour = 0;
  bool half_day = false;
  bool afternoon = false;
  std::int64_t minute = 0;
  std::int64_t second = 0;
  std::int64_t microsecond = 0;
  bool has_offset = false;
  std::int64_t offset = 0;

  void set_year(std::int64_t value) {
    has_year = true;
    year = value;
  }
  void say_day(Day what) {
    day_is = what;
    if (!has_year) set_year(2000);
  }
};

// The text that is left. Every function is false where it does not go on as it should.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}
  [[nodiscard]] bool at_end() const { return text_.empty(); }

  bool literal(std::string_view expected) {
    if (!text_.starts_with(expected)) return false;
    text_.remove_prefix(expected.size());
    return true;
  }
  // A number of `least` to `most` digits.
  bool number(std::size_t least, std::size_t most, std::int64_t& value) {
    value = 0;
    std::size_t digits = 0;
    while (digits < most && digits < text_.size() && text_[digits] >= '0' && text_[digits] <= '9') {
      value = value * 10 + (text_[digits++] - '0');
    }
    text_.remove_prefix(digits);
    return digits >= least;
  }
  bool number_within(std::size_t least, std::size_t most, std::int64_t from, std::int64_t to,
                     std::int64_t& value) {
    return number(least, most, value) && value >= from && value <= to;
  }
  // Which of the names begins the text, capitals aside; of each `letters`, 0: all.
  template <std::size_t count>
  bool one_of(const std::array<std::string_view, count>& names, std::size_t letters,
              std::int64_t& place) {
    for (std::size_t i = 0; i < count; ++i) {
      const std::string_view name = letters == 0 ? names[i] : names[i].substr(0, letters);
      if (!begins_with_word(name)) continue;
      text_.remove_prefix(name.size());
      place = static_cast<std::int64_t>(i) + 1;
      return true;
    }
    return false;
  }
  // Digits of a second, the sixth a microsecond.
  bool fraction(std::int64_t& microseconds) {
    const std::size_t before = text_.size();
    if (!number(1, 6, microseconds)) return false;
    for (std::size_t digits = before - text_.size(); digits < 6; ++digits) microseconds *= 10;
    return true;
  }
  // +0200.
  bool offset(std::int64_t& seconds) {
    const bool east = literal("+");
    if (!east && !literal("-")) return false;
    std::int64_t hours = 0;
    std::int64_t minutes = 0;
    if (!number(2, 2, hours) || !number_within(2, 2, 0, 59, minutes)) return false;
    seconds = (hours * 60 + minutes) * (east ? 60 : -60);
    return true;
  }

 private:
  [[nodiscard]] bool begins_with_word(std::string_view word) const {
    if (text_.size() < word.size()) return false;
    for (std::size_t i = 0; i < word.size(); ++i) {
      const char c = text_[i];
      if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c) != word[i]) return false;
    }
    return true;
  }

  std::string_view text_;
};

bool read_two_digit_year(Reader& reader, Fields& fields) {
  std::int64_t year = 0;
  if (!reader.number(2, 2, year)) return false;
  fields.set_year(year >= 70 ? 1900 + year : 2000 + year);
  return true;
}

bool read_month(Reader& reader, std::size_t digits_least, Fields& fields) {
  if (!reader.number_within(digits_least, 2, 1, 12, fields.month)) return false;
  fields.say_day(Fields::Day::OfMonth);
  return true;
}

bool read_day(Reader& reader, std::size_t digits_least, Fields& fields) {
  if (!reader.number_within(digits_least, 2, 1, 31, fields.day)) return false;
  fields.say_day(Fields::Day::OfMonth);
  return true;
}

bool read_weekday(Reader& reader, Fields& fields, std::int64_t from, std::int64_t to) {
  std::int64_t day = 0;
  if (!reader.number_within(1, 1, from, to, day)) return false;
  fields.weekday = day == 0 ? 7 : day;
  fields.say_day(Fields::Day::OfWeek);
  return true;
}

bool read_hour(Reader& reader, std::size_t digits_least, bool half_day, Fields& fields) {
  fields.half_day = half_day;
  if (!reader.number_within(digits_least, 2, half_day ? 1 : 0, half_day ? 12 : 23, fields.hour)) {
    return false;
  }
  if (half_day) fields.hour %= 12;
  return true;
}

bool read_half(Reader& reader, Fields& fields) {
  constexpr std::array<std::string_view, 2> kHalves = {"am", "pm"};
  std::int64_t half = 0;
  if (!reader.one_of(kHalves, 0, half)) return false;
  fields.afternoon = half == 2;
  return true;
}

bool read_specifier(char specifier, Reader& reader, Fields& fields);

// Specifiers and literals one after the other.
bool read_all(std::string_view pieces, Reader& reader, Fields& fields) {
  for (const char c : pieces) {
    const bool is_specifier = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!(is_specifier ? read_specifier(c, reader, fields)
                       : reader.literal(std::string_view(&c, 1)))) {
      return false;
    }
  }
  return true;
}

bool read_specifier(char specifier, Reader& reader, Fields& fields) {
  std::int64_t value = 0;
  switch (specifier) {
    case 'a':
    case 'W':
      if (!reader.one_of(kWeekdays, specifier == 'a' ? 3 : 0, fields.weekday)) return false;
      fields.say_day(Fields::Day::OfWeek);
      return true;
    case 'b':
    case 'M':
      if (!reader.one_of(kMonths, specifier == 'b' ? 3 : 0, fields.month)) return false;
      fields.say_day(Fields::Day::OfMonth);
      return true;
    case 'c': return read_month(reader, 1, fields);
    case 'm': return read_month(reader, 2, fields);
    case 'C':
      if (!reader.number_within(2, 2, 19, 21, value)) return false;
      fields.set_year(value * 100);
      return true;
    case 'd': return read_day(reader, 2, fields);
    case 'e': reader.literal(" "); return read_day(reader, 1, fields);
    case 'D': return read_all("m/d/y", reader, fields);
    case 'F': return read_all("Y-m-d", reader, fields);
    case 'f': return reader.fraction(fields.microsecond);
    case 'g':
    case 'y':
      if (!read_two_digit_year(reader, fields)) return false;
      if (specifier == 'g') fields.day_is = Fields::Day::OfWeek;
      return true;
    case 'G':
    case 'Y':
      if (!reader.number_within(4, 4, 1970, 2106, value)) return false;
      fields.set_year(value);
      if (specifier == 'G') fields.day_is = Fields::Day::OfWeek;
      return true;
    case 'h':
    case 'I': return read_hour(reader, 2, true, fields);
    case 'H': return read_hour(reader, 2, false, fields);
    case 'i': return reader.number_within(2, 2, 0, 59, fields.minute);
    case 'j':
      if (!reader.number_within(3, 3, 1, 366, fields.day_of_year)) return false;
      fields.say_day(Fields::Day::OfYear);
      return true;
    case 'k': return read_hour(reader, 1, false, fields);
    case 'l': return read_hour(reader, 1, true, fields);
    case 'n': return reader.literal("\n");
    case 'p': return read_half(reader, fields);
    case 'r': return read_all("h:i p", reader, fields);
    case 'R': return read_all("H:i", reader, fields);
    case 's':
    case 'S': return reader.number_within(2, 2, 0, 59, fields.second);
    case 't': return reader.literal("\t");
    case 'T': return read_all("H:i:s", reader, fields);
    case 'u': return read_weekday(reader, fields, 1, 7);
    case 'V':
      if (!reader.number_within(2, 2, 1, 53, fields.week)) return false;
      fields.say_day(Fields::Day::OfWeek);
      return true;
    case 'w': return read_weekday(reader, fields, 0, 6);
    case 'z': fields.has_offset = true; return reader.offset(fields.offset);
    default: return false;
  }
}

// Days since 1970; false: there is no such day.
bool day_number_of(const Fields& fields, std::int64_t& day_number) {
  const std::int64_t first = day_of_civil(fields.year, 1, 1);
  switch (fields.day_is) {
    case Fields::Day::OfMonth:
      day_number = day_of_civil(fields.year, fields.month, fields.day);
      return fields.day <= days_of_month(fields.year, static_cast<std::int32_t>(fields.month));
    case Fields::Day::OfYear:
      day_number = first + fields.day_of_year - 1;
      return fields.day_of_year <= (is_leap_year(fields.year) ? 366 : 365);
    case Fields::Day::OfWeek:
      day_number = start_of_iso_year(fields.year) + (fields.week - 1) * 7 + fields.weekday - 1;
      return true;
  }
  return false;
}

}  // namespace

absl::StatusOr<TimeFormat> TimeFormat::of(std::string_view format, std::string_view function) {
  constexpr std::string_view kKnown = "abcCdDefFgGhHiIjklmMnprRsStTuVwWyYz";
  TimeFormat read;
  for (std::size_t i = 0; i < format.size(); ++i) {
    char specifier = 0;
    if (format[i] == '%') {
      if (++i == format.size()) {
        return query_error(QueryErrorCode::BadArguments,
                           "'%' must not be the last character in the format string, use '%%' "
                           "instead");
      }
      if (format[i] != '%') specifier = format[i];
    }
    if (specifier == 0) {
      if (read.pieces_.empty() || read.pieces_.back().specifier != 0) read.pieces_.push_back({});
      read.pieces_.back().literal += format[i];
      continue;
    }
    if (std::string_view("UvxXQ").find(specifier) != std::string_view::npos) {
      return query_error(QueryErrorCode::NotImplemented,
                         joined({"format is not supported: %", format.substr(i, 1)}));
    }
    if (kKnown.find(specifier) == std::string_view::npos) {
      return query_error(QueryErrorCode::BadArguments,
                         joined({"Incorrect syntax '", format, "', symbol is not supported '",
                                 format.substr(i, 1), "' for function ", function}));
    }
    read.pieces_.push_back({specifier, {}});
  }
  return read;
}

bool TimeFormat::read(std::string_view text, ZoneCursor& zone, Moment& moment) const {
  Reader reader(text);
  Fields fields;
  for (const Piece& piece : pieces_) {
    const bool read = piece.specifier == 0 ? reader.literal(piece.literal)
                                           : read_specifier(piece.specifier, reader, fields);
    if (!read) return false;
  }
  std::int64_t day_number = 0;
  if (!reader.at_end() || !day_number_of(fields, day_number)) return false;
  const std::int64_t hour = fields.hour + (fields.half_day && fields.afternoon ? 12 : 0);
  const std::int64_t local =
      day_number * kSecondsOfDay + hour * 3600 + fields.minute * 60 + fields.second;
  moment.seconds = fields.has_offset ? local - fields.offset : zone.utc_of(local);
  moment.microseconds = fields.microsecond;
  return true;
}

}  // namespace grapevine::sql
