#pragma once

#include "api/sql/tables/rows_builder.hpp"

namespace grapevine::sql {

/// How exact the values of a type are, as catalogs say it; NULL where that means nothing.
struct TypePrecision {
  Cell number;  ///< Bits.
  Cell radix;
  Cell scale;
  Cell time;  ///< Digits of a second.
};

inline TypePrecision precision_of(const DataType& type) {
  TypePrecision precision;
  if (type.id == TypeId::Bool || is_integer(type.id)) {
    precision.number = 8 * width_of(type.id);
    precision.radix = 2;
    precision.scale = 0;
  }
  if (is_time(type.id)) precision.time = type.id == TypeId::DateTime64 ? type.scale : 0;
  return precision;
}

}  // namespace grapevine::sql
