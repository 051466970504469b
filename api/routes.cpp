#include "api/routes.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "api/error.hpp"
#include "api/parse/nearest_name.hpp"
#include "api/routes/alerts.hpp"
#include "api/routes/attributes.hpp"
#include "api/routes/changes.hpp"
#include "api/routes/clickhouse.hpp"
#include "api/routes/collect.hpp"
#include "api/routes/customers.hpp"
#include "api/routes/influence.hpp"
#include "api/routes/jobs.hpp"
#include "api/routes/listed.hpp"
#include "api/routes/listening.hpp"
#include "api/routes/openapi.hpp"
#include "api/routes/propagation.hpp"
#include "api/routes/segments.hpp"
#include "api/routes/sql.hpp"

namespace grapevine {
namespace {

constexpr auto kCollect = WorkKind::Collect;
constexpr auto kQuery = WorkKind::Query;
constexpr bool kLargeBody = true;

constexpr std::array kRoutes{
    Route{"POST", "/v1/track", "track", kCollect, collect_track},
    Route{"POST", "/v1/t", "trackShort", kCollect, collect_track},
    Route{"POST", "/v1/identify", "identify", kCollect, collect_identify},
    Route{"POST", "/v1/i", "identifyShort", kCollect, collect_identify},
    Route{"POST", "/v1/page", "page", kCollect, collect_page},
    Route{"POST", "/v1/p", "pageShort", kCollect, collect_page},
    Route{"POST", "/v1/screen", "screen", kCollect, collect_screen},
    Route{"POST", "/v1/s", "screenShort", kCollect, collect_screen},
    Route{"POST", "/v1/group", "group", kCollect, collect_group},
    Route{"POST", "/v1/g", "groupShort", kCollect, collect_group},
    Route{"POST", "/v1/alias", "alias", kCollect, collect_alias},
    Route{"POST", "/v1/a", "aliasShort", kCollect, collect_alias},
    Route{"POST", "/v1/batch", "batch", kCollect, collect_batch},
    Route{"POST", "/v1/b", "batchShort", kCollect, collect_batch},
    Route{"POST", "/batch/", "posthogBatch", kCollect, collect_posthog},
    Route{"POST", "/capture/", "posthogCapture", kCollect, collect_posthog},
    Route{"POST", "/e/", "posthogEvent", kCollect, collect_posthog},
    Route{"POST", "/i/v0/e/", "posthogIngest", kCollect, collect_posthog},
    Route{"POST", "/api/s/{type}", "jitsuCall", kCollect, collect_jitsu},
    Route{"POST", "/api/s/s2s/{type}", "jitsuServerCall", kCollect, collect_jitsu},
    Route{"POST", "/v1/cloudevents", "cloudEvents", kCollect, collect_cloud_events},
    Route{"POST", "/v1/import", "importRows", kCollect, nullptr, import_history},

    Route{"GET", "/v1/imports", "listImports", kQuery, listed<list_imports, kListedImports>},
    Route{"DELETE", "/v1/imports/{import_id}", "undoImport", kQuery, undo_import},

    Route{"GET", "/v1/customers/{id}/identities", "explainIdentities", kQuery,
          listed<explain_identities, kListedMerges>},
    Route{"POST", "/v1/customers/{id}/unmerge", "unmergeCustomer", kQuery, unmerge_customer},
    Route{"GET", "/v1/customers/{id}/export", "exportCustomer", kQuery, export_customer},
    Route{"GET", "/v1/customers/{id}", "getCustomer", kQuery, get_customer},
    Route{"PUT", "/v1/customers/{id}/attributes", "putAttributes", kCollect, put_attributes},
    Route{"DELETE", "/v1/customers/{id}", "eraseCustomer", kQuery, erase_customer},
    Route{"GET", "/v1/jobs", "listJobs", kQuery, listed<list_jobs, kListedJobs>},
    Route{"GET", "/v1/jobs/{id}", "getJob", kQuery, get_job},
    Route{"DELETE", "/v1/jobs/{id}", "cancelJob", kQuery, cancel_job},

    Route{"POST", "/v1/segments/preview", "previewSegment", kQuery, preview_segment},
    Route{"POST", "/v1/segments/overlap", "overlapSegments", kQuery,
          listed<overlap_segments, kListedRegions>},
    Route{"GET", "/v1/segments", "listSegments", kQuery, listed<list_segments, kListedSegments>},
    Route{"PUT", "/v1/segments/{name}", "putSegment", kQuery, put_segment},
    Route{"GET", "/v1/segments/{name}", "getSegment", kQuery, get_segment},
    Route{"DELETE", "/v1/segments/{name}", "deleteSegment", kQuery, delete_segment},
    Route{"GET", "/v1/segments/{name}/members", "listMembers", kQuery, list_members},
    Route{"GET", "/v1/segments/{name}/changes", "listChanges", WorkKind::Follow, list_changes},
    Route{"GET", "/v1/segments/{name}/history", "showHistory", kQuery,
          listed<show_history, kListedHistory>},
    Route{"PUT", "/v1/segments/{name}/webhook", "putWebhook", kQuery, put_webhook},
    Route{"GET", "/v1/segments/{name}/webhook", "getWebhook", kQuery, get_webhook},
    Route{"DELETE", "/v1/segments/{name}/webhook", "deleteWebhook", kQuery, delete_webhook},
    Route{"GET", "/v1/segments/{name}/profile", "profileSegment", kQuery,
          listed<profile_segment, kListedAttributes>},

    Route{"PUT", "/v1/attributes/{name}", "putAttribute", kQuery, put_attribute},
    Route{"GET", "/v1/attributes/{name}", "getAttribute", kQuery, get_attribute},
    Route{"DELETE", "/v1/attributes/{name}", "deleteAttribute", kQuery, delete_attribute},

    Route{"GET", "/v1/influence", "rankInfluence", kQuery, now_or_later<rank_influence>},
    Route{"GET", "/v1/influence/communities", "listCommunities", kQuery,
          listed<now_or_later<list_communities>, kListedCommunities>},
    Route{"GET", "/v1/influence/graph", "drawGraph", kQuery,
          listed<now_or_later<draw_graph>, kListedEdges>},
    Route{"GET", "/v1/influence/model", "getInfluenceModel", kQuery,
          now_or_later<get_influence_model>},
    Route{"PUT", "/v1/influence/model", "putInfluenceModel", kQuery, put_influence_model},
    Route{"POST", "/v1/wom/simulate", "simulateWom", kQuery,
          listed<now_or_later<simulate_wom>, kListedCurve>},
    Route{"POST", "/v1/wom/seeds", "chooseSeeds", kQuery,
          listed<now_or_later<choose_wom_seeds>, kListedSeeds>},
    Route{"POST", "/v1/wom/contain", "containWom", kQuery,
          listed<now_or_later<contain_wom>, kListedContaining>},

    Route{"GET", "/v1/listen/voice", "showVoice", kQuery,
          listed<now_or_later<show_voice>, kListedVoice>},
    Route{"GET", "/v1/listen/service", "showService", kQuery,
          listed<now_or_later<show_service>, kListedService>},
    Route{"GET", "/v1/listen/advocacy", "showAdvocacy", kQuery,
          listed<now_or_later<show_advocacy>, kListedEffects>},
    Route{"GET", "/v1/listen/terms", "showTerms", kQuery,
          listed<now_or_later<show_terms>, kListedTerms>},
    Route{"GET", "/v1/listen/inbox", "showInbox", kQuery,
          listed<now_or_later<show_inbox>, kListedInbox>},
    Route{"GET", "/v1/topics", "listTopics", kQuery, listed<list_topics, kListedTopics>},
    Route{"PUT", "/v1/topics/{name}", "putTopic", kQuery, put_topic},
    Route{"GET", "/v1/topics/{name}", "getTopic", kQuery, get_topic},
    Route{"DELETE", "/v1/topics/{name}", "deleteTopic", kQuery, delete_topic},
    Route{"POST", "/v1/text/sentiment", "scoreTexts", kQuery,
          listed<score_texts, kListedSentiments>, nullptr, kLargeBody},
    Route{"POST", "/v1/text/sentiment/recompute", "recomputeSentiment", kQuery,
          recompute_sentiments},
    Route{"GET", "/v1/listen/cascade", "traceCascade", kQuery,
          listed<now_or_later<trace_cascade>, kListedNodes>},

    Route{"GET", "/v1/alerts", "listAlerts", WorkKind::Follow, list_alerts},
    Route{"PUT", "/v1/alerts/webhook", "putAlertWebhook", kQuery, put_alert_webhook},
    Route{"GET", "/v1/alerts/webhook", "getAlertWebhook", kQuery, get_alert_webhook},
    Route{"DELETE", "/v1/alerts/webhook", "deleteAlertWebhook", kQuery, delete_alert_webhook},
    Route{"GET", "/v1/alerts/{id}", "getAlert", kQuery, now_or_later<get_alert>},
    Route{"POST", "/v1/alerts/{id}/acknowledge", "acknowledgeAlert", kQuery, acknowledge_alert},

    Route{"POST", "/v1/sql", "runSql", kQuery, run_sql, nullptr, kLargeBody},
    Route{"GET", "/", "queryClickHouse", kQuery, answer_clickhouse},
    Route{"POST", "/", "postClickHouse", kQuery, answer_clickhouse, nullptr, kLargeBody},
    Route{"GET", "/ping", "pingClickHouse", WorkKind::Light, ping_clickhouse},
    Route{"GET", "/replicas_status", "replicasStatus", WorkKind::Light, ping_clickhouse},

    Route{"GET", "/v1/schema", "describeSchema", kQuery, describe_schema},
    Route{"GET", "/v1/openapi.json", "openapi", WorkKind::Light, openapi},
};

std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> segments;
  while (path.starts_with('/')) {
    path.remove_prefix(1);
    segments.push_back(path.substr(0, path.find('/')));
    path.remove_prefix(segments.back().size());
  }
  return segments;
}

// The parts of each route's path, in the order of the table.
const std::vector<std::vector<std::string_view>>& patterns() {
  static const auto parts_of_all = [] {
    std::vector<std::vector<std::string_view>> parts;
    for (const Route& route : kRoutes) parts.push_back(split(route.path));
    return parts;
  }();
  return parts_of_all;
}

// Whether a path has the form of a pattern. A slash that ends the pattern may be missing.
bool matches(std::span<const std::string_view> wanted, std::span<const std::string_view> given) {
  if (wanted.back().empty() && !given.empty() && !given.back().empty()) {
    wanted = wanted.first(wanted.size() - 1);
  }
  if (wanted.size() != given.size()) return false;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const bool is_parameter = wanted[i].starts_with('{') && !given[i].empty();
    if (!is_parameter && wanted[i] != given[i]) return false;
  }
  return true;
}

