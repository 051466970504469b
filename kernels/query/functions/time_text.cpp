// formatDateTime, dateName and monthName.
#include <array>
#include <string>
#include <utility>

#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/interval_units.hpp"
#include "kernels/query/functions/texts.hpp"
#include "kernels/query/functions/time_rows.hpp"
#include "kernels/query/functions/weeks.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<std::string_view, 7> kWeekdays = {
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

std::string_view month_name(std::int32_t month) {
  return kMonths[static_cast<std::size_t>(month - 1)];
}
std::string_view weekday_name(std::int64_t day) {
  return kWeekdays[static_cast<std::size_t>(weekday_of_day(day) - 1)];
}

// What the clocks show at a moment.
struct Shown {
  std::int64_t local;
  std::int64_t nanosecond;
  std::int64_t offset;
  int scale;
  std::int64_t day = floor_div(local, kSecondsOfDay);
  CivilDay civil = civil_of_day(day);
  std::int64_t hour = floor_mod(local, kSecondsOfDay) / 3600;
  std::int64_t minute = floor_mod(local, 3600) / 60;
  std::int64_t second = floor_mod(local, 60);
};

void padded(std::int64_t value, int width, std::string& text) {
  const std::string digits = std::to_string(value);
  if (static_cast<int>(digits.size()) < width) {
    text.append(static_cast<std::size_t>(width) - digits.size(), '0');
  }
  text += digits;
}

void write_fraction(const Shown& shown, std::string& text) {
  padded(shown.nanosecond / 1000, 6, text);
}

void write_offset(std::int64_t offset, std::string& text) {
  text += offset < 0 ? '-' : '+';
  const std::int64_t minutes = (offset < 0 ? -offset : offset) / 60;
  padded(minutes / 60, 2, text);
  padded(minutes % 60, 2, text);
}

std::int64_t hour12(const Shown& shown) { return (shown.hour + 11) % 12 + 1; }

void write_clock(const Shown& shown, bool seconds, std::string& text) {
  padded(shown.hour, 2, text);
  text += ':';
  padded(shown.minute, 2, text);
  if (!seconds) return;
  text += ':';
  padded(shown.second, 2, text);
}

void write_specifier(char specifier, const Shown& shown, std::string& text) {
  switch (specifier) {
    case 'a': text += weekday_name(shown.day).substr(0, 3); return;
    case 'b': text += month_name(shown.civil.month).substr(0, 3); return;
    case 'c':
    case 'm': padded(shown.civil.month, 2, text); return;
    case 'C': padded(shown.civil.year / 100, 2, text); return;
    case 'd': padded(shown.civil.day, 2, text); return;
    case 'D':
      padded(shown.civil.month, 2, text);
      text += '/';
      padded(shown.civil.day, 2, text);
      text += '/';
      padded(shown.civil.year % 100, 2, text);
      return;
    case 'e': text += std::to_string(shown.civil.day); return;
    case 'f': write_fraction(shown, text); return;
    case 'F':
      padded(shown.civil.year, 4, text);
      text += '-';
      padded(shown.civil.month, 2, text);
      text += '-';
      padded(shown.civil.day, 2, text);
      return;
    case 'g': padded(iso_year_of(shown.day) % 100, 2, text); return;
    case 'G': padded(iso_year_of(shown.day), 4, text); return;
    case 'h':
    case 'I': padded(hour12(shown), 2, text); return;
    case 'H': padded(shown.hour, 2, text); return;
    case 'i': padded(shown.minute, 2, text); return;
    case 'j': padded(shown.day - day_of_civil(shown.civil.year, 1, 1) + 1, 3, text); return;
    case 'k': padded(shown.hour, 2, text); return;
    case 'l': padded(hour12(shown), 2, text); return;
    case 'M': text += month_name(shown.civil.month); return;
    case 'n': text += '\n'; return;
    case 'p': text += shown.hour < 12 ? "AM" : "PM"; return;
    case 'Q': text += std::to_string((shown.civil.month + 2) / 3); return;
    case 'r':
      padded(hour12(shown), 2, text);
      text += ':';
      padded(shown.minute, 2, text);
      text += shown.hour < 12 ? " AM" : " PM";
      return;
    case 'R': write_clock(shown, false, text); return;
    case 's':
    case 'S': padded(shown.second, 2, text); return;
    case 't': text += '\t'; return;
    case 'T': write_clock(shown, true, text); return;
    case 'u': text += std::to_string(weekday_of_day(shown.day)); return;
    case 'V':
      padded((shown.day - start_of_iso_year(iso_year_of(shown.day))) / 7 + 1, 2, text);
      return;
    case 'w': text += std::to_string(weekday_of_day(shown.day) % 7); return;
    case 'W': text += weekday_name(shown.day); return;
    case 'y': padded(shown.civil.year % 100, 2, text); return;
    case 'Y': padded(shown.civil.year, 4, text); return;
    case 'z': write_offset(shown.offset, text); return;
    default: text += '%'; return;
  }
}

