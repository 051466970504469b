#include "server/demo/texts.hpp"

#include <array>
#include <charconv>
#include <cstddef>
#include <string_view>
#include <utility>

#include "server/demo/phrases.hpp"
#include "server/demo/random.hpp"

namespace grapevine::demo {
namespace {

std::string_view pick(Phrases phrases, Dice& dice) { return phrases[dice.below(phrases.size())]; }

std::string_view in(bool english, const Word& word) { return english ? word.english : word.korean; }

// Which consonant ends the last Hangul syllable of `text` (0: none; 8: ㄹ). 0 where it ends
// otherwise.
unsigned final_consonant(std::string_view text) {
  if (text.size() < 3) return 0;
  const auto byte = [&](std::size_t back) {
    return static_cast<unsigned>(static_cast<unsigned char>(text[text.size() - back]));
  };
  const unsigned code = (byte(3) & 15U) << 12 | (byte(2) & 63U) << 6 | (byte(1) & 63U);
  return (byte(3) & 0xF0U) == 0xE0U && code >= 0xAC00 && code <= 0xD7A3 ? (code - 0xAC00) % 28 : 0;
}

// A Korean particle in the form that fits what stands before it.
void append_particle(std::string_view particle, std::string& text) {
  struct Forms {
    std::string_view after_consonant;
    std::string_view after_vowel;
  };
  constexpr Forms kForms[] = {
      {"은", "는"}, {"이", "가"}, {"을", "를"}, {"과", "와"}, {"으로", "로"}};
  const unsigned consonant = final_consonant(text);
  for (const Forms& forms : kForms) {
    if (forms.after_consonant != particle) continue;
    const bool like_vowel = consonant == 0 || (particle == "으로" && consonant == 8);
    text += like_vowel ? forms.after_vowel : forms.after_consonant;
  }
}

void append_number(std::uint32_t number, std::string& text) {
  std::array<char, 12> digits;
  text.append(digits.begin(), std::to_chars(digits.begin(), digits.end(), number).ptr);
}

void append_slot(std::string_view slot, const SpeechRequest& request, Dice& dice,
                 std::string& text) {
  const bool english = request.english;
  const Product* product = request.product;
  const auto noun = [&] {
    return in(english, categories()[product->category].nouns[product->noun]);
  };
  const auto brand = [&] { return in(english, brands()[product->brand].name); };
  switch (slot.size() == 1 ? slot.front() : '\0') {
    case 'p':
    case 'b':
    case 'n':
      if (product == nullptr) {
        text += in(english, request.hobby->name);
      } else if (slot == "b") {
        text += brand();
      } else {
        if (slot == "p") (text += brand()) += ' ';
        text += noun();
      }
      break;
    case 'h': text += in(english, request.hobby->name); break;
    case 'g': text += pick(praises(english), dice); break;
    case 'x': text += pick(blames(english), dice); break;
    case 'd': append_number(2 + dice.below(9), text); break;
    default: append_particle(slot, text);
  }
}

void append_phrase(std::string_view phrase, const SpeechRequest& request, Dice& dice,
                   std::string& text) {
  for (std::size_t open = phrase.find('{'); open != std::string_view::npos;
       open = phrase.find('{')) {
    const std::size_t close = phrase.find('}', open);
    text += phrase.substr(0, open);
    append_slot(phrase.substr(open + 1, close - open - 1), request, dice, text);
    phrase.remove_prefix(close + 1);
  }
  text += phrase;
}

bool is_letter(char byte) { return byte >= 'a' && byte <= 'z'; }

// Swaps two letters of an English word, as hurried fingers do.
void mistype(Dice& dice, std::string& text) {
  const std::size_t at = dice.below(text.size());
  if (at + 1 < text.size() && is_letter(text[at]) && is_letter(text[at + 1])) {
    std::swap(text[at], text[at + 1]);
  }
}

}  // namespace

void write_speech(const SpeechRequest& request, std::string& text) {
  text.clear();
  Dice dice(request.bits);
  const bool service = request.speech == Speech::Answer || request.speech == Speech::Announcement;
  const bool about_product = request.product != nullptr;
  if (!service && dice.per_mille(250)) text += pick(openings(request.english), dice);
  append_phrase(pick(sentences(request.speech, request.mood, request.english, about_product), dice),
                request, dice, text);
  if (service) return;
  if (dice.per_mille(350) && (about_product || request.mood == Mood::Neutral)) {
    append_phrase(pick(endings(request.mood, request.english), dice), request, dice, text);
  }
  if (request.severe) text += pick(harms(request.english), dice);
  if (dice.per_mille(200)) text += pick(emoji(request.mood), dice);
  if (dice.per_mille(60)) mistype(dice, text);
}

}  // namespace grapevine::demo
