#include "api/encode/ranking_rows.hpp"

#include <optional>
#include <utility>

#include "api/encode/arrow/arrow_rows.hpp"
#include "api/encode/attribute_value.hpp"
#include "api/encode/graph_details.hpp"
#include "api/encode/json_writer.hpp"
#include "kernels/influence/superusers.hpp"

namespace grapevine {
namespace {

constexpr double kSuperuserShare = 0.01;

// The share of the others who rank behind: 1 for the first, 0 for the last.
double percentile_rank(const RankingPage& page, std::uint32_t place) {
  const RankedScore& score = *page.ranking.score;
  const std::size_t n = score.people.size();
  if (n < 2) return 1.0;
  return static_cast<double>(n - score.ranks[place]) / static_cast<double>(n - 1);
}

std::string_view id_of(const RankingPage& page, std::uint32_t place) {
  return page.ranking.graph->names().name(page.ranking.score->people[place]);
}

std::optional<double> value_of(const RankedScore& score, CustomerId customer) {
  const auto place = score.find(customer);
  return place ? std::optional(score.values[*place]) : std::nullopt;
}

void write_row(JsonWriter& json, const RankingPage& page, std::uint32_t place) {
  const RankedScore& score = *page.ranking.score;
  json.begin_object();
  json.member("customer_id", id_of(page, place));
  json.member("rank", score.ranks[place]);
  json.member("value", score.values[place]);
  json.member("percentile_rank", percentile_rank(page, place));
  for (const auto& [name, other] : page.ranking.scores) {
    json.key(name);
    if (const auto value = value_of(*other, score.people[place])) {
      json.value(*value);
    } else {
      json.null();
    }
  }
  json.end_object();
}

void write_error(JsonWriter& json, const ScoreError& error) {
  json.key("error");
  json.begin_object();
  json.member("kind", error.kind);
  json.member("error", error.error);
  if (error.confidence > 0.0) json.member("confidence", error.confidence);
  json.end_object();
}

// How much of all answers the most helpful gave, of those who answered at all.
void write_superusers(JsonWriter& json, const RankedScore& answers) {
  std::vector<std::uint64_t> counts;
  for (const double value : answers.values) {
    if (value > 0.0) counts.push_back(static_cast<std::uint64_t>(value));
  }
  const auto found = find_superusers(counts, kSuperuserShare);
  if (!found.ok() || counts.empty()) return;
  json.key("superusers");
  json.begin_object();
  json.member("top_share", kSuperuserShare);
  json.member("customers", found->people.size());
  json.member("share_of_answers", found->share_of_total);
  json.member("gini", found->gini);
  json.member("of_customers", counts.size());
  json.end_object();
}

std::string encode_json(const RankingPage& page) {
  JsonWriter json;
  json.begin_object();
  json.member("score", page.name);
  json.key("customers");
  json.begin_array();
  for (const std::uint32_t place : page.people) write_row(json, page, place);
  json.end_array();
  if (!page.next_cursor.empty()) json.member("next_cursor", page.next_cursor);
  if (page.ranking.score->repaired) json.member("repaired", true);
  if (page.ranking.score->error) write_error(json, *page.ranking.score->error);
  if (page.name == "answers") write_superusers(json, *page.ranking.score);
  end_graph_answer(json, *page.ranking.graph, page.moment.as_of, page.snapshot);
  return std::move(json).take();
}

std::string encode_ndjson(const RankingPage& page) {
  JsonWriter json;
  for (const std::uint32_t place : page.people) {
    write_row(json, page, place);
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
  std::string text = "customer_id,rank,value,percentile_rank";
  for (const auto& [name, score] : page.ranking.scores) text += ',' + name;
  text += "\r\n";
  const RankedScore& score = *page.ranking.score;
  for (const std::uint32_t place : page.people) {
    append_csv(text, id_of(page, place));
    append_number(text, score.ranks[place]);
    append_number(text, score.values[place]);
    append_number(text, percentile_rank(page, place));
    for (const auto& [name, other] : page.ranking.scores) {
      const auto value = value_of(*other, score.people[place]);
      if (value) {
        append_number(text, *value);
      } else {
        text += ',';
      }
    }
    text += "\r\n";
  }
  return text;
}

std::string encode_arrow(const RankingPage& page) {
  std::vector<ArrowField> fields{{"customer_id", ArrowType::Utf8, false},
                                 {"rank", ArrowType::Int64, false},
                                 {"value", ArrowType::Float64, false},
                                 {"percentile_rank", ArrowType::Float64, false}};
  for (const auto& [name, score] : page.ranking.scores) {
    fields.push_back({name, ArrowType::Float64, true});
  }
  const std::size_t own = fields.size() - page.ranking.scores.size();
  ArrowRows rows(std::move(fields), page.people.size());
  const RankedScore& score = *page.ranking.score;
  for (const std::uint32_t place : page.people) {
    rows.cells(0).add_text(id_of(page, place));
    rows.cells(1).add_int(score.ranks[place]);
    rows.cells(2).add_double(score.values[place]);
    rows.cells(3).add_double(percentile_rank(page, place));
    for (std::size_t i = 0; i < page.ranking.scores.size(); ++i) {
      const auto value = value_of(*page.ranking.scores[i].second, score.people[place]);
      if (value) {
        rows.cells(own + i).add_double(*value);
      } else {
        rows.cells(own + i).add_null();
      }
    }
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
