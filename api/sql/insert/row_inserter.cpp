#include "api/sql/insert/row_inserter.hpp"

#include <fmt/format.h>

#include "api/collect/flatten.hpp"
#include "api/collect/limits.hpp"
#include "api/collect/rejection.hpp"
#include "api/collect/trait_call.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

using Role = InsertColumn::Role;

absl::Status wrong(std::string_view detail) {
  return query_error(QueryErrorCode::IncorrectData, detail);
}

// A rejection of the collecting side in words of SQL's errors.
absl::Status translated(const absl::Status& added) {
  return added.ok() ? added : wrong(detail_of(added));
}

}  // namespace

void RowInserter::begin_row() {
  if (sink_ == nullptr || rows_ % kBatchRows == 0) {
    batches_.push_back(std::make_unique<Batch>());
    batches_.back()->received = received_;
    sink_ = std::make_unique<RowSink>(*batches_.back());
  }
  sink_->made.clear();
  sink_->cells.begin_event();
  if (table_ == InsertTable::Events) {
    sink_->rows.begin();
  } else {
    sink_->cells.begin_row();
  }
  head_ = {};
  event_ = {};
  has_time_ = false;
}

absl::Status RowInserter::set(const InsertColumn& column, const SentValue& value) {
  if (value.scalar.type == ValueType::String &&
      value.scalar.text.find('\0') != std::string_view::npos) {
    return wrong("the text holds the character U+0000, which is not stored");
  }
  switch (column.role) {
    case Role::Skipped: return absl::OkStatus();
    case Role::Event:
    case Role::Customer:
    case Role::EventId: return set_text(column, value);
    case Role::Nested: return wrong("the value is not an object of JSON");
    case Role::Time: {
      if (value.scalar.type == ValueType::Null) return absl::OkStatus();
      GRAPEVINE_ASSIGN_OR_RETURN(head_.ts, time_of_value(value, zone_));
      has_time_ = true;
      if (head_.ts <= received_ + kAheadMsMax) return absl::OkStatus();
      return wrong("the time is more than 24 hours ahead of the server's clock");
    }
    case Role::Core:
    case Role::Value: break;
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const Scalar scalar,
                             value_of_kind(value, column.kind, zone_, sink_->made));
  return add_value(column, column.member, scalar);
}

absl::Status RowInserter::set(const InsertColumn& column, JsonElement element) {
  if (column.role == Role::Skipped) return absl::OkStatus();
  if (const auto nul = find_nul(element)) {
    return wrong("the value holds the character U+0000, which is not stored");
  }
  if (column.role == Role::Nested) {
    if (element.is_null()) return absl::OkStatus();
    JsonObject object;
    if (element.get_object().get(object) != simdjson::SUCCESS) {
      return wrong("the value is not an object of JSON");
    }
    if (column.family == Family::Trait)
      return translated(add_traits(object, column.family, *sink_));
    for (const auto& [name, member] : object) {
      GRAPEVINE_RETURN_IF_ERROR(translated(add_member(column.family, name, member, *sink_)));
    }
    return absl::OkStatus();
  }
  if (is_scalar(element) || element.is_null()) {
    std::string_view text;
    const bool is_text = element.get_string().get(text) == simdjson::SUCCESS;
    return set(column,
               is_text ? SentValue::text(text) : SentValue::typed(scalar_of(element, sink_->made)));
  }
  if (column.role != Role::Value) return wrong("the value is neither a text nor a number");
  if (element.is_array()) return set(column, SentValue::text(json_text(element, sink_->made)));
  const Nulls nulls = column.family == Family::Trait ? Nulls::Visit : Nulls::Skip;
  return flatten_member(
      column.member, element, nulls, sink_->made,
      [&](std::string_view path, const Scalar& value) { return add_value(column, path, value); });
}

// NULL removes a trait, as null does in `identify`; of an event it is nothing.
absl::Status RowInserter::add_value(const InsertColumn& column, std::string_view member,
                                    const Scalar& value) {
  if (column.family == Family::Trait) {
    return translated(sink_->cells.add(Family::Trait, member, value));
  }
  if (value.type == ValueType::Null) return absl::OkStatus();
  if (column.role != Role::Core) return translated(sink_->rows.add(column.family, member, value));
  const MemberRole role{.slot = column.slot, .rank = 0, .name = name_of_slot(column.slot)};
  return translated(sink_->rows.add_core(role, Family::Properties, role.name, value));
}

absl::Status RowInserter::set_text(const InsertColumn& column, const SentValue& value) {
  if (value.scalar.type == ValueType::Null) return absl::OkStatus();
  GRAPEVINE_ASSIGN_OR_RETURN(const Scalar scalar,
                             value_of_kind(value, ValueKind::Text, zone_, sink_->made));
  const auto keep = [&](std::string_view& target, std::size_t bytes_max) {
    target = scalar.text;
    if (target.size() <= bytes_max) return absl::OkStatus();
    return wrong(fmt::format("the text has more than {} bytes", bytes_max));
  };
  if (column.role == Role::Event) return keep(event_, kEventNameBytesMax);
  if (column.role == Role::EventId) return keep(head_.message_id, kMessageIdBytesMax);
  GRAPEVINE_RETURN_IF_ERROR(keep(head_.user_id, kCustomerIdBytesMax));
  head_.customer = head_.user_id;
  return absl::OkStatus();
}

absl::Status RowInserter::end_row() {
  if (head_.customer.empty()) return wrong("customer_id is missing or empty");
  if (!has_time_) head_.ts = received_;
  if (table_ == InsertTable::Events) {
    GRAPEVINE_RETURN_IF_ERROR(end_event());
  } else {
    end_customer();
  }
  ++rows_;
  return absl::OkStatus();
}

absl::Status RowInserter::end_event() {
  if (event_.empty()) return wrong("event is missing or empty");
  EventRow row;
  row.ts = head_.ts;
  row.event = sink_->intern(event_);
  row.customer = sink_->intern(head_.customer);
  row.source = static_cast<std::uint32_t>(rows_);
  if (!head_.message_id.empty()) {
    row.message_id = sink_->intern(head_.message_id);
    row.once = true;
  }
  return translated(sink_->rows.finish(row));
}

void RowInserter::end_customer() {
  add_trait_row(head_, static_cast<std::uint32_t>(rows_), *sink_);
}

}  // namespace grapevine::sql
