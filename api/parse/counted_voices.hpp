#pragma once

#include <string_view>

#include "api/parse/query_reader.hpp"
#include "kernels/listen/counted_voices.hpp"

namespace grapevine {

/// Reads `voices`: whose mentions count, where the company's own voices stand apart. Without it those of
/// customers do, which is everybody else.
CountedVoices take_voices(QueryReader& query);
/// What it is called in a request.
std::string_view name_of(CountedVoices voices);

}  // namespace grapevine
