#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace grapevine {

struct JsonValue;
using JsonArray = std::vector<JsonValue>;
/// Members in the order in which they came; a name may come twice, which readers refuse.
using JsonObject = std::vector<std::pair<std::string, JsonValue>>;

/// One JSON value, as plain data. Integers that fit are kept as such; other numbers are doubles.
struct JsonValue {
  std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, JsonArray, JsonObject>
      content;

  /// nullptr where it is of another type.
  template <typename Content>
  [[nodiscard]] const Content* as() const {
    return std::get_if<Content>(&content);
  }
  /// "an object", "a string", "a number", ...: for messages.
  [[nodiscard]] std::string_view kind() const;
};

}  // namespace grapevine
