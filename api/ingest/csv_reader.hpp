#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace grapevine {

/// Reads the records of CSV text one after the other (RFC 4180: quotes, commas and line breaks in
/// quoted fields; records end with LF or CRLF, the last one perhaps with neither). Blank lines are
/// no records. Not thread-safe.
class CsvReader {
 public:
  /// `text` outlives the reader.
  explicit CsvReader(std::string_view text, char delimiter = ',')
      : text_(text), delimiter_(delimiter) {}

  /// Goes to the next record; false: there is none.
  bool next();

  /// The fields of the record, unquoted. Valid until `next`.
  [[nodiscard]] const std::vector<std::string_view>& fields() const { return fields_; }
  /// Whether a field of the record stood in quotes.
  [[nodiscard]] bool is_quoted(std::size_t field) const { return quoted_[field]; }
  /// What is wrong with the record, whose fields then mean nothing; empty: nothing is.
  [[nodiscard]] std::string_view fault() const { return fault_; }
  /// The bytes of the record, its line break included.
  [[nodiscard]] std::string_view raw() const { return text_.substr(begin_, at_ - begin_); }
  /// The line on which the record begins, from 0.
  [[nodiscard]] std::size_t line() const { return line_; }
  /// Lines up to the end of the record; at the end of the text, all of its lines.
  [[nodiscard]] std::size_t lines() const { return lines_; }

 private:
  void read_record();
  std::string_view quoted_field();
  std::string_view plain_field();
  bool end_field();

  std::string_view text_;
  char delimiter_;
  std::size_t at_ = 0;
  std::size_t begin_ = 0;
  std::size_t line_ = 0;
  std::size_t lines_ = 0;
  std::vector<std::string_view> fields_;
  std::vector<bool> quoted_;  // By field.
  std::deque<std::string> unescaped_;
  std::string_view fault_;
};

}  // namespace grapevine
