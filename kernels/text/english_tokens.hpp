#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <string_view>
#include <vector>

#include "kernels/text/english_vocabulary.hpp"

namespace grapevine {

/// A token and what rules ask of it.
struct EnglishToken {
  const KnownWord* known = nullptr;  ///< Never null: an unknown word is known as one.
  bool shouted = false;              ///< It has capitals, and no small letters.
  bool contracted_not = false;       ///< It holds "n't".

  bool negates() const { return known->negates || contracted_not; }
  bool is(RuleWord rule) const { return known->rule == rule; }
};

/// A text in tokens, and what is counted on the way.
struct EnglishTokens {
  std::pmr::vector<EnglishToken> tokens;
  std::size_t exclamation_marks = 0;
  std::size_t question_marks = 0;
  std::size_t shouted = 0;  ///< Tokens in capitals.
  std::size_t english = 0;  ///< Tokens that are rated, or function words of English.
  /// Function words of each language; one may belong to several.
  std::array<std::uint32_t, EnglishVocabulary::kLanguages> function_words{};

  /// Whether capitals tell some tokens from others.
  bool shouts_apart() const { return shouted != 0 && shouted != tokens.size(); }
};

/// Splits a text at white space, as Unicode has it, and takes ASCII punctuation off both ends of
/// each token, unless at most two code points remain: then it is as likely to be an emoticon.
/// Cost: O(bytes); 16 bytes a token of `memory`.
EnglishTokens tokenize_english(std::string_view text, std::pmr::memory_resource* memory);

}  // namespace grapevine
