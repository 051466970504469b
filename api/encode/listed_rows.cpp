#include "api/encode/listed_rows.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "api/encode/arrow/arrow_stream.hpp"
#include "api/encode/formats/format_writer.hpp"
#include "api/error.hpp"
#include "api/parse/json_reader.hpp"
#include "api/parse/time.hpp"
#include "kernels/query/column.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

using sql::Column;
using sql::ColumnPtr;
using sql::DataType;
using sql::TypeId;
using Values = std::vector<const JsonValue*>;  // nullptr: not there.

bool is_null(const JsonValue* value) {
  return value == nullptr || value->as<std::nullptr_t>() != nullptr;
}

std::string text_of(const JsonValue& value) {
  if (const auto* text = value.as<std::string>()) return *text;
  JsonWriter json;
  write_json(json, value);
  return std::move(json).take();
}

double number_of(const JsonValue& value) {
  if (const auto* whole = value.as<std::int64_t>()) return static_cast<double>(*whole);
  const auto* number = value.as<double>();
  return number == nullptr ? 0.0 : *number;
}

std::int64_t whole_of(const JsonValue& value, const DataType& type) {
  if (type.id == TypeId::DateTime64) {
    const auto* text = value.as<std::string>();
    return text == nullptr ? 0 : parse_time(*text).value_or(0);
  }
  if (const auto* truth = value.as<bool>()) return *truth ? 1 : 0;
  const auto* whole = value.as<std::int64_t>();
  return whole == nullptr ? 0 : *whole;
}

template <typename Value, typename Read>
void fill(Column& column, const Values& values, const Read& read) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    column.fixed<Value>()[i] = static_cast<Value>(is_null(values[i]) ? 0 : read(*values[i]));
  }
}

std::shared_ptr<Column> column_of(const DataType& type, const Values& values);

std::shared_ptr<Column> array_column(const DataType& type, const Values& values) {
  sql::ArrayValues array;
  Values elements;
  for (const JsonValue* value : values) {
    const JsonArray* list = value == nullptr ? nullptr : value->as<JsonArray>();
    if (list != nullptr) {
      for (const JsonValue& element : *list) elements.push_back(&element);
    }
    array.ends.push_back(elements.size());
  }
  array.elements = column_of(type.elements.front(), elements);
  Column column{.type = type, .rows = values.size(), .values = std::move(array), .nulls = {}};
  return std::make_shared<Column>(std::move(column));
}

std::shared_ptr<Column> tuple_column(const DataType& type, const Values& values) {
  sql::TupleValues tuple;
  for (std::size_t i = 0; i < type.elements.size(); ++i) {
    Values members;
    for (const JsonValue* value : values) {
      members.push_back(member_of(value, type.element_names[i]));
    }
    tuple.elements.push_back(column_of(type.elements[i], members));
  }
  Column column{.type = type, .rows = values.size(), .values = std::move(tuple), .nulls = {}};
  return std::make_shared<Column>(std::move(column));
}

std::shared_ptr<Column> text_column(const Values& values) {
  sql::TextBuilder texts(values.size());
  for (const JsonValue* value : values) texts.add(is_null(value) ? std::string() : text_of(*value));
  return std::move(texts).finish(false);
}

// Precondition: one of the types that lists have.
std::shared_ptr<Column> column_of(const DataType& type, const Values& values) {
  if (type.id == TypeId::Array) return array_column(type, values);
  if (type.id == TypeId::Tuple) return tuple_column(type, values);
  std::shared_ptr<Column> column;
  const auto whole = [&](const JsonValue& value) { return whole_of(value, type); };
  if (type.id == TypeId::String) {
    column = text_column(values);
    column->type = type;
  } else {
    column = sql::new_fixed(type, values.size());
    if (type.id == TypeId::Float64) {
      fill<double>(*column, values, number_of);
    } else if (type.id == TypeId::Bool) {
      fill<std::uint8_t>(*column, values, whole);
    } else {
      fill<std::int64_t>(*column, values, whole);  // UInt64, Int64, DateTime64.
    }
  }
  if (type.nullable) {
    for (const JsonValue* value : values) column->nulls.push_back(is_null(value) ? 1 : 0);
  }
  return column;
}

