#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "api/encode/json_writer.hpp"
#include "api/error.hpp"
#include "api/execute/list_page.hpp"
#include "api/execute/restricted.hpp"
#include "api/execute/share_forecast.hpp"
#include "api/execute/stopwatch.hpp"
#include "api/parse/page_parameters.hpp"
#include "api/parse/query_reader.hpp"
#include "api/plan/people.hpp"
#include "api/routes/listening.hpp"
#include "kernels/listen/content_cascade.hpp"
#include "storage/schema.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

constexpr char kList[] = "listen/cascade";
constexpr std::int64_t kLimitMax = 10'000;

struct CascadeRequest {
  PageRequest page;
  std::string content_id;
};

absl::StatusOr<CascadeRequest> parse_cascade_request(const Request& request,
                                                     const Context& context) {
  Mistakes mistakes;
  QueryReader query(request.query, mistakes);
  CascadeRequest asked;
  GRAPEVINE_ASSIGN_OR_RETURN(asked.page.cursor, read_cursor_parameter(query, kList));
  if (const std::string* id = query.take("content_id")) asked.content_id = *id;
  if (asked.page.cursor && !asked.page.cursor->fields.empty()) {
    const std::string& before = asked.page.cursor->fields.front();
    if (!asked.content_id.empty() && asked.content_id != before) {
      query.wrong("content_id", "not what it was when the cursor was given: " + asked.content_id);
    }
    asked.content_id = before;
  }
  if (asked.content_id.empty()) query.wrong("content_id", "the id of a content is needed");
  asked.page.fields = {asked.content_id};
  read_page(query, kLimitMax, asked.page);
  read_moment(query, context, asked.page);
  query.refuse_others();
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  return asked;
}

// What a page is written from.
struct Cascade {
  ContentCascade tree;
  GraphSource source;
  CustomerSet restricted;
  std::shared_ptr<const Dictionary> contents;
};

bool is_told(CustomerId person, const Cascade& cascade) {
  return person != kNobody && (cascade.restricted.empty() || !cascade.restricted.has(person));
}

void write_node(JsonWriter& json, std::size_t place, const Cascade& cascade) {
  const CascadeNode& node = cascade.tree.nodes[place];
  const ListenGraph& graph = cascade.source.graph->listening();
  json.begin_object();
  json.member("node", place);
  json.key("parent");
  if (place == 0) {
    json.null();
  } else {
    json.value(node.parent);
  }
  json.key("customer_id");
  if (is_told(node.person, cascade)) {
    json.value(cascade.source.snapshot->customers().external_id(node.person));
  } else {
    json.null();
  }
  json.member("step", place == 0 ? "published" : node.is_share ? "shared" : "replied");
  json.key("content_id");
  if (node.content == CascadeNode::kNoContent) {
    json.null();
  } else {
    json.value(cascade.contents->at(node.content));
  }
  json.time_member("ts", node.ts);
  json.member("depth", node.depth);
  const auto vertex = node.person == kNobody ? std::nullopt : graph.vertex_of(node.person);
  json.member("listeners", vertex ? graph.listeners.degree(*vertex) : std::size_t{0});
  json.end_object();
}

absl::Status write_expected(JsonWriter& json, const Cascade& cascade) {
  std::vector<TimedSpeaker> speakers;
  for (std::size_t i = 0; i < cascade.tree.nodes.size(); ++i) {
    const CascadeNode& node = cascade.tree.nodes[i];
    if (i > 0 && !node.is_share) continue;
    // What came before it is said to have been published counts as of then.
    speakers.push_back({std::max(node.ts, cascade.tree.nodes.front().ts), node.person});
  }
  GRAPEVINE_ASSIGN_OR_RETURN(
      const SeismicForecast forecast,
      forecast_speech(speakers, cascade.source.graph->listening(), cascade.source.moment.as_of));
  json.key("forecast");
  write_forecast(json, forecast);
  return absl::OkStatus();
}

absl::StatusOr<Cascade> read_cascade(const CascadeRequest& asked, const ListSource& list,
                                     const Context& context) {
  Cascade cascade;
  cascade.source = {list.snapshot, list.moment, nullptr};
  const Snapshot& snapshot = *list.snapshot;
  cascade.contents = snapshot.columns()[index(column_id(CoreColumn::ContentId))].dictionary;
  const std::uint32_t content =
      cascade.contents == nullptr ? Dictionary::kMissing : cascade.contents->find(asked.content_id);
  absl::StatusOr<ContentCascade> tree =
      trace_content(snapshot, content, list.moment.as_of, context.stop);
  if (absl::IsNotFound(tree.status())) {
    return problem(ErrorCode::NotFound, "no event has the content_id " + asked.content_id);
  }
  GRAPEVINE_RETURN_IF_ERROR(tree.status());
  cascade.tree = *std::move(tree);
  GRAPEVINE_ASSIGN_OR_RETURN(cascade.restricted, restricted_customers(snapshot, context.stop));
  GRAPEVINE_RETURN_IF_ERROR(find_graph({asked.page.as_of, {}, {}, 0}, context, cascade.source));
  return cascade;
}

}  // namespace

absl::StatusOr<Response> trace_cascade(const Request& request, const Context& context) {
  const Stopwatch watch;
  GRAPEVINE_ASSIGN_OR_RETURN(const CascadeRequest asked, parse_cascade_request(request, context));
  GRAPEVINE_ASSIGN_OR_RETURN(const ListSource list, open_list(asked.page, context));
  GRAPEVINE_ASSIGN_OR_RETURN(const Cascade cascade, read_cascade(asked, list, context));
  const std::size_t size = cascade.tree.nodes.size();
  const std::size_t begin = std::min<std::size_t>(list.offset, size);
  const std::size_t end = std::min<std::size_t>(begin + asked.page.limit, size);
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string next,
                             next_cursor(asked.page, list, kList, end, size, context));
  JsonWriter json;
  json.begin_object();
  json.member("content_id", asked.content_id);
  json.member("shares", cascade.tree.shares);
  json.member("replies", cascade.tree.replies);
  json.member("depth", cascade.tree.depth);
  GRAPEVINE_RETURN_IF_ERROR(write_expected(json, cascade));
  json.key("nodes");
  json.begin_array();
  for (std::size_t place = begin; place < end; ++place) write_node(json, place, cascade);
  json.end_array();
  if (!next.empty()) json.member("next_cursor", next);
  json.member("count", size);
  json.member("graph_snapshot", cascade.source.graph->snapshot_number());
  json.time_member("as_of", cascade.source.moment.as_of);
  json.member("snapshot", cascade.source.snapshot->number());
  json.member("elapsed_ms", watch.elapsed_ms());
  json.end_object();
  Response response;
  response.body = std::move(json).take();
  return response;
}

}  // namespace grapevine
