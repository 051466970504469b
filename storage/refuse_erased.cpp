// What a batch may not bring back: rows of people from before they were erased.

#include <vector>

#include "storage/store_state.hpp"

namespace grapevine {
namespace {

// When the people whom a batch names were erased, each looked up once.
class ErasureTimes {
 public:
  ErasureTimes(const ErasedIds& erased, const StringTable& strings)
      : erased_(erased), strings_(strings), known_(strings.size()) {}

  // Whether something of that time is from before the person was erased.
  bool is_before(StringRef id, TimeMs ts) {
    if (id == kNoString) return false;
    std::optional<std::optional<TimeMs>>& known = known_[id];
    if (!known) known = erased_.erased_at(strings_.at(id));
    return *known && ts < **known;
  }

 private:
  const ErasedIds& erased_;
  const StringTable& strings_;
  std::vector<std::optional<std::optional<TimeMs>>> known_;  // By StringRef.
};

}  // namespace

void StoreState::refuse_erased(Batch& batch, Appended& appended) const {
  if (erased_.empty()) return;
  ErasureTimes times(erased_, batch.strings);
  bool any = false;
  const auto refuse = [&](std::uint32_t source) {
    any = true;
    if (!appended.refused.empty() && appended.refused.back().source == source) return;
    appended.refused.push_back({source, "of a person who was erased after that time"});
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
