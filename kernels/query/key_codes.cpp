#include "kernels/query/key_codes.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "kernels/query/value_bytes.hpp"

namespace grapevine::sql {
namespace {

using Numbers = KeyCodes::Numbers;
using Scratch = KeyCodes::Scratch;

std::uint64_t sign_bit(std::uint8_t bits) { return std::uint64_t{1} << (bits - 1); }

bool is_signed_number(TypeId type) {
  return is_signed(type) || type == TypeId::DateTime64 || type == TypeId::Interval;
}

// The leaves of keys that are tuples, each with whether its column has one value for all rows.
struct Leaf {
  const Column* column;
  bool constant;
};

void add_leaves(const Column& column, bool constant, std::vector<Leaf>& leaves) {
  if (column.type.id != TypeId::Tuple) {
    leaves.push_back({&column, constant || column.constant});
    return;
  }
  for (const ColumnPtr& element : column.tuple().elements) {
    add_leaves(*element, constant || column.constant, leaves);
  }
}

// Scratch of a part as `count` elements.
template <typename Element>
std::span<Element> room(Scratch& scratch, std::size_t part, std::size_t count) {
  std::vector<std::uint64_t>& words = scratch.words[part];
  const std::size_t needed = (count * sizeof(Element) + 7) / 8;
  if (words.size() < needed) words.resize(needed);
  return {reinterpret_cast<Element*>(words.data()), count};
}

// One NaN for all.
template <typename Float, typename Bits>
void copy_floats(std::span<const Float> from, std::span<Bits> to) {
  constexpr auto kNaN = std::bit_cast<Bits>(std::numeric_limits<Float>::quiet_NaN());
  for (std::size_t i = 0; i < to.size(); ++i) {
    to[i] = from[i] != from[i] ? kNaN : std::bit_cast<Bits>(from[i]);
  }
}

std::uint64_t number_at(const void* numbers, std::uint8_t width, std::size_t at) {
  switch (width) {
    case 1: return static_cast<const std::uint8_t*>(numbers)[at];
    case 2: return static_cast<const std::uint16_t*>(numbers)[at];
    case 4: return static_cast<const std::uint32_t*>(numbers)[at];
    default: return static_cast<const std::uint64_t*>(numbers)[at];
  }
}

// The numbers of one leaf. `ids_of(column, ids)` fills in those of texts, `id_of_bytes` gives that
// of an array.
template <typename IdsOf, typename IdOfBytes>
Numbers numbers_of(const KeyCodes::Part& part, std::size_t index, const TextIds& texts,
                   const Leaf& leaf, std::size_t rows, Scratch& scratch, const IdsOf& ids_of,
                   const IdOfBytes& id_of_bytes) {
  const Column& column = *leaf.column;
  const std::size_t stored = leaf.constant ? std::min<std::size_t>(1, column.stored()) : rows;
  Numbers result;
  const bool all_null = part.type == TypeId::Nothing || column.type.id == TypeId::Nothing ||
                        (leaf.constant && !column.nulls.empty() && column.nulls[0] != 0);
  if (all_null) {
    result.is_null = true;
    return result;
  }
  result.width = static_cast<std::uint8_t>(part.bits / 8);
  if (part.type == TypeId::String) {
    const std::span<const std::uint32_t> codes = texts.codes(column);
    result.numbers = codes.data();
    if (codes.empty()) {
      const auto ids = room<std::uint32_t>(scratch, index, stored);
      ids_of(column, ids);
      result.numbers = ids.data();
    }
  } else if (part.type == TypeId::Array) {
    const auto ids = room<std::uint32_t>(scratch, index, stored);
    std::string bytes;
    for (std::size_t i = 0; i < stored; ++i) {
      bytes.clear();
      append_value(column, i, bytes);
      ids[i] = id_of_bytes(bytes);
    }
    result.numbers = ids.data();
  } else if (part.type == TypeId::Float32) {
    const auto bits = room<std::uint32_t>(scratch, index, stored);
    copy_floats(std::span(column.fixed<float>().data(), stored), bits);
    result.numbers = bits.data();
  } else if (part.type == TypeId::Float64) {
    const auto bits = room<std::uint64_t>(scratch, index, stored);
    copy_floats(std::span(column.fixed<double>().data(), stored), bits);
    result.numbers = bits.data();
  } else {
    result.numbers = std::get<FixedValues>(column.values).data<std::byte>();
    if (is_signed_number(part.type)) result.flip = sign_bit(part.bits);
  }
  if (leaf.constant) {
    if (stored > 0) result.value = number_at(result.numbers, result.width, 0) ^ result.flip;
    result.numbers = nullptr;
    result.width = 8;
    result.flip = 0;
  } else if (!column.nulls.empty()) {
    result.nulls = column.nulls.data();
  }
  return result;
}

}  // namespace

KeyCodes::KeyCodes(const std::vector<DataType>& keys) : keys_(keys) {
  for (const DataType& key : keys) add_parts(key);
  texts_.resize(parts_.size());
}

void KeyCodes::add_parts(const DataType& type) {
  if (type.id == TypeId::Tuple) {
    for (const DataType& element : type.elements) add_parts(element);
    return;
  }
  const bool by_id = type.id == TypeId::String || type.id == TypeId::Array;
  const std::size_t bytes = by_id ? 4 : width_of(type.id);
  const auto bits = static_cast<std::uint8_t>(type.id == TypeId::Nothing ? 0 : 8 * bytes);
  parts_.push_back({type.id, type.nullable, bits, !is_float(type.id)});
}

std::vector<Numbers> KeyCodes::assign(std::span<const ColumnPtr> keys, std::size_t rows,
                                      Scratch& scratch) {
  std::vector<Leaf> leaves;
  for (const ColumnPtr& key : keys) add_leaves(*key, key->constant, leaves);
  scratch.words.resize(parts_.size());
  std::vector<Numbers> result;
  result.reserve(parts_.size());
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    if (parts_[i].type == TypeId::String) texts_[i].adopt_pool(*leaves[i].column);
    result.push_back(numbers_of(
        parts_[i], i, texts_[i], leaves[i], rows, scratch,
        [&](const Column& column, std::span<std::uint32_t> ids) { texts_[i].assign(column, ids); },
        [&](const std::string& bytes) { return texts_[i].assign(bytes); }));
    if (!parts_[i].nullable) result.back().nulls = nullptr;
  }
  return result;
}

