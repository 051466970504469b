#pragma once

#include <span>

#include <absl/status/statusor.h>

#include "api/encode/json_writer.hpp"
#include "kernels/graph/listen_graph.hpp"
#include "kernels/listen/seismic.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// One who took something on, and when.
struct TimedSpeaker {
  TimeMs ts = 0;
  CustomerId person{};
};

/// How many listeners who listens has: the mean over all ties, which lead to the much heard more often
/// than to others. 0 where there are none. Cost: O(n).
double mean_listeners_of_listeners(const ListenGraph& graph);

/// Forecasts how many will take something on, of which the first of `speakers` was the author:
/// those who listen to each see it.
///
/// Shapes  speakers: by rising time.
/// Errors  InvalidArgument: none spoke.
absl::StatusOr<SeismicForecast> forecast_speech(std::span<const TimedSpeaker> speakers,
                                                const ListenGraph& graph, TimeMs as_of);

/// The same where mean_listeners is known, perhaps without an interval: for many of them.
absl::StatusOr<SeismicForecast> forecast_speech(std::span<const TimedSpeaker> speakers,
                                                const ListenGraph& graph, TimeMs as_of,
                                                const SeismicOptions& options);

/// `{"shares", "expected", "lower", "upper", "confidence", "supercritical", "infectiousness"}`; what
/// is not known is null.
void write_forecast(JsonWriter& json, const SeismicForecast& forecast);

}  // namespace grapevine
