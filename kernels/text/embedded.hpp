#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace grapevine {

// Files of this folder that are part of the binary, byte for byte.

/// A token and its valence a line, apart by a tab: lower case, of any bytes but blanks.
std::string_view embedded_words();
/// An emoji of one code point and what English calls it, a line.
std::string_view embedded_emoji();
/// A word a line, and whether it makes what follows `more`, `less` or `not`.
std::string_view embedded_modifiers();
/// A language a line (ISO 639-1, or `tl`), and words that tell it from others.
std::string_view embedded_function_words();
/// A sign a line and a phrase of it, as `service_signs.hpp` describes them.
std::string_view embedded_service_words();
/// The Korean model, as `korean_model.hpp` describes it.
std::span<const std::int8_t> embedded_korean_model();

}  // namespace grapevine
