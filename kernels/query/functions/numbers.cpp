#include "kernels/query/functions/numbers.hpp"

namespace grapevine::sql {
namespace {

template <typename Value>
DataType kept_as() {
  if constexpr (std::is_same_v<Value, std::uint8_t>) return plain(TypeId::UInt8);
  if constexpr (std::is_same_v<Value, std::uint16_t>) return plain(TypeId::UInt16);
  if constexpr (std::is_same_v<Value, std::uint32_t>) return plain(TypeId::UInt32);
  if constexpr (std::is_same_v<Value, std::uint64_t>) return plain(TypeId::UInt64);
  if constexpr (std::is_same_v<Value, std::int8_t>) return plain(TypeId::Int8);
  if constexpr (std::is_same_v<Value, std::int16_t>) return plain(TypeId::Int16);
  if constexpr (std::is_same_v<Value, std::int32_t>) return plain(TypeId::Int32);
  if constexpr (std::is_same_v<Value, std::int64_t>) return plain(TypeId::Int64);
  if constexpr (std::is_same_v<Value, float>) return plain(TypeId::Float32);
  return plain(TypeId::Float64);
}

template <typename Value>
ColumnPtr converted(const Column& column) {
  auto result = new_fixed(kept_as<Value>(), column.rows, column.constant);
  Value* to = result->template fixed<Value>().data();
  with_value_type(column.type.id, [&](auto zero) {
    using From = decltype(zero);
    const From* from = column.fixed<From>().data();
    const std::size_t stored = column.stored();
    for (std::size_t i = 0; i < stored; ++i) to[i] = convert_number<Value>(from[i]);
  });
  return result;
}

}  // namespace

template <typename Value>
Numbers<Value>::Numbers(ColumnPtr column) : column_(std::move(column)) {
  const bool same = with_value_type(
      column_->type.id, [](auto zero) { return std::is_same_v<decltype(zero), Value>; });
  if (!same) column_ = converted<Value>(*column_);
  values_ = column_->template fixed<Value>().data();
  mask_ = column_->constant ? 0 : static_cast<std::size_t>(-1);
}

template class Numbers<std::uint8_t>;
template class Numbers<std::uint16_t>;
template class Numbers<std::uint32_t>;
template class Numbers<std::uint64_t>;
template class Numbers<std::int8_t>;
template class Numbers<std::int16_t>;
template class Numbers<std::int32_t>;
template class Numbers<std::int64_t>;
template class Numbers<float>;
template class Numbers<double>;

}  // namespace grapevine::sql
