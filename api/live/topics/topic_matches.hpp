#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace grapevine {

/// A definition of a topic, as the index numbers them: no number is used twice.
using TopicNumber = std::uint32_t;

/// That the row of a sequence is about a topic.
struct TopicMatch {
  std::uint64_t sequence = 0;
  TopicNumber topic = 0;

  friend auto operator<=>(const TopicMatch&, const TopicMatch&) = default;
};

/// What texts are about, by the sequences of their rows, which rows keep wherever they move: so no
/// text is read again when parts are merged or people become one. 6 bytes a match.
///
/// Thread safety: one thread changes it; a copy, which shares its chunks, is anybody's to read.
class TopicMatches {
 public:
  /// Shapes  `matches` ascend, and none of them is known.
  void add(std::span<const TopicMatch> matches);
  /// Keeps those of topics that ascend in `topics`.
  void keep_topics(std::span<const TopicNumber> topics);

  /// Calls `body(topic)` for what the row of a sequence is about, ascending.
  /// Cost: a look at the matches of the 64 sequences around it.
  template <typename Body>
  void for_each_topic(std::uint64_t sequence, const Body& body) const {
    const std::size_t chunk = sequence / kSequences;
    if (chunk >= chunks_.size() || chunks_[chunk] == nullptr) return;
    const auto place = static_cast<std::uint16_t>(sequence % kSequences);
    const Chunk& of = *chunks_[chunk];
    const std::uint32_t end = of.begins[place / kTogether + 1];
    for (std::uint32_t i = of.begins[place / kTogether]; i < end && of.places[i] <= place; ++i) {
      if (of.places[i] == place) body(of.topics[i]);
    }
  }

  [[nodiscard]] std::size_t bytes() const;

 private:
  static constexpr std::size_t kSequences = 65'536;  // Of a chunk.
  static constexpr std::size_t kTogether = 64;

  struct Chunk {
    std::vector<std::uint16_t> places;  // Ascending; by topic where they are equal.
    std::vector<TopicNumber> topics;
    std::vector<std::uint32_t> begins;  // By place / kTogether, and the end.
  };
  static std::shared_ptr<const Chunk> make_chunk(std::span<const TopicMatch> matches);
  static void append(const Chunk& chunk, std::uint64_t first, std::vector<TopicMatch>& matches);

  std::vector<std::shared_ptr<const Chunk>> chunks_;
};

}  // namespace grapevine
