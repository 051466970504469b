#include "api/routes/listed.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>

#include "api/encode/arrow/arrow_stream.hpp"
#include "api/parse/members_request.hpp"
#include "api/parse/mistakes.hpp"
#include "api/parse/query_reader.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

constexpr std::string_view kText = "String";
constexpr std::string_view kMaybeText = "Nullable(String)";
constexpr std::string_view kWord = "LowCardinality(String)";
constexpr std::string_view kCount = "UInt64";
constexpr std::string_view kMaybeCount = "Nullable(UInt64)";
constexpr std::string_view kNumber = "Float64";
constexpr std::string_view kMaybeNumber = "Nullable(Float64)";
constexpr std::string_view kTime = "DateTime64(3, 'UTC')";
constexpr std::string_view kMaybeTime = "Nullable(DateTime64(3, 'UTC'))";

constexpr ListedColumn kSegments[] = {{"name", kText},
                                      {"definition", kText},
                                      {"description", kText},
                                      {"size", kMaybeCount},
                                      {"problem", kMaybeText},
                                      {"refreshed_at", kTime},
                                      {"used_by", "Array(String)"}};
constexpr ListedColumn kHistory[] = {
    {"from", kTime}, {"to", kTime}, {"size", kMaybeCount}, {"entered", kCount}, {"left", kCount}};
constexpr ListedColumn kRegions[] = {{"in", "Array(String)"}, {"size", kCount}};
constexpr ListedColumn kAttributes[] = {
    {"name", kText},
    {"type", kWord},
    {"values",
     "Array(Tuple(value String, segment UInt64, base UInt64, segment_share Float64, "
     "base_share Float64, lift Nullable(Float64)))"},
    {"bins",
     "Array(Tuple(from String, to String, segment UInt64, base UInt64, segment_share Float64, "
     "base_share Float64, lift Nullable(Float64)))"},
    {"missing",
     "Tuple(segment UInt64, base UInt64, segment_share Float64, base_share Float64, "
     "lift Nullable(Float64))"}};
constexpr ListedColumn kCommunities[] = {
    {"community", kCount},
    {"size", kCount},
    {"members", kMaybeCount},
    {"leaders", "Array(Tuple(customer_id String, pagerank Float64))"},
    {"products", "Array(Tuple(product_id String, events UInt64))"},
    {"mean_sentiment", kMaybeNumber},
    {"scored_events", kCount}};
constexpr ListedColumn kEdges[] = {
    {"influencer", kWord}, {"listener", kWord}, {"weight", kNumber}, {"attention", kNumber}};
constexpr ListedColumn kImports[] = {
    {"import_id", kText}, {"resume_at", kCount}, {"events", kCount}, {"undone", kCount}};
constexpr ListedColumn kJobs[] = {
    {"job", kText}, {"operation", kWord}, {"state", kWord}, {"progress", kNumber}};
constexpr ListedColumn kMerges[] = {{"merge", kCount},    {"call", kWord},
                                    {"from", kText},      {"to", kText},
                                    {"timestamp", kTime}, {"message_id", kMaybeText},
                                    {"state", kWord},     {"undone_at", kMaybeTime}};
constexpr ListedColumn kSeeds[] = {
    {"customer_id", kText}, {"marginal_spread", kNumber}, {"cost", kNumber}};
constexpr ListedColumn kContaining[] = {
    {"customer_id", kText}, {"prevented_spread", kNumber}, {"stderr", kNumber}};
constexpr ListedColumn kCurve[] = {
    {"step", kCount}, {"mean", kNumber}, {"p05", kNumber}, {"p95", kNumber}};
constexpr ListedColumn kTopics[] = {{"name", kText},
                                    {"kind", kWord},
                                    {"phrases", "Array(String)"},
                                    {"exclusions", "Array(String)"},
                                    {"brand", kMaybeText},
                                    {"product_id", kMaybeText},
                                    {"description", kText},
                                    {"defined_at", kTime},
                                    {"state", kWord},
                                    {"progress", kNumber},
                                    {"mentions", kMaybeCount},
                                    {"people", kMaybeCount},
                                    {"first", kMaybeTime},
                                    {"last", kMaybeTime}};
