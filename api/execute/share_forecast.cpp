#include "api/execute/share_forecast.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

namespace grapevine {

double mean_listeners_of_listeners(const ListenGraph& graph) {
  if (graph.edges() == 0) return 0.0;
  double sum = 0.0;  // Of whole numbers: exact below 2^53.
  for (Vertex v = 0; v < graph.vertices(); ++v) {
    sum += static_cast<double>(graph.influencers.degree(v)) *
           static_cast<double>(graph.listeners.degree(v));
  }
  return sum / static_cast<double>(graph.edges());
}

absl::StatusOr<SeismicForecast> forecast_speech(std::span<const TimedSpeaker> speakers,
                                                const ListenGraph& graph, TimeMs as_of) {
  SeismicOptions options;
  options.mean_listeners = mean_listeners_of_listeners(graph);
  return forecast_speech(speakers, graph, as_of, options);
}

absl::StatusOr<SeismicForecast> forecast_speech(std::span<const TimedSpeaker> speakers,
                                                const ListenGraph& graph, TimeMs as_of,
                                                const SeismicOptions& options) {
  if (speakers.empty()) return absl::InvalidArgumentError("nobody spoke");
  const TimeMs begin = speakers.front().ts;
  const auto seconds = [&](TimeMs ts) { return static_cast<double>(ts - begin) / 1000.0; };
  std::vector<Share> shares;
  shares.reserve(speakers.size());
  for (const TimedSpeaker& speaker : speakers) {
    const auto vertex = graph.vertex_of(speaker.person);
    const std::size_t listeners = vertex ? graph.listeners.degree(*vertex) : 0;
    shares.push_back({seconds(speaker.ts), static_cast<double>(listeners)});
  }
  // What came in the same millisecond is seen a moment later.
  return forecast_shares(shares, std::max(seconds(as_of), shares.back().time + 0.001), options);
}

void write_forecast(JsonWriter& json, const SeismicForecast& forecast) {
  const auto number = [&](std::string_view name, const std::optional<double>& value) {
    json.key(name);
    if (value) {
      json.value(*value);
    } else {
      json.null();
    }
  };
  json.begin_object();
  json.member("shares", forecast.shares);
  number("expected", forecast.expected);
  number("lower", forecast.lower);
  number("upper", forecast.upper);
  json.member("confidence", SeismicOptions().confidence);
  json.member("supercritical", forecast.supercritical);
  json.member("infectiousness", forecast.infectiousness);
  json.end_object();
}

}  // namespace grapevine
