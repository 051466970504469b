#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace grapevine {

/// Writes one JSON text (RFC 8259) front to back, directly into a string: commas and quotes are
/// kept right, nesting is the caller's. Doubles are the shortest text that reads back to the same
/// bits, whole ones below 1e15 without an exponent; NaN and infinity become null. Strings must be UTF-8. Not thread-safe.
class JsonWriter {
 public:
  JsonWriter() = default;
  explicit JsonWriter(std::string buffer) : text_(std::move(buffer)) {}

  void begin_object();
  void end_object();
  void begin_array();
  void end_array();
  void key(std::string_view name);

  void value(std::string_view text);
  void value(const char* text) { value(std::string_view(text)); }
  void value(const std::string& text) { value(std::string_view(text)); }
  void value(bool truth);
  void value(double number);
  /// The fewest digits that are this float and no other: 0.9, not 0.8999999761581421.
  void value(float number);
  template <std::integral Integer>
  requires(!std::same_as<Integer, bool>) void value(Integer number) {
    if constexpr (std::is_signed_v<Integer>) {
      write_signed(number);
    } else {
      write_unsigned(number);
    }
  }
  void null();
  /// An ISO 8601 UTC time with milliseconds, from milliseconds since 1970.
  void time(std::int64_t time_ms);
  /// `json` as it stands: the caller knows that it is a JSON value.
  void raw(std::string_view json);

  template <typename Value>
  void member(std::string_view name, const Value& content) {
    key(name);
    value(content);
  }
  void time_member(std::string_view name, std::int64_t time_ms) {
    key(name);
    time(time_ms);
  }
  void raw_member(std::string_view name, std::string_view json) {
    key(name);
    raw(json);
  }

  /// A line break between values that stand at the top: for NDJSON.
  void end_line();

  [[nodiscard]] std::size_t size() const { return text_.size() + waiting_; }
  /// Makes place for so many bytes more.
  void reserve(std::size_t bytes) { text_.reserve(size() + bytes); }
  std::string take() && {
    flush();
    return std::move(text_);
  }

 private:
  template <typename Number>
  void write_real(Number number);

  // Small pieces wait here until they are many: to append each one to a string would cost more than
  // to write it.
  static constexpr std::size_t kWaitingMax = 1024;
  static constexpr std::size_t kPieceMax = 96;  // Bytes that a piece may take that waits.

  // Where a piece of up to kPieceMax bytes goes, which `wrote` then is told the end of.
  char* piece() {
    if (waiting_ + kPieceMax > kWaitingMax) flush();
    return bytes_.data() + waiting_;
  }
  void wrote(const char* end) { waiting_ = static_cast<std::size_t>(end - bytes_.data()); }
  void flush() {
    text_.append(bytes_.data(), waiting_);
    waiting_ = 0;
  }

  // The same, behind a comma where one is due.
  char* next_value() {
    char* at = piece();
    *at = ',';
    at += comma_ ? 1 : 0;
    comma_ = true;
    return at;
  }
  void write_signed(std::int64_t number);
  void write_unsigned(std::uint64_t number);
  void write_string(char* at, std::string_view text, std::string_view end);
  void write_escaped(std::string_view text);

  std::string text_;
  std::size_t waiting_ = 0;
  std::array<char, kWaitingMax> bytes_;  // Behind text_.
  bool comma_ = false;  // Whether the next value in this container comes after another one.
};

/// The text of `JsonWriter::time`, without quotes.
std::string format_time(std::int64_t time_ms);

}  // namespace grapevine
