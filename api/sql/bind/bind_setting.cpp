#include <charconv>

#include "api/sql/bind/expression_binder.hpp"
#include "api/sql/tables/system/setting_values.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

ColumnPtr number_of(std::uint64_t value) {
  if (value <= 0xFF) return constant_fixed(plain(TypeId::UInt8), static_cast<std::uint8_t>(value));
  if (value <= 0xFFFF) {
    return constant_fixed(plain(TypeId::UInt16), static_cast<std::uint16_t>(value));
  }
  if (value <= 0xFFFF'FFFF) {
    return constant_fixed(plain(TypeId::UInt32), static_cast<std::uint32_t>(value));
  }
  return constant_fixed(plain(TypeId::UInt64), value);
}

}  // namespace

// getSetting('name') of what system.settings lists: a truth, a number or a text, by its type.
absl::StatusOr<BoundPtr> ExpressionBinder::bind_setting(const Expression& expression) {
  const bool has_default = expression.name == "getSettingOrDefault";
  if (expression.arguments.size() != (has_default ? 2 : 1)) {
    return query_error(
        QueryErrorCode::NumberOfArgumentsDoesntMatch,
        "Function " + expression.name + " takes " + (has_default ? "2" : "1") + " arguments");
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<BoundPtr> arguments, bind_all(expression.arguments));
  if (arguments[0]->constant == nullptr || arguments[0]->type != plain(TypeId::String)) {
    return query_error(QueryErrorCode::IllegalTypeOfArgument,
                       "The argument of function " + expression.name +
                           " should be a constant string with the name of a setting");
  }
  const std::string name(arguments[0]->constant->text(0));
  const std::optional<SettingValue> setting = value_of_setting(name, planner_.context());
  if (!setting) {
    if (has_default) return arguments[1];
    return query_error(QueryErrorCode::UnknownSetting, "Unknown setting '" + name + "'");
  }
  if (setting->type == "Bool") {
    return bound_constant(constant_fixed(plain(TypeId::Bool),
                                         static_cast<std::uint8_t>(setting->value == "1" ? 1 : 0)));
  }
  std::uint64_t number = 0;
  const char* const end = setting->value.data() + setting->value.size();
  const auto [read, error] = std::from_chars(setting->value.data(), end, number);
  if (error == std::errc{} && read == end && setting->type != "String") {
    return bound_constant(number_of(number));
  }
  return bound_constant(constant_text(setting->value));
}

}  // namespace grapevine::sql
