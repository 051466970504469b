#include "storage/delta.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace grapevine {
namespace {

constexpr std::size_t kCellsTogether = 4096;
constexpr std::size_t kTextTogether = 32u << 10;

}  // namespace

DeltaBlock::DeltaBlock(std::uint64_t first_sequence)
    : first_sequence_(first_sequence), rows_(std::make_unique<DeltaRow[]>(kRows)) {}

DeltaCell* DeltaBlock::new_cells(std::size_t count) {
  if (count > cells_left_) {
    const std::size_t chunk = std::max(count, kCellsTogether);
    cell_chunks_.push_back(std::make_unique_for_overwrite<DeltaCell[]>(chunk));
    cells_free_ = cell_chunks_.back().get();
    cells_left_ = chunk;
  }
  DeltaCell* const cells = cells_free_;
  cells_free_ += count;
  cells_left_ -= count;
  return cells;
}

char* DeltaBlock::new_bytes(std::size_t bytes) {
  if (bytes > text_left_) {
    const std::size_t chunk = std::max(bytes, kTextTogether);
    text_chunks_.push_back(std::make_unique_for_overwrite<char[]>(chunk));
    text_free_ = text_chunks_.back().get();
    text_left_ = chunk;
  }
  char* const begin = text_free_;
  text_free_ += bytes;
  text_left_ -= bytes;
  return begin;
}

std::string_view DeltaBlock::keep(std::string_view text) {
  if (text.empty()) return {};
  char* const kept = new_bytes(text.size());
  std::memcpy(kept, text.data(), text.size());
  return {kept, text.size()};
}

// The length stands before the text.
std::uint64_t DeltaBlock::keep_cell_text(std::string_view text) {
  const auto length = static_cast<std::uint32_t>(text.size());
  char* const kept = new_bytes(sizeof length + length);
  std::memcpy(kept, &length, sizeof length);
  if (length > 0) std::memcpy(kept + sizeof length, text.data(), length);
  return std::bit_cast<std::uint64_t>(kept);
}

std::string_view DeltaBlock::text_of(const DeltaCell& cell) {
  const auto* const kept = std::bit_cast<const char*>(cell.bits);
  std::uint32_t length = 0;
  std::memcpy(&length, kept, sizeof length);
  return {kept + sizeof length, length};
}

}  // namespace grapevine
