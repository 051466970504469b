#pragma once

#include <string>
#include <string_view>

#include <absl/status/status.h>

namespace grapevine {

/// Why one event is not stored, for its sender. `detail` names members, never their values, which
/// may be personal.
absl::Status rejection(std::string_view detail);

/// The rejection of a text with U+0000, which no store can hold. `where`: the member.
absl::Status nul_rejection(std::string_view where);

/// The detail of a rejection.
std::string detail_of(const absl::Status& rejected);

/// The detail for a record of an import that is longer than may be.
std::string overlong_line();

/// The name of a member as it may stand in a detail: cut at a character when it is long.
std::string shown_name(std::string_view name);

/// The longest prefix of `text` of at most `bytes_max` bytes that ends between two characters.
/// Shapes  text is UTF-8.
std::string_view cut_at_character(std::string_view text, std::size_t bytes_max);

}  // namespace grapevine
