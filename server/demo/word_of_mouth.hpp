#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "server/demo/journal.hpp"
#include "server/demo/world.hpp"

namespace grapevine::demo {

/// A post that is about to be made.
struct Story {
  std::int64_t time_ms = 0;
  std::uint32_t author = 0;
  std::uint16_t product = kNoProduct;
  Channel channel = Channel::Instagram;
  Mood mood = Mood::Neutral;
  bool severe = false;
};

/// Spreads stories over the social graph by the independent cascade model: whoever posts or shares
/// gets one chance, of the probability of the edge, with each listener who has not shared the story
/// yet; where several succeed, the first by time counts. Likes and replies accompany this and do
/// not carry it further. Not thread-safe; the world must outlive it.
class WordOfMouth {
 public:
  WordOfMouth(const World& world, Journal& journal);

  /// Notes the post and all that follows from it.
  void spread(const Story& story);

  /// Everyday posts, mentions and follows, until the journal has grown by `budget`.
  void chat(std::size_t budget);

 private:
  // Someone who will pass the story on, unless an earlier one does.
  struct Turn {
    std::int64_t time_ms;
    std::uint32_t speaker;
    std::uint32_t heard_from;
    std::uint32_t heard;  // Number of the post or share.
    // Orders a heap with the earliest on top; never equal for two edges.
    bool operator<(const Turn& other) const;
  };

  void take_turn(const Story& story, const Turn& turn, std::uint64_t coins);
  void react(const Story& story, const Turn& spoken, std::uint32_t content, const Ear& ear,
             std::uint64_t coin);
  void answer(const Story& story, std::uint32_t content);
  [[nodiscard]] Story everyday_story(std::uint64_t number) const;
  void mention(std::uint64_t number);
  void follow(std::uint64_t number);

  const World& world_;
  Journal& journal_;
  std::vector<Turn> turns_;           // A heap.
  std::vector<std::uint32_t> spoke_;  // By customer: the last story that they posted or shared.
  std::uint32_t story_ = 0;
};

}  // namespace grapevine::demo
