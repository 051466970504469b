#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

namespace grapevine {

inline constexpr std::size_t kTextsMax = 50'000;                     ///< Of one request.
inline constexpr std::size_t kTextsBytesMax = std::size_t{8} << 20;  ///< Of its body.

/// `{"texts": [...]}`.
/// Errors  Malformed: not a JSON object. TooLarge. Unprocessable: names each member that is no
///         text.
absl::StatusOr<std::vector<std::string>> parse_texts_request(const std::string& body);

}  // namespace grapevine
