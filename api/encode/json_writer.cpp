#include "api/encode/json_writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

#include "storage/date_time.hpp"

namespace grapevine {
namespace {

// Eight bytes, each of which has its highest bit set where it has to be escaped.
std::uint64_t marks_of_special(std::uint64_t bytes) {
  constexpr std::uint64_t kOnes = 0x0101'0101'0101'0101, kTops = 0x8080'8080'8080'8080;
  const auto has_zero = [](std::uint64_t x) { return (x - kOnes) & ~x & kTops; };
  const std::uint64_t below_blank = (bytes - 0x20 * kOnes) & ~bytes & kTops;
  return has_zero(bytes ^ '"' * kOnes) | has_zero(bytes ^ '\\' * kOnes) | below_blank;
}

// Copies a text, and tells whether none of it has to be escaped. Words overlap at its end, so that
// names of all lengths take few steps.
bool copy_plain(char* to, std::string_view text) {
  const std::size_t size = text.size();
  const auto copy = [&](std::size_t at, auto word, std::uint64_t rest) {
    std::memcpy(&word, text.data() + at, sizeof word);
    std::memcpy(to + at, &word, sizeof word);
    return marks_of_special(std::uint64_t{word} | rest);
  };
  if (size >= 8) {
    std::uint64_t special = copy(size - 8, std::uint64_t{}, 0);
    for (std::size_t at = 0; at + 8 < size; at += 8) special |= copy(at, std::uint64_t{}, 0);
    return special == 0;
  }
  // Blanks stand where there is nothing.
  if (size >= 4) {
    constexpr std::uint64_t kBlanks = 0x2020'2020'0000'0000;
    return (copy(0, std::uint32_t{}, kBlanks) | copy(size - 4, std::uint32_t{}, kBlanks)) == 0;
  }
  std::uint64_t special = 0;
  for (std::size_t at = 0; at < size; ++at) {
    special |= copy(at, std::uint8_t{}, 0x2020'2020'2020'2000);
  }
  return special == 0;
}

char* put(char* at, std::string_view text) { return std::copy(text.begin(), text.end(), at); }

}  // namespace

void JsonWriter::begin_object() {
  char* at = next_value();
  *at++ = '{';
  wrote(at);
  comma_ = false;
}

void JsonWriter::end_object() {
  char* at = piece();
  *at++ = '}';
  wrote(at);
  comma_ = true;
}

void JsonWriter::begin_array() {
  char* at = next_value();
  *at++ = '[';
  wrote(at);
  comma_ = false;
}

void JsonWriter::end_array() {
  char* at = piece();
  *at++ = ']';
  wrote(at);
  comma_ = true;
}

void JsonWriter::key(std::string_view name) {
  write_string(next_value(), name, "\":");
  comma_ = false;
}

void JsonWriter::value(std::string_view text) { write_string(next_value(), text, "\""); }

void JsonWriter::value(bool truth) { wrote(put(next_value(), truth ? "true" : "false")); }

template <typename Number>
void JsonWriter::write_real(Number number) {
  if (!std::isfinite(number)) return null();
  char* const at = next_value();
  char* const end = at + 32;
  // Nobody wants to read 4e+05. Below 1e15 every digit of a whole number is its own.
  const bool whole = std::trunc(number) == number && std::fabs(double{number}) < 1e15;
  wrote(whole ? std::to_chars(at, end, number, std::chars_format::fixed).ptr
              : std::to_chars(at, end, number).ptr);
}

void JsonWriter::value(double number) { write_real(number); }

void JsonWriter::value(float number) { write_real(number); }

void JsonWriter::null() { wrote(put(next_value(), "null")); }

void JsonWriter::time(std::int64_t time_ms) {
  char* at = next_value();
  *at++ = '"';
  wrote(at);
  flush();
  append_date_time(text_, time_ms);
  text_ += '"';
}

void JsonWriter::raw(std::string_view json) {
  wrote(next_value());
  if (json.size() <= kPieceMax) return wrote(put(piece(), json));
  flush();
  text_ += json;
}

void JsonWriter::end_line() {
  char* at = piece();
  *at++ = '\n';
  wrote(at);
  comma_ = false;
}

void JsonWriter::write_signed(std::int64_t number) {
  char* const at = next_value();
  wrote(std::to_chars(at, at + 24, number).ptr);
}

void JsonWriter::write_unsigned(std::uint64_t number) {
  char* const at = next_value();
  wrote(std::to_chars(at, at + 24, number).ptr);
}

// Writes a string at `at`, behind the bytes that wait, and what comes after its characters.
void JsonWriter::write_string(char* at, std::string_view text, std::string_view end) {
  constexpr std::size_t kAround = 8;  // A comma, quotes and a colon.
  *at++ = '"';
  if (text.size() <= kPieceMax - kAround && copy_plain(at, text)) {
    return wrote(put(at + text.size(), end));
  }
  wrote(at);
  flush();
  write_escaped(text);
  text_ += end;
}

void JsonWriter::write_escaped(std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
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
}

std::string format_time(std::int64_t time_ms) {
  std::string text;
  append_date_time(text, time_ms);
  return text;
}

}  // namespace grapevine
