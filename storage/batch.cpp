#include "storage/batch.hpp"

#include <utility>

// Hashing short strings in place takes half as long as calling the library.
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace grapevine {
namespace {

constexpr std::uint64_t kHashHalf = 0xFFFF'FFFF'0000'0000;

}  // namespace

StringRef StringTable::intern(std::string_view text) {
  if (2 * size() >= slots_.size()) grow();
  const std::uint64_t hash = XXH3_64bits(text.data(), text.size());
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = hash & mask;; i = (i + 1) & mask) {
    const std::uint64_t slot = slots_[i];
    if (slot == 0) {
      const auto number = static_cast<StringRef>(size());
      bytes_.append(text);
      begins_.push_back(static_cast<std::uint32_t>(bytes_.size()));
      slots_[i] = (hash & kHashHalf) | (number + 1);
      return number;
    }
    const auto number = static_cast<StringRef>(slot) - 1;
    if ((slot & kHashHalf) == (hash & kHashHalf) && at(number) == text) return number;
  }
}

void StringTable::clear() {
  bytes_.clear();
  begins_.resize(1);
  slots_.assign(slots_.size(), 0);
}

StringTable StringTable::from_parts(std::string bytes, std::vector<std::uint32_t> begins) {
  StringTable table;
  table.bytes_ = std::move(bytes);
  table.begins_ = std::move(begins);
  return table;
}

void StringTable::grow() {
  slots_.assign(slots_.empty() ? 64 : slots_.size() * 2, 0);
  const std::size_t mask = slots_.size() - 1;
  for (StringRef number = 0; number < size(); ++number) {
    const std::string_view text = at(number);
    const std::uint64_t hash = XXH3_64bits(text.data(), text.size());
    std::size_t i = hash & mask;
    while (slots_[i] != 0) i = (i + 1) & mask;
    slots_[i] = (hash & kHashHalf) | (number + 1);
  }
}

void drop_unused_strings(Batch& batch) {
  StringTable strings;
  std::vector<Cell> cells;
  const auto keep = [&](StringRef& ref) {
    if (ref != kNoString) ref = strings.intern(batch.strings.at(ref));
  };
  const auto keep_cells = [&](auto& row) {
    const auto begin = static_cast<std::uint32_t>(cells.size());
    for (std::uint32_t i = row.cells_begin; i < row.cells_begin + row.cells_count; ++i) {
      Cell cell = batch.cells[i];
      keep(cell.column);
      if (cell.type == ValueType::String) {
        auto text = static_cast<StringRef>(cell.bits);
        keep(text);
        cell.bits = text;
      }
      cells.push_back(cell);
    }
    row.cells_begin = begin;
  };
  for (EventRow& row : batch.events) {
    for (StringRef* ref : {&row.event, &row.customer, &row.target, &row.message_id}) keep(*ref);
    keep_cells(row);
  }
  for (TraitRow& row : batch.traits) {
    for (StringRef* ref : {&row.customer, &row.message_id}) keep(*ref);
    keep_cells(row);
  }
  for (IdentityLink& link : batch.links) {
    for (StringRef* ref : {&link.from, &link.to, &link.message_id}) keep(*ref);
  }
  batch.strings = std::move(strings);
  batch.cells = std::move(cells);
}

}  // namespace grapevine
