#pragma once

#include <absl/status/statusor.h>

#include "kernels/query/column.hpp"
#include "kernels/query/function.hpp"
#include "kernels/query/functions/read_value.hpp"

namespace grapevine::sql {

struct CastRules {
  enum class Failure { Error, Null, Default };
  Failure failure = Failure::Error;  ///< What becomes of a text that is no value of the type.
  ReadRules reading = {};
  /// Numbers that the type cannot hold exactly fail, too.
  bool exact_numbers = false;
};

/// cast() by rules of its own. Errors  as cast().
absl::StatusOr<ColumnPtr> cast_by(const ColumnPtr& column, const DataType& type,
                                  const SessionFacts& facts, const CastRules& rules);

/// Whether a cast from one type to the other may exist at all. Errors  TypeMismatch (53),
/// IllegalTypeOfArgument (43).
absl::Status check_cast(const DataType& from, const DataType& to);

/// Numbers, times and intervals as each other. Preconditions: neither is a String, an Array, a Tuple or
/// Nothing; NULLs are passed over. `failed`: marks of values that do not fit, where `exact`.
absl::StatusOr<std::shared_ptr<Column>> cast_fixed(const ColumnPtr& column, const DataType& type,
                                                   const SessionFacts& facts, bool exact,
                                                   std::vector<std::uint8_t>& failed);

}  // namespace grapevine::sql