constexpr ListedColumn kSentiments[] = {
    {"score", kMaybeNumber}, {"language", kWord}, {"confidence", kNumber}};

// What is told by time and dimensions: of these those that were asked for have values. An attribute that
// was asked for stands behind them.
constexpr ListedColumn kPlace[] = {
    {"from", kTime},           {"to", kTime},           {"brand", kMaybeText},
    {"own", "Nullable(Bool)"}, {"topic", kMaybeText},   {"product", kMaybeText},
    {"channel", kMaybeText},   {"account", kMaybeText}, {"segment", kMaybeText},
    {"community", kMaybeText}, {"region", kMaybeText}};

template <std::size_t kMeasures>
constexpr auto by_time_and_dimensions(const ListedColumn (&measures)[kMeasures]) {
  std::array<ListedColumn, std::size(kPlace) + kMeasures> columns{};
  std::copy(std::begin(measures), std::end(measures),
            std::copy(std::begin(kPlace), std::end(kPlace), columns.begin()));
  return columns;
}

constexpr std::string_view kVoiceNumbers =
    "Tuple(mentions UInt64, positive UInt64, neutral UInt64, negative UInt64, unknown UInt64, "
    "net_sentiment Nullable(Float64), share_of_voice Nullable(Float64), people UInt64, "
    "reach Nullable(UInt64), share_of_voice_by_reach Nullable(Float64))";
constexpr auto kVoice = by_time_and_dimensions({{"mentions", kCount},
                                                {"positive", kCount},
                                                {"neutral", kCount},
                                                {"negative", kCount},
                                                {"unknown", kCount},
                                                {"net_sentiment", kMaybeNumber},
                                                {"share_of_voice", kMaybeNumber},
                                                {"people", kCount},
                                                {"reach", kMaybeCount},
                                                {"share_of_voice_by_reach", kMaybeNumber},
                                                {"previous", kVoiceNumbers}});

constexpr std::string_view kWaits =
    "Tuple(ended UInt64, waiting UInt64, "
    "of_ended Tuple(p50_ms Nullable(Int64), p75_ms Nullable(Int64), p90_ms Nullable(Int64), "
    "p95_ms Nullable(Int64)), estimated String)";
constexpr auto kService = by_time_and_dimensions(
    {{"opened", kCount},
     {"tickets", kCount},
     {"posts", kCount},
     {"answered", kCount},
     {"resolved", kCount},
     {"open", kCount},
     {"reopened", kCount},
     {"first_answer", kWaits},
     {"resolution", kWaits},
     {"within_target", kMaybeText},
     {"counted_by", "Tuple(ticket UInt64, harm UInt64, words UInt64, sentiment UInt64)"}});
constexpr ListedColumn kEffects[] = {
    {"comparison", kWord},        {"outcome", kWord},           {"answered_well", kMaybeNumber},
    {"unanswered", kMaybeNumber}, {"difference", kMaybeNumber}, {"standard_error", kMaybeNumber},
    {"lower", kMaybeNumber},      {"upper", kMaybeNumber}};

constexpr ListedColumn kTerms[] = {
    {"term", kText},
    {"words", kCount},
    {"z", kNumber},
    {"posts", kCount},
    {"rest_posts", kCount},
    {"share", kNumber},
    {"rest_share", kNumber},
    {"bursts",
     "Array(Tuple(since DateTime64(3, 'UTC'), until DateTime64(3, 'UTC'), weight Float64))"},
    {"examples",
     "Array(Tuple(ts DateTime64(3, 'UTC'), event String, channel Nullable(String), "
     "sentiment Nullable(Float64), text String))"}};
constexpr ListedColumn kNodes[] = {
    {"node", kCount},  {"parent", kMaybeCount},    {"customer_id", kMaybeText},
    {"step", kWord},   {"content_id", kMaybeText}, {"ts", kTime},
    {"depth", kCount}, {"listeners", kCount}};

