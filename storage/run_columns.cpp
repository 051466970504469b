#include "storage/run_columns.hpp"

#include <algorithm>
#include <bit>

#include "storage/schema.hpp"

namespace grapevine {
namespace {

using Bits = std::span<const std::uint64_t>;
using Present = std::span<const std::uint8_t>;

BoolValues keep_bools(Bits bits) {
  BoolValues values;
  values.bits.resize((bits.size() + 63) / 64);
  for (std::size_t row = 0; row < bits.size(); ++row) {
    values.bits[row / 64] |= (bits[row] & 1) << (row % 64);
  }
  return values;
}

PackedUints keep_integers(Bits bits, Present present) {
  std::vector<std::uint64_t> numbers(bits.begin(), bits.end());
  for (std::uint64_t& number : numbers) number ^= std::uint64_t{1} << 63;
  return {numbers, present};
}

bool is_single(ColumnId id) {
  return index(id) < kCoreColumns.size() &&
         kCoreColumns[index(id)].kept == CoreColumnShape::Kept::Float32;
}

// A column of floats holds floats, whatever was sent.
RealValues keep_reals(ColumnId id, Bits bits, Present present) {
  if (!is_single(id)) return pack_reals(bits, present, false);
  std::vector<std::uint64_t> floats(bits.size());
  for (std::size_t row = 0; row < bits.size(); ++row) {
    const auto value = static_cast<float>(std::bit_cast<double>(bits[row]));
    floats[row] = std::bit_cast<std::uint64_t>(static_cast<double>(value));
  }
  return pack_reals(floats, present, true);
}

ColumnValues keep(ColumnId id, ValueType type, Bits bits, Present present) {
  switch (type) {
    case ValueType::Bool: return keep_bools(bits);
    case ValueType::Int64: return Int64Values{keep_integers(bits, present)};
    case ValueType::DateTime: return TimeValues{keep_integers(bits, present)};
    case ValueType::Float64: return keep_reals(id, bits, present);
    case ValueType::String:
    case ValueType::Null: break;
  }
  return CodeValues{PackedUints(bits, present)};
}

}  // namespace

RunColumn make_column(ColumnId id, ValueType type, std::span<const std::uint64_t> bits,
                      std::span<const std::uint8_t> present) {
  RunColumn column;
  column.id = id;
  column.present = presence_mask(present);
  column.values = keep(id, type, bits, column.present.empty() ? Present() : present);
  return column;
}

std::vector<std::uint64_t> presence_mask(std::span<const std::uint8_t> present) {
  if (std::find(present.begin(), present.end(), 0) == present.end()) return {};
  std::vector<std::uint64_t> mask((present.size() + 63) / 64);
  for (std::size_t row = 0; row < present.size(); ++row) {
    mask[row / 64] |= std::uint64_t{present[row] != 0} << (row % 64);
  }
  return mask;
}

void add_identity(Run& run, std::uint32_t row, CustomerId identity) {
  if (identity == run.customers[row]) return;
  const bool goes_on = !run.identities.empty() && run.identities.back().end == row &&
                       run.identities.back().identity == identity;
  if (goes_on) {
    run.identities.back().end = row + 1;
  } else {
    run.identities.push_back({row, row + 1, identity});
  }
}

}  // namespace grapevine
