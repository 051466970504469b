#include "api/sql/insert/json_rows.hpp"

namespace grapevine::sql {
namespace {

bool is_space(char byte) { return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n'; }

// Where the object or array at the begin of the text ends; 0: it does not.
std::size_t end_of_value(std::string_view text) {
  std::size_t depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    switch (text[i]) {
      case '{':
      case '[': ++depth; break;
      case '}':
      case ']':
        if (--depth == 0) return i + 1;
        break;
      case '"':
        for (++i; i < text.size() && text[i] != '"'; ++i) {
          if (text[i] == '\\') ++i;
        }
        break;
      default: break;
    }
  }
  return 0;
}

}  // namespace

JsonRows::JsonRows(std::string_view text, char open) : text_(text), open_(open) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
  while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  // Rows that are arrays stand in no array: [[1], [2]] would be one row.
  if (open_ == '{' && at_ < text_.size() && text_[at_] == '[') {
    in_array_ = true;
    ++at_;
  }
  skip_between();
}

void JsonRows::skip_between() {
  while (at_ < text_.size() && (is_space(text_[at_]) || text_[at_] == ',' || text_[at_] == ';')) {
    ++at_;
  }
  if (!in_array_ || at_ == text_.size() || text_[at_] != ']') return;
  in_array_ = false;
  ++at_;
  skip_between();
}

std::optional<std::string_view> JsonRows::next() {
  if (at_ == text_.size() || text_[at_] != open_) return std::nullopt;
  const std::size_t size = end_of_value(text_.substr(at_));
  if (size == 0) return std::nullopt;
  const std::string_view row = text_.substr(at_, size);
  at_ += size;
  skip_between();
  return row;
}

}  // namespace grapevine::sql
