#include "api/encode/ranking_rows.hpp"

#include <utility>

#include "api/encode/arrow/arrow_rows.hpp"
#include "api/encode/attribute_value.hpp"
#include "api/encode/json_writer.hpp"

namespace grapevine {
namespace {

// The share of the others who rank behind: 1 for the first, 0 for the last.
double percentile_rank(const RankingPage& page, Vertex person) {
  const std::size_t n = page.graph->listening().vertices();
  if (n < 2) return 1.0;
  return static_cast<double>(n - page.score->ranks[person]) / static_cast<double>(n - 1);
}

void write_row(JsonWriter& json, const RankingPage& page, Vertex person) {
  json.begin_object();
  json.member("customer_id", page.graph->external_id(person));
  json.member("rank", page.score->ranks[person]);
  json.member("value", page.score->values[person]);
  json.member("percentile_rank", percentile_rank(page, person));
  json.end_object();
}

std::string encode_json(const RankingPage& page) {
  JsonWriter json;
  json.begin_object();
  json.member("score", page.name);
  json.key("customers");
  json.begin_array();
  for (const Vertex person : page.people) write_row(json, page, person);
  json.end_array();
  if (!page.next_cursor.empty()) json.member("next_cursor", page.next_cursor);
  json.key("graph");
  json.begin_object();
  json.member("customers", page.graph->listening().vertices());
  json.member("edges", page.graph->listening().edges());
  json.end_object();
  json.member("graph_snapshot", page.graph->snapshot_number());
  json.time_member("as_of", page.moment.as_of);
  json.member("snapshot", page.snapshot);
  json.end_object();
  return std::move(json).take();
}

std::string encode_ndjson(const RankingPage& page) {
  JsonWriter json;
  for (const Vertex person : page.people) {
    write_row(json, page, person);
    json.end_line();
  }
  return std::move(json).take();
}

// Numbers as JSON writes them: the shortest text of the same bits.
template <typename Number>
void append_number(std::string& text, Number number) {
  JsonWriter json;
  json.value(number);
  text += ',' + std::move(json).take();
}

std::string encode_csv(const RankingPage& page) {
  std::string text = "customer_id,rank,value,percentile_rank\r\n";
  for (const Vertex person : page.people) {
    append_csv(text, page.graph->external_id(person));
    append_number(text, page.score->ranks[person]);
    append_number(text, page.score->values[person]);
    append_number(text, percentile_rank(page, person));
    text += "\r\n";
  }
  return text;
}

std::string encode_arrow(const RankingPage& page) {
  ArrowRows rows({{"customer_id", ArrowType::Utf8, false},
                  {"rank", ArrowType::Int64, false},
                  {"value", ArrowType::Float64, false},
                  {"percentile_rank", ArrowType::Float64, false}},
                 page.people.size());
  for (const Vertex person : page.people) {
    rows.cells(0).add_text(page.graph->external_id(person));
    rows.cells(1).add_int(page.score->ranks[person]);
    rows.cells(2).add_double(page.score->values[person]);
    rows.cells(3).add_double(percentile_rank(page, person));
    rows.rows_are_added();
  }
  return std::move(rows).finish();
}

// The rows alone, and what they are.
Response encode_rows(const RankingPage& page, RowFormat format) {
  Response response;
  if (format == RowFormat::Arrow) {
    response.content_type = ArrowStream::kContentType;
    response.body = encode_arrow(page);
  } else if (format == RowFormat::Csv) {
    response.content_type = "text/csv";
    response.body = encode_csv(page);
  } else {
    response.content_type = "application/x-ndjson";
    response.body = encode_ndjson(page);
  }
  return response;
}

}  // namespace

Response encode_ranking(const RankingPage& page, RowFormat format) {
  if (format == RowFormat::Json) {
    Response response;
    response.body = encode_json(page);
    return response;
  }
  Response response = encode_rows(page, format);
  if (!page.next_cursor.empty()) {
    response.headers.emplace_back("X-Grapevine-Next-Cursor", page.next_cursor);
  }
  response.headers.emplace_back("X-Grapevine-Snapshot", std::to_string(page.snapshot));
  response.headers.emplace_back("X-Grapevine-As-Of", format_time(page.moment.as_of));
  return response;
}

}  // namespace grapevine
