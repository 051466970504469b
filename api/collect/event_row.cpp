#include "api/collect/event_row.hpp"

#include <bit>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "api/collect/limits.hpp"
#include "api/collect/rejection.hpp"
#include "kernels/text/sentiment.hpp"
#include "storage/derived_columns.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

// The range of a column of numbers: what is outside was not meant.
double largest(CoreSlot slot) {
  switch (static_cast<CoreColumn>(slot)) {
    case CoreColumn::Sentiment: return 1;
    case CoreColumn::Latitude: return 90;
    case CoreColumn::Longitude: return 180;
    case CoreColumn::Rating: return std::numeric_limits<float>::max();
    default: return std::numeric_limits<double>::max();
  }
}

std::size_t text_bytes_max(CoreSlot slot) {
  return slot == kTargetSlot ? kCustomerIdBytesMax : kDictionaryValueBytesMax;
}

// "revenue" of properties is called "properties.revenue" in a detail.
std::string member_name(Family family, std::string_view name) {
  return (family == Family::Context ? "context." : "properties.") + shown_name(name);
}

bool fits(CoreSlot slot, const Scalar& value) {
  if (value.type == ValueType::Null) return false;
  return !is_number_slot(slot) || number_of(value).has_value();
}

}  // namespace

void EventRowWriter::begin() {
  cells_.begin_row();
  filled_ = 0;
}

absl::Status EventRowWriter::add(Family family, std::string_view name, const Scalar& value,
                                 Repeated repeated) {
  const MemberRole role = role_of(family, name);
  if (role.slot == kNoSlot) return cells_.add(family, name, value, repeated);
  return add_core(role, family, name, value);
}

absl::Status EventRowWriter::add_core(MemberRole role, Family family, std::string_view name,
                                      const Scalar& value) {
  if (!fits(role.slot, value)) return cells_.add(family, name, value);
  Slot& slot = slots_[role.slot];
  Slot other{value, role.name, family, role.rank};
  if (!is_filled(role.slot)) {
    slot = other;
    filled_ |= std::uint32_t{1} << role.slot;
    return absl::OkStatus();
  }
  if (role.rank < slot.rank) std::swap(slot, other);
  if (other.family == slot.family && other.name == slot.name) {
    slot.value = value;  // Sent twice: the last one counts, as in JavaScript.
    return absl::OkStatus();
  }
  return cells_.add(other.family, other.name, other.value);
}

void EventRowWriter::fill_if_empty(CoreSlot slot, const Scalar& value) {
  if (is_filled(slot) || value.type == ValueType::Null) return;
  slots_[slot] = {value, name_of_slot(slot), Family::Properties, 0};
  filled_ |= std::uint32_t{1} << slot;
}

absl::Status EventRowWriter::finish(EventRow row) {
  for (std::uint32_t left = filled_; left != 0; left &= left - 1) {
    const auto slot = static_cast<CoreSlot>(std::countr_zero(left));
    GRAPEVINE_RETURN_IF_ERROR(is_number_slot(slot) ? finish_number(slot) : finish_text(slot, row));
  }
  row.cells_begin = cells_.row_begin();
  row.cells_count = cells_.row_count();
  cells_.batch().events.push_back(row);
  return absl::OkStatus();
}

absl::Status EventRowWriter::finish_number(CoreSlot slot) {
  const Slot& filled = slots_[slot];
  const double number = number_of(filled.value).value_or(0);
  const double limit = largest(slot);
  if (std::abs(number) > limit) {
    std::array<char, 32> digits;
    const std::string bound(text_of(Scalar::of(limit), digits));
    return rejection(member_name(filled.family, filled.name) + " is not between -" + bound +
                     " and " + bound);
  }
  return add_cell(slot, Scalar::of(number));
}

absl::Status EventRowWriter::finish_text(CoreSlot slot, EventRow& row) {
  const Slot& filled = slots_[slot];
  std::array<char, 32> digits;
  std::string_view text = text_of(filled.value, digits);
  if (slot == slot_of(CoreColumn::Text)) {
    if (text.size() > kTextBytesMax) {
      text = cut_at_character(text, kTextBytesMax);
      GRAPEVINE_RETURN_IF_ERROR(cells_.add(Family::Properties, "text_cut", Scalar::of(true)));
    }
    if (!is_filled(slot_of(CoreColumn::Sentiment))) add_mood(text);
  } else if (text.size() > text_bytes_max(slot)) {
    return rejection(member_name(filled.family, filled.name) + " has more than " +
                     std::to_string(text_bytes_max(slot)) + " bytes");
  }
  if (slot == kTargetSlot) {
    if (!text.empty()) row.target = cells_.batch().strings.intern(text);
    return absl::OkStatus();
  }
  return add_cell(slot, Scalar::of(text));
}

// Against none of an event's limits: nobody sent it. A mood that is unknown has its model, too, so
// that another one may be asked.
void EventRowWriter::add_mood(std::string_view text) {
  Batch& batch = cells_.batch();
  if (model_ == kNoString) {
    model_column_ = batch.strings.intern(kSentimentModelColumn);
    model_ = batch.strings.intern(kSentimentModel);
  }
  if (const auto score = sentiment(text).score) {
    batch.add(column_of(slot_of(CoreColumn::Sentiment)), *score);
  }
  batch.add_string(model_column_, model_);
}

absl::Status EventRowWriter::add_cell(CoreSlot slot, const Scalar& value) {
  return cells_.add_new(column_of(slot), value);
}

StringRef EventRowWriter::column_of(CoreSlot slot) {
  StringRef& column = columns_[slot];
  if (column == kNoString) column = cells_.batch().strings.intern(name_of_slot(slot));
  return column;
}

}  // namespace grapevine
