#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <absl/status/statusor.h>

#include "api/sql/syntax.hpp"

namespace grapevine::sql {

struct ParseLimits {
  std::size_t bytes_max = 256u << 10;  ///< Of the text, the rows of an INSERT not counted.
  std::size_t depth_max = 200;         ///< Of expressions and subqueries in each other.
  std::size_t nodes_max = 50'000;
};

/// Reads one statement; a semicolon at its end is passed over.
/// Errors  SyntaxError (62), whose message says where (line and column), what stands there and what was
///         expected; TooDeepRecursion (306).
/// Cost    linear in the text.
absl::StatusOr<Statement> parse_statement(std::string_view text, const ParseLimits& limits = {});

/// Reads one expression, such as those of a generated query.
absl::StatusOr<ExpressionPtr> parse_expression(std::string_view text,
                                               const ParseLimits& limits = {});

/// What an identifier or a parameter is called where it stands; nullopt: as it is without.
using NameOf = std::function<std::optional<std::string>(const Expression& expression)>;

/// The name that ClickHouse gives a column without an alias: `plus(a, 1)`, `count()`,
/// `quantile(0.9)(value)`. `name_of`, if any, is asked for every part without an alias; without it an
/// identifier goes by its last part.
std::string column_name(const Expression& expression, const NameOf& name_of = {});

/// The expression as text that parses to itself again; for EXPLAIN and messages.
std::string to_text(const Expression& expression);

}  // namespace grapevine::sql
