#pragma once

#include <span>
#include <string_view>

#include "server/demo/texts.hpp"

namespace grapevine::demo {

using Phrases = std::span<const std::string_view>;

// Slots of a phrase: {p} brand and product, {n} product, {b} brand, {h} hobby, {g} praise, {x}
// blame, {d} a number of days; in Korean {은} {이} {을} {과} become the particle that fits the
// syllable before.

/// Whole sentences for a kind of speech. `about_product` is false where no product may be named.
Phrases sentences(Speech speech, Mood mood, bool english, bool about_product);

Phrases praises(bool english);
Phrases blames(bool english);
Phrases openings(bool english);
Phrases endings(Mood mood, bool english);
Phrases harms(bool english);
Phrases emoji(Mood mood);

}  // namespace grapevine::demo
