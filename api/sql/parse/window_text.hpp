#pragma once

#include <functional>
#include <string>

#include "api/sql/syntax.hpp"

namespace grapevine::sql {

using WriteExpression = std::function<std::string(const Expression& expression)>;

/// A window as ClickHouse writes it: `w`, `(PARTITION BY a ORDER BY b ASC)`. `write`: of expressions.
std::string window_text(const WindowDefinition& window, const WriteExpression& write);

/// ` DESC NULLS LAST`
std::string order_words(const OrderItem& item);
/// `a DESC NULLS LAST`; ASC is said, too.
std::string order_text(const OrderItem& item, const WriteExpression& write);

}  // namespace grapevine::sql
