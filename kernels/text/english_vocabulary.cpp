#include "kernels/text/english_vocabulary.hpp"

#include <cassert>
#include <charconv>
#include <cstring>
#include <utility>

#include "kernels/text/embedded.hpp"
#include "kernels/text/embedded_lines.hpp"

namespace grapevine {
namespace {

constexpr std::pair<std::string_view, RuleWord> kRuleWords[] = {
    {"ass", RuleWord::Ass},         {"at", RuleWord::At},       {"bad", RuleWord::Bad},
    {"beating", RuleWord::Beating}, {"bomb", RuleWord::Bomb},   {"broken", RuleWord::Broken},
    {"bus", RuleWord::Bus},         {"but", RuleWord::But},     {"death", RuleWord::Death},
    {"die", RuleWord::Die},         {"doubt", RuleWord::Doubt}, {"enough", RuleWord::Enough},
    {"for", RuleWord::For},         {"heart", RuleWord::Heart}, {"just", RuleWord::Just},
    {"kind", RuleWord::Kind},       {"kiss", RuleWord::Kiss},   {"least", RuleWord::Least},
    {"never", RuleWord::Never},     {"no", RuleWord::No},       {"nor", RuleWord::Nor},
    {"of", RuleWord::Of},           {"or", RuleWord::Or},       {"right", RuleWord::Right},
    {"shit", RuleWord::Shit},       {"so", RuleWord::So},       {"sort", RuleWord::Sort},
    {"stop", RuleWord::Stop},       {"the", RuleWord::The},     {"this", RuleWord::This},
    {"to", RuleWord::To},           {"very", RuleWord::Very},   {"without", RuleWord::Without},
    {"yeah", RuleWord::Yeah},
};

// Eight bytes with the letters A to Z made small. Other bytes, also those of other scripts, stay.
std::uint64_t to_lower(std::uint64_t bytes) {
  constexpr std::uint64_t kEach = 0x0101010101010101;
  const std::uint64_t low = bytes & (0x7F * kEach);
  const std::uint64_t from_a = low + (0x80 - 'A') * kEach;
  const std::uint64_t beyond_z = low + (0x80 - 'Z' - 1) * kEach;
  return bytes | ((from_a & ~beyond_z & ~bytes & (0x80 * kEach)) >> 2);
}

}  // namespace

EnglishVocabulary::Key EnglishVocabulary::key_of(std::string_view token) {
  Key key{};
  std::memcpy(key.data(), token.data(), token.size());
  for (std::uint64_t& part : key) part = to_lower(part);
  return key;
}

std::size_t EnglishVocabulary::slot_of(const Key& key) {
  std::uint64_t hash = key[0] * 0x9E3779B97F4A7C15;
  hash = (hash ^ (hash >> 32) ^ key[1]) * 0xD6E8FEB86659FD93;
  hash = (hash ^ (hash >> 32) ^ key[2]) * 0xA0761D6478BD642F;
  return hash >> (64 - kSlotBits);
}

const KnownWord& EnglishVocabulary::find(std::string_view token) const {
  if (token.size() > kBytesMax) return entries_[0].word;
  const Key key = key_of(token);
  for (std::size_t slot = slot_of(key);; slot = (slot + 1) % slots_.size()) {
    const Entry& entry = entries_[slots_[slot]];
    if (slots_[slot] == 0 || entry.key == key) return entry.word;
  }
}

KnownWord& EnglishVocabulary::add(std::string_view token) {
  assert(!token.empty() && token.size() <= kBytesMax && entries_.size() < slots_.size() / 4);
  const Key key = key_of(token);
  std::size_t slot = slot_of(key);
  for (; slots_[slot] != 0; slot = (slot + 1) % slots_.size()) {
    if (entries_[slots_[slot]].key == key) return entries_[slots_[slot]].word;
  }
  slots_[slot] = static_cast<std::uint16_t>(entries_.size());
  return entries_.emplace_back(Entry{key, {}}).word;
}

EnglishVocabulary::EnglishVocabulary() : slots_(std::size_t{1} << kSlotBits), entries_(1) {
  for_each_line(embedded_words(), [this](std::string_view token, std::string_view valence) {
    KnownWord& word = add(token);
    word.rated = true;
    std::from_chars(valence.data(), valence.data() + valence.size(), word.valence);
  });
  for_each_line(embedded_modifiers(), [this](std::string_view token, std::string_view kind) {
    KnownWord& word = add(token);
    if (kind == "more") word.degree = 1;
    if (kind == "less") word.degree = -1;
    if (kind == "not") word.negates = true;
  });
  for (const auto& [token, rule] : kRuleWords) add(token).rule = rule;
  std::uint16_t language = 1;
  for_each_line(embedded_function_words(), [&](std::string_view, std::string_view words) {
    while (!words.empty()) {
      const std::size_t end = std::min(words.find(' '), words.size());
      add(words.substr(0, end)).languages |= language;
      words.remove_prefix(std::min(end + 1, words.size()));
    }
    language = static_cast<std::uint16_t>(language << 1);
  });
  assert(language == 1 << kLanguages);
}

const EnglishVocabulary& EnglishVocabulary::embedded() {
  static const EnglishVocabulary vocabulary;
  return vocabulary;
}

}  // namespace grapevine
