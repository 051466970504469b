#pragma once

#include <cstddef>
#include <span>

#include "kernels/text/english_tokens.hpp"

namespace grapevine {

/// What token `at` adds to a text: its own valence, made stronger, weaker or turned round by
/// capitals and by up to three tokens before it, or that of a phrase that it is part of. Zero for
/// a token that only changes others.
///
/// Units   About -4 to 4 for a word by itself.
/// Source  Hutto & Gilbert, ICWSM 2014: degree modifiers, negation, capitals; the constants are the
///         means that people's ratings gave there. Phrases are those of the authors' program.
double valence_of(std::span<const EnglishToken> tokens, std::size_t at, bool shouts_apart);

}  // namespace grapevine
