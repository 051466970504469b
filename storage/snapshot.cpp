#include "storage/snapshot.hpp"

#include "storage/delta.hpp"
#include "storage/part_builder.hpp"
#include "storage/schema.hpp"

namespace grapevine {

Snapshot::Snapshot() = default;
Snapshot::~Snapshot() = default;

std::span<const std::shared_ptr<const Part>> Snapshot::parts() const {
  std::call_once(delta_sorted_, [this] {
    if (delta_ == nullptr || delta_->rows == 0) return;
    PersonOf person_of;
    if (customers_.persons().absent > 0) {
      person_of = [this](CustomerId identity) { return customers_.persons().of(identity); };
    }
    parts_.push_back(sort_into_part(*delta_, person_of));
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
  const Persons& persons = customers_.persons();
  if (const CustomerId target = run.target(row); target != kNobody) return persons.of(target);
  const RunColumn* parents = run.column(column_id(CoreColumn::ParentId));
  if (parents == nullptr || !parents->has(row)) return kNobody;
  return persons.of(authors_->of(std::get<CodeValues>(parents->values).codes.at(row)));
}

}  // namespace grapevine
