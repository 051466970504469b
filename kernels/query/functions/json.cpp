// JSONExtract and its like: values of JSON texts. What is not there, or no JSON, is the default.
#include <utility>
#include <vector>

#include "kernels/query/functions/arrays.hpp"
#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/json_value.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

using Type = simdjson::dom::element_type;
using Columns = std::span<const ColumnPtr>;

absl::Status too_large() {
  return query_error(QueryErrorCode::ArgumentOutOfBound,
                     joined({"The values of JSON of a block have more than ",
                             std::to_string(kBlockTextBytesMax), " bytes"}));
}

// The texts of a block: what is made of them is at most some times as long.
absl::Status check_bytes(const Column& column, std::size_t rows) {
  std::size_t bytes = 0;
  for (std::size_t row = 0; row < rows; ++row) bytes += column.text(row).size();
  return bytes > kBlockTextBytesMax / 8 ? too_large() : absl::OkStatus();
}

// Values of one type, by a way that all arguments but the first `to` the last say.
absl::StatusOr<Resolved> typed(const DataType& type, JsonRules rules, std::size_t way_end) {
  GRAPEVINE_ASSIGN_OR_RETURN(const JsonColumn possible, JsonColumn::of(type, rules));
  (void)possible;
  return Resolved{type, [=](Columns arguments, std::size_t rows) -> absl::StatusOr<ColumnPtr> {
                    GRAPEVINE_RETURN_IF_ERROR(check_bytes(*arguments[0], rows));
                    GRAPEVINE_ASSIGN_OR_RETURN(JsonColumn values, JsonColumn::of(type, rules));
                    JsonTexts texts(arguments[0]);
                    const JsonPath path(arguments.subspan(1, way_end - 1));
                    JsonElement element;
                    for (std::size_t row = 0; row < rows; ++row) {
                      const bool there = texts.read(row, element) && path.follow(row, element);
                      if (!there || !values.add(element)) values.add_default();
                    }
                    return std::move(values).finish();
                  }};
}

template <TypeId id>
absl::StatusOr<Resolved> extract_one(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(JsonPath::check(call, call.size()));
  return typed(plain(id), {}, call.size());
}

// JSONExtractBool answers with a number.
absl::StatusOr<Resolved> extract_truth(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(JsonPath::check(call, call.size()));
  GRAPEVINE_ASSIGN_OR_RETURN(const Resolved truths, typed(plain(TypeId::Bool), {}, call.size()));
  return Resolved{
      plain(TypeId::UInt8),
      [kernel = truths.kernel](Columns arguments, std::size_t rows) -> absl::StatusOr<ColumnPtr> {
        GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr found, kernel(arguments, rows));
        auto numbers = new_fixed(plain(TypeId::UInt8), rows);
        const auto from = found->fixed<std::uint8_t>();
        std::copy(from.begin(), from.end(), numbers->fixed<std::uint8_t>().begin());
        return numbers;
      }};
}

// JSONExtract(json, way..., 'Type').
absl::StatusOr<Resolved> extract_typed(const Call& call) {
  const std::size_t last = call.size() - 1;
  GRAPEVINE_RETURN_IF_ERROR(JsonPath::check(call, last));
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string name, constant_string(call, last));
  GRAPEVINE_ASSIGN_OR_RETURN(const DataType type, parse_type(name));
  return typed(type, {.truths_as_numbers = true}, last);
}

// A number of what is there; 0 where nothing is.
template <typename Value, TypeId id, typename Compute>
absl::StatusOr<Resolved> number_of(const Call& call, Compute compute) {
  GRAPEVINE_RETURN_IF_ERROR(JsonPath::check(call, call.size()));
  return Resolved{plain(id), [compute](Columns arguments, std::size_t rows) {
                    auto result = new_fixed(plain(id), rows);
                    Value* const to = result->template fixed<Value>().data();
                    JsonTexts texts(arguments[0]);
                    const JsonPath path(arguments.subspan(1));
                    JsonElement element;
                    for (std::size_t row = 0; row < rows; ++row) {
                      const bool there = texts.read(row, element) && path.follow(row, element);
                      to[row] = there ? compute(element) : Value{0};
                    }
                    return absl::StatusOr<ColumnPtr>(std::move(result));
                  }};
}

absl::StatusOr<Resolved> has(const Call& call) {
  return number_of<std::uint8_t, TypeId::UInt8>(
      call, [](JsonElement) { return static_cast<std::uint8_t>(1); });
}

