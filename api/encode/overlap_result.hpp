#pragma once

#include <string>

#include "api/execute/moment.hpp"
#include "api/execute/segment_overlap.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// The answer of `POST /v1/segments/overlap`. Regions come by how many segments they are in, then
/// in the order in which the segments were named; those without anybody too.
std::string encode_overlap(const SegmentOverlap& overlap, const Snapshot& snapshot,
                           const AnswerMoment& moment, double elapsed_ms);

}  // namespace grapevine
