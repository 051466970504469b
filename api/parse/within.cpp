#include "api/parse/within.hpp"

#include <array>
#include <charconv>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <absl/time/time.h>

#include "api/parse/nearest_name.hpp"

namespace grapevine {
namespace {

constexpr std::array<std::pair<std::string_view, CalendarWord>, 9> kWords{{
    {"today", CalendarWord::Today},
    {"yesterday", CalendarWord::Yesterday},
    {"this_week", CalendarWord::ThisWeek},
    {"last_week", CalendarWord::LastWeek},
    {"this_month", CalendarWord::ThisMonth},
    {"last_month", CalendarWord::LastMonth},
    {"this_quarter", CalendarWord::ThisQuarter},
    {"last_quarter", CalendarWord::LastQuarter},
    {"this_year", CalendarWord::ThisYear},
}};

constexpr TimeMs kMinute = 60'000;
constexpr TimeMs kDay = 24 * 60 * kMinute;
constexpr TimeMs kLongest = 36'525 * kDay;  // A hundred years.

// Milliseconds of a unit; 0: no such unit.
constexpr TimeMs unit_ms(char unit) {
  switch (unit) {
    case 'm': return kMinute;
    case 'h': return 60 * kMinute;
    case 'd': return kDay;
    case 'w': return 7 * kDay;
    default: return 0;
  }
}

// All of `text` as a number in decimal digits.
std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

constexpr char kZones[] = "/usr/share/zoneinfo";

// "Asia/Seoul", as the files are called; not those that are there twice, or are no zones.
std::vector<std::string> timezone_names() {
  namespace fs = std::filesystem;
  std::vector<std::string> names{"UTC"};
  std::error_code error;
  for (fs::recursive_directory_iterator at(kZones, error), end; !error && at != end;
       at.increment(error)) {
    const std::string name = at->path().lexically_relative(kZones).string();
    if (name == "posix" || name == "right") at.disable_recursion_pending();
    const bool is_name = name.front() >= 'A' && name.front() <= 'Z';
    if (is_name && name.find('.') == std::string::npos && at->is_regular_file(error)) {
      names.push_back(name);
    }
  }
  return names;
}

}  // namespace

std::string_view name_of(CalendarWord word) {
  for (const auto& [name, known] : kWords) {
    if (known == word) return name;
  }
  return {};
}

std::optional<WithinSpan> parse_within(std::string_view text) {
  for (const auto& [name, word] : kWords) {
    if (text == name) return word;
  }
  if (text.empty()) return std::nullopt;
  const TimeMs unit = unit_ms(text.back());
  const auto number = whole_number(text.substr(0, text.size() - 1));
  if (unit == 0 || !number || *number < 1 || *number > kLongest / unit) return std::nullopt;
  return *number * unit;
}

std::optional<AsOf> parse_as_of(std::string_view text) {
  if (text == "latest") return AsOf{AsOf::Kind::Latest, {}};
  if (const auto time = parse_said_time(text)) return AsOf{AsOf::Kind::At, *time};
  const auto epoch_ms = whole_number(text);
  if (!epoch_ms || !is_time(*epoch_ms)) return std::nullopt;
  return AsOf{AsOf::Kind::At, {*epoch_ms, false}};
}

std::string no_such_timezone(std::string_view name) {
  static const std::vector<std::string> known = timezone_names();
  return no_such("timezone", name, {known.begin(), known.end()});
}

bool is_timezone(std::string_view name) {
  // Abseil remembers every name that it was ever asked for, unknown ones too; so callers' names are
  // looked up among the files first, and cannot leave their folder.
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/";
  if (name == "UTC") return true;
  if (name.empty() || name.size() > 64 || name.front() == '/') return false;
  if (name.find_first_not_of(kLetters) != std::string_view::npos) return false;
  std::error_code ignored;
  const auto file = std::filesystem::path(kZones) / name;
  if (!std::filesystem::is_regular_file(file, ignored)) return false;
  absl::TimeZone zone;
  return absl::LoadTimeZone(absl::string_view(name.data(), name.size()), &zone);
}

}  // namespace grapevine
