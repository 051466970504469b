#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace grapevine {

/// The bytes that base64 text stands for (RFC 4648, section 4; the padding may be missing). nullopt:
/// a character is no digit.
std::optional<std::string> from_base64(std::string_view digits);

}  // namespace grapevine
