#include "kernels/query/functions/read_time.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "kernels/query/functions/civil.hpp"
#include "kernels/query/functions/time_scanner.hpp"

namespace grapevine::sql {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kWeekdays = {"mon", "tue", "wed", "thu",
                                                       "fri", "sat", "sun"};
struct NamedOffset {
  std::string_view name;
  std::int64_t hours;
};
constexpr std::array<NamedOffset, 13> kOffsets = {{{"z", 0},
                                                   {"utc", 0},
                                                   {"gmt", 0},
                                                   {"msk", 3},
                                                   {"msd", 4},
                                                   {"est", -5},
                                                   {"edt", -4},
                                                   {"cst", -6},
                                                   {"cdt", -5},
                                                   {"mst", -7},
                                                   {"mdt", -6},
                                                   {"pst", -8},
                                                   {"pdt", -7}}};

// What a text has said so far. A 0 among year, month and day: not said.
class BestEffort {
 public:
  BestEffort(std::string_view text, TimeReading& reading, ReadTime& time, std::string& failure)
      : scanner_{text}, reading_(reading), time_(time), failure_(failure) {}

  std::size_t read() {
    while (!scanner_.done()) {
      const char c = scanner_.peek();
      bool understood = false;
      if (is_time_digit(c)) {
        understood = number();
        if (finished_) return scanner_.at;
      } else if (c == ' ') {
        ++scanner_.at;
        understood = true;
      } else if ((c == '+' || c == '-') && has_time_) {
        understood = offset();
      } else if (is_letter(c)) {
        understood = word();
      } else if (c == ',' && !has_time_) {
        ++scanner_.at;
        understood = true;
      } else {
        break;
      }
      if (!understood) return 0;
    }
    return assemble();
  }

 private:
  bool fail(std::string reason) {
    failure_ = std::move(reason);
    return false;
  }

