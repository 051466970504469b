#pragma once

#include <concepts>
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

  [[nodiscard]] std::size_t size() const { return text_.size(); }
  /// Makes place for so many bytes more.
  void reserve(std::size_t bytes) { text_.reserve(text_.size() + bytes); }
  std::string take() && { return std::move(text_); }

 private:
  void separate();
  void write_signed(std::int64_t number);
  void write_unsigned(std::uint64_t number);
  void write_string(std::string_view text);
  void write_escaped(std::string_view text);

  std::string text_;
  bool comma_ = false;  // Whether the next value in this container comes after another one.
};

/// The text of `JsonWriter::time`, without quotes.
std::string format_time(std::int64_t time_ms);

}  // namespace grapevine
