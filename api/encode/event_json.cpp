#include "api/encode/event_json.hpp"

#include <optional>
#include <string>
#include <type_traits>
#include <variant>

namespace grapevine {

// A column of the run, and what reads its texts, if it has any.
struct EventJson::Column {
  const RunColumn* values;
  const ColumnInfo* info;
  std::optional<TextReader> texts;
};

EventJson::EventJson(const Snapshot& snapshot, const Run& run)
    : snapshot_(snapshot), run_(run), message_ids_(run.message_ids) {
  columns_.reserve(run.columns.size());
  for (const RunColumn& column : run.columns) {
    Column& added =
        columns_.emplace_back(&column, &snapshot.columns()[index(column.id)], std::nullopt);
    if (const auto* texts = std::get_if<TextValues>(&column.values)) added.texts.emplace(*texts);
  }
}

EventJson::~EventJson() = default;

void EventJson::write(JsonWriter& json, std::size_t row) {
  json.begin_object();
  const std::string_view id = message_ids_.at(row);
  json.member("event_id", id.empty() ? derived_event_id(run_.sequences.at(row)) : std::string(id));
  json.time_member("ts", run_.time(row));
  json.member("event", snapshot_.event_names().at(index(run_.event)));
  if (const CustomerId target = snapshot_.target(run_, row); target != kNobody) {
    json.member("target_id", snapshot_.customers().external_id(target));
  }
  for (Column& column : columns_) {
    if (!column.values->has(row)) continue;
    json.key(column.info->name);
    std::visit(
        [&](const auto& values) {
          using Values = std::decay_t<decltype(values)>;
          if constexpr (std::is_same_v<Values, CodeValues>) {
            json.value(
                column.info->dictionary->at(static_cast<std::uint32_t>(values.codes.at(row))));
          } else if constexpr (std::is_same_v<Values, TextValues>) {
            json.value(column.texts->at(row));
          } else if constexpr (std::is_same_v<Values, TimeValues>) {
            json.time(values.at(row).ms);
          } else {
            json.value(values.at(row));
          }
        },
        column.values->values);
  }
  json.end_object();
}

std::string derived_event_id(std::uint64_t sequence) { return "row-" + std::to_string(sequence); }

}  // namespace grapevine
