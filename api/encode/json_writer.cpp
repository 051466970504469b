#include "api/encode/json_writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

#include "storage/date_time.hpp"

namespace grapevine {
namespace {

// Whether a short text has nothing to escape, eight bytes at a time.
bool is_plain(std::string_view text) {
  constexpr std::uint64_t kOnes = 0x0101'0101'0101'0101, kTops = 0x8080'8080'8080'8080;
  const auto has_zero = [](std::uint64_t x) { return (x - kOnes) & ~x & kTops; };
  std::uint64_t special = 0;
  for (std::size_t i = 0; i < text.size(); i += sizeof(std::uint64_t)) {
    std::uint64_t bytes = ' ' * kOnes;
    std::memcpy(&bytes, text.data() + i, std::min(sizeof bytes, text.size() - i));
    special |= has_zero(bytes ^ '"' * kOnes) | has_zero(bytes ^ '\\' * kOnes);
    special |= (bytes - 0x20 * kOnes) & ~bytes & kTops;  // Below a blank.
  }
  return special == 0;
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
  // Nobody wants to read 4e+05. Below 1e15 every digit of a whole number is its own.
  const bool whole = std::trunc(number) == number && std::fabs(number) < 1e15;
  const auto end =
      whole ? std::to_chars(digits.begin(), digits.end(), number, std::chars_format::fixed).ptr
            : std::to_chars(digits.begin(), digits.end(), number).ptr;
  text_.append(digits.begin(), end);
}

void JsonWriter::null() {
  separate();
  text_ += "null";
}

void JsonWriter::time(std::int64_t time_ms) {
  separate();
  text_ += '"';
  append_date_time(text_, time_ms);
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
  std::array<char, 64> quoted;
  if (text.size() + 2 <= quoted.size() && is_plain(text)) {
    quoted[0] = '"';
    text.copy(&quoted[1], text.size());
    quoted[text.size() + 1] = '"';
    text_.append(quoted.data(), text.size() + 2);
    return;
  }
  write_escaped(text);
}

void JsonWriter::write_escaped(std::string_view text) {
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
  append_date_time(text, time_ms);
  return text;
}

}  // namespace grapevine
