#include "storage/delta.hpp"

#include <algorithm>
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

std::string_view DeltaBlock::keep(std::string_view text) {
  if (text.empty()) return {};
  if (text.size() > text_left_) {
    const std::size_t chunk = std::max(text.size(), kTextTogether);
    text_chunks_.push_back(std::make_unique_for_overwrite<char[]>(chunk));
    text_free_ = text_chunks_.back().get();
    text_left_ = chunk;
  }
  char* const kept = text_free_;
  std::memcpy(kept, text.data(), text.size());
  text_free_ += text.size();
  text_left_ -= text.size();
  return {kept, text.size()};
}

}  // namespace grapevine
