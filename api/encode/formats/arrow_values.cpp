#include "api/encode/formats/arrow_values.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <span>

#include <simdjson.h>

#include "api/encode/formats/string_text.hpp"

namespace grapevine::sql {
namespace {

// How DateTime64 of a scale fits one of Arrow's units.
struct Unit {
  ArrowTimeUnit unit;
  std::int64_t factor;  // That values are multiplied by.
};
Unit unit_of(std::size_t scale) {
  constexpr Unit kUnits[] = {
      {ArrowTimeUnit::Second, 1},        {ArrowTimeUnit::Millisecond, 100},
      {ArrowTimeUnit::Millisecond, 10},  {ArrowTimeUnit::Millisecond, 1},
      {ArrowTimeUnit::Microsecond, 100}, {ArrowTimeUnit::Microsecond, 10},
      {ArrowTimeUnit::Microsecond, 1},   {ArrowTimeUnit::Nanosecond, 100},
      {ArrowTimeUnit::Nanosecond, 10},   {ArrowTimeUnit::Nanosecond, 1},
  };
  return kUnits[scale];
}

ArrowType arrow_type(TypeId id) {
  switch (id) {
    case TypeId::Nothing: return ArrowType::Null;
    case TypeId::Bool: return ArrowType::Bool;
    case TypeId::UInt8: return ArrowType::UInt8;
    case TypeId::UInt16: return ArrowType::UInt16;
    case TypeId::UInt32: return ArrowType::UInt32;
    case TypeId::UInt64: return ArrowType::UInt64;
    case TypeId::Int8: return ArrowType::Int8;
    case TypeId::Int16: return ArrowType::Int16;
    case TypeId::Int32: return ArrowType::Int32;
    case TypeId::Int64:
    case TypeId::Interval: return ArrowType::Int64;
    case TypeId::Float32: return ArrowType::Float32;
    case TypeId::Float64: return ArrowType::Float64;
    case TypeId::String: return ArrowType::Utf8;
    case TypeId::Date: return ArrowType::Date;
    case TypeId::DateTime:
    case TypeId::DateTime64: return ArrowType::Timestamp;
    case TypeId::Array: return ArrowType::List;
    case TypeId::Tuple: return ArrowType::Struct;
  }
  return ArrowType::Null;
}

template <typename Value>
std::span<const std::byte> lend(const std::vector<Value>& values) {
  return std::as_bytes(std::span(values));
}

// A time beyond what 64 bits of the finer unit hold is the last that they do.
std::int64_t scaled(std::int64_t time, std::int64_t factor) {
  std::int64_t result = 0;
  if (!__builtin_mul_overflow(time, factor, &result)) return result;
  return time < 0 ? std::numeric_limits<std::int64_t>::min()
                  : std::numeric_limits<std::int64_t>::max();
}

}  // namespace

void pack_bits(const std::uint8_t* bytes, std::size_t count, bool zero,
               std::vector<std::uint64_t>& bits) {
  bits.assign((count + 63) / 64, 0);
  for (std::size_t i = 0; i < count; ++i) {
    bits[i / 64] |= std::uint64_t{(bytes[i] == 0) == zero} << (i % 64);
  }
}

void ArrowValues::lay_out_nulls(ArrowColumn& laid, const Column& column, std::size_t rows) {
  if (column.nulls.empty()) return;
  laid.nulls = rows - static_cast<std::size_t>(
                          std::count(column.nulls.data(), column.nulls.data() + rows, 0));
  if (laid.nulls == 0) return;
  pack_bits(column.nulls.data(), rows, true, valid_);
  laid.valid = valid_;
}

ArrowColumn ArrowValues::lay_out_texts(const Column& column, std::size_t rows) {
  text_.clear();
  ints_.resize(rows + 1);
  ints_[0] = 0;
  const bool nulls = !column.nulls.empty();
  const auto copy = [&](const auto& text_at) {
    for (std::size_t i = 0; i < rows; ++i) {
      if (!nulls || column.nulls[i] == 0) text_.append(text_at(i));
      ints_[i + 1] = static_cast<std::int32_t>(text_.size());
    }
  };
  if (const PooledValues* pooled = column.pooled()) {
    copy([&](std::size_t i) { return pooled->pool->at(pooled->codes[i]); });
  } else {
    const std::string_view* texts = std::get<TextValues>(column.values).texts.data();
    copy([&](std::size_t i) { return texts[i]; });
  }
  make_valid(rows);
  return {.valid = {}, .nulls = 0, .values = lend(ints_), .text = text_, .children = {}};
}

// The texts together are valid if each is, and none begins inside of a character.
void ArrowValues::make_valid(std::size_t rows) {
  const auto begins_inside = [this](std::int32_t at) {
    const auto index = static_cast<std::size_t>(at);
    return index < text_.size() && (static_cast<unsigned char>(text_[index]) & 0xC0) == 0x80;
  };
  if (simdjson::validate_utf8(text_) && std::none_of(ints_.begin(), ints_.end(), begins_inside)) {
    return;
  }
  std::string valid;
  std::size_t begin = 0;
  for (std::size_t i = 1; i <= rows; ++i) {
    const auto end = static_cast<std::size_t>(ints_[i]);
    valid += valid_utf8(std::string_view(text_).substr(begin, end - begin));
    ints_[i] = static_cast<std::int32_t>(valid.size());
    begin = end;
  }
  text_ = std::move(valid);
}

ArrowColumn ArrowValues::lay_out(const Column& column, std::size_t rows) {
  if (column.constant) {
    // Shared, not owned: it lives as long as this call.
    const ColumnPtr shared(std::shared_ptr<void>(), &column);
    full_ = full(resized(shared, rows));
    return lay_out(*full_, rows);
  }
  ArrowColumn laid;
  const auto words = [&](const auto* values, std::int64_t factor) {
    words_.resize(rows);
    for (std::size_t i = 0; i < rows; ++i) {
      words_[i] = static_cast<std::uint64_t>(scaled(std::int64_t{values[i]}, factor));
    }
    laid.values = lend(words_);
  };
  switch (column.type.id) {
    case TypeId::Nothing: return laid;
    case TypeId::String: laid = lay_out_texts(column, rows); break;
    case TypeId::Bool:
      pack_bits(column.fixed<std::uint8_t>().data(), rows, false, words_);
      laid.values = lend(words_);
      break;
    case TypeId::Date: {
      const std::uint16_t* days = column.fixed<std::uint16_t>().data();
      ints_.assign(days, days + rows);
      laid.values = lend(ints_);
      break;
    }
    case TypeId::DateTime: words(column.fixed<std::uint32_t>().data(), 1); break;
    case TypeId::DateTime64: {
      const std::int64_t factor = unit_of(column.type.scale).factor;
      if (factor != 1) {
        words(column.fixed<std::int64_t>().data(), factor);
      } else {
        laid.values = std::as_bytes(column.fixed<std::int64_t>());
      }
      break;
    }
    case TypeId::Array: {
      const ArrayValues& array = column.array();
      ints_.resize(rows + 1);
      ints_[0] = 0;
      for (std::size_t i = 0; i < rows; ++i) {
        ints_[i + 1] = static_cast<std::int32_t>(array.ends[i]);
      }
      laid.values = lend(ints_);
      const auto elements = static_cast<std::size_t>(ints_[rows]);
      children_.resize(1);
      laid.children.push_back({arrow_type(array.elements->type.id), elements,
                               children_[0].lay_out(*array.elements, elements)});
      break;
    }
    case TypeId::Tuple: {
      const std::vector<ColumnPtr>& elements = column.tuple().elements;
      children_.resize(elements.size());
      for (std::size_t i = 0; i < elements.size(); ++i) {
        laid.children.push_back(
            {arrow_type(elements[i]->type.id), rows, children_[i].lay_out(*elements[i], rows)});
      }
      break;
    }
    default:
      laid.values = std::as_bytes(std::span(std::get<FixedValues>(column.values).data<char>(),
                                            rows * width_of(column.type.id)));
      break;
  }
  lay_out_nulls(laid, column, rows);
  return laid;
}

ArrowField arrow_field(std::string_view name, const DataType& type,
                       const std::string& session_zone) {
  ArrowField field{
      .name = valid_utf8(name), .type = arrow_type(type.id), .nullable = type.nullable};
  if (type.id == TypeId::DateTime || type.id == TypeId::DateTime64) {
    field.unit = unit_of(type.scale).unit;
    field.timezone = type.timezone.empty() ? session_zone : type.timezone;
  }
  for (std::size_t i = 0; i < type.elements.size(); ++i) {
    const std::string child = type.id == TypeId::Array     ? "item"
                              : type.element_names.empty() ? std::to_string(i + 1)
                                                           : type.element_names[i];
    field.children.push_back(arrow_field(child, type.elements[i], session_zone));
  }
  return field;
}

}  // namespace grapevine::sql