absl::StatusOr<Resolved> length(const Call& call) {
  return number_of<std::uint64_t, TypeId::UInt64>(call, [](JsonElement element) -> std::uint64_t {
    if (element.is_array()) return element.get_array().value_unsafe().size();
    if (element.is_object()) return element.get_object().value_unsafe().size();
    return 0;
  });
}

std::string_view name_of_type(JsonElement element) {
  switch (element.type()) {
    case Type::OBJECT: return "Object";
    case Type::ARRAY: return "Array";
    case Type::STRING: return "String";
    case Type::INT64: return "Int64";
    case Type::UINT64: return "UInt64";
    case Type::DOUBLE: return "Double";
    case Type::BOOL: return "Bool";
    case Type::NULL_VALUE: break;
  }
  return "Null";
}

// Writes a text of what is there; `missing` where nothing is.
template <typename Write>
absl::StatusOr<Resolved> text_of(const Call& call, std::string_view missing, Write write) {
  GRAPEVINE_RETURN_IF_ERROR(JsonPath::check(call, call.size()));
  return Resolved{plain(TypeId::String), [=](Columns arguments, std::size_t rows) {
                    ResultTexts results(rows);
                    JsonTexts texts(arguments[0]);
                    const JsonPath path(arguments.subspan(1));
                    JsonElement element;
                    std::string text;
                    for (std::size_t row = 0; row < rows && !results.failed(); ++row) {
                      const bool there = texts.read(row, element) && path.follow(row, element);
                      text = there ? std::string_view() : missing;
                      if (there) write(element, text);
                      results.add(text);
                    }
                    return std::move(results).finish();
                  }};
}

// ClickHouse has an Enum8 here, whose names these are.
absl::StatusOr<Resolved> type_name(const Call& call) {
  return text_of(call, "Null",
                 [](JsonElement element, std::string& text) { text = name_of_type(element); });
}

absl::StatusOr<Resolved> raw(const Call& call) { return text_of(call, "", write_json); }

// Lists of texts: `list(element, add)` calls `add(text)` for each.
template <typename List>
absl::StatusOr<Resolved> texts_of(const Call& call, List list) {
  GRAPEVINE_RETURN_IF_ERROR(JsonPath::check(call, call.size()));
  const DataType type = array_of(plain(TypeId::String));
  return Resolved{type, [=](Columns arguments, std::size_t rows) -> absl::StatusOr<ColumnPtr> {
                    GRAPEVINE_RETURN_IF_ERROR(check_bytes(*arguments[0], rows));
                    TextBuilder elements(rows);
                    std::vector<std::uint64_t> ends;
                    JsonTexts texts(arguments[0]);
                    const JsonPath path(arguments.subspan(1));
                    JsonElement element;
                    const auto add = [&](std::string_view text) { elements.add(text); };
                    for (std::size_t row = 0; row < rows; ++row) {
                      if (texts.read(row, element) && path.follow(row, element)) list(element, add);
                      ends.push_back(elements.size());
                    }
                    return array_column(type, std::move(ends), std::move(elements).finish(false));
                  }};
}

absl::StatusOr<Resolved> keys(const Call& call) {
  return texts_of(call, [](JsonElement element, const auto& add) {
    simdjson::dom::object object;
    if (element.get(object) != simdjson::SUCCESS) return;
    for (const auto& member : object) add(member.key);
  });
}

absl::StatusOr<Resolved> array_raw(const Call& call) {
  return texts_of(call, [](JsonElement element, const auto& add) {
    simdjson::dom::array array;
    if (element.get(array) != simdjson::SUCCESS) return;
    std::string text;
    for (const JsonElement one : array) {
      text.clear();
      write_json(one, text);
      add(text);
    }
  });
}

ColumnPtr pairs(const DataType& type, std::vector<std::uint64_t> ends, ColumnPtr names,
                ColumnPtr values) {
  auto tuples = std::make_shared<Column>();
  tuples->type = type.elements[0];
  tuples->rows = names->rows;
  tuples->values = TupleValues{{std::move(names), std::move(values)}};
  return array_column(type, std::move(ends), std::move(tuples));
}

