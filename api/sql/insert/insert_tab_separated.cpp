#include <deque>

#include <fmt/format.h>

#include "api/collect/limits.hpp"
#include "api/sql/insert/backslashes.hpp"
#include "api/sql/insert/insert_source.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// Reads lines of fields. Tabs and line breaks inside of them stand behind backslashes.
class TabSeparatedReader {
 public:
  explicit TabSeparatedReader(std::string_view text) : text_(text) {}

  bool next() {
    do {
      if (text_.empty()) return false;
      const std::size_t end = text_.find('\n');
      line_ = text_.substr(0, end);
      text_.remove_prefix(end == std::string_view::npos ? text_.size() : end + 1);
      if (line_.ends_with('\r')) line_.remove_suffix(1);
    } while (line_.empty());
    fields_.clear();
    for (std::string_view rest = line_;;) {
      const std::size_t end = rest.find('\t');
      fields_.push_back(rest.substr(0, end));
      if (end == std::string_view::npos) return true;
      rest.remove_prefix(end + 1);
    }
  }
  [[nodiscard]] std::string_view line() const { return line_; }
  [[nodiscard]] const std::vector<std::string_view>& fields() const { return fields_; }

 private:
  std::string_view text_;
  std::string_view line_;
  std::vector<std::string_view> fields_;
};

}  // namespace

absl::Status insert_tab_separated(const InsertSource& source, const InsertColumns& columns,
                                  RowInserter& rows) {
  if (!simdjson::validate_utf8(source.data)) return unreadable_row("the rows are not UTF-8", 1);
  TabSeparatedReader reader(source.data);
  std::vector<std::string> header;
  if (source.header != InsertHeader::None && reader.next()) {
    for (const std::string_view name : reader.fields()) {
      header.push_back(without_backslashes(name).value_or(std::string(name)));
    }
    // The columns' types are the store's.
    if (source.header == InsertHeader::NamesAndTypes) reader.next();
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const auto wanted, columns_of_rows(source, columns, header));
  std::deque<std::string> unescaped;
  for (std::uint64_t row = 1; reader.next(); ++row) {
    GRAPEVINE_RETURN_IF_ERROR(check_stop(source, row));
    if (reader.line().size() > kImportLineBytesMax) {
      return unreadable_row(fmt::format("the row has more than {} bytes", kImportLineBytesMax),
                            row);
    }
    const std::size_t fields = reader.fields().size();
    if (fields != wanted.size()) {
      return unreadable_row(
          fmt::format("the row has {} fields for {} columns", fields, wanted.size()), row);
    }
    rows.begin_row();
    unescaped.clear();
    for (std::size_t i = 0; i < fields; ++i) {
      std::string_view field = reader.fields()[i];
      SentValue value = SentValue::null();
      if (field != source.null) {
        if (field.find('\\') != std::string_view::npos) {
          auto plain = without_backslashes(field);
          if (!plain || !simdjson::validate_utf8(*plain)) {
            return at_row(unreadable_row("a backslash stands before nothing that it may", row), row,
                          wanted[i].name);
          }
          field = unescaped.emplace_back(*std::move(plain));
        }
        value = SentValue::plain(field);
      }
      GRAPEVINE_RETURN_IF_ERROR(at_row(rows.set(wanted[i], value), row, wanted[i].name));
    }
    GRAPEVINE_RETURN_IF_ERROR(at_row(rows.end_row(), row));
  }
  return absl::OkStatus();
}

}  // namespace grapevine::sql
