#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace grapevine {

/// Bytes of a text.
struct TextStretch {
  std::size_t begin = 0;
  std::size_t end = 0;
  friend bool operator==(const TextStretch&, const TextStretch&) = default;
};

/// By what a text is a question in form: the first of
/// - a question mark that ends a word and is not part of a link,
/// - a sentence that ends in a Korean interrogative ending: ~나요, ~까요, ~ㄴ가요, ~ㅂ니까, ~는지요,
/// - a sentence that begins as an English question does: an auxiliary and a subject ("is it", "do
///   you"), or a word that asks and an auxiliary ("where is", "how do").
/// nullopt: none of these. Cost: one pass.
std::optional<TextStretch> find_question(std::string_view text);

}  // namespace grapevine
