#pragma once

#include <string>

#include "api/execute/moment.hpp"
#include "api/execute/segment_preview.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// The answer of a preview as JSON. `explain`: with the plan.
std::string encode_preview(const PreviewResult& preview, const PreviewPlan& plan, bool explain,
                           const Snapshot& snapshot, const AnswerMoment& moment, double elapsed_ms);

}  // namespace grapevine
