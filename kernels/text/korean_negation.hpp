#pragma once

#include <cstdint>
#include <memory_resource>
#include <span>
#include <vector>

namespace grapevine {

/// What a negation makes of a symbol.
enum class NegationScope : std::uint8_t {
  Plain,
  Turned,  ///< Said not to be so: it means the opposite.
  Silent,  ///< Only goes along with a negation, as 별로 does in 별로 안 비싸요.
};

/// What of a normalised Korean text (korean_text.hpp) is negated, one for each symbol; empty: nothing.
/// Whole words are, with the space before them. Two negations of one word take each other back.
///
///     안 X, 못 X                      the word behind, also where it is written on: 안좋아요
///     X지 않, X지 못, X지 마, X지 말     the stem before; not in questions such as 좋지 않나요
///     X-ㄹ 수 없, X-ㄹ 리 없            the verb; not 이보다 좋을 수 없다
///     X(이/가/은/도) 없                 the noun, and what is said of a bound noun: 흠잡을 데가 없
///     X은/는/이/가 아니                  the noun and the adjective before: 좋은 제품은 아닙니다
///     X-ㄴ 줄 모르, X-ㄴ지 모르           the verb
///
/// Cost    One look at each symbol, and at most four words around each negation.
/// Source  Jang & Shin, PACLIC 24 (2010): the negations of Korean as shifters of what they govern;
///         Kennedy & Inkpen, Computational Intelligence 22 (2006).
std::pmr::vector<NegationScope> find_korean_negation(std::span<const char32_t> symbols,
                                                     std::pmr::memory_resource* memory);

}  // namespace grapevine
