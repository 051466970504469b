#include "kernels/query/row_hashes.hpp"

#include <algorithm>
#include <string>

#include <xxhash.h>

#include "kernels/query/key_slots.hpp"
#include "kernels/query/value_bytes.hpp"

namespace grapevine::sql {
namespace {

std::uint64_t hash_of(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

}  // namespace

RowHashes::RowHashes(std::span<const std::vector<ColumnPtr>> keys) {
  if (keys.empty()) return;
  for (std::size_t key = 0; key < keys[0].size(); ++key) {
    const PooledValues* const first = keys[0][key]->pooled();
    by_code_.push_back(first != nullptr &&
                       std::all_of(keys.begin(), keys.end(), [&](const auto& list) {
                         const PooledValues* pooled = list[key]->pooled();
                         return pooled != nullptr && pooled->pool == first->pool;
                       }));
  }
}

std::vector<std::uint64_t> RowHashes::of(std::span<const ColumnPtr> keys, std::size_t rows) const {
  std::vector<std::uint64_t> hashes(rows);
  const auto mix = [&](std::size_t row, std::uint64_t word) {
    hashes[row] = spread_bits(hashes[row] * 0x9E3779B97F4A7C15ULL + word);
  };
  std::string bytes;
  for (std::size_t key = 0; key < keys.size(); ++key) {
    const Column& column = *keys[key];
    for (std::size_t row = 0; row < rows; ++row) {
      if (column.is_null(row)) {
        mix(row, 1);
      } else if (by_code_[key]) {
        mix(row, column.pooled()->codes[column.slot(row)]);
      } else if (column.type.id == TypeId::String) {
        mix(row, hash_of(column.text(row)));
      } else {
        bytes.clear();
        append_value(column, row, bytes);
        mix(row, hash_of(bytes));
      }
    }
  }
  return hashes;
}

}  // namespace grapevine::sql
