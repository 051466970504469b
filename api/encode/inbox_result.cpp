#include "api/encode/inbox_result.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "api/encode/event_json.hpp"
#include "api/encode/inbox_reasons.hpp"
#include "api/encode/json_writer.hpp"
#include "api/encode/write_optional.hpp"
#include "api/encode/write_texts.hpp"
#include "api/execute/share_forecast.hpp"
#include "storage/message_id_column.hpp"
#include "storage/schema.hpp"
#include "storage/text_values.hpp"

namespace grapevine {
namespace {

// By InboxQuestion::Status.
constexpr std::string_view kStatus[] = {"open", "answered", "all"};

void write_cell(JsonWriter& json, std::string_view name, CoreColumn core, const InboxItem& item,
                const Snapshot& snapshot) {
  json.key(name);
  const RunColumn* column = item.run->column(column_id(core));
  if (column == nullptr || !column->has(item.row)) return json.null();
  if (const auto* codes = std::get_if<CodeValues>(&column->values)) {
    const ColumnInfo& info = snapshot.columns()[index(column_id(core))];
    return json.value(info.dictionary->at(static_cast<std::uint32_t>(codes->codes.at(item.row))));
  }
  const auto* texts = std::get_if<TextValues>(&column->values);
  if (texts == nullptr) return json.null();
  TextReader reader(*texts);
  json.value(reader.at(item.row));
}

void write_answer(JsonWriter& json, std::string_view name, const std::optional<Answer>& answer) {
  json.key(name);
  answer ? json.time(answer->ts) : json.null();
}

void write_signs(JsonWriter& json, const InboxEvidence& of) {
  json.key("words");
  json.begin_array();
  for (const FoundSign& sign : of.signs) {
    json.begin_object();
    json.member("sign", name_of(sign.sign));
    json.member("text", of.text.substr(sign.begin, sign.end - sign.begin));
    json.member("negated", sign.negated);
    json.end_object();
  }
  json.end_array();
}

// As it is kept.
std::optional<float> as_float(const std::optional<double>& score) {
  return score ? std::optional(static_cast<float>(*score)) : std::nullopt;
}

void write_spread(JsonWriter& json, const ItemSpread& spread, const InboxList& list) {
  json.key("spread");
  json.begin_object();
  write_optional(json, "people", spread.people);
  const bool has_error = spread.people && list.spread_error;
  write_optional(
      json, "error",
      has_error ? std::optional(*spread.people * list.spread_error->error) : std::nullopt);
  json.member("shares", spread.shares);
  json.key("forecast");
  if (spread.forecast) {
    write_forecast(json, *spread.forecast);
  } else {
    json.null();
  }
  json.end_object();
}

void write_item(JsonWriter& json, const RankedItem& ranked, std::size_t rank,
                const InboxRequest& asked, const InboxPage& page) {
  const InboxItem& item = ranked.item;
  const Run& run = *item.run;
  OutcomesOfRun outcomes(*page.list.conversations, run);
  TextReader texts(std::get<TextValues>(run.column(column_id(CoreColumn::Text))->values));
  std::vector<FoundSign> signs;
  InboxEvidence of;
  of.text = texts.at(item.row);
  find_service_signs(of.text, signs);
  of.signs = signs;
  of.sentiment = sentiment_at(run, item.row);
  of.told = triage(signs, of.sentiment, item.is_ticket);
  of.can_be_answered = outcomes.can_be_answered(item.row);
  of.spread = page.list.told_spread_of(ranked, page.moment.as_of);
  of.age_ms = page.moment.as_of - item.ts;
  of.target_ms = asked.target_ms[static_cast<std::size_t>(item.severity)];
  const Outcome outcome = outcomes.of(item.row);
  for (const auto& answer : {outcome.answered, outcome.resolved}) {
    if (!answer) continue;
    const TimeMs waited = answer->ts - item.ts;
    of.waited_ms = std::min(of.waited_ms.value_or(waited), waited);
  }

  json.begin_object();
  json.member("rank", rank);
  MessageIdReader ids(run.message_ids);
  const std::string_view id = ids.at(item.row);
  json.member("event_id", id.empty() ? derived_event_id(item.sequence) : std::string(id));
  json.member("event", page.snapshot.event_names().at(index(run.event)));
  write_cell(json, "content_id", CoreColumn::ContentId, item, page.snapshot);
  write_optional(json, "ticket_id", outcomes.ticket(item.row));
  json.member("customer_id", page.snapshot.customers().external_id(item.customer));
  json.time_member("ts", item.ts);
  write_cell(json, "channel", CoreColumn::Channel, item, page.snapshot);
  write_cell(json, "account", CoreColumn::Account, item, page.snapshot);
  write_cell(json, "brand", CoreColumn::Brand, item, page.snapshot);
  write_cell(json, "product_id", CoreColumn::ProductId, item, page.snapshot);
  json.member("text", of.text);
  write_optional(json, "sentiment", as_float(of.sentiment));
  json.member("kind", name_of(item.concern));
  json.member("severity", name_of(item.severity));
  write_signs(json, of);
  write_spread(json, of.spread, page.list);
  json.member("urgency", ranked.urgency);
  json.member("age_ms", of.age_ms);
  json.time_member("due", item.ts + of.target_ms);
  json.member("time_left_ms", of.target_ms - of.age_ms);
  write_answer(json, "answered_at", outcome.answered);
  write_answer(json, "resolved_at", outcome.resolved);
  json.key("reasons");
  json.begin_array();
  for (const std::string& reason : inbox_reasons(of)) json.value(reason);
  json.end_array();
  json.end_object();
}

void write_selection(JsonWriter& json, const InboxSelection& selection) {
  json.key("selection");
  json.begin_object();
  constexpr std::array kBases{"asked", "own", "all"};
  json.member("basis", kBases[static_cast<std::size_t>(selection.basis)]);
  json.key("own_brands");
  json.begin_array();
  for (const std::string& brand : selection.brands) json.value(brand);
  json.end_array();
  json.member("company_voices", selection.voices);
  json.end_object();
}

void write_counts(JsonWriter& json, const InboxList& list) {
  json.key("counts");
  json.begin_array();
  for (std::size_t s = kSeverities; s-- > 0;) {
    for (std::size_t c = 0; c < kConcerns; ++c) {
      const InboxCount& count = list.counts[c][s];
      if (count.items == 0) continue;
      json.begin_object();
      json.member("kind", name_of(static_cast<Concern>(c)));
      json.member("severity", name_of(static_cast<Severity>(s)));
      json.member("count", count.items);
      json.member("overdue", count.overdue);
      json.end_object();
    }
  }
  json.end_array();
}

}  // namespace

std::string encode_inbox(const InboxRequest& asked, const InboxPage& page, double elapsed_ms) {
  const InboxList& list = page.list;
  JsonWriter json;
  json.begin_object();
  json.time_member("from", list.window.from);
  json.time_member("to", list.window.to);
  json.member("timezone", asked.filter.timezone);
  json.member("status", kStatus[static_cast<std::size_t>(asked.status)]);
  write_selection(json, list.selection);
  json.key("target_ms");
  json.begin_object();
  for (std::size_t s = 0; s < kSeverities; ++s) {
    json.member(name_of(static_cast<Severity>(s)), asked.target_ms[s]);
  }
  json.end_object();
  write_counts(json, list);
  json.key("withheld");
  json.begin_object();
  json.member("restricted", list.restricted);
  json.end_object();
  json.member("count", list.items.size());
  json.key("spread_error");
  if (list.spread_error) {
    json.begin_object();
    json.member("kind", list.spread_error->kind);
    json.member("error", list.spread_error->error);
    json.end_object();
  } else {
    json.null();
  }
  json.key("items");
  json.begin_array();
  std::size_t rank = page.first_rank;
  for (const RankedItem* item : page.items) {
    ++rank;
    if (item != nullptr) write_item(json, *item, rank, asked, page);
  }
  json.end_array();
  if (!page.next_cursor.empty()) json.member("next_cursor", page.next_cursor);
  write_texts(json, "warnings", list.warnings);
  json.member("graph_snapshot", list.graph->snapshot_number());
  json.time_member("as_of", page.moment.as_of);
  json.member("snapshot", page.snapshot.number());
  json.member("elapsed_ms", elapsed_ms);
  json.end_object();
  return std::move(json).take();
}

}  // namespace grapevine
