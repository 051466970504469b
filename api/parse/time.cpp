#include "api/parse/time.hpp"

#include <chrono>
#include <cstddef>

namespace grapevine {
namespace {

// Reads a text from its front; whatever does not fit leaves `ok` false for good.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] bool next_is(char a, char b) const {
    return !rest_.empty() && (rest_.front() == a || rest_.front() == b);
  }

  // Exactly `digits` digits, as a number in [least, most].
  int number(std::size_t digits, int least, int most) {
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) value = value * 10 + digit();
    if (value < least || value > most) ok_ = false;
    return value;
  }

  int digit() {
    const bool is_digit = next_is_digit();
    const int value = is_digit ? rest_.front() - '0' : 0;
    if (is_digit) rest_.remove_prefix(1);
    ok_ = ok_ && is_digit;
    return value;
  }

  [[nodiscard]] bool next_is_digit() const {
    return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9';
  }

  // Takes one character where it is one of the two.
  bool take(char a, char b) {
    if (!next_is(a, b)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void expect(char c) { ok_ = take(c, c) && ok_; }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

// The digits after the point: at least one; the first three count.
int read_milliseconds(Scanner& text) {
  int milliseconds = text.digit() * 100;
  if (text.next_is_digit()) milliseconds += text.digit() * 10;
  if (text.next_is_digit()) milliseconds += text.digit();
  while (text.next_is_digit()) text.digit();
  return milliseconds;
}

std::chrono::milliseconds read_clock(Scanner& text) {
  using namespace std::chrono;
  milliseconds clock = hours(text.number(2, 0, 23));
  text.expect(':');
  clock += minutes(text.number(2, 0, 59));
  if (text.take(':', ':')) {
    clock += seconds(text.number(2, 0, 59));
    if (text.take('.', '.')) clock += milliseconds(read_milliseconds(text));
  }
  return clock;
}

// How far local time is ahead of UTC.
std::chrono::minutes read_offset(Scanner& text) {
  using namespace std::chrono;
  if (text.take('Z', 'z') || text.at_end()) return minutes(0);
  const bool behind = text.next_is('-', '-');
  if (!text.take('+', '-')) {
    text.expect('Z');
    return minutes(0);
  }
  minutes offset = hours(text.number(2, 0, 23));
  const bool has_colon = text.take(':', ':');
  if (has_colon || !text.at_end()) offset += minutes(text.number(2, 0, 59));
  return behind ? -offset : offset;
}

}  // namespace

std::optional<SaidTime> parse_said_time(std::string_view text) {
  using namespace std::chrono;
  Scanner scanner(text);
  const int year_number = scanner.number(4, 1, 9999);
  scanner.expect('-');
  const auto month_number = static_cast<unsigned>(scanner.number(2, 1, 12));
  scanner.expect('-');
  const auto day_number = static_cast<unsigned>(scanner.number(2, 1, 31));
  const year_month_day date{year(year_number), month(month_number), day(day_number)};
  milliseconds within_day{0};
  bool local = true;
  if (!scanner.at_end()) {
    if (!scanner.take('T', 't')) scanner.expect(' ');
    within_day = read_clock(scanner);
    local = scanner.at_end();
    within_day -= read_offset(scanner);
  }
  if (!scanner.ok() || !scanner.at_end() || !date.ok()) return std::nullopt;
  return SaidTime{(sys_days(date) + within_day).time_since_epoch().count(), local};
}

std::optional<TimeMs> parse_time(std::string_view text) {
  const auto said = parse_said_time(text);
  return said ? std::optional(said->time) : std::nullopt;
}

}  // namespace grapevine
