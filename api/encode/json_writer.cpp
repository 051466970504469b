#include "api/encode/json_writer.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>

namespace grapevine {
namespace {

void append_padded(std::string& text, std::int64_t number, int width) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.begin(), digits.end(), number).ptr;
  for (auto missing = width - (end - digits.begin()); missing > 0; --missing) text += '0';
  text.append(digits.begin(), end);
}

void append_time(std::string& text, std::int64_t time_ms) {
  using namespace std::chrono;
  const sys_time<milliseconds> time{milliseconds(time_ms)};
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  const int year = int(date.year());
  if (year < 0) text += '-';
  append_padded(text, std::abs(year), 4);
  text += '-';
  append_padded(text, unsigned(date.month()), 2);
  text += '-';
  append_padded(text, unsigned(date.day()), 2);
  text += 'T';
  append_padded(text, clock.hours().count(), 2);
  text += ':';
  append_padded(text, clock.minutes().count(), 2);
  text += ':';
  append_padded(text, clock.seconds().count(), 2);
  text += '.';
  append_padded(text, clock.subseconds().count(), 3);
  text += 'Z';
}

}  // namespace

void JsonWriter::separate() {
  if (comma_) text_ += ',';
  comma_ = true;
}

void JsonWriter::begin_object() {
  separate();
  text_ += '{';
  comma_ = false;
}

void JsonWriter::end_object() {
  text_ += '}';
  comma_ = true;
}

void JsonWriter::begin_array() {
  separate();
  text_ += '[';
  comma_ = false;
}

void JsonWriter::end_array() {
  text_ += ']';
  comma_ = true;
}

void JsonWriter::key(std::string_view name) {
  separate();
  write_string(name);
  text_ += ':';
  comma_ = false;
}

void JsonWriter::value(std::string_view text) {
  separate();
  write_string(text);
}

void JsonWriter::value(bool truth) {
  separate();
  text_ += truth ? "true" : "false";
}

void JsonWriter::value(double number) {
  if (!std::isfinite(number)) return null();
  separate();
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.begin(), digits.end(), number).ptr;
  text_.append(digits.begin(), end);
}

void JsonWriter::null() {
  separate();
  text_ += "null";
}

void JsonWriter::time(std::int64_t time_ms) {
  separate();
  text_ += '"';
  append_time(text_, time_ms);
  text_ += '"';
}

void JsonWriter::raw(std::string_view json) {
  separate();
  text_ += json;
}

void JsonWriter::end_line() {
  text_ += '\n';
  comma_ = false;
}

void JsonWriter::write_signed(std::int64_t number) {
  separate();
  std::array<char, 24> digits;
  text_.append(digits.begin(), std::to_chars(digits.begin(), digits.end(), number).ptr);
}

void JsonWriter::write_unsigned(std::uint64_t number) {
  separate();
  std::array<char, 24> digits;
  text_.append(digits.begin(), std::to_chars(digits.begin(), digits.end(), number).ptr);
}

void JsonWriter::write_string(std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  text_ += '"';
  std::size_t plain = 0;  // Where the stretch begins that needs no escape.
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
    text_.append(text, plain, i - plain);
    plain = i + 1;
    switch (byte) {
      case '"': text_ += "\\\""; break;
      case '\\': text_ += "\\\\"; break;
      case '\n': text_ += "\\n"; break;
      case '\r': text_ += "\\r"; break;
      case '\t': text_ += "\\t"; break;
      default:
        text_ += "\\u00";
        text_ += kHex[byte >> 4];
        text_ += kHex[byte & 15];
    }
  }
  text_.append(text, plain);
  text_ += '"';
}

std::string format_time(std::int64_t time_ms) {
  std::string text;
  append_time(text, time_ms);
  return text;
}

}  // namespace grapevine
