#pragma once

#include <string>

#include "api/execute/learned_summary.hpp"
#include "api/parse/influence_model_body.hpp"
#include "api/plan/people.hpp"

namespace grapevine {

/// The answer of GET /v1/influence/model: what is in effect, defaults included, and what came of it.
/// `learned`: nullptr where it was not asked for.
std::string encode_influence_model(const InfluenceModel& model, const LearnedSummary* learned,
                                   const GraphSource& source);

}  // namespace grapevine
