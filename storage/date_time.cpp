#include "storage/date_time.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdlib>

namespace grapevine {
namespace {

constexpr std::string_view kForm = "dddd-dd-ddTdd:dd:dd.dddZ";  // d: a digit.

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool has_form(std::string_view text) {
  if (text.size() != kForm.size()) return false;
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    if (kForm[i] == 'd' ? !is_digit(text[i]) : text[i] != kForm[i]) return false;
  }
  return true;
}

int number_at(std::string_view text, std::size_t begin, std::size_t digits) {
  int number = 0;
  for (const char c : text.substr(begin, digits)) number = number * 10 + (c - '0');
  return number;
}

// Writes a number with zeros before it, and what stands behind it. Precondition: it fits.
char* put_padded(char* at, std::int64_t number, int width, char behind) {
  for (int i = width; i-- > 0; number /= 10) at[i] = static_cast<char>('0' + number % 10);
  at[width] = behind;
  return at + width + 1;
}

}  // namespace

bool is_date_time(TimeMs ms) {
  using namespace std::chrono;
  constexpr milliseconds kBegin = sys_days(year(1) / 1 / 1).time_since_epoch();
  constexpr milliseconds kEnd = sys_days(year(10'000) / 1 / 1).time_since_epoch();
  return kBegin.count() <= ms && ms < kEnd.count();
}

std::optional<DateTime> read_date_time(std::string_view text) {
  using namespace std::chrono;
  if (!has_form(text)) return std::nullopt;
  const year_month_day date{year(number_at(text, 0, 4)),
                            month(static_cast<unsigned>(number_at(text, 5, 2))),
                            day(static_cast<unsigned>(number_at(text, 8, 2)))};
  const hours hour(number_at(text, 11, 2));
  const minutes minute(number_at(text, 14, 2));
  const seconds second(number_at(text, 17, 2));
  const bool is_clock = hour < days(1) && minute < hours(1) && second < minutes(1);
  if (!date.ok() || date.year() < year(1) || !is_clock) return std::nullopt;
  const auto time = sys_days(date) + hour + minute + second + milliseconds(number_at(text, 20, 3));
  return DateTime{time.time_since_epoch().count()};
}

void append_date_time(std::string& text, TimeMs ms) {
  using namespace std::chrono;
  const sys_time<milliseconds> time{milliseconds(ms)};
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  const int year = int(date.year());
  std::array<char, 48> written;
  char* at = written.data();
  if (year < 0) *at++ = '-';
  int width = 4;
  for (int bound = 10'000; std::abs(year) >= bound && width < 9; bound *= 10) ++width;
  at = put_padded(at, std::abs(year), width, '-');
  at = put_padded(at, unsigned(date.month()), 2, '-');
  at = put_padded(at, unsigned(date.day()), 2, 'T');
  at = put_padded(at, clock.hours().count(), 2, ':');
  at = put_padded(at, clock.minutes().count(), 2, ':');
  at = put_padded(at, clock.seconds().count(), 2, '.');
  at = put_padded(at, clock.subseconds().count(), 3, 'Z');
  text.append(written.data(), at);
}

}  // namespace grapevine
