#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/parse/influence_model_body.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// The kind and the name under which the model is kept among a store's documents.
inline constexpr std::string_view kInfluenceDocuments = "influence";
inline constexpr std::string_view kInfluenceModel = "model";

/// The document of the model; empty: none was stored, so that the defaults hold.
std::string_view influence_document(const Snapshot& snapshot);

/// The model that a snapshot's scores are made by: what was stored, else the defaults.
InfluenceModel influence_model(const Snapshot& snapshot);

}  // namespace grapevine
