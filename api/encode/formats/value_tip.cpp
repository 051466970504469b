#include "api/encode/formats/value_tip.hpp"

#include "api/encode/formats/text_width.hpp"

namespace grapevine::sql {

std::string value_tip(const Column& column, std::size_t row) {
  if (column.is_null(row)) return {};
  const std::size_t slot = column.slot(row);
  const auto tip = [&](const auto* values) {
    return number_tip(static_cast<double>(values[slot]));
  };
  switch (column.type.id) {
    case TypeId::UInt32: return tip(column.fixed<std::uint32_t>().data());
    case TypeId::UInt64: return tip(column.fixed<std::uint64_t>().data());
    case TypeId::Int32: return tip(column.fixed<std::int32_t>().data());
    case TypeId::Int64: return tip(column.fixed<std::int64_t>().data());
    case TypeId::Float32: return tip(column.fixed<float>().data());
    case TypeId::Float64: return tip(column.fixed<double>().data());
    default: return {};  // No number, or none over a million.
  }
}

}  // namespace grapevine::sql
