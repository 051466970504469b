#include "kernels/query/functions/json_value.hpp"

#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>
#include <utility>

#include "kernels/query/functions/read_number.hpp"
#include "kernels/query/functions/write_value.hpp"
#include "kernels/query/value_bytes.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

using Type = simdjson::dom::element_type;

// A number of one type as one of another, if its range has it; a fraction is cut off.
template <typename To, typename From>
bool convert(From from, To& to) {
  if constexpr (std::is_floating_point_v<To>) {
    to = static_cast<To>(from);
    return true;
  } else if constexpr (std::is_floating_point_v<From>) {
    // The bounds are powers of two, which doubles are exactly.
    const double beyond = std::ldexp(1.0, std::numeric_limits<To>::digits);
    const double least = std::is_signed_v<To> ? -beyond : 0.0;
    if (!(from >= least && from < beyond)) return false;
    to = static_cast<To>(from);
    return true;
  } else {
    if (!std::in_range<To>(from)) return false;
    to = static_cast<To>(from);
    return true;
  }
}

template <typename Value>
bool read_number(std::string_view text, Value& value) {
  ReadProblem problem;
  if (text.empty()) return false;
  if constexpr (std::is_floating_point_v<Value>) {
    return read_float(text, value, problem) == text.size();
  } else {
    if (read_integer(text, false, value, problem) == text.size()) return true;
    double fraction = 0;
    return read_float(text, fraction, problem) == text.size() && convert(fraction, value);
  }
}

void write_integer(auto value, std::string& text) { text += std::to_string(value); }

void write_object(const simdjson::dom::object& object, std::string& text) {
  text += '{';
  bool first = true;
  for (const auto& member : object) {
    if (!std::exchange(first, false)) text += ',';
    write_json_text(member.key, text);
    text += ':';
    write_json(member.value, text);
  }
  text += '}';
}

void write_array(const simdjson::dom::array& array, std::string& text) {
  text += '[';
  bool first = true;
  for (const JsonElement element : array) {
    if (!std::exchange(first, false)) text += ',';
    write_json(element, text);
  }
  text += ']';
}

// Which of `size` is meant by a number from 1, or from the end; `size` or more: none.
std::size_t place_of(std::int64_t number, std::size_t size) {
  if (number > 0) return static_cast<std::size_t>(number) - 1;
  const auto from_end = static_cast<std::uint64_t>(-(number + 1)) + 1;  // Of 0: 0.
  return from_end == 0 || from_end > size ? size : size - static_cast<std::size_t>(from_end);
}

bool step_to_place(std::int64_t number, JsonElement& element) {
  if (element.is_array()) {
    const simdjson::dom::array array = element;
    return array.at(place_of(number, array.size())).get(element) == simdjson::SUCCESS;
  }
  if (!element.is_object()) return false;
  const simdjson::dom::object object = element;
  std::size_t left = place_of(number, object.size());
  for (const auto& member : object) {
    if (left-- > 0) continue;
    element = member.value;
    return true;
  }
  return false;
}

}  // namespace

bool JsonTexts::read(std::size_t row, JsonElement& element) {
  if (!texts_.constant()) {
    const std::string_view text = texts_[row];
    return parser_.parse(text.data(), text.size()).get(element) == simdjson::SUCCESS;
  }
  if (constant_is_json_ < 0) {
    const std::string_view text = texts_[0];
    const auto error = parser_.parse(text.data(), text.size()).get(constant_);
    constant_is_json_ = error == simdjson::SUCCESS ? 1 : 0;
  }
  element = constant_;
  return constant_is_json_ == 1;
}

absl::Status JsonPath::check(const Call& call, std::size_t end) {
  if (call.id(0) != TypeId::String) {
    return query_error(
        QueryErrorCode::IllegalTypeOfArgument,
        joined({"The first argument of function ", call.name,
                " should be a string containing JSON, illegal type: ", name_of(call.type(0))}));
  }
  for (std::size_t i = 1; i < end; ++i) {
    if (call.id(i) == TypeId::String || is_integer(call.id(i))) continue;
    return query_error(QueryErrorCode::IllegalTypeOfArgument,
                       joined({"The argument ", std::to_string(i + 1), " of function ", call.name,
                               " should be a string specifying key or an integer specifying "
                               "index, illegal type: ",
                               name_of(call.type(i))}));
  }
  return absl::OkStatus();
}

JsonPath::JsonPath(std::span<const ColumnPtr> steps) {
  for (const ColumnPtr& column : steps) {
    Step step;
    if (column->type.id == TypeId::String) {
      step.names = std::make_unique<Texts>(column);
    } else {
      step.places = std::make_unique<Numbers<std::int64_t>>(column);
    }
    steps_.push_back(std::move(step));
  }
}

bool JsonPath::follow(std::size_t row, JsonElement& element) const {
  for (const Step& step : steps_) {
    if (step.names == nullptr) {
      if (!step_to_place((*step.places)[row], element)) return false;
      continue;
    }
    simdjson::dom::object object;
    if (element.get(object) != simdjson::SUCCESS) return false;
    if (object.at_key((*step.names)[row]).get(element) != simdjson::SUCCESS) return false;
  }
  return true;
}

