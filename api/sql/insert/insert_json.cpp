#include <fmt/format.h>

#include "api/collect/limits.hpp"
#include "api/sql/insert/insert_source.hpp"
#include "api/sql/insert/json_rows.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// Parses row by row.
class JsonRowReader {
 public:
  JsonRowReader(const InsertSource& source, char open)
      : source_(source), rows_(source.data, open) {}

  /// Whether there is another row, which `element` is then.
  absl::StatusOr<bool> next(JsonElement& element) {
    if (rows_.at_end()) return false;
    ++row_;
    GRAPEVINE_RETURN_IF_ERROR(check_stop(source_, row_));
    const std::optional<std::string_view> text = rows_.next();
    if (!text) return unreadable_row("expected a row of JSON, which brackets begin and end", row_);
    if (text->size() > kImportLineBytesMax) {
      return unreadable_row(fmt::format("the row has more than {} bytes", kImportLineBytesMax),
                            row_);
    }
    const simdjson::error_code error = parse_json(*text, parser_, element);
    if (error != simdjson::SUCCESS) {
      return unreadable_row("not JSON: " + describe_json_error(error, *text, 0), row_);
    }
    return true;
  }
  [[nodiscard]] std::uint64_t row() const { return row_; }

 private:
  const InsertSource& source_;
  JsonRows rows_;
  simdjson::dom::parser parser_;
  std::uint64_t row_ = 0;
};

// Columns by the names of members, each looked up once.
class MemberColumns {
 public:
  MemberColumns(const InsertSource& source, const InsertColumns& columns)
      : source_(source), columns_(columns) {}

  absl::StatusOr<const InsertColumn*> find(std::string_view name) {
    const auto known = found_.find(name);
    if (known != found_.end()) return &known->second;
    GRAPEVINE_ASSIGN_OR_RETURN(InsertColumn column, look_up(name));
    return &found_.emplace(name, std::move(column)).first->second;
  }

 private:
  absl::StatusOr<InsertColumn> look_up(std::string_view name) {
    const std::vector<std::string>& names = source_.names;
    const bool listed = names.empty() || std::find(names.begin(), names.end(), name) != names.end();
    if (listed) return columns_.find(name);
    if (source_.skip_unknown) {
      InsertColumn skipped;
      skipped.role = InsertColumn::Role::Skipped;
      skipped.name = name;
      return skipped;
    }
    return query_error(QueryErrorCode::IncorrectData,
                       "the member is not among the columns of the statement");
  }

  const InsertSource& source_;
  const InsertColumns& columns_;
  std::map<std::string, InsertColumn, std::less<>> found_;
};

absl::StatusOr<std::vector<std::string>> read_names(JsonElement element) {
  std::vector<std::string> names;
  JsonArray array;
  if (element.get_array().get(array) != simdjson::SUCCESS) return names;
  for (const JsonElement each : array) {
    std::string_view name;
    if (each.get_string().get(name) != simdjson::SUCCESS) {
      return unreadable_row("the header is not a list of names", 1);
    }
    names.emplace_back(name);
  }
  return names;
}

}  // namespace

absl::Status insert_json_objects(const InsertSource& source, const InsertColumns& columns,
                                 RowInserter& rows) {
  GRAPEVINE_RETURN_IF_ERROR(columns.find_all(source.names).status());
  MemberColumns members(source, columns);
  JsonRowReader reader(source, '{');
  for (JsonElement element;;) {
    GRAPEVINE_ASSIGN_OR_RETURN(const bool more, reader.next(element));
    if (!more) return absl::OkStatus();
    rows.begin_row();
    for (const auto& [name, member] : JsonObject(element.get_object().value_unsafe())) {
      const auto column = members.find(name);
      GRAPEVINE_RETURN_IF_ERROR(at_row(column.status(), reader.row(), name));
      GRAPEVINE_RETURN_IF_ERROR(at_row(rows.set(**column, member), reader.row(), name));
    }
    GRAPEVINE_RETURN_IF_ERROR(at_row(rows.end_row(), reader.row()));
  }
}

absl::Status insert_json_arrays(const InsertSource& source, const InsertColumns& columns,
                                RowInserter& rows) {
  JsonRowReader reader(source, '[');
  JsonElement element;
  std::vector<std::string> header;
  std::uint64_t header_rows = 0;
  if (source.header != InsertHeader::None) {
    GRAPEVINE_ASSIGN_OR_RETURN(const bool has_header, reader.next(element));
    if (!has_header) return absl::OkStatus();
    GRAPEVINE_ASSIGN_OR_RETURN(header, read_names(element));
    ++header_rows;
  }
  if (source.header == InsertHeader::NamesAndTypes) {
    GRAPEVINE_RETURN_IF_ERROR(
        reader.next(element).status());  // The columns' types are the store's.
    ++header_rows;
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const auto wanted, columns_of_rows(source, columns, header));
  for (;;) {
    GRAPEVINE_ASSIGN_OR_RETURN(const bool more, reader.next(element));
    if (!more) return absl::OkStatus();
    const std::uint64_t row = reader.row() - header_rows;
    const JsonArray values = element.get_array().value_unsafe();
    if (values.size() != wanted.size()) {
      return unreadable_row(
          fmt::format("the row has {} values for {} columns", values.size(), wanted.size()), row);
    }
    rows.begin_row();
    std::size_t i = 0;
    for (const JsonElement value : values) {
      GRAPEVINE_RETURN_IF_ERROR(at_row(rows.set(wanted[i], value), row, wanted[i].name));
      ++i;
    }
    GRAPEVINE_RETURN_IF_ERROR(at_row(rows.end_row(), row));
  }
}

}  // namespace grapevine::sql
