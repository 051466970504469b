#pragma once

#include <cstddef>
#include <string>

#include <absl/status/statusor.h>

#include "api/parse/mistakes.hpp"
#include "api/plan/topic_document.hpp"

namespace grapevine {

inline constexpr std::size_t kTopicBodyBytesMax = 65'536;
inline constexpr std::size_t kTopicPhrasesMax = 500;      ///< Of one topic, and as many exclusions.
inline constexpr std::size_t kTopicValueBytesMax = 1024;  ///< Of `brand` and `product_id`.

/// The body of a topic that is to be stored. `mistakes` holds what is wrong with it.
struct TopicRequest {
  TopicDocument topic;
  Mistakes mistakes;
};

/// `{kind, phrases, exclusions?, brand?, product_id?, description?}`.
/// Errors  Malformed: not a JSON object. TooLarge.
absl::StatusOr<TopicRequest> parse_topic_request(const std::string& body);

}  // namespace grapevine
