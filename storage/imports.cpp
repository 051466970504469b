#include "storage/imports.hpp"

#include <algorithm>

namespace grapevine {
namespace {

using Range = std::pair<std::uint64_t, std::uint64_t>;

void add_range(std::vector<Range>& ranges, Range range) {
  if (range.first == range.second) return;
  if (!ranges.empty() && ranges.back().second == range.first) {
    ranges.back().second = range.second;
  } else {
    ranges.push_back(range);
  }
}

}  // namespace

const ImportRecord* Imports::find(std::string_view id) const {
  const auto found = records_.find(id);
  return found == records_.end() ? nullptr : &found->second;
}

std::vector<ImportFacts> Imports::list(std::string_view after, std::size_t count) const {
  std::vector<ImportFacts> found;
  for (auto at = records_.upper_bound(after); at != records_.end() && found.size() < count; ++at) {
    const auto& [id, record] = *at;
    ImportFacts& facts = found.emplace_back(ImportFacts{id, record.offset, 0, record.undone});
    for (const auto& [first, last] : record.rows) facts.rows += last - first;
  }
  return found;
}

std::uint32_t Imports::note(const Batch& batch) {
  ImportRecord& record = records_[batch.import_id];
  if (record.number == 0) record.number = static_cast<std::uint32_t>(records_.size());
  record.offset = std::max(record.offset, batch.import_offset);
  return record.number;
}

void Imports::note_rows(const Batch& batch, std::pair<std::uint64_t, std::uint64_t> rows,
                        std::pair<std::uint64_t, std::uint64_t> customers) {
  ImportRecord& record = records_[batch.import_id];
  add_range(record.rows, rows);
  add_range(record.customers, customers);
}

void Imports::undo(std::string_view id) {
  const auto found = records_.find(id);
  if (found == records_.end()) return;
  found->second.offset = 0;
  ++found->second.undone;
  found->second.rows.clear();
  found->second.customers.clear();
}

std::string Imports::scope(const Batch& batch) const {
  const ImportRecord* record = batch.import_id.empty() ? nullptr : find(batch.import_id);
  if (record == nullptr || record->undone == 0) return batch.deduplicate_by;
  return batch.deduplicate_by + '#' + std::to_string(record->undone);
}

}  // namespace grapevine
