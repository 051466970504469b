#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

namespace grapevine {

/// A spelling of something that texts are about.
struct Phrase {
  std::string text;         ///< UTF-8. A * at its beginning or end: there it may be part of a word.
  std::uint32_t topic = 0;  ///< What it speaks of.
  bool excludes = false;    ///< A text with it is not about the topic, whatever else it holds.
};

/// A phrase in a text.
struct PhraseMatch {
  std::uint32_t phrase = 0;  ///< Its place among those the matcher was made of.
  std::size_t begin = 0;     ///< Bytes.
  std::size_t end = 0;

  friend bool operator==(const PhraseMatch&, const PhraseMatch&) = default;
};

/// Finds all phrases in a text in one pass, however many there are, as whole names
/// (name_boundary.hpp). Letters A to Z match their small forms; everything else is compared byte
/// by byte.
///
/// Thread-safe: immutable once built.
/// Source  Aho & Corasick, CACM 18 (1975) 333-340, as a table of bytes in classes.
class PhraseMatcher {
 public:
  static constexpr std::size_t kPhraseBytesMax = 256;
  static constexpr std::size_t kBytesMax = 65'536;  ///< Of all phrases: at most 64 MB of table.

  /// Errors  InvalidArgument: a phrase is empty, longer than kPhraseBytesMax or no UTF-8.
  ///         ResourceExhausted: together they are longer than kBytesMax.
  /// Cost    O(bytes × different bytes), 4 bytes of memory each.
  static absl::StatusOr<PhraseMatcher> build(std::span<const Phrase> phrases);

  /// Calls `body(match)` for every match, by where it ends. Matches may overlap.
  /// Cost: a look at the table for each byte, and a look around each place where a phrase ends.
  template <typename Body>
  void for_each_match(std::string_view text, const Body& body) const {
    std::uint32_t row = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const std::uint32_t next = next_[row + classes_[static_cast<unsigned char>(text[i])]];
      row = next & ~kEndsHere;
      if ((next & kEndsHere) == 0) continue;
      for (std::uint32_t state = row / width_; state != 0; state = shorter_[state]) {
        for (std::uint32_t phrase = last_phrase_[state]; phrase != kNone; phrase = same_[phrase]) {
          const PhraseMatch match{phrase, i + 1 - names_[phrase].bytes, i + 1};
          if (is_name(text, match)) body(match);
        }
      }
    }
  }

  /// The topics that a text is about, ascending, each once.
  std::vector<std::uint32_t> topics_of(std::string_view text) const;

 private:
  static constexpr std::uint32_t kEndsHere = std::uint32_t{1} << 31;
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  struct Name {
    std::uint32_t topic = 0;
    std::uint32_t bytes = 0;
    bool excludes = false;
    bool open_begin = false;  ///< It had a * there.
    bool open_end = false;
  };

  PhraseMatcher() = default;
  void add(std::string_view text, std::uint32_t phrase);
  void link();
  bool is_name(std::string_view text, const PhraseMatch& match) const;

  std::array<std::uint8_t, 256> classes_{};  // 0: in no phrase.
  std::uint32_t width_ = 1;                  // Classes.
  // Where each state's row of the next states begins, by class; marked where a phrase ends there.
  std::vector<std::uint32_t> next_;
  std::vector<std::uint32_t>
      shorter_;  // The longest other state with phrases that ends it; 0: none.
  std::vector<std::uint32_t> last_phrase_;  // Of those that end at a state, linked by same_.
  std::vector<std::uint32_t> same_;
  std::vector<Name> names_;
};

}  // namespace grapevine
