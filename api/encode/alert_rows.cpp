#include "api/encode/alert_rows.hpp"

#include <optional>
#include <utility>

#include "api/encode/attribute_value.hpp"
#include "api/encode/listed_rows.hpp"
#include "api/encode/write_optional.hpp"
#include "api/encode/write_texts.hpp"

namespace grapevine {
namespace {

constexpr std::string_view kWord = "LowCardinality(String)";
constexpr std::string_view kMaybeText = "Nullable(String)";
constexpr std::string_view kTime = "DateTime64(3, 'UTC')";
constexpr std::string_view kMaybeTime = "Nullable(DateTime64(3, 'UTC'))";

constexpr ListedColumn kColumns[] = {
    {"id", "UInt64"},           {"ts", kTime},         {"kind", kWord},
    {"severity", kWord},        {"status", kWord},     {"brand", kMaybeText},
    {"product_id", kMaybeText}, {"topic", kMaybeText}, {"channel", kMaybeText},
    {"sentiment", kWord},       {"since", kTime},      {"observed", "UInt64"},
    {"expected", "Float64"},    {"score", "Float64"},  {"acknowledged_at", kMaybeTime},
    {"closed_at", kMaybeTime},  {"harm", "UInt64"},    {"escalated_at", kMaybeTime}};
constexpr ListedRows kListed{"alerts", kColumns};

Response encode_json(const AlertAnswer& answer) {
  JsonWriter json;
  json.begin_object();
  json.key("alerts");
  json.begin_array();
  for (const AlertDocument& alert : answer.alerts) {
    json.begin_object();
    write_alert_members(json, alert);
    json.end_object();
  }
  json.end_array();
  write_texts(json, "warnings", answer.warnings);
  if (!answer.next_cursor.empty()) json.member("next_cursor", answer.next_cursor);
  json.time_member("as_of", answer.as_of);
  json.member("snapshot", answer.snapshot);
  json.end_object();
  Response response;
  response.body = std::move(json).take();
  return response;
}

void add_headers(Response& response, const AlertAnswer& answer) {
  auto& headers = response.headers;
  if (!answer.next_cursor.empty()) {
    headers.emplace_back("X-Grapevine-Next-Cursor", answer.next_cursor);
  }
  if (!answer.warnings.empty()) {
    headers.emplace_back("X-Grapevine-Warnings", std::to_string(answer.warnings.size()));
  }
  headers.emplace_back("X-Grapevine-Snapshot", std::to_string(answer.snapshot));
  headers.emplace_back("X-Grapevine-As-Of", format_time(answer.as_of));
}

Response encode_ndjson(const AlertAnswer& answer) {
  JsonWriter json;
  for (const AlertDocument& alert : answer.alerts) {
    json.begin_object();
    write_alert_members(json, alert);
    json.end_object();
    json.end_line();
  }
  Response response;
  response.content_type = "application/x-ndjson";
  response.body = std::move(json).take();
  add_headers(response, answer);
  return response;
}

// A number as JSON has it.
std::string number_text(double number) {
  JsonWriter json;
  json.value(number);
  return std::move(json).take();
}

void append_csv_row(std::string& body, const AlertDocument& alert) {
  const AlertSeries& series = alert.series;
  const auto next = [&](std::string_view text) {
    body += ',';
    if (!text.empty()) append_csv(body, text);
  };
  const auto time = [](const std::optional<AlertChange>& change) {
    return change ? format_time(change->ts) : std::string();
  };
  body += std::to_string(alert.id);
  next(format_time(alert.ts));
  next("burst");
  next(name_of(alert.severity()));
  next(name_of(alert.status()));
  next(alert.subject(AlertSubject::Brand).value_or(""));
  next(alert.subject(AlertSubject::Product).value_or(""));
  next(alert.subject(AlertSubject::Topic).value_or(""));
  next(series.channel.value_or(""));
  next(name_of(series.mood));
  next(format_time(alert.since));
  next(std::to_string(alert.figures().count));
  next(number_text(alert.figures().expected));
  next(number_text(alert.figures().score));
  next(time(alert.acknowledged));
  next(time(alert.closed));
  next(std::to_string(alert.figures().harm));
  next(time(alert.escalated()));
  body += "\r\n";
}

Response encode_csv(const AlertAnswer& answer) {
  Response response;
  response.content_type = "text/csv";
  for (const ListedColumn& column : kColumns) {
    if (!response.body.empty()) response.body += ',';
    response.body += column.member;
  }
  response.body += "\r\n";
  for (const AlertDocument& alert : answer.alerts) append_csv_row(response.body, alert);
  add_headers(response, answer);
  return response;
}

}  // namespace

void write_alert_members(JsonWriter& json, const AlertDocument& alert) {
  const AlertSeries& series = alert.series;
  json.member("id", alert.id);
  json.time_member("ts", alert.ts);
  json.member("kind", "burst");
  json.member("severity", name_of(alert.severity()));
  json.member("status", name_of(alert.status()));
  write_optional(json, "brand", alert.subject(AlertSubject::Brand));
  write_optional(json, "product_id", alert.subject(AlertSubject::Product));
  write_optional(json, "topic", alert.subject(AlertSubject::Topic));
  write_optional(json, "channel", series.channel);
  json.member("sentiment", name_of(series.mood));
  json.time_member("since", alert.since);
  json.member("observed", alert.figures().count);
  json.member("harm", alert.figures().harm);
  json.member("expected", alert.figures().expected);
  json.member("score", alert.figures().score);
  if (const auto grown = alert.escalated()) json.time_member("escalated_at", grown->ts);
  if (alert.acknowledged) json.time_member("acknowledged_at", alert.acknowledged->ts);
  if (alert.closed) json.time_member("closed_at", alert.closed->ts);
}

std::vector<ToldAlertChange> changes_of(const AlertDocument& alert) {
  std::vector<ToldAlertChange> changes{{alert.id, "opened"}};
  for (const AlertGrowth& growth : alert.growth) {
    if (alert.closed && growth.change.number == alert.closed->number) continue;
    changes.push_back({growth.change.number, "escalated"});
  }
  if (alert.acknowledged) changes.push_back({alert.acknowledged->number, "acknowledged"});
  if (alert.closed) changes.push_back({alert.closed->number, "closed"});
  return changes;
}

void write_alert_change(JsonWriter& json, const AlertDocument& alert,
                        const ToldAlertChange& change) {
  json.begin_object();
  json.member("change", change.event);
  json.member("number", change.number);
  write_alert_members(json, alert.at(change.number));
  json.end_object();
}

absl::StatusOr<Response> encode_alerts(const AlertAnswer& answer, RowFormat format) {
  switch (format) {
    case RowFormat::Json: break;
    case RowFormat::Ndjson: return encode_ndjson(answer);
    case RowFormat::Csv: return encode_csv(answer);
    case RowFormat::Arrow: return arrow_of_list(encode_json(answer), kListed);
  }
  return encode_json(answer);
}

}  // namespace grapevine