constexpr std::string_view kSpread =
    "Tuple(people Nullable(Float64), error Nullable(Float64), shares UInt64, "
    "forecast Nullable(String))";
constexpr ListedColumn kInbox[] = {
    {"rank", kCount},
    {"event_id", kText},
    {"event", kWord},
    {"content_id", kMaybeText},
    {"ticket_id", kMaybeText},
    {"customer_id", kText},
    {"ts", kTime},
    {"channel", kMaybeText},
    {"account", kMaybeText},
    {"brand", kMaybeText},
    {"product_id", kMaybeText},
    {"text", kText},
    {"sentiment", kMaybeNumber},
    {"kind", kWord},
    {"severity", kWord},
    {"words", "Array(Tuple(sign String, text String, negated Bool))"},
    {"spread", kSpread},
    {"urgency", kNumber},
    {"age_ms", "Int64"},
    {"due", kTime},
    {"time_left_ms", "Int64"},
    {"answered_at", kMaybeTime},
    {"resolved_at", kMaybeTime},
    {"reasons", "Array(String)"}};

void set_accepted(Request& request, std::string_view type) {
  const auto is_accept = [](const auto& header) { return header.first == "accept"; };
  request.headers.erase(std::remove_if(request.headers.begin(), request.headers.end(), is_accept),
                        request.headers.end());
  request.headers.emplace_back("accept", type);
}

}  // namespace

const ListedRows kListedSegments{"segments", kSegments};
const ListedRows kListedHistory{"history", kHistory};
const ListedRows kListedRegions{"regions", kRegions};
const ListedRows kListedAttributes{"attributes", kAttributes};
const ListedRows kListedCommunities{"communities", kCommunities};
const ListedRows kListedEdges{"edges", kEdges};
const ListedRows kListedImports{"imports", kImports};
const ListedRows kListedJobs{"jobs", kJobs};
const ListedRows kListedMerges{"merges", kMerges};
const ListedRows kListedSeeds{"seeds", kSeeds};
const ListedRows kListedContaining{"customers", kContaining};
const ListedRows kListedCurve{"curve", kCurve};
const ListedRows kListedVoice{"voice", kVoice, true, std::size(kPlace)};
const ListedRows kListedService{"service", kService, true, std::size(kPlace)};
const ListedRows kListedEffects{"effects", kEffects, true};
const ListedRows kListedTerms{"terms", kTerms, true};
const ListedRows kListedTopics{"topics", kTopics};
const ListedRows kListedSentiments{"results", kSentiments};
const ListedRows kListedNodes{"nodes", kNodes};
const ListedRows kListedInbox{"items", kInbox, true};

absl::StatusOr<Response> answer_listed(Handler handle, const ListedRows& rows,
                                       const Request& request, const Context& context) {
  Mistakes mistakes;
  QueryReader query(request.query, mistakes);
  const RowFormat format = read_format(query, request);
  const bool is_named = find_field(request.query, "format") != nullptr;
  const bool is_text = format == RowFormat::Ndjson || format == RowFormat::Csv;
  if (is_named && is_text && !rows.has_texts) query.wrong("format", "wants json or arrow here");
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  const bool is_json = format == RowFormat::Json || (is_text && !rows.has_texts);
  if (!is_named && is_json) return handle(request, context);
  // The handler is asked for JSON, and knows no `format`.
  Request asked = request;
  const auto is_format = [](const auto& field) { return field.first == "format"; };
  asked.query.erase(std::remove_if(asked.query.begin(), asked.query.end(), is_format),
                    asked.query.end());
  set_accepted(asked, format == RowFormat::Arrow ? ArrowStream::kContentType : "application/json");
  GRAPEVINE_ASSIGN_OR_RETURN(Response answer, handle(asked, context));
  if (is_json || answer.status != 200) return answer;
  if (format == RowFormat::Ndjson) return ndjson_of_list(answer, rows);
  return format == RowFormat::Csv ? csv_of_list(answer, rows) : arrow_of_list(answer, rows);
}

}  // namespace grapevine