Fields parameters_of(std::span<const std::string_view> wanted,
                     std::span<const std::string_view> given) {
  Fields parameters;
  for (std::size_t i = 0; i < given.size(); ++i) {
    if (!wanted[i].starts_with('{')) continue;
    parameters.emplace_back(wanted[i].substr(1, wanted[i].size() - 2), given[i]);
  }
  return parameters;
}

// The paths that begin with the parts of this one, each once. An empty part, behind a last slash, begins all.
std::vector<std::string_view> paths_below(std::span<const std::string_view> given) {
  if (!given.empty() && given.back().empty()) given = given.first(given.size() - 1);
  std::vector<std::string_view> paths;
  if (given.empty()) return paths;
  for (std::size_t i = 0; i < kRoutes.size(); ++i) {
    const std::span<const std::string_view> pattern = patterns()[i];
    if (pattern.size() < given.size() || !matches(pattern.first(given.size()), given)) continue;
    const std::string_view path = kRoutes[i].path;
    if (std::find(paths.begin(), paths.end(), path) == paths.end()) paths.push_back(path);
  }
  return paths;
}

// Tells what lies below the path; where nothing does, which one is nearest.
absl::Status no_such_path(const std::string& path, std::span<const std::string_view> given) {
  constexpr std::size_t kShownMax = 200;
  constexpr std::size_t kPathsMax = 12;
  const std::string shown = path.substr(0, kShownMax);
  const std::vector<std::string_view> below = paths_below(given);
  if (below.empty()) {
    std::vector<std::string_view> paths;
    for (const Route& route : kRoutes) paths.push_back(route.path);
    return problem(ErrorCode::NotFound, no_such("path", shown, paths));
  }
  std::string text = "no such path: " + shown + " (there ";
  text += below.size() == 1 ? "is" : "are";
  const std::size_t told = std::min(below.size(), kPathsMax);
  for (std::size_t i = 0; i < told; ++i) text.append(i == 0 ? " " : ", ").append(below[i]);
  if (told < below.size()) text += " and more: see /v1/openapi.json";
  return problem(ErrorCode::NotFound, text + ")");
}

}  // namespace

std::span<const Route> routes() { return kRoutes; }

absl::StatusOr<const Route*> find_route(Request& request) {
  const std::string_view method =
      request.method == "HEAD" ? "GET" : std::string_view(request.method);
  std::string others;
  std::vector<std::string_view> given(request.segments.begin(), request.segments.end());
  if (given.empty()) given = split(request.path);
  for (std::size_t i = 0; i < kRoutes.size(); ++i) {
    const Route& route = kRoutes[i];
    if (!matches(patterns()[i], given)) continue;
    if (route.method == method) {
      request.path_parameters = parameters_of(patterns()[i], given);
      return &route;
    }
    // Of two forms that fit, "/v1/segments/preview" stands before "/v1/segments/{name}": the name is taken.
    if (others.find(route.method) == std::string::npos) {
      others += (others.empty() ? "" : ", ") + std::string(route.method);
    }
  }
  if (others.empty()) return no_such_path(request.path, given);
  return problem(ErrorCode::MethodNotAllowed,
                 "the path does not take " + request.method + ", but " + others);
}

}  // namespace grapevine
