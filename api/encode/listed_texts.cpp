#include <string>
#include <utility>
#include <vector>

#include "api/encode/attribute_value.hpp"
#include "api/encode/json_writer.hpp"
#include "api/encode/listed_rows.hpp"
#include "api/parse/json_reader.hpp"
#include "kernels/query/column.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

using sql::DataType;
using sql::TypeId;

// A column of CSV: the member to take, and the members of that.
struct CsvColumn {
  std::vector<std::string> path;
};

void add_columns(const DataType& type, CsvColumn column, std::vector<CsvColumn>& columns) {
  if (type.id != TypeId::Tuple) return columns.push_back(std::move(column));
  for (std::size_t i = 0; i < type.elements.size(); ++i) {
    CsvColumn member = column;
    member.path.push_back(type.element_names[i]);
    add_columns(type.elements[i], std::move(member), columns);
  }
}

const JsonValue* value_of(const JsonValue& row, const CsvColumn& column) {
  const JsonValue* value = &row;
  for (const std::string& name : column.path) value = member_of(value, name);
  return value;
}

void append_value(const JsonValue* value, std::string& body) {
  if (value == nullptr || value->as<std::nullptr_t>() != nullptr) return;
  if (const auto* text = value->as<std::string>()) return append_csv(body, std::string_view(*text));
  JsonWriter json;
  write_json(json, *value);
  const std::string text = std::move(json).take();
  append_csv(body, std::string_view(text));
}

}  // namespace

absl::StatusOr<Response> ndjson_of_list(const Response& answer, const ListedRows& rows) {
  GRAPEVINE_ASSIGN_OR_RETURN(ReadList list, read_list(answer, rows.list));
  JsonWriter json;
  for (const JsonValue& row : list.rows) {
    write_json(json, row);
    json.end_line();
  }
  Response response;
  response.headers = std::move(list.headers);
  response.content_type = "application/x-ndjson";
  response.body = std::move(json).take();
  return response;
}

absl::StatusOr<Response> csv_of_list(const Response& answer, const ListedRows& rows) {
  GRAPEVINE_ASSIGN_OR_RETURN(ReadList list, read_list(answer, rows.list));
  std::vector<CsvColumn> columns;
  for (const ListedColumn& column : columns_of(rows, list)) {
    GRAPEVINE_ASSIGN_OR_RETURN(const DataType type, sql::parse_type(column.type));
    add_columns(type, {{std::string(column.member)}}, columns);
  }
  Response response;
  response.headers = std::move(list.headers);
  response.content_type = "text/csv";
  std::string& body = response.body;
  for (const CsvColumn& column : columns) {
    if (&column != columns.data()) body += ',';
    for (const std::string& name : column.path) {
      if (&name != column.path.data()) body += '.';
      body += name;
    }
  }
  body += "\r\n";
  for (const JsonValue& row : list.rows) {
    for (const CsvColumn& column : columns) {
      if (&column != columns.data()) body += ',';
      append_value(value_of(row, column), body);
    }
    body += "\r\n";
  }
  return response;
}

}  // namespace grapevine
