#include <charconv>
#include <cmath>
#include <deque>

#include <fmt/format.h>

#include "api/collect/limits.hpp"
#include "api/collect/rejection.hpp"
#include "api/sql/insert/backslashes.hpp"
#include "api/sql/insert/insert_source.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

bool is_space(char byte) { return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n'; }

bool is_word(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
         (byte >= '0' && byte <= '9');
}

bool is_same_word(std::string_view word, std::string_view upper) {
  return std::equal(word.begin(), word.end(), upper.begin(), upper.end(), [](char a, char b) {
    return (a >= 'a' && a <= 'z' ? static_cast<char>(a - 'a' + 'A') : a) == b;
  });
}

// Reads (1, 'a', NULL), (2, 'b', true); constants alone, front to back.
class ValuesReader {
 public:
  explicit ValuesReader(std::string_view text) : text_(text) {}

  bool take(char wanted) {
    skip_spaces();
    if (at_ == text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }
  bool at_end() {
    skip_spaces();
    return at_ == text_.size();
  }
  [[nodiscard]] std::size_t at() const { return at_; }
  /// What stands where a value must; of a text the characters live until `forget`.
  /// Errors  a sentence about what stands there.
  absl::StatusOr<SentValue> value() {
    skip_spaces();
    if (at_ == text_.size()) return absl::InvalidArgumentError("the rows end inside of a row");
    const char first = text_[at_];
    if (first == '\'') return text();
    const bool is_sign = first == '-' || first == '+';
    if (is_sign || first == '.' || (first >= '0' && first <= '9')) return number();
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_word(text_[at_])) ++at_;
    const std::string_view word = text_.substr(begin, at_ - begin);
    if (is_same_word(word, "NULL") || is_same_word(word, "DEFAULT")) return SentValue::null();
    if (is_same_word(word, "TRUE")) return SentValue::typed(Scalar::of(true));
    if (is_same_word(word, "FALSE")) return SentValue::typed(Scalar::of(false));
    return absl::InvalidArgumentError(
        "expected a constant: a number, a text in single quotes, NULL, true or false");
  }
  void forget() { texts_.clear(); }

 private:
  void skip_spaces() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }

  absl::StatusOr<SentValue> text() {
    const std::size_t begin = ++at_;
    bool escaped = false;
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\\') {
        escaped = true;
        ++at_;
      } else if (text_[at_] == '\'') {
        if (at_ + 1 == text_.size() || text_[at_ + 1] != '\'') break;
        escaped = true;
        ++at_;
      }
    }
    if (at_ >= text_.size()) return absl::InvalidArgumentError("a quote is not closed");
    const std::string_view raw = text_.substr(begin, at_++ - begin);
    if (!escaped) return SentValue::text(raw);
    // '' is a quote as \' is.
    std::string single;
    for (std::size_t i = 0; i < raw.size(); ++i) {
      if (raw[i] == '\'') {
        single += '\\';
        ++i;
      } else if (raw[i] == '\\' && i + 1 < raw.size()) {
        single += raw[i++];
      }
      single += raw[i];
    }
    auto plain = without_backslashes(single);
    if (!plain || !simdjson::validate_utf8(*plain)) {
      return absl::InvalidArgumentError("a backslash stands before nothing that it may");
    }
    return SentValue::text(texts_.emplace_back(*std::move(plain)));
  }

  absl::StatusOr<SentValue> number() {
    const std::size_t begin = at_;
    const auto goes_on = [&] {
      const char byte = text_[at_];
      const bool is_sign = byte == '-' || byte == '+';
      const char before = at_ == begin ? 'e' : text_[at_ - 1];
      return is_word(byte) || byte == '.' || (is_sign && (before == 'e' || before == 'E'));
    };
    while (at_ < text_.size() && goes_on()) ++at_;
    std::string_view digits = text_.substr(begin, at_ - begin);
    if (digits.starts_with('+')) digits.remove_prefix(1);
    const char* end = digits.data() + digits.size();
    std::int64_t integer = 0;
    if (const auto [to, error] = std::from_chars(digits.data(), end, integer);
        error == std::errc() && to == end) {
      return SentValue::typed(Scalar::of(integer));
    }
    double number = 0;
    const auto [to, error] = std::from_chars(digits.data(), end, number);
    if (error != std::errc() || to != end || !std::isfinite(number)) {
      return absl::InvalidArgumentError("expected a number");
    }
    return SentValue::typed(Scalar::of(number));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::deque<std::string> texts_;
};

}  // namespace

absl::Status insert_values(const InsertSource& source, const InsertColumns& columns,
                           RowInserter& rows) {
  if (!simdjson::validate_utf8(source.data)) return unreadable_row("the rows are not UTF-8", 1);
  GRAPEVINE_ASSIGN_OR_RETURN(const auto wanted, columns_of_rows(source, columns, {}));
  ValuesReader reader(source.data);
  for (std::uint64_t row = 1; !reader.at_end(); ++row) {
    GRAPEVINE_RETURN_IF_ERROR(check_stop(source, row));
    const std::size_t begin = reader.at();
    if (!reader.take('(')) return unreadable_row("expected ( before the values of a row", row);
    rows.begin_row();
    reader.forget();
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (i != 0 && !reader.take(',')) {
        return unreadable_row(
            fmt::format("expected a comma behind value {} of {}", i, wanted.size()), row);
      }
      const auto value = reader.value();
      if (!value.ok()) {
        return at_row(
            query_error(QueryErrorCode::CannotParseInputAssertionFailed, detail_of(value.status())),
            row, wanted[i].name);
      }
      GRAPEVINE_RETURN_IF_ERROR(at_row(rows.set(wanted[i], *value), row, wanted[i].name));
    }
    if (!reader.take(')')) {
      return unreadable_row(fmt::format("expected ) behind {} values", wanted.size()), row);
    }
    if (reader.at() - begin > kImportLineBytesMax) {
      return unreadable_row(fmt::format("the row has more than {} bytes", kImportLineBytesMax),
                            row);
    }
    GRAPEVINE_RETURN_IF_ERROR(at_row(rows.end_row(), row));
    reader.take(',');
    if (reader.take(';') && !reader.at_end()) {
      return unreadable_row("something follows the semicolon", row);
    }
  }
  return absl::OkStatus();
}

}  // namespace grapevine::sql
