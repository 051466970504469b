#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <absl/container/flat_hash_map.h>
#include <absl/status/statusor.h>

#include "kernels/listen/conversations.hpp"
#include "kernels/listen/service_case.hpp"
#include "kernels/listen/text_verdict.hpp"
#include "kernels/parallel/stop.hpp"
#include "kernels/segment/customer_set.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// What the words of each row's text make of it, by row, of some runs of one snapshot. A run that is
/// not among them has no texts.
using VerdictsOfRuns =
    absl::flat_hash_map<const Run*, std::shared_ptr<const std::vector<TextVerdict>>>;

/// The rows of [from, to) that complain: each `Ticket Opened`, and each other mention (see
/// select_mentions) that `triage` calls a complaint by its text and its sentiment, or by its sentiment
/// where it has no text; but for `Ticket Answered` and `Ticket Resolved`, and for what `voices` say
/// themselves. Nothing is known yet of what became of them.
///
/// Shapes  verdicts: of all runs with texts in that time. Result: sorted by run and row. Which run
///         comes first is not said.
/// Errors  InvalidArgument: more than kComplaintsMax. Cancelled: `stop` was requested.
/// Cost    One pass over verdicts and sentiment of the mentions of the window; 56 bytes a complaint.
absl::StatusOr<std::vector<ServiceCase>> find_complaint_rows(const Snapshot& snapshot, TimeMs from,
                                                             TimeMs to, const CustomerSet& voices,
                                                             const VerdictsOfRuns& verdicts,
                                                             const Stop& stop);

inline constexpr std::size_t kComplaintsMax = std::size_t{1} << 26;

/// Finds out what became of cases, and which tickets were opened before among them. Takes those out
/// that nothing could answer, because neither a ticket nor a content names them.
///
/// Shapes  cases: sorted by run and row, and stay so. Result: how many were taken out.
/// Errors  Cancelled: `stop` was requested.
absl::StatusOr<std::size_t> follow_cases(const Conversations& conversations,
                                         std::vector<ServiceCase>& cases, const Stop& stop);

}  // namespace grapevine
