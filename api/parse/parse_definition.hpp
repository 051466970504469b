#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "api/parse/definition.hpp"
#include "api/parse/json_value.hpp"
#include "api/parse/mistakes.hpp"

namespace grapevine {

inline constexpr int kNestingMax = 32;              ///< Of all, any, not and nested segments.
inline constexpr std::size_t kConditionsMax = 500;  ///< In one definition, `where` included.
inline constexpr std::size_t kListedMax = 10'000;   ///< Values of one list.

/// Reads a definition and notes every mistake that can be told without the data, each with its
/// place. What was right of it is returned even so, for the mistakes that only the data can tell;
/// nullopt: nothing was.
std::optional<Condition> parse_definition(const JsonValue& definition, const std::string& pointer,
                                          Mistakes& mistakes);

/// Whether it may name a segment: [a-z][a-z0-9_]{0,63}.
bool is_resource_name(std::string_view name);

}  // namespace grapevine
