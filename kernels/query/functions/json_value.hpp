#pragma once

// With json_value.cpp the only header of kernels that includes simdjson.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>
#include <simdjson.h>

#include "kernels/query/functions/call.hpp"
#include "kernels/query/functions/numbers.hpp"
#include "kernels/query/functions/texts.hpp"

namespace grapevine::sql {

using JsonElement = simdjson::dom::element;

/// Reads one JSON text after the other. Not thread-safe.
class JsonTexts {
 public:
  explicit JsonTexts(const ColumnPtr& column) : texts_(column) {}
  /// What stands in a row, valid until the next one is read. False: it is no JSON.
  bool read(std::size_t row, JsonElement& element);

 private:
  Texts texts_;
  simdjson::dom::parser parser_;
  JsonElement constant_;
  int constant_is_json_ = -1;  // -1: not read as yet.
};

/// The way to a value: names of members, and numbers of elements or members from 1, or from the end
/// if negative.
class JsonPath {
 public:
  /// Whether the arguments [1, end) of a call say a way. Errors  IllegalTypeOfArgument (43).
  static absl::Status check(const Call& call, std::size_t end);

  explicit JsonPath(std::span<const ColumnPtr> steps);
  /// Goes on from `element`; false: nothing is there.
  bool follow(std::size_t row, JsonElement& element) const;

 private:
  struct Step {
    std::unique_ptr<Texts> names;
    std::unique_ptr<Numbers<std::int64_t>> places;
  };
  std::vector<Step> steps_;
};

/// How JSON becomes a value.
struct JsonRules {
  bool truths_as_numbers = false;  ///< true is 1.
};

/// Collects values of a type from JSON, by ClickHouse's rules: texts are read as numbers, numbers
/// written as texts; what does not fit is the type's default. Not thread-safe.
class JsonColumn {
 public:
  /// Errors  NotImplemented (48): types beyond numbers, Bool, String and arrays of them.
  static absl::StatusOr<JsonColumn> of(const DataType& type, JsonRules rules);

  /// False: the element is no such value, and nothing was added.
  bool add(JsonElement element);
  void add_default();
  [[nodiscard]] std::size_t size() const { return rows_; }
  [[nodiscard]] ColumnPtr finish() &&;

 private:
  JsonColumn() = default;
  // False: the element is no value of the type, and anything may stand behind the bytes.
  bool append(const DataType& type, JsonElement element);
  template <typename Value>
  bool append_number(JsonElement element);
  bool append_truth(JsonElement element);
  bool append_text(JsonElement element);
  bool append_array(const DataType& type, JsonElement element);
  template <typename Value>
  void append_fixed(Value value);

  DataType type_;
  JsonRules rules_;
  std::size_t rows_ = 0;
  std::string bytes_;  // The values, as append_value writes them.
  std::string text_;   // JSON beneath the value, written anew.
};

/// The element as JSON text without white space.
void write_json(JsonElement element, std::string& text);
/// "a\"b".
void write_json_text(std::string_view value, std::string& text);

}  // namespace grapevine::sql
