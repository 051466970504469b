#include "api/ingest/csv_chunk.hpp"

#include <string>
#include <string_view>

#include "api/collect/call_head.hpp"
#include "api/collect/call_time.hpp"
#include "api/collect/limits.hpp"
#include "api/collect/rejection.hpp"
#include "api/collect/row_sink.hpp"
#include "api/collect/trait_call.hpp"
#include "api/ingest/charset.hpp"
#include "api/ingest/csv_reader.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

using Role = CsvColumn::Role;

// Reads records into one batch.
class CsvRows {
 public:
  CsvRows(ImportTable table, const std::vector<CsvColumn>& columns, TimeMs received, Batch& batch)
      : table_(table), columns_(columns), received_(received), sink_(batch) {}

  // Adds the row of one record. Errors  InvalidArgument: a rejection; nothing is added.
  absl::Status add(const CsvReader& record) {
    if (!record.fault().empty()) return rejection(record.fault());
    if (record.raw().size() > kImportLineBytesMax) return rejection(overlong_line());
    if (record.fields().size() != columns_.size()) {
      return rejection(std::to_string(record.fields().size()) + " fields under a header of " +
                       std::to_string(columns_.size()));
    }
    const std::size_t cells = sink_.batch.cells.size();
    absl::Status added = add_row(record);
    if (!added.ok()) sink_.batch.cells.resize(cells);
    return added;
  }

 private:
  absl::Status add_row(const CsvReader& record) {
    CallHead head;
    std::string_view event;
    CallTime time;
    time.received = received_;
    time.is_import = true;
    sink_.cells.begin_event();
    if (table_ == ImportTable::Events) sink_.rows.begin();
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const std::string_view field = record.fields()[i];
      if (field.empty()) continue;
      switch (columns_[i].role) {
        case Role::Time: time.timestamp = Scalar::of(field); break;
        case Role::Event: event = field; break;
        case Role::UserId: head.user_id = field; break;
        case Role::AnonymousId: head.anonymous_id = field; break;
        case Role::MessageId: head.message_id = field; break;
        case Role::Value: GRAPEVINE_RETURN_IF_ERROR(add_value(columns_[i], field)); break;
      }
    }
    head.customer = head.user_id.empty() ? head.anonymous_id : head.user_id;
    GRAPEVINE_RETURN_IF_ERROR(check(head));
    GRAPEVINE_ASSIGN_OR_RETURN(head.ts, time_of_call(time));
    const auto source = static_cast<std::uint32_t>(record.line());
    if (table_ == ImportTable::Events) return add_event(head, event, source);
    add_trait_row(head, source, sink_);
    if (!head.user_id.empty() && !head.anonymous_id.empty()) add_identify_link(head, sink_);
    return absl::OkStatus();
  }

  absl::Status add_value(const CsvColumn& column, std::string_view field) {
    const Scalar value = column.is_text ? Scalar::of(field) : typed_by_content(field);
    if (column.family == Family::Trait) return sink_.cells.add(Family::Trait, column.name, value);
    return sink_.rows.add(column.family, column.name, value);
  }

  static absl::Status check(const CallHead& head) {
    if (head.customer.empty()) return rejection("customer_id is empty");
    if (head.user_id.size() > kCustomerIdBytesMax ||
        head.anonymous_id.size() > kCustomerIdBytesMax) {
      return rejection("customer_id has more than " + std::to_string(kCustomerIdBytesMax) +
                       " bytes");
    }
    if (head.message_id.size() > kMessageIdBytesMax) {
      return rejection("event_id has more than " + std::to_string(kMessageIdBytesMax) + " bytes");
    }
    return absl::OkStatus();
  }

  absl::Status add_event(const CallHead& head, std::string_view event, std::uint32_t source) {
    if (event.empty() || event.size() > kEventNameBytesMax) {
      return rejection("event is not a text of 1 to " + std::to_string(kEventNameBytesMax) +
                       " bytes");
    }
    if (!head.user_id.empty() && !head.anonymous_id.empty()) {
      GRAPEVINE_RETURN_IF_ERROR(
          sink_.cells.add(Family::Context, "anonymousId", Scalar::of(head.anonymous_id)));
    }
    EventRow row;
    row.ts = head.ts;
    row.event = sink_.intern(event);
    row.customer = sink_.intern(head.customer);
    row.source = source;
    row.kind = head.kind();
    if (!head.message_id.empty()) {
      row.message_id = sink_.intern(head.message_id);
      row.once = true;
    }
    return sink_.rows.finish(row);
  }

  ImportTable table_;
  const std::vector<CsvColumn>& columns_;
  TimeMs received_;
  RowSink sink_;
};

}  // namespace

ParsedChunk parse_csv_chunk(const Chunk& chunk, ImportTable table,
                            const std::vector<CsvColumn>& columns, TimeMs received) {
  ParsedChunk parsed;
  CsvRows rows(table, columns, received, parsed.batch);
  const bool all_utf8 = simdjson::validate_utf8(chunk.text);
  const bool no_nul = chunk.text.find('\0') == std::string::npos;
  CsvReader reader(chunk.text);
  while (reader.next()) {
    absl::Status added;
    if (!all_utf8 && !simdjson::validate_utf8(reader.raw())) {
      added = rejection(describe_fault(reader.raw(), reader.line(), chunk.faults));
    } else if (!no_nul && reader.raw().find('\0') != std::string_view::npos) {
      added = rejection("the record holds the character U+0000");
    } else {
      added = rows.add(reader);
    }
    if (added.ok()) {
      ++parsed.accepted;
    } else {
      parsed.reject(reader.line(), detail_of(added));
    }
  }
  parsed.lines = reader.lines();
  return parsed;
}

}  // namespace grapevine
