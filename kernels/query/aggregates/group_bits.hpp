#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace grapevine::sql {

/// Bits of groups, as many a group as of any other. More groups move nothing. Not thread-safe.
class GroupBits {
 public:
  /// Makes room for more groups, without a bit set, or for more bits a group.
  void resize(std::size_t groups, std::size_t words) {
    if (words != words_) widen(words);
    const std::size_t chunks = (groups + kTogether - 1) / kTogether;
    while (chunks_.size() < chunks) {
      chunks_.push_back(std::make_unique<std::uint64_t[]>(kTogether * words_));
    }
  }
  void clear() {
    for (const auto& chunk : chunks_) std::fill_n(chunk.get(), kTogether * words_, 0);
  }

  /// Words of a group.
  [[nodiscard]] std::size_t words() const { return words_; }
  /// Groups that there is room for.
  [[nodiscard]] std::size_t groups() const { return chunks_.size() * kTogether; }
  /// Precondition: group < groups().
  [[nodiscard]] std::uint64_t* of(std::size_t group) const {
    return chunks_[group / kTogether].get() + group % kTogether * words_;
  }
  [[nodiscard]] std::size_t bytes() const { return groups() * words_ * sizeof(std::uint64_t); }

 private:
  static constexpr std::size_t kTogether = 16;

  void widen(std::size_t words) {
    for (auto& chunk : chunks_) {
      auto wider = std::make_unique<std::uint64_t[]>(kTogether * words);
      for (std::size_t i = 0; i < kTogether; ++i) {
        std::copy_n(chunk.get() + i * words_, std::min(words, words_), wider.get() + i * words);
      }
      chunk = std::move(wider);
    }
    words_ = words;
  }

  std::vector<std::unique_ptr<std::uint64_t[]>> chunks_;
  std::size_t words_ = 0;
};

}  // namespace grapevine::sql
