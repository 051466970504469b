#include "storage/snapshot.hpp"

#include "storage/delta.hpp"
#include "storage/part_builder.hpp"
#include "storage/schema.hpp"

namespace grapevine {

Snapshot::Snapshot() = default;
Snapshot::~Snapshot() = default;

std::span<const std::shared_ptr<const Part>> Snapshot::parts() const {
  std::call_once(delta_sorted_, [this] {
    if (delta_ != nullptr && delta_->rows > 0) parts_.push_back(sort_into_part(*delta_));
  });
  return parts_;
}

EventNameId Snapshot::find_event(std::string_view name) const {
  const std::uint32_t code = event_names_->find(name);
  return EventNameId(code < event_counts_->size() ? code : Dictionary::kMissing);
}

const ColumnInfo* Snapshot::find_column(std::string_view name, ColumnId& id) const {
  for (std::uint32_t i = 0; i < columns_->size(); ++i) {
    if ((*columns_)[i].name != name) continue;
    id = ColumnId(i);
    return &(*columns_)[i];
  }
  return nullptr;
}

CustomerId Snapshot::target(const Run& run, std::size_t row) const {
  if (const CustomerId target = run.target(row); target != kNobody) return target;
  const RunColumn* parents = run.column(column_id(CoreColumn::ParentId));
  if (parents == nullptr || !parents->has(row)) return kNobody;
  return authors_->of(std::get<CodeValues>(parents->values).codes.at(row));
}

}  // namespace grapevine