absl::StatusOr<JsonColumn> JsonColumn::of(const DataType& type, JsonRules rules) {
  const DataType* innermost = &type;
  while (innermost->id == TypeId::Array) innermost = &innermost->elements[0];
  if (innermost->id != TypeId::String && !is_numeric(innermost->id)) {
    return query_error(
        QueryErrorCode::NotImplemented,
        joined({"JSON cannot be extracted as ", name_of(*innermost),
                ": as numbers, Bool, String, with NULL or not, and arrays of them alone"}));
  }
  JsonColumn column;
  column.type_ = type;
  column.rules_ = rules;
  return column;
}

template <typename Value>
void JsonColumn::append_fixed(Value value) {
  bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <typename Value>
bool JsonColumn::append_number(JsonElement element) {
  Value value{};
  bool is_one = false;
  switch (element.type()) {
    case Type::INT64: is_one = convert(element.get_int64().value_unsafe(), value); break;
    case Type::UINT64: is_one = convert(element.get_uint64().value_unsafe(), value); break;
    case Type::DOUBLE: is_one = convert(element.get_double().value_unsafe(), value); break;
    case Type::STRING: is_one = read_number(element.get_string().value_unsafe(), value); break;
    case Type::BOOL:
      is_one = rules_.truths_as_numbers;
      value = static_cast<Value>(element.get_bool().value_unsafe() ? 1 : 0);
      break;
    default: break;
  }
  if (is_one) append_fixed(value);
  return is_one;
}

bool JsonColumn::append_truth(JsonElement element) {
  std::uint8_t truth = 0;
  switch (element.type()) {
    case Type::BOOL: truth = element.get_bool().value_unsafe() ? 1 : 0; break;
    case Type::INT64: truth = element.get_int64().value_unsafe() != 0 ? 1 : 0; break;
    case Type::UINT64: truth = element.get_uint64().value_unsafe() != 0 ? 1 : 0; break;
    default: return false;
  }
  append_fixed(truth);
  return true;
}

bool JsonColumn::append_text(JsonElement element) {
  if (element.is_null()) return false;
  std::string_view text;
  if (element.get(text) != simdjson::SUCCESS) {
    text_.clear();
    write_json(element, text_);
    text = text_;
  }
  append_fixed(std::uint64_t{text.size()});
  bytes_ += text;
  return true;
}

bool JsonColumn::append_array(const DataType& type, JsonElement element) {
  simdjson::dom::array array;
  if (element.get(array) != simdjson::SUCCESS) return false;
  const std::size_t place = bytes_.size();
  std::uint64_t size = 0;
  append_fixed(size);
  bool any = false;
  for (const JsonElement one : array) {
    const std::size_t before = bytes_.size();
    if (append(type.elements[0], one)) {
      any = true;
    } else {
      bytes_.resize(before);
      append_default(type.elements[0], bytes_);
    }
    ++size;
  }
  std::memcpy(bytes_.data() + place, &size, sizeof size);
  return any;
}

bool JsonColumn::append(const DataType& type, JsonElement element) {
  if (type.nullable) {
    bytes_.push_back(element.is_null() ? 1 : 0);
    if (element.is_null()) return true;
  }
  if (type.id == TypeId::String) return append_text(element);
  if (type.id == TypeId::Bool) return append_truth(element);
  if (type.id == TypeId::Array) return append_array(type, element);
  return with_value_type(type.id,
                         [&]<typename Value>(Value) { return append_number<Value>(element); });
}

bool JsonColumn::add(JsonElement element) {
  const std::size_t before = bytes_.size();
  if (!append(type_, element)) {
    bytes_.resize(before);
    return false;
  }
  ++rows_;
  return true;
}

void JsonColumn::add_default() {
  append_default(type_, bytes_);
  ++rows_;
}

ColumnPtr JsonColumn::finish() && {
  ValueBytesReader reader(type_);
  std::string_view bytes = bytes_;
  for (std::size_t row = 0; row < rows_; ++row) reader.read(bytes);
  return std::move(reader).finish();
}

void write_json_text(std::string_view value, std::string& text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  text += '"';
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    switch (c) {
      case '\b': text += "\\b"; break;
      case '\f': text += "\\f"; break;
      case '\n': text += "\\n"; break;
      case '\r': text += "\\r"; break;
      case '\t': text += "\\t"; break;
      case '\\': text += "\\\\"; break;
      case '"': text += "\\\""; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          text += "\\u00";
          text += kDigits[static_cast<unsigned char>(c) >> 4];
          text += kDigits[c & 15];
        } else if (value.substr(i, 3) == "\xE2\x80\xA8" || value.substr(i, 3) == "\xE2\x80\xA9") {
          // Line breaks to JavaScript.
          text += value[i + 2] == '\xA8' ? "\\u2028" : "\\u2029";
          i += 2;
        } else {
          text += c;
        }
    }
  }
  text += '"';
}

void write_json(JsonElement element, std::string& text) {
  switch (element.type()) {
    case Type::OBJECT: return write_object(element.get_object().value_unsafe(), text);
    case Type::ARRAY: return write_array(element.get_array().value_unsafe(), text);
    case Type::STRING: return write_json_text(element.get_string().value_unsafe(), text);
    case Type::INT64: return write_integer(element.get_int64().value_unsafe(), text);
    case Type::UINT64: return write_integer(element.get_uint64().value_unsafe(), text);
    case Type::DOUBLE: return write_float(element.get_double().value_unsafe(), text);
    case Type::BOOL: text += element.get_bool().value_unsafe() ? "true" : "false"; return;
    case Type::NULL_VALUE: text += "null"; return;
  }
}

}  // namespace grapevine::sql