std::vector<Numbers> KeyCodes::find(std::span<const ColumnPtr> keys, std::size_t rows,
                                    Scratch& scratch) const {
  std::vector<Leaf> leaves;
  for (const ColumnPtr& key : keys) add_leaves(*key, key->constant, leaves);
  scratch.words.resize(parts_.size());
  scratch.some_null.clear();
  std::vector<Numbers> result;
  result.reserve(parts_.size());
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    Numbers numbers = numbers_of(
        parts_[i], i, texts_[i], leaves[i], rows, scratch,
        [&](const Column& column, std::span<std::uint32_t> ids) { texts_[i].find(column, ids); },
        [&](const std::string& bytes) { return texts_[i].find(bytes); });
    numbers.may_miss = parts_[i].type == TypeId::String || parts_[i].type == TypeId::Array;
    if (!parts_[i].nullable && (numbers.is_null || numbers.nulls != nullptr)) {
      if (scratch.some_null.empty()) scratch.some_null.resize(rows);
      for (std::size_t row = 0; row < rows; ++row) {
        if (numbers.is_null || numbers.nulls[row] != 0) scratch.some_null[row] = 1;
      }
      numbers.nulls = nullptr;
      numbers.is_null = false;
    }
    result.push_back(numbers);
  }
  return result;
}

std::vector<ColumnPtr> KeyCodes::values(std::span<const std::vector<std::uint64_t>> numbers,
                                        std::span<const std::vector<std::uint8_t>> nulls,
                                        std::size_t rows) const {
  std::vector<ColumnPtr> columns;
  std::size_t part = 0;
  for (const DataType& key : keys_) columns.push_back(value_of(key, part, numbers, nulls, rows));
  return columns;
}

ColumnPtr KeyCodes::value_of(const DataType& type, std::size_t& part,
                             std::span<const std::vector<std::uint64_t>> numbers,
                             std::span<const std::vector<std::uint8_t>> nulls,
                             std::size_t rows) const {
  if (type.id == TypeId::Tuple) {
    auto column = std::make_shared<Column>();
    TupleValues tuple;
    for (const DataType& element : type.elements) {
      tuple.elements.push_back(value_of(element, part, numbers, nulls, rows));
    }
    column->type = type;
    column->rows = rows;
    column->values = std::move(tuple);
    return column;
  }
  const std::vector<std::uint64_t>& of_row = numbers[part];
  const std::vector<std::uint8_t>& null_rows = nulls[part];
  const TextIds& texts = texts_[part];
  const Part& shape = parts_[part];
  ++part;
  if (type.id == TypeId::String) {
    std::vector<std::uint32_t> ids(of_row.size());
    for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = static_cast<std::uint32_t>(of_row[i]);
    return texts.texts(ids, type.nullable, null_rows);
  }
  if (type.id == TypeId::Array) {
    ValueBytesReader reader(type);
    for (const std::uint64_t id : of_row) {
      std::string_view bytes = texts.text(static_cast<std::uint32_t>(id));
      reader.read(bytes);
    }
    return std::move(reader).finish();
  }
  auto column = new_fixed(type, of_row.size());
  column->nulls = null_rows;
  const std::uint64_t flip = is_signed_number(type.id) ? sign_bit(shape.bits) : 0;
  const auto copy = [&](auto zero) {
    using Value = decltype(zero);
    const std::span<Value> values = column->fixed<Value>();
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = static_cast<Value>(of_row[i] ^ flip);
    }
  };
  switch (shape.bits) {
    case 64: copy(std::uint64_t{}); break;
    case 32: copy(std::uint32_t{}); break;
    case 16: copy(std::uint16_t{}); break;
    default: copy(std::uint8_t{}); break;
  }
  return column;
}

std::size_t KeyCodes::bytes() const {
  std::size_t sum = 0;
  for (const TextIds& texts : texts_) sum += texts.bytes();
  return sum;
}

}  // namespace grapevine::sql
