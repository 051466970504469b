#include "storage/imports.hpp"

#include <algorithm>

namespace grapevine {

const ImportRecord* Imports::find(std::string_view id) const {
  const auto found = records_.find(id);
  return found == records_.end() ? nullptr : &found->second;
}

void Imports::note(const Batch& batch, std::uint64_t first, std::uint64_t last) {
  ImportRecord& record = records_[batch.import_id];
  record.offset = std::max(record.offset, batch.import_offset);
  if (first == last) return;
  if (!record.rows.empty() && record.rows.back().second == first) {
    record.rows.back().second = last;
  } else {
    record.rows.emplace_back(first, last);
  }
}

void Imports::undo(std::string_view id) {
  const auto found = records_.find(id);
  if (found == records_.end()) return;
  found->second.offset = 0;
  ++found->second.undone;
  found->second.rows.clear();
}

std::string Imports::scope(const Batch& batch) const {
  const ImportRecord* record = batch.import_id.empty() ? nullptr : find(batch.import_id);
  if (record == nullptr || record->undone == 0) return batch.deduplicate_by;
  return batch.deduplicate_by + '#' + std::to_string(record->undone);
}

}  // namespace grapevine
