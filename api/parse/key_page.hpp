#pragma once

#include <cstddef>
#include <string>

#include <absl/status/statusor.h>

#include "api/message.hpp"

namespace grapevine {

/// What a page is asked for of a list that is in the order of keys which never change: a page begins
/// behind a key, so that writes shift nothing and nothing needs to be kept for a cursor.
struct KeyPage {
  std::string after;  ///< Empty: from the beginning.
  std::size_t limit = 100;
};

/// Reads `limit` (at most 1,000) and `cursor`. `list`: what a cursor must be of.
/// Errors  Unprocessable: another parameter, or one that is not as it should be. Gone: a cursor that
///         no server of this version gave.
absl::StatusOr<KeyPage> parse_key_page(const Request& request, const std::string& list);

/// The cursor of the page that begins behind `last`.
std::string key_cursor(const std::string& list, const std::string& last, const KeyPage& page);

}  // namespace grapevine
