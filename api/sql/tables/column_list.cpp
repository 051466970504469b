#include "api/sql/tables/column_list.hpp"

#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// Splits at commas outside of parentheses and quotes.
std::vector<std::string_view> split_list(std::string_view text) {
  std::vector<std::string_view> parts;
  std::size_t depth = 0;
  char quote = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char letter = text[i];
    if (quote != 0) {
      if (letter == quote) quote = 0;
    } else if (letter == '`' || letter == '\'') {
      quote = letter;
    } else if (letter == '(') {
      ++depth;
    } else if (letter == ')') {
      depth -= depth > 0 ? 1 : 0;
    } else if (letter == ',' && depth == 0) {
      parts.push_back(text.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  parts.push_back(text.substr(begin));
  return parts;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) + 1 - begin);
}

absl::StatusOr<TableColumn> parse_column(std::string_view text) {
  text = trimmed(text);
  const bool quoted = text.starts_with('`');
  const std::size_t end = quoted ? text.find('`', 1) : text.find_first_of(" \t\r\n");
  if (end == std::string_view::npos || end == 0 || (quoted && end == 1)) {
    return query_error(QueryErrorCode::SyntaxError,
                       "A column is a name and a type, not: '" + std::string(text) + "'");
  }
  const std::string_view name = quoted ? text.substr(1, end - 1) : text.substr(0, end);
  GRAPEVINE_ASSIGN_OR_RETURN(DataType type,
                             parse_type(trimmed(text.substr(end + (quoted ? 1 : 0)))));
  return TableColumn{std::string(name), std::move(type)};
}

}  // namespace

absl::StatusOr<std::vector<TableColumn>> parse_column_list(std::string_view text) {
  std::vector<TableColumn> columns;
  for (const std::string_view part : split_list(text)) {
    GRAPEVINE_ASSIGN_OR_RETURN(columns.emplace_back(), parse_column(part));
  }
  return columns;
}

}  // namespace grapevine::sql
