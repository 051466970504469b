// What a batch may not bring back: rows of people from before they were erased.

#include <vector>

#include "storage/store_state.hpp"

namespace grapevine {
namespace {

// When the people whom a batch names were erased, each looked up once.
class ErasureTimes {
 public:
  ErasureTimes(const ErasedIds& erased, const Batch& batch)
      : erased_(erased), batch_(batch), known_(batch.strings.size()) {}

  // Whether something of that time is from before the person was erased. A row of an import that
  // has no time of its own, and so that of receipt, may be.
  bool is_before(StringRef id, TimeMs ts) {
    if (id == kNoString) return false;
    std::optional<std::optional<TimeMs>>& known = known_[id];
    if (!known) known = erased_.erased_at(batch_.strings.at(id));
    const bool is_history = !batch_.import_id.empty() && ts >= batch_.received;
    return *known && (ts < **known || is_history);
  }

 private:
  const ErasedIds& erased_;
  const Batch& batch_;
  std::vector<std::optional<std::optional<TimeMs>>> known_;  // By StringRef.
};

}  // namespace

void StoreState::refuse_erased(Batch& batch, Appended& appended) const {
  if (erased_.empty()) return;
  ErasureTimes times(erased_, batch);
  bool any = false;
  const auto refuse = [&](std::uint32_t source) {
    any = true;
    if (!appended.refused.empty() && appended.refused.back().source == source) return;
    appended.refused.push_back({source, "of a person who was erased, and from before that"});
  };
  std::erase_if(batch.events, [&](const EventRow& row) {
    const bool erased = times.is_before(row.customer, row.ts);
    if (erased) refuse(row.source);
    return erased;
  });
  std::erase_if(batch.traits, [&](const TraitRow& row) {
    const bool erased = times.is_before(row.customer, row.ts);
    if (erased) refuse(row.source);
    return erased;
  });
  for (EventRow& row : batch.events) {
    if (!times.is_before(row.target, row.ts)) continue;
    row.target = kNoString;
    any = true;
  }
  any |= std::erase_if(batch.links, [&](const IdentityLink& link) {
           return times.is_before(link.from, link.ts) || times.is_before(link.to, link.ts);
         }) > 0;
  if (any) drop_unused_strings(batch);
}

}  // namespace grapevine
