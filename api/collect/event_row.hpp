#pragma once

#include <array>
#include <string_view>

#include <absl/status/status.h>

#include "api/collect/cell_writer.hpp"
#include "api/collect/member_role.hpp"
#include "storage/batch.hpp"

namespace grapevine {

/// Builds rows of `events` out of members that come in any order: those that have a column of
/// their own fill it, the others become cells called after them. Not thread-safe.
class EventRowWriter {
 public:
  explicit EventRowWriter(CellWriter& cells) : cells_(cells) { columns_.fill(kNoString); }

  /// Begins a row, with every column empty.
  void begin();

  /// Takes one member. Its text stays where it is until `finish`.
  /// Errors  InvalidArgument: a rejection.
  absl::Status add(Family family, std::string_view name, const Scalar& value,
                   Repeated repeated = Repeated::Replace);

  /// Takes a member for a column of its own, before (rank 0) or after those of a higher rank. The
  /// one that does not fill it becomes a cell.
  absl::Status add_core(MemberRole role, Family family, std::string_view name, const Scalar& value);

  /// Fills a column that no member has filled.
  void fill_if_empty(CoreSlot slot, const Scalar& value);

  /// What fills a column so far; Null: nothing.
  [[nodiscard]] Scalar value(CoreSlot slot) const {
    return is_filled(slot) ? slots_[slot].value : Scalar();
  }

  /// Checks the columns and adds `row`, whose cells and target it sets, to the batch. A text that
  /// came without a `sentiment` gets that of its words, and the model that says so.
  /// Errors  InvalidArgument: a rejection that names the member.
  absl::Status finish(EventRow row);

 private:
  struct Slot {
    Scalar value;
    std::string_view name;  // The member that filled it; it lives for ever.
    Family family = Family::Properties;
    std::uint8_t rank = 0;
  };

  [[nodiscard]] bool is_filled(CoreSlot slot) const { return ((filled_ >> slot) & 1) != 0; }
  absl::Status finish_number(CoreSlot slot);
  absl::Status finish_text(CoreSlot slot, EventRow& row);
  void add_mood(std::string_view text);
  absl::Status add_cell(CoreSlot slot, const Scalar& value);
  StringRef column_of(CoreSlot slot);

  CellWriter& cells_;
  std::array<Slot, kCoreSlots> slots_;
  std::uint32_t filled_ = 0;  // A bit a slot: what stands in the others means nothing.
  std::array<StringRef, kCoreSlots> columns_;  // Names of columns, once they are interned.
  StringRef model_column_ = kNoString;         // The same.
  StringRef model_ = kNoString;
};

}  // namespace grapevine