absl::Status check_format(std::string_view format) {
  constexpr std::string_view kKnown = "abcCdDefFgGhHiIjklmMnpQrRsStTuVwWyYz%";
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '%') continue;
    if (++i == format.size()) {
      return query_error(QueryErrorCode::BadArguments,
                         "'%' must not be the last character in the format string, use '%%' "
                         "instead");
    }
    if (format[i] == 'U' || format[i] == 'v' || format[i] == 'x' || format[i] == 'X') {
      return query_error(QueryErrorCode::NotImplemented,
                         joined({"format is not supported: %", format.substr(i, 1)}));
    }
    if (kKnown.find(format[i]) == std::string_view::npos) {
      return query_error(QueryErrorCode::BadArguments,
                         joined({"Incorrect syntax '", format, "', symbol is not supported '",
                                 format.substr(i, 1), "' for function formatDateTime"}));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Resolved> format_date_time(const Call& call) {
  if (!is_time(call.id(0))) return illegal_type(call, 0);
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string format, constant_string(call, 1));
  GRAPEVINE_RETURN_IF_ERROR(check_format(format));
  GRAPEVINE_ASSIGN_OR_RETURN(const ZonePtr zone, call_zone(call, 0, 2));
  const int scale = call.type(0).scale;
  return Resolved{
      plain(TypeId::String), [=](std::span<const ColumnPtr> arguments, std::size_t rows) {
        TimeRows times(arguments[0], *zone);
        ResultTexts texts(rows);
        std::string text;
        for (std::size_t row = 0; row < rows && !texts.failed(); ++row) {
          text.clear();
          const std::int64_t local = times.local(row);
          const Shown shown{local, times.nanosecond(row), local - times.utc(row), scale};
          for (std::size_t i = 0; i < format.size(); ++i) {
            if (format[i] == '%') {
              write_specifier(format[++i], shown, text);
            } else {
              text += format[i];
            }
          }
          texts.add(text);
        }
        return std::move(texts).finish();
      }};
}

// Each of a time's texts by a function of what is shown.
template <typename Write>
Kernel written(ZonePtr zone, std::size_t time, Write write) {
  return [zone = std::move(zone), time, write](std::span<const ColumnPtr> arguments,
                                               std::size_t rows) {
    TimeRows times(arguments[time], *zone);
    ResultTexts texts(rows);
    std::string text;
    for (std::size_t row = 0; row < rows; ++row) {
      text.clear();
      write(Shown{times.local(row), 0, 0, 0}, text);
      texts.add(text);
    }
    return std::move(texts).finish();
  };
}

absl::StatusOr<Resolved> date_name(const Call& call) {
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string part, constant_string(call, 0));
  if (!is_time(call.id(1))) return illegal_type(call, 1);
  GRAPEVINE_ASSIGN_OR_RETURN(const ZonePtr zone, call_zone(call, 1, 2));
  struct Part {
    std::string_view name;
    void (*write)(const Shown&, std::string&);
  };
  static constexpr std::array<Part, 10> kParts = {{
      {"year", [](const Shown& s, std::string& t) { t += std::to_string(s.civil.year); }},
      {"quarter", [](const Shown& s, std::string& t) { write_specifier('Q', s, t); }},
      {"month", [](const Shown& s, std::string& t) { t += month_name(s.civil.month); }},
      {"week",
       [](const Shown& s, std::string& t) {
         t += std::to_string((s.day - start_of_iso_year(iso_year_of(s.day))) / 7 + 1);
       }},
      {"dayofyear",
       [](const Shown& s, std::string& t) {
         t += std::to_string(s.day - day_of_civil(s.civil.year, 1, 1) + 1);
       }},
      {"day", [](const Shown& s, std::string& t) { t += std::to_string(s.civil.day); }},
      {"weekday", [](const Shown& s, std::string& t) { t += weekday_name(s.day); }},
      {"hour", [](const Shown& s, std::string& t) { t += std::to_string(s.hour); }},
      {"minute", [](const Shown& s, std::string& t) { t += std::to_string(s.minute); }},
      {"second", [](const Shown& s, std::string& t) { t += std::to_string(s.second); }},
  }};
  for (const Part& known : kParts) {
    if (known.name == part) {
      return Resolved{plain(TypeId::String), written(zone, 1, known.write)};
    }
  }
  return query_error(QueryErrorCode::BadArguments,
                     joined({"Function ", call.name, " doesn't support '", part, "'"}));
}

absl::StatusOr<Resolved> month_name_of(const Call& call) {
  if (!is_time(call.id(0))) return illegal_type(call, 0);
  GRAPEVINE_ASSIGN_OR_RETURN(const ZonePtr zone, call_zone(call, 0, 1));
  return Resolved{plain(TypeId::String),
                  written(zone, 0, [](const Shown& shown, std::string& text) {
                    text += month_name(shown.civil.month);
                  })};
}

constexpr Definition kDefinitions[] = {
    {"formatDateTime", format_date_time, 2, 3},
    {"dateName", date_name, 2, 3},
    {"monthName", month_name_of, 1, 1},
};

}  // namespace

std::span<const Definition> time_text_functions() { return kDefinitions; }

}  // namespace grapevine::sql
