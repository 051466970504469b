#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "api/message.hpp"
#include "api/parse/mention_filter.hpp"
#include "kernels/listen/voice.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// What `GET /v1/listen/voice` asks for.
struct VoiceRequest {
  enum class Reach : std::uint8_t {
    Auto,    ///< Of each bucket, as long as that is not too much work.
    Bucket,  ///< Of each bucket, however much work it is.
    Period,  ///< Of the whole period alone.
    None,
  };
  static constexpr std::size_t kByMax = 2;
  static constexpr std::size_t kGroupsMax = 10'000;  ///< Listed.

  MentionFilter filter;
  std::optional<TimeMs> every;  ///< Width of a bucket; nullopt: the period is one.
  std::string every_text;
  std::vector<std::string> by;  ///< Dimensions, of which the first is what shares are of.
  std::size_t limit = 100;      ///< Groups that are listed.
  Reach reach = Reach::Auto;
  CountedVoices voices = CountedVoices::Others;  ///< The company's stand apart.
};

/// The dimensions that are no attributes of people.
inline constexpr std::string_view kMentionDimensions[] = {
    "brand", "own", "topic", "product", "channel", "account", "segment", "community"};

/// Errors  Unprocessable: as of every query.
absl::StatusOr<VoiceRequest> parse_voice_request(const Request& request, const Context& context);

}  // namespace grapevine