  bool number() {
    std::int64_t value = 0;
    const std::size_t count = scanner_.digits(value);
    const bool fresh = year_ == 0 && month_ == 0 && day_ == 0 && !has_time_;
    if (fresh && (count == 9 || count == 10 || count == 13 || count == 16)) {
      return timestamp(value, count);
    }
    switch (count) {
      case 14:
        if (!fresh) break;
        set_date(value / 1'000'000);
        set_time(value % 1'000'000);
        return true;
      case 12:
        if (!fresh) break;
        set_date(value / 10'000);
        set_time(value % 10'000 * 100);
        return true;
      case 8:
        if (!fresh) break;
        set_date(value);
        return true;
      case 6:
        if (fresh) {
          year_ = value / 100;
          month_ = value % 100;
          return true;
        }
        if (has_time_) break;
        set_time(value);
        return true;
      case 4:
        if (year_ != 0) break;
        year_ = value;
        return after_year();
      case 1:
      case 2: return short_number(value);
      default: break;
    }
    return fail("unexpected number of decimal digits: " + std::to_string(count));
  }

  bool timestamp(std::int64_t value, std::size_t count) {
    finished_ = true;
    const std::int64_t unit = count == 13 ? 1'000 : count == 16 ? 1'000'000 : 1;
    const bool wants_fraction = time_.nanoseconds >= 0;
    time_.seconds = value / unit;
    time_.nanoseconds = value % unit * (1'000'000'000 / unit);
    // A moment that keeps no fraction leaves it unread.
    if (count <= 10 && scanner_.peek() == '.' && wants_fraction) {
      ++scanner_.at;
      time_.nanoseconds = scanner_.fraction();
    }
    return true;
  }

  void set_date(std::int64_t value) {
    year_ = value / 10'000;
    month_ = value / 100 % 100;
    day_ = value % 100;
  }
  void set_time(std::int64_t value) {
    hour_ = value / 10'000;
    minute_ = value / 100 % 100;
    second_ = value % 100;
    has_time_ = true;
    if (scanner_.peek() == '.') {
      ++scanner_.at;
      nanoseconds_ = scanner_.fraction();
    }
  }

  // "-01-15" after a year.
  bool after_year() {
    const char separator = scanner_.peek();
    if (separator != '-' && separator != '/' && separator != '.' && separator != ':') return true;
    if (month_ != 0) return true;
    ++scanner_.at;
    std::size_t count = scanner_.digits(month_);
    if (count != 1 && count != 2) {
      return fail("unexpected number of decimal digits after year: " + std::to_string(count));
    }
    if (scanner_.take(separator)) {
      count = scanner_.digits(day_);
      if (count != 1 && count != 2) {
        return fail("unexpected number of decimal digits after year and month: " +
                    std::to_string(count));
      }
    }
    return true;
  }

  // An hour, a day or a month.
  bool short_number(std::int64_t value) {
    const char next = scanner_.peek();
    if (next == ':' && !has_time_) return clock(value);
    if ((next == '/' || next == '.' || next == '-') && month_ == 0 && day_ == 0) {
      return day_and_month(value, next);
    }
    if (day_ == 0) {
      day_ = value;
      if (next == '-' || next == '/') ++scanner_.at;
      return true;
    }
    if (has_time_) {
      if (year_ != 0) return fail("hour component is duplicated");
      year_ = value < 70 ? 2000 + value : 1900 + value;
      return true;
    }
    hour_ = value;
    has_time_ = true;
    return true;
  }

  // "10:11:12.5" behind the hour.
  bool clock(std::int64_t hour) {
    hour_ = hour;
    has_time_ = true;
    ++scanner_.at;
    std::size_t count = scanner_.digits(minute_);
    if (count != 1 && count != 2) return fail("unexpected number of decimal digits after hour");
    if (scanner_.take(':')) {
      count = scanner_.digits(second_);
      if (count != 1 && count != 2) return fail("unexpected number of decimal digits after minute");
      if (scanner_.peek() == '.') {
        ++scanner_.at;
        nanoseconds_ = scanner_.fraction();
      }
    }
    return true;
  }

  // "15/01/2024", "15-Jan-2024", "01/15/24".
  bool day_and_month(std::int64_t first, char separator) {
    ++scanner_.at;
    if (is_letter(scanner_.peek())) {
      day_ = first;
      if (!word()) return false;
      scanner_.take(separator);
      return true;
    }
    std::int64_t second = 0;
    std::size_t count = scanner_.digits(second);
    if (count != 1 && count != 2) {
      return fail("unexpected number of decimal digits after day of month: " +
                  std::to_string(count));
    }
    day_ = reading_.us_style ? second : first;
    month_ = reading_.us_style ? first : second;
    if (month_ > 12) std::swap(day_, month_);
    if (scanner_.take(separator)) {
      count = scanner_.digits(year_);
      if (count == 2) year_ += year_ < 70 ? 2000 : 1900;
      if (count != 2 && count != 4) {
        return fail("unexpected number of decimal digits after day and month: " +
                    std::to_string(count));
      }
    }
    return true;
  }

  // "+02:00", "-0500", "+3".
  bool offset() {
    const std::int64_t sign = scanner_.peek() == '-' ? -1 : 1;
    ++scanner_.at;
    std::int64_t hours = 0;
    std::int64_t minutes = 0;
    const std::size_t count = scanner_.digits(hours);
    if (count == 4) {
      minutes = hours % 100;
      hours /= 100;
    } else if (count == 1 || count == 2) {
      if (scanner_.take(':') && scanner_.digits(minutes) > 2) {
        return fail("unexpected number of decimal digits in time zone offset");
      }
    } else {
      return fail("unexpected number of decimal digits in time zone offset: " +
                  std::to_string(count));
    }
    offset_ = sign * (hours * 3600 + minutes * 60);
    return true;
  }

  bool word() {
    std::string letters;
    while (is_letter(scanner_.peek()) && letters.size() < 16) {
      letters += lower(scanner_.text[scanner_.at++]);
    }
    if (letters == "t") return true;
    if (letters == "am" || letters == "pm") {
      is_pm_ = letters == "pm";
      has_half_ = true;
      return true;
    }
    for (const NamedOffset& named : kOffsets) {
      if (letters == named.name) {
        offset_ = named.hours * 3600;
        return true;
      }
    }
    if (letters.size() >= 3) {
      const std::string_view begin = std::string_view(letters).substr(0, 3);
      for (std::size_t i = 0; i < kMonths.size(); ++i) {
        if (begin == kMonths[i]) {
          month_ = static_cast<std::int64_t>(i) + 1;
          return true;
        }
      }
      if (std::find(kWeekdays.begin(), kWeekdays.end(), begin) != kWeekdays.end()) {
        scanner_.take(',');
        return true;
      }
    }
    return fail("unexpected word");
  }

  std::size_t assemble() {
    if (year_ == 0 && month_ == 0 && day_ == 0 && !has_time_) {
      fail("neither Date nor Time was parsed successfully");
      return 0;
    }
    if (year_ == 0) year_ = reading_.year_now;
    if (month_ == 0) month_ = 1;
    if (day_ == 0) day_ = 1;
    if (month_ > 12 || day_ > days_of_month(year_, static_cast<std::int32_t>(month_))) {
      fail("unexpected date: " + std::to_string(year_) + "-" + std::to_string(month_) + "-" +
           std::to_string(day_));
      return 0;
    }
    if (has_half_) {
      if (is_pm_ && hour_ < 12) hour_ += 12;
      if (!is_pm_ && hour_ == 12) hour_ = 0;
    }
    const std::int64_t local =
        day_of_civil(year_, month_, day_) * kSecondsOfDay + hour_ * 3600 + minute_ * 60 + second_;
    time_.seconds = offset_ ? local - *offset_ : reading_.zone.utc_of(local);
    time_.nanoseconds = nanoseconds_;
    return scanner_.at;
  }

  TimeScanner scanner_;
  TimeReading& reading_;
  ReadTime& time_;
  std::string& failure_;
  std::int64_t year_ = 0;
  std::int64_t month_ = 0;
  std::int64_t day_ = 0;
  std::int64_t hour_ = 0;
  std::int64_t minute_ = 0;
  std::int64_t second_ = 0;
  std::int64_t nanoseconds_ = 0;
  std::optional<std::int64_t> offset_;
  bool has_time_ = false;
  bool has_half_ = false;
  bool is_pm_ = false;
  bool finished_ = false;
};

}  // namespace

std::size_t read_time_best_effort(std::string_view text, TimeReading& reading, ReadTime& time,
                                  std::string& failure) {
  return BestEffort(text, reading, time, failure).read();
}

}  // namespace grapevine::sql
