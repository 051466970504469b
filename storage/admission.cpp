#include <algorithm>
#include <string>
#include <vector>

#include <absl/strings/str_format.h>

#include "storage/derived_columns.hpp"
#include "storage/store_state.hpp"

namespace grapevine {

// Decides which rows of one batch are stored. Names that its rows bring are added at once, so that
// batches admitted together count against the same limits.
class StoreState::Admission {
 public:
  Admission(StoreState& state, const Batch& batch)
      : state_(state), batch_(batch), known_(batch.strings.size()) {}

  // Empty: the row may be stored. Else why not.
  std::string refusal(const EventRow& row) {
    if (state_.limits_.retain_ms > 0 && row.ts < batch_.received - state_.limits_.retain_ms) {
      return "older than what is retained";
    }
    if (!know_event(row.event)) {
      return absl::StrFormat("a new event name, and there are %d already, the most that are kept",
                             state_.limits_.event_names_max);
    }
    for (std::uint32_t c = row.cells_begin; c < row.cells_begin + row.cells_count; ++c) {
      if (know_column(batch_.cells[c].column)) continue;
      return absl::StrFormat(
          "a new property, and there are %d columns already, the most that are kept: %s",
          state_.limits_.event_columns_max, text(batch_.cells[c].column));
    }
    return {};
  }

  std::string refusal(const TraitRow& row) {
    for (std::uint32_t c = row.cells_begin; c < row.cells_begin + row.cells_count; ++c) {
      if (know_attribute(batch_.cells[c].column)) continue;
      return absl::StrFormat(
          "a new trait, and there are %d attributes already, the most that are kept: %s",
          state_.limits_.attributes_max, text(batch_.cells[c].column));
    }
    return {};
  }

 private:
  // A string may name an event, a column and an attribute: each is known apart.
  enum Known : std::uint8_t { kEvent = 1, kColumn = 2, kAttribute = 4 };

  std::string text(StringRef ref) const { return std::string(batch_.strings.at(ref)); }

  bool know_event(StringRef ref) {
    if ((known_[ref] & kEvent) != 0) return true;
    Dictionary& names = *state_.event_names_;
    const std::string_view name = batch_.strings.at(ref);
    if (names.find(name) == Dictionary::kMissing) {
      if (names.size() >= state_.limits_.event_names_max) return false;
      names.intern(name);
    }
    known_[ref] |= kEvent;
    return true;
  }

  bool know_column(StringRef ref) {
    if ((known_[ref] & kColumn) != 0) return true;
    const std::string_view name = batch_.strings.at(ref);
    if (state_.columns_.find(name) == EventColumns::kMissing) {
      const bool is_full = state_.columns_.count() >= state_.limits_.event_columns_max;
      if (is_full && name != kSentimentModelColumn) return false;
      state_.columns_.find_or_add(name);
    }
    known_[ref] |= kColumn;
    return true;
  }

  bool know_attribute(StringRef ref) {
    if ((known_[ref] & kAttribute) != 0) return true;
    const std::string_view name = batch_.strings.at(ref);
    if (!state_.customers_.has_attribute(name)) {
      if (state_.customers_.attributes() >= state_.limits_.attributes_max) return false;
      state_.customers_.add_attribute(name);
    }
    known_[ref] |= kAttribute;
    return true;
  }

  StoreState& state_;
  const Batch& batch_;
  std::vector<std::uint8_t> known_;  // By StringRef: a set of Known.
};

Appended StoreState::admit(Batch& batch) {
  Appended appended;
  refuse_erased(batch, appended);
  Admission admission(*this, batch);
  const std::string scope = imports_.scope(batch);

  // A call's rows stand together, with one source: all of them are stored, or none.
  std::size_t kept = 0;
  for (std::size_t begin = 0, end = 0; begin < batch.events.size(); begin = end) {
    const EventRow& first = batch.events[begin];
    std::string refused;
    for (end = begin; end < batch.events.size() && batch.events[end].source == first.source;
         ++end) {
      if (end > begin && batch.events[end].once)
        break;  // Another call, whose input did not tell apart.
      if (refused.empty()) refused = admission.refusal(batch.events[end]);
    }
    if (!refused.empty()) {
      appended.refused.push_back({first.source, std::move(refused)});
      continue;
    }
    if (first.once && first.message_id != kNoString &&
        !message_ids_.insert(scope, batch.strings.at(first.message_id), batch.received)) {
      ++appended.duplicates;
      continue;
    }
    for (std::size_t i = begin; i < end; ++i) batch.events[kept++] = batch.events[i];
  }
  batch.events.resize(kept);

  std::erase_if(batch.traits, [&](const TraitRow& row) {
    std::string refused = admission.refusal(row);
    if (refused.empty()) return false;
    appended.refused.push_back({row.source, std::move(refused)});
    return true;
  });
  return appended;
}

}  // namespace grapevine
