#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace grapevine {

/// Where a text stops being JSON (RFC 8259, UTF-8), in bytes from its begin; nullopt: it is JSON.
/// The fast parser says only what is wrong; this one, for the message, says where.
/// Cost    One pass, a byte at a time, and a bit for each open bracket.
std::optional<std::size_t> find_json_fault(std::string_view text);

}  // namespace grapevine
