#pragma once

#include <cstdint>
#include <memory>
#include <mutex>

#include "kernels/listen/word_order.hpp"
#include "storage/dictionary.hpp"

namespace grapevine {

/// The distinct words of some texts, by code; kWordGap is the empty one. Thread-safe.
class Vocabulary {
 public:
  Vocabulary();

  /// Words may be added at any time, but are forgotten by `forget` alone.
  [[nodiscard]] Dictionary& words() { return words_; }
  [[nodiscard]] const Dictionary& words() const { return words_; }

  /// All words that there are now, in order. Cost: that of those added since it was asked for last.
  std::shared_ptr<const WordOrder> order();

  /// Forgets a word. Precondition: nobody else reads meanwhile.
  void forget(std::uint32_t code);

 private:
  Dictionary words_;
  std::mutex mutex_;                        // Guards what follows.
  std::shared_ptr<const WordOrder> order_;  // Of the first words.
};

}  // namespace grapevine
