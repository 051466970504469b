#include "api/ingest/csv_reader.hpp"

#include <algorithm>

namespace grapevine {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

std::string without_doubled_quotes(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    plain += text[i];
    if (text[i] == '"') ++i;  // Quotes inside stand twice.
  }
  return plain;
}

bool is_blank(std::string_view record) { return record == "\n" || record == "\r\n"; }

}  // namespace

bool CsvReader::next() {
  do {
    if (at_ == text_.size()) return false;
    begin_ = at_;
    line_ = lines_;
    read_record();
    const std::string_view record = raw();
    const auto breaks = std::count(record.begin(), record.end(), '\n');
    lines_ += static_cast<std::size_t>(breaks) + (record.ends_with('\n') ? 0 : 1);
  } while (is_blank(raw()));
  return true;
}

void CsvReader::read_record() {
  fields_.clear();
  quoted_.clear();
  unescaped_.clear();
  fault_ = {};
  do {
    const bool quoted = at_ < text_.size() && text_[at_] == '"';
    quoted_.push_back(quoted);
    fields_.push_back(quoted ? quoted_field() : plain_field());
  } while (end_field());
}

// Takes the delimiter or line break that ends a field. Returns whether another field follows.
bool CsvReader::end_field() {
  if (at_ == text_.size()) return false;
  return text_[at_++] == delimiter_;
}

std::string_view CsvReader::plain_field() {
  const std::size_t begin = at_;
  while (at_ < text_.size() && text_[at_] != delimiter_ && text_[at_] != '\n') ++at_;
  std::string_view field = text_.substr(begin, at_ - begin);
  const bool ends_record = at_ == text_.size() || text_[at_] == '\n';
  if (ends_record && field.ends_with('\r')) field.remove_suffix(1);
  return field;
}

std::string_view CsvReader::quoted_field() {
  const std::size_t begin = ++at_;
  bool doubled = false;
  for (;;) {
    at_ = text_.find('"', at_);
    if (at_ == kNone) {
      at_ = text_.size();
      fault_ = "a quote is not closed";
      return {};
    }
    ++at_;
    if (at_ == text_.size() || text_[at_] != '"') break;
    doubled = true;
    ++at_;
  }
  const std::string_view field = text_.substr(begin, at_ - 1 - begin);
  if (!plain_field().empty()) fault_ = "something follows a closing quote";
  return doubled ? unescaped_.emplace_back(without_doubled_quotes(field)) : field;
}

}  // namespace grapevine
