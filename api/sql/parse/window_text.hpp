#pragma once

#include <string>

#include "api/sql/syntax.hpp"

namespace grapevine::sql {

/// A window as ClickHouse writes it: `w`, `(PARTITION BY a ORDER BY b ASC)`. `write`: of expressions.
std::string window_text(const WindowDefinition& window,
                        std::string (*write)(const Expression& expression));

/// ` DESC NULLS LAST`
std::string order_words(const OrderItem& item);
/// `a DESC NULLS LAST`; ASC is said, too.
std::string order_text(const OrderItem& item, std::string (*write)(const Expression& expression));

}  // namespace grapevine::sql
