#pragma once

#include <absl/status/statusor.h>

#include "api/message.hpp"

namespace grapevine {

/// GET /v1/influence, operation `rankInfluence`: customers by how much they are listened to.
absl::StatusOr<Response> rank_influence(const Request& request, const Context& context);

/// GET /v1/influence/communities, operation `listCommunities`: who belongs together.
absl::StatusOr<Response> list_communities(const Request& request, const Context& context);

/// GET /v1/influence/graph, operation `drawGraph`: nodes and edges for a picture.
absl::StatusOr<Response> draw_graph(const Request& request, const Context& context);

/// GET and PUT /v1/influence/model, operations `getInfluenceModel` and `putInfluenceModel`: how edges
/// are weighted and learned.
absl::StatusOr<Response> get_influence_model(const Request& request, const Context& context);
absl::StatusOr<Response> put_influence_model(const Request& request, const Context& context);

}  // namespace grapevine
