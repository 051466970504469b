#pragma once

#include "api/sql/syntax.hpp"

namespace grapevine::sql::tests {

/// Whether both say the same: where they stand in their texts does not count.
bool same(const Expression& left, const Expression& right);
bool same(const Query& left, const Query& right);
bool same(const OrderItem& left, const OrderItem& right);
bool same(const WindowDefinition& left, const WindowDefinition& right);
bool same(const TableExpression& left, const TableExpression& right);

}  // namespace grapevine::sql::tests
