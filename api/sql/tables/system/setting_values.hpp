#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/sql/execute/query_context.hpp"

namespace grapevine::sql {

/// What a setting of system.settings is in a query.
struct SettingValue {
  std::string value;
  std::string_view type;  ///< "Bool", "UInt64", "String", ...
};
/// nullopt: there is none of that name.
std::optional<SettingValue> value_of_setting(std::string_view name, const QueryContext& context);

}  // namespace grapevine::sql
