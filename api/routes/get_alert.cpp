#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "api/encode/alert_rows.hpp"
#include "api/encode/write_optional.hpp"
#include "api/error.hpp"
#include "api/execute/burst_mentions.hpp"
#include "api/execute/list_page.hpp"
#include "api/execute/restricted.hpp"
#include "api/execute/share_forecast.hpp"
#include "api/execute/stopwatch.hpp"
#include "api/parse/alerts_request.hpp"
#include "api/parse/query_reader.hpp"
#include "api/plan/people.hpp"
#include "api/routes/alert_terms.hpp"
#include "api/routes/alerts.hpp"
#include "kernels/propagation/simulate.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kSpeakersTold = 5;
constexpr std::size_t kSimulations = 1'000;

// A burst, and whom it is about.
struct Burst {
  std::vector<BurstMention> mentions;
  std::vector<BurstSpeaker> speakers;
  CustomerSet restricted;
  std::shared_ptr<const RankedScore> pagerank;
};

// Nobody is listed whose processing is restricted.
std::vector<BurstSpeaker> listed(const Burst& burst) {
  std::vector<BurstSpeaker> people;
  std::copy_if(burst.speakers.begin(), burst.speakers.end(), std::back_inserter(people),
               [&](const BurstSpeaker& speaker) {
                 return burst.restricted.empty() || !burst.restricted.has(speaker.person);
               });
  return people;
}

void write_speakers(JsonWriter& json, std::string_view name, std::vector<BurstSpeaker> people,
                    const Burst& burst, const GraphSource& source) {
  people.resize(std::min(people.size(), kSpeakersTold));
  json.key(name);
  json.begin_array();
  for (const BurstSpeaker& speaker : people) {
    json.begin_object();
    json.member("customer_id", source.snapshot->customers().external_id(speaker.person));
    json.time_member("first", speaker.first);
    json.member("mentions", speaker.mentions);
    const auto place = burst.pagerank->find(speaker.person);
    write_optional(json, "pagerank",
                   place ? std::optional(burst.pagerank->values[*place]) : std::nullopt);
    json.end_object();
  }
  json.end_array();
}

// Those who are heard most, the most first; who is in no social event is left out.
std::vector<BurstSpeaker> by_influence(std::vector<BurstSpeaker> people, const RankedScore& score) {
  std::erase_if(people, [&](const BurstSpeaker& one) { return !score.find(one.person); });
  std::sort(people.begin(), people.end(), [&](const BurstSpeaker& a, const BurstSpeaker& b) {
    return score.ranks[*score.find(a.person)] < score.ranks[*score.find(b.person)];
  });
  return people;
}

// How many will say the same, by what was said so far.
absl::Status write_shares(JsonWriter& json, const Burst& burst, const GraphSource& source) {
  json.key("forecast");
  if (burst.mentions.empty()) {
    json.null();
    return absl::OkStatus();
  }
  std::vector<TimedSpeaker> speakers;
  for (const BurstMention& mention : burst.mentions) {
    speakers.push_back({mention.ts, mention.speaker});
  }
  GRAPEVINE_ASSIGN_OR_RETURN(
      const SeismicForecast forecast,
      forecast_speech(speakers, source.graph->listening(), source.moment.as_of));
  write_forecast(json, forecast);
  return absl::OkStatus();
}

// How many hear of it, those who spoke included, if word passes as the weights say.
absl::Status write_spread(JsonWriter& json, const Burst& burst, const GraphSource& source,
                          const Context& context) {
  const ListenGraph& graph = source.graph->listening();
  std::vector<Vertex> seeds;
  for (const BurstSpeaker& speaker : burst.speakers) {
    if (const auto vertex = graph.vertex_of(speaker.person)) seeds.push_back(*vertex);
  }
  std::sort(seeds.begin(), seeds.end());
  GRAPEVINE_ASSIGN_OR_RETURN(const auto probabilities, source.graph->weighted_cascade());
  SimulateOptions options;
  options.simulations = kSimulations;
  GRAPEVINE_ASSIGN_OR_RETURN(
      const SpreadEstimate spread,
      simulate(graph, probabilities->to_listeners, seeds, options, context.stop));
  const auto alone = static_cast<double>(burst.speakers.size() - seeds.size());
  json.key("spread");
  json.begin_object();
  json.member("mean", spread.mean + alone);
  json.member("stderr", spread.standard_error);
  json.member("p05", spread.p05 + alone);
  json.member("p50", spread.p50 + alone);
  json.member("p95", spread.p95 + alone);
  json.member("simulations", kSimulations);
  json.end_object();
  return absl::OkStatus();
}

absl::StatusOr<Burst> read_burst(const AlertDocument& alert, const GraphSource& source,
                                 const Context& context) {
  Burst burst;
  GRAPEVINE_ASSIGN_OR_RETURN(burst.mentions,
                             burst_mentions(*source.snapshot, alert, source.moment.as_of, context));
  burst.speakers = speakers_of(burst.mentions);
  GRAPEVINE_ASSIGN_OR_RETURN(burst.restricted,
                             restricted_customers(*source.snapshot, context.stop));
  GRAPEVINE_ASSIGN_OR_RETURN(burst.pagerank, source.graph->score("pagerank", context.stop));
  return burst;
}

}  // namespace

// GET /v1/alerts/{id}: what it is, who spoke, and how far it will go.
absl::StatusOr<Response> get_alert(const Request& request, const Context& context) {
  const Stopwatch watch;
  Mistakes mistakes;
  QueryReader(request.query, mistakes).refuse_others();
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  GRAPEVINE_ASSIGN_OR_RETURN(const GraphSource source, open_graph({}, context));
  const std::string& name = *find_field(request.path_parameters, "id");
  const auto id = parse_alert_id(name);
  const auto alert = id ? find_alert(*source.snapshot, *id) : std::nullopt;
  if (!alert) return problem(ErrorCode::NotFound, "no such alert: " + name);
  GRAPEVINE_ASSIGN_OR_RETURN(const Burst burst, read_burst(*alert, source, context));
  const std::vector<BurstSpeaker> people = listed(burst);

  JsonWriter json;
  json.begin_object();
  write_alert_members(json, *alert);
  json.member("mentions", burst.mentions.size());
  json.member("harm_mentions", count_harm(burst.mentions));
  json.member("people", burst.speakers.size());
  json.member("withheld", burst.speakers.size() - people.size());
  write_speakers(json, "first_speakers", people, burst, source);
  write_speakers(json, "most_influential", by_influence(people, *burst.pagerank), burst, source);
  GRAPEVINE_RETURN_IF_ERROR(tell_alert_terms(json, *source.snapshot, *alert, burst.mentions,
                                             source.moment.as_of, context));
  GRAPEVINE_RETURN_IF_ERROR(write_shares(json, burst, source));
  GRAPEVINE_RETURN_IF_ERROR(write_spread(json, burst, source, context));
  json.member("graph_snapshot", source.graph->snapshot_number());
  json.time_member("as_of", source.moment.as_of);
  json.member("snapshot", source.snapshot->number());
  json.member("elapsed_ms", watch.elapsed_ms());
  json.end_object();
  Response response;
  response.body = std::move(json).take();
  return response;
}

}  // namespace grapevine
