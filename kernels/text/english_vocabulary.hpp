#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace grapevine {

/// Words that rules ask for by name; `None` is any other.
enum class RuleWord : std::uint8_t {
  None,
  Ass,
  At,
  Bad,
  Beating,
  Bomb,
  Broken,
  Bus,
  But,
  Death,
  Die,
  Doubt,
  Enough,
  For,
  Heart,
  Just,
  Kind,
  Kiss,
  Least,
  Never,
  No,
  Nor,
  Of,
  Or,
  Right,
  Shit,
  So,
  Sort,
  Stop,
  The,
  This,
  To,
  Very,
  Without,
  Yeah
};

/// What is known of a word.
struct KnownWord {
  double valence = 0.0;    ///< From -4 to 4, where it is rated.
  std::int8_t degree = 0;  ///< 1: makes what follows stronger; -1: weaker.
  bool rated = false;      ///< It has a valence of its own, even if zero.
  bool negates = false;
  RuleWord rule = RuleWord::None;
  std::uint16_t languages = 0;  ///< Bit i: a function word of language i; English is bit 0.
};

/// The words that sentiment and language of English text are decided by.
///
/// Thread-safe: immutable once built.
class EnglishVocabulary {
 public:
  static constexpr std::size_t kBytesMax = 24;  ///< No word is longer.
  static constexpr std::size_t kLanguages = 13;

  /// The embedded one; built when first asked for, in a few milliseconds.
  static const EnglishVocabulary& embedded();

  /// What is known of a token, whatever its capitals; nothing: a word with no property set.
  /// Cost: a look at a table of 64 KB, which ends it for most of what is unknown.
  const KnownWord& find(std::string_view token) const;

 private:
  using Key = std::array<std::uint64_t, kBytesMax / 8>;
  struct Entry {
    Key key{};
    KnownWord word;
  };
  static constexpr unsigned kSlotBits = 15;

  EnglishVocabulary();
  static Key key_of(std::string_view token);
  static std::size_t slot_of(const Key& key);
  KnownWord& add(std::string_view token);

  // Linear probing, at most a quarter full. A slot holds an entry's place; entry 0 is no word.
  std::vector<std::uint16_t> slots_;
  std::vector<Entry> entries_;
};

}  // namespace grapevine
