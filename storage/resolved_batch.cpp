#include "storage/resolved_batch.hpp"

namespace grapevine {

ResolvedBatch::ResolvedBatch(const Batch& batch)
    : batch_(batch),
      customers_(batch.strings.size(), kUnknown),
      events_(batch.strings.size(), kUnknown),
      columns_(batch.strings.size(), kUnknown),
      codes_(batch.strings.size()) {}

void ResolvedBatch::resolve_customers(CustomerWriter& customers) {
  std::vector<StringRef> refs;
  const auto use = [&](StringRef ref) {
    if (ref == kNoString || customers_[ref] != kUnknown) return;
    customers_[ref] = 0;
    refs.push_back(ref);
  };
  for (const EventRow& row : batch_.events) {
    use(row.customer);
    use(row.target);
  }
  for (const TraitRow& row : batch_.traits) use(row.customer);
  for (const IdentityLink& link : batch_.links) {
    use(link.from);
    use(link.to);
  }
  std::vector<std::string_view> ids;
  ids.reserve(refs.size());
  for (const StringRef ref : refs) ids.push_back(batch_.strings.at(ref));
  std::vector<std::uint32_t> numbers(refs.size());
  customers.resolve(ids, numbers);
  for (std::size_t i = 0; i < refs.size(); ++i) customers_[refs[i]] = numbers[i];
}

EventNameId ResolvedBatch::event(StringRef ref, Dictionary& names) {
  if (events_[ref] == kUnknown) events_[ref] = names.intern(batch_.strings.at(ref));
  return EventNameId(events_[ref]);
}

ColumnId ResolvedBatch::column(StringRef ref, EventColumns& columns) {
  if (columns_[ref] == kUnknown) columns_[ref] = index(columns.find_or_add(batch_.strings.at(ref)));
  return ColumnId(columns_[ref]);
}

DeltaCell ResolvedBatch::take(ColumnId column, const Cell& cell, EventColumns& columns,
                              DeltaBlock& block) {
  if (cell.type != ValueType::String) {
    return columns.take(column, cell, {}, EventColumns::kMissing, block);
  }
  const auto ref = static_cast<StringRef>(cell.bits);
  KnownCode& known = codes_[ref];
  const bool same = known.column == index(column);
  const DeltaCell taken = columns.take(column, cell, batch_.strings.at(ref),
                                       same ? known.code : EventColumns::kMissing, block);
  if (!taken.is_text) known = {index(column), static_cast<std::uint32_t>(taken.bits)};
  return taken;
}

}  // namespace grapevine
