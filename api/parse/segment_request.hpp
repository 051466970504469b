#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include <absl/status/statusor.h>

#include "api/message.hpp"
#include "api/parse/definition.hpp"
#include "api/parse/json_value.hpp"
#include "api/parse/mistakes.hpp"

namespace grapevine {

inline constexpr std::size_t kSampleMax = 1000;

/// A body with a definition in it. `mistakes` holds what is wrong with it so far, so that what only
/// the data can tell is reported together with it.
struct SegmentRequest {
  JsonValue text;                       ///< The definition as it was sent.
  std::optional<Condition> definition;  ///< nullopt: nothing of it was right.
  AsOf as_of;
  std::optional<std::uint64_t> snapshot;  ///< The pinned one that was asked for.
  std::size_t sample = 0;
  bool explain = false;  ///< Whether the plan is wanted.
  std::string description;
  Mistakes mistakes;
};

/// `{definition, as_of?, snapshot?, sample?, explain?}` of a preview; `explain` may be a parameter,
/// too. Errors  Malformed: not a JSON object. TooLarge.
absl::StatusOr<SegmentRequest> parse_preview_request(const std::string& body, const Fields& query);

/// `{definition, description?}` of a segment that is to be stored. Errors as above.
absl::StatusOr<SegmentRequest> parse_segment_request(const std::string& body);

}  // namespace grapevine
