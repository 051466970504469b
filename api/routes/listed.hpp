#pragma once

#include <absl/status/statusor.h>

#include "api/encode/listed_rows.hpp"
#include "api/message.hpp"
#include "api/routes.hpp"

namespace grapevine {

// The lists that handlers answer as JSON, as tables.
extern const ListedRows kListedSegments;
extern const ListedRows kListedHistory;
extern const ListedRows kListedRegions;
extern const ListedRows kListedAttributes;
extern const ListedRows kListedCommunities;
extern const ListedRows kListedEdges;
extern const ListedRows kListedImports;
extern const ListedRows kListedJobs;
extern const ListedRows kListedMerges;
extern const ListedRows kListedSeeds;
extern const ListedRows kListedContaining;
extern const ListedRows kListedCurve;
extern const ListedRows kListedVoice;
extern const ListedRows kListedService;
extern const ListedRows kListedEffects;
extern const ListedRows kListedTerms;
extern const ListedRows kListedTopics;
extern const ListedRows kListedSentiments;
extern const ListedRows kListedNodes;
extern const ListedRows kListedInbox;

/// What a handler answers, as JSON or, where the request prefers it, its list as an Arrow stream, and where
/// the list has texts as NDJSON or CSV.
/// Errors  those of the handler; Unprocessable: another `format`.
absl::StatusOr<Response> answer_listed(Handler handle, const ListedRows& rows,
                                       const Request& request, const Context& context);

template <Handler handle, const ListedRows& rows>
absl::StatusOr<Response> listed(const Request& request, const Context& context) {
  return answer_listed(handle, rows, request, context);
}

}  // namespace grapevine