// Names and values; `is_raw`: as JSON texts. Members whose values do not fit are left out.
absl::StatusOr<Resolved> pairs_of(const DataType& value_type, bool is_raw, std::size_t way_end) {
  DataType pair = plain(TypeId::Tuple);
  pair.elements = {plain(TypeId::String), value_type};
  const DataType type = array_of(pair);
  const JsonRules rules{.truths_as_numbers = true};
  GRAPEVINE_ASSIGN_OR_RETURN(const JsonColumn possible, JsonColumn::of(value_type, rules));
  (void)possible;
  return Resolved{
      type, [=](Columns arguments, std::size_t rows) -> absl::StatusOr<ColumnPtr> {
        GRAPEVINE_RETURN_IF_ERROR(check_bytes(*arguments[0], rows));
        GRAPEVINE_ASSIGN_OR_RETURN(JsonColumn values, JsonColumn::of(value_type, rules));
        TextBuilder names(rows);
        TextBuilder raws(rows);
        std::vector<std::uint64_t> ends;
        JsonTexts texts(arguments[0]);
        const JsonPath path(arguments.subspan(1, way_end - 1));
        JsonElement element;
        simdjson::dom::object object;
        std::string text;
        for (std::size_t row = 0; row < rows; ++row) {
          if (texts.read(row, element) && path.follow(row, element) &&
              element.get(object) == simdjson::SUCCESS) {
            for (const auto& member : object) {
              if (is_raw) {
                text.clear();
                write_json(member.value, text);
                raws.add(text);
              } else if (!values.add(member.value)) {
                continue;
              }
              names.add(member.key);
            }
          }
          ends.push_back(names.size());
        }
        ColumnPtr found =
            is_raw ? ColumnPtr(std::move(raws).finish(false)) : std::move(values).finish();
        return pairs(type, std::move(ends), std::move(names).finish(false), std::move(found));
      }};
}

absl::StatusOr<Resolved> pairs_raw(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(JsonPath::check(call, call.size()));
  return pairs_of(plain(TypeId::String), true, call.size());
}

absl::StatusOr<Resolved> pairs_typed(const Call& call) {
  const std::size_t last = call.size() - 1;
  GRAPEVINE_RETURN_IF_ERROR(JsonPath::check(call, last));
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string name, constant_string(call, last));
  GRAPEVINE_ASSIGN_OR_RETURN(const DataType type, parse_type(name));
  return pairs_of(type, false, last);
}

absl::StatusOr<Resolved> is_valid(const Call& call) {
  if (call.id(0) != TypeId::String) return illegal_type(call, 0);
  return has(call);
}

// Of a text that is no array NULL.
absl::StatusOr<Resolved> array_length(const Call& call) {
  if (call.id(0) != TypeId::String) return illegal_type(call, 0);
  const DataType type = nullable(plain(TypeId::UInt64));
  return Resolved{type, [type](Columns arguments, std::size_t rows) {
                    auto result = new_fixed(type, rows);
                    result->nulls.resize(rows);
                    JsonTexts texts(arguments[0]);
                    JsonElement element;
                    for (std::size_t row = 0; row < rows; ++row) {
                      const bool is_array = texts.read(row, element) && element.is_array();
                      result->fixed<std::uint64_t>()[row] =
                          is_array ? element.get_array().value_unsafe().size() : 0;
                      result->nulls[row] = is_array ? 0 : 1;
                    }
                    return absl::StatusOr<ColumnPtr>(std::move(result));
                  }};
}

constexpr auto kSkipped = Definition::Nulls::Skipped;
constexpr Definition kDefinitions[] = {
    {"JSONExtract", extract_typed, 2, kAnyNumber, kSkipped},
    {"JSONExtractInt", extract_one<TypeId::Int64>, 1, kAnyNumber, kSkipped},
    {"JSONExtractUInt", extract_one<TypeId::UInt64>, 1, kAnyNumber, kSkipped},
    {"JSONExtractFloat", extract_one<TypeId::Float64>, 1, kAnyNumber, kSkipped},
    {"JSONExtractString", extract_one<TypeId::String>, 1, kAnyNumber, kSkipped},
    {"JSONExtractBool", extract_truth, 1, kAnyNumber, kSkipped},
    {"JSONExtractRaw", raw, 1, kAnyNumber, kSkipped},
    {"JSONExtractKeys", keys, 1, kAnyNumber, kSkipped},
    {"JSONExtractArrayRaw", array_raw, 1, kAnyNumber, kSkipped},
    {"JSONExtractKeysAndValues", pairs_typed, 2, kAnyNumber, kSkipped},
    {"JSONExtractKeysAndValuesRaw", pairs_raw, 1, kAnyNumber, kSkipped},
    {"JSONHas", has, 1, kAnyNumber, kSkipped},
    {"JSONLength", length, 1, kAnyNumber, kSkipped},
    {"JSONType", type_name, 1, kAnyNumber, kSkipped},
    {"JSONArrayLength", array_length, 1, 1, kSkipped},
    {"isValidJSON", is_valid, 1, 1, kSkipped},
};

}  // namespace

std::span<const Definition> json_functions() { return kDefinitions; }

}  // namespace grapevine::sql
