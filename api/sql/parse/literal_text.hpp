#pragma once

#include <string>

#include "api/sql/syntax.hpp"

namespace grapevine::sql {

/// A double as ClickHouse writes its literal: the shortest digits that read back as the same, always
/// with a point or an exponent: `1.`, `0.1`, `1e21`, `-inf`, `nan`.
std::string float_literal(double value);

/// A literal as SQL has it: NULL, true, 1, -1, 1., 'it\\'s'.
std::string literal_text(const LiteralValue& literal);

}  // namespace grapevine::sql
