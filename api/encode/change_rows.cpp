#include "api/encode/change_rows.hpp"

#include <utility>

#include "api/encode/arrow/arrow_rows.hpp"
#include "api/encode/attribute_value.hpp"
#include "api/encode/withheld.hpp"

namespace grapevine {
namespace {

// What stands beside the rows, where the body is nothing but rows.
void add_headers(Response& response, const ChangeAnswer& answer) {
  JsonWriter withheld;
  write_withheld_changes(withheld, answer.page);
  auto& headers = response.headers;
  headers.emplace_back("X-Grapevine-Next-Cursor", answer.next_cursor);
  headers.emplace_back("X-Grapevine-More", answer.page.more ? "true" : "false");
  headers.emplace_back("X-Grapevine-Snapshot", std::to_string(answer.snapshot));
  headers.emplace_back("X-Grapevine-As-Of", format_time(answer.as_of));
  headers.emplace_back("X-Grapevine-Withheld", std::move(withheld).take());
}

Response encode_json(const ChangeAnswer& answer) {
  JsonWriter json;
  json.begin_object();
  json.member("segment", answer.segment);
  json.key("withheld");
  write_withheld_changes(json, answer.page);
  json.key("changes");
  json.begin_array();
  for (const ToldChange& change : answer.page.changes) write_change(json, change);
  json.end_array();
  json.member("next_cursor", answer.next_cursor);
  json.member("more", answer.page.more);
  json.time_member("as_of", answer.as_of);
  json.member("snapshot", answer.snapshot);
  json.end_object();
  Response response;
  response.body = std::move(json).take();
  return response;
}

Response encode_ndjson(const ChangeAnswer& answer) {
  JsonWriter json;
  for (const ToldChange& change : answer.page.changes) {
    write_change(json, change);
    json.end_line();
  }
  Response response;
  response.content_type = "application/x-ndjson";
  response.body = std::move(json).take();
  add_headers(response, answer);
  return response;
}

Response encode_csv(const ChangeAnswer& answer) {
  Response response;
  response.content_type = "text/csv";
  response.body = "customer_id,change,ts\r\n";
  for (const ToldChange& change : answer.page.changes) {
    append_csv(response.body, std::string_view(change.customer_id));
    response.body.append(",").append(name_of_change(change)).append(",");
    response.body.append(format_time(change.ts)).append("\r\n");
  }
  add_headers(response, answer);
  return response;
}

Response encode_arrow(const ChangeAnswer& answer) {
  ArrowRows rows({{"customer_id", ArrowType::Utf8, false},
                  {"change", ArrowType::Dictionary, false},
                  {"ts", ArrowType::Timestamp, false}},
                 answer.page.changes.size());
  rows.set_texts(1, {"left", "entered"});
  for (const ToldChange& change : answer.page.changes) {
    rows.cells(0).add_text(change.customer_id);
    rows.cells(1).add_code(change.entered ? 1 : 0);
    rows.cells(2).add_int(change.ts);
    rows.rows_are_added();
  }
  Response response;
  response.content_type = ArrowStream::kContentType;
  response.body = std::move(rows).finish();
  add_headers(response, answer);
  return response;
}

}  // namespace

std::string_view name_of_change(const ToldChange& change) {
  return change.entered ? "entered" : "left";
}

void write_change(JsonWriter& json, const ToldChange& change) {
  json.begin_object();
  json.member("customer_id", change.customer_id);
  json.member("change", name_of_change(change));
  json.time_member("ts", change.ts);
  json.end_object();
}

void write_withheld_changes(JsonWriter& json, const ChangePage& page) {
  json.begin_object();
  write_withheld_members(json, page.withheld);
  json.member("erased", page.erased);
  json.end_object();
}

Response encode_changes(const ChangeAnswer& answer, RowFormat format) {
  switch (format) {
    case RowFormat::Json: break;
    case RowFormat::Ndjson: return encode_ndjson(answer);
    case RowFormat::Csv: return encode_csv(answer);
    case RowFormat::Arrow: return encode_arrow(answer);
  }
  return encode_json(answer);
}

}  // namespace grapevine