// The same texts as codes of a pool of theirs.
ColumnPtr pooled(const Column& texts) {
  sql::MadePool made = sql::make_pool(std::get<sql::TextValues>(texts.values).texts);
  Column column{.type = texts.type, .rows = texts.rows, .values = {}, .nulls = texts.nulls};
  column.values = sql::PooledValues{.codes = std::move(made.codes), .pool = std::move(made.pool)};
  return std::make_shared<Column>(std::move(column));
}

void add_headers(const JsonValue& answer, Fields& headers) {
  constexpr std::pair<std::string_view, std::string_view> kBeside[] = {
      {"next_cursor", "X-Grapevine-Next-Cursor"},
      {"snapshot", "X-Grapevine-Snapshot"},
      {"graph_snapshot", "X-Grapevine-Graph-Snapshot"},
      {"as_of", "X-Grapevine-As-Of"}};
  for (const auto& [member, header] : kBeside) {
    const JsonValue* value = member_of(&answer, member);
    if (value != nullptr) headers.emplace_back(header, text_of(*value));
  }
  const JsonValue* warnings = member_of(&answer, "warnings");
  const JsonArray* told = warnings == nullptr ? nullptr : warnings->as<JsonArray>();
  if (told != nullptr && !told->empty()) {
    headers.emplace_back("X-Grapevine-Warnings", std::to_string(told->size()));
  }
}

}  // namespace

const JsonValue* member_of(const JsonValue* value, std::string_view name) {
  const JsonObject* object = value == nullptr ? nullptr : value->as<JsonObject>();
  if (object == nullptr) return nullptr;
  const auto found = std::find_if(object->begin(), object->end(),
                                  [name](const auto& member) { return member.first == name; });
  return found == object->end() ? nullptr : &found->second;
}

absl::StatusOr<ReadList> read_list(const Response& answer, std::string_view list) {
  GRAPEVINE_ASSIGN_OR_RETURN(JsonValue read, read_json(answer.body));
  const JsonValue* rows = member_of(&read, list);
  const JsonArray* listed = rows == nullptr ? nullptr : rows->as<JsonArray>();
  if (listed == nullptr) {
    return problem(ErrorCode::Unprocessable, "this answer has no rows: ask for it as JSON");
  }
  ReadList found{*listed, {}, answer.headers};
  const JsonValue* by = member_of(&read, "by");
  if (const JsonArray* names = by == nullptr ? nullptr : by->as<JsonArray>()) {
    for (const JsonValue& name : *names) found.by.push_back(text_of(name));
  }
  add_headers(read, found.headers);
  return found;
}

std::vector<ListedColumn> columns_of(const ListedRows& rows, const ReadList& list) {
  std::vector<ListedColumn> columns(rows.columns.begin(), rows.columns.end());
  if (rows.columns_before_by == 0) return columns;
  auto place = columns.begin() + static_cast<std::ptrdiff_t>(rows.columns_before_by);
  for (const std::string& name : list.by) {
    const auto is_it = [&name](const ListedColumn& column) { return column.member == name; };
    if (std::any_of(columns.begin(), columns.end(), is_it)) continue;
    place = std::next(columns.insert(place, {name, "Nullable(String)"}));
  }
  return columns;
}

absl::StatusOr<Response> arrow_of_list(const Response& answer, const ListedRows& rows) {
  GRAPEVINE_ASSIGN_OR_RETURN(ReadList list, read_list(answer, rows.list));
  sql::Block block;
  block.rows = list.rows.size();
  std::vector<sql::ResultColumn> columns;
  for (const ListedColumn& column : columns_of(rows, list)) {
    GRAPEVINE_ASSIGN_OR_RETURN(const DataType type, sql::parse_type(column.type));
    Values values;
    for (const JsonValue& row : list.rows) values.push_back(member_of(&row, column.member));
    auto made = column_of(type, values);
    const bool is_dictionary = column.type.starts_with("LowCardinality");
    block.columns.push_back(is_dictionary ? pooled(*made) : std::move(made));
    columns.push_back({std::string(column.member), type});
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const auto writer, sql::make_writer("ArrowStream", columns, {}));
  writer->begin();
  writer->write(block);  // Also of no rows, so that dictionaries are there.
  writer->end({});
  Response response;
  response.headers = std::move(list.headers);
  response.content_type = ArrowStream::kContentType;
  response.body = writer->take();
  return response;
}

}  // namespace grapevine
