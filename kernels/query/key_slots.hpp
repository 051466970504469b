#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace grapevine::sql {

/// Spreads the bits of a word over all of it, two rounds of multiplying and shifting. Bijective.
constexpr std::uint64_t spread_bits(std::uint64_t word) {
  word ^= word >> 32;
  word *= 0x9FB21C651E98DF25ULL;
  word ^= word >> 28;
  word *= 0x9FB21C651E98DF25ULL;
  return word ^ (word >> 28);
}

/// How many slots are taken when there are too few for some keys and another one: a power of two, at
/// most half full. While they are few it is four times as many: keys are put in anew each time.
constexpr std::size_t more_slots(std::size_t slots, std::size_t keys) {
  constexpr std::size_t kFew = std::size_t{1} << 17;
  slots = slots == 0 ? 512 : slots * (slots <= kFew ? 4 : 2);
  while (slots < 2 * (keys + 1)) slots *= 2;
  return slots;
}

/// Which group a key of one word has: open addressing, the key beside the group. Not thread-safe.
class WordSlots {
 public:
  static constexpr std::uint32_t kNone = 0xFFFF'FFFF;

  [[nodiscard]] std::uint32_t find(std::uint64_t key) const {
    if (slots_.empty()) return kNone;
    for (std::size_t at = home(key);; at = (at + 1) & mask_) {
      const Slot& slot = slots_[at];
      if (slot.group == 0 || slot.key == key) return slot.group - 1;  // 0 - 1 is kNone.
    }
  }
  void prefetch(std::uint64_t key) const { __builtin_prefetch(&slots_[home(key)]); }
  /// Precondition: the key has no group, and `has_room()`.
  void insert(std::uint64_t key, std::uint32_t group) {
    std::size_t at = home(key);
    while (slots_[at].group != 0) at = (at + 1) & mask_;
    slots_[at] = {key, group + 1};
    ++used_;
  }
  [[nodiscard]] bool has_room() const { return 2 * (used_ + 1) <= slots_.size(); }
  /// Takes twice as many slots, or `keys` of them at half full.
  void grow(std::span<const std::uint64_t> keys) {
    const std::size_t slots = more_slots(slots_.size(), keys.size());
    slots_.assign(slots, {});
    mask_ = slots - 1;
    shift_ = std::countl_zero(mask_);
    used_ = 0;
    for (std::size_t group = 0; group < keys.size(); ++group) {
      insert(keys[group], static_cast<std::uint32_t>(group));
    }
  }
  void clear() { *this = WordSlots(); }
  [[nodiscard]] std::size_t bytes() const { return slots_.size() * sizeof(Slot); }

 private:
  struct Slot {
    std::uint64_t key = 0;
    std::uint32_t group = 0;  // + 1.
  };
  [[nodiscard]] std::size_t home(std::uint64_t key) const { return spread_bits(key) >> shift_; }

  std::vector<Slot> slots_;
  std::size_t mask_ = 0;
  int shift_ = 64;
  std::size_t used_ = 0;
};

/// A set of words: open addressing. Not thread-safe.
class WordSet {
 public:
  /// Whether the word is new. Precondition: it is not the largest one.
  bool insert(std::uint64_t word) {
    if (2 * (used_ + 1) > slots_.size()) grow();
    for (std::size_t at = spread_bits(word) >> shift_;; at = (at + 1) & mask_) {
      if (slots_[at] == word + 1) return false;
      if (slots_[at] != 0) continue;
      slots_[at] = word + 1;
      ++used_;
      return true;
    }
  }
  void prefetch(std::uint64_t word) const {
    if (!slots_.empty()) __builtin_prefetch(&slots_[spread_bits(word) >> shift_]);
  }
  /// In no order that means anything.
  template <typename Body>
  void for_each(const Body& body) const {
    for (const std::uint64_t slot : slots_) {
      if (slot != 0) body(slot - 1);
    }
  }
  [[nodiscard]] std::size_t size() const { return used_; }
  [[nodiscard]] std::size_t bytes() const { return slots_.size() * sizeof(std::uint64_t); }

 private:
  void grow() {
    std::vector<std::uint64_t> old = std::move(slots_);
    const std::size_t slots = old.empty() ? 256 : 2 * old.size();
    slots_.assign(slots, 0);
    mask_ = slots - 1;
    shift_ = std::countl_zero(mask_);
    for (const std::uint64_t slot : old) {
      if (slot == 0) continue;
      std::size_t at = spread_bits(slot - 1) >> shift_;
      while (slots_[at] != 0) at = (at + 1) & mask_;
      slots_[at] = slot;
    }
  }

  std::vector<std::uint64_t> slots_;  // Words + 1.
  std::size_t mask_ = 0;
  int shift_ = 64;
  std::size_t used_ = 0;
};

/// Which group a key of several words has: as `WordSlots`, but the words
/// stand with the groups, as keys[w][group]. Not thread-safe.
class WordsSlots {
 public:
  static constexpr std::uint32_t kNone = 0xFFFF'FFFF;
  using Words = std::vector<std::vector<std::uint64_t>>;

  static std::uint64_t hash(const Words& rows, std::size_t row) {
    std::uint64_t hash = 0;
    for (const std::vector<std::uint64_t>& word : rows) {
      hash = spread_bits(hash * 0x9E3779B97F4A7C15ULL + word[row]);
    }
    return hash;
  }
  [[nodiscard]] std::uint32_t find(const Words& rows, std::size_t row, std::uint64_t hash,
                                   const Words& keys) const {
    if (slots_.empty()) return kNone;
    const auto tag = static_cast<std::uint32_t>(hash);
    for (std::size_t at = hash >> shift_;; at = (at + 1) & mask_) {
      const Slot& slot = slots_[at];
      if (slot.group == 0) return kNone;
      if (slot.tag == tag && is_same(rows, row, keys, slot.group - 1)) return slot.group - 1;
    }
  }
  void prefetch(std::uint64_t hash) const { __builtin_prefetch(&slots_[hash >> shift_]); }
  void insert(std::uint64_t hash, std::uint32_t group) {
    std::size_t at = hash >> shift_;
    while (slots_[at].group != 0) at = (at + 1) & mask_;
    slots_[at] = {static_cast<std::uint32_t>(hash), group + 1};
    ++used_;
  }
  [[nodiscard]] bool has_room() const { return 2 * (used_ + 1) <= slots_.size(); }
  void grow(const Words& keys) {
    const std::size_t count = keys[0].size();
    const std::size_t slots = more_slots(slots_.size(), count);
    slots_.assign(slots, {});
    mask_ = slots - 1;
    shift_ = std::countl_zero(mask_);
    used_ = 0;
    for (std::size_t group = 0; group < count; ++group) {
      insert(hash(keys, group), static_cast<std::uint32_t>(group));
    }
  }
  void clear() { *this = WordsSlots(); }
  [[nodiscard]] std::size_t bytes() const { return slots_.size() * sizeof(Slot); }

 private:
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t group = 0;  // + 1.
  };
  static bool is_same(const Words& rows, std::size_t row, const Words& keys, std::size_t group) {
    for (std::size_t w = 0; w < rows.size(); ++w) {
      if (rows[w][row] != keys[w][group]) return false;
    }
    return true;
  }

  std::vector<Slot> slots_;
  std::size_t mask_ = 0;
  int shift_ = 64;
  std::size_t used_ = 0;
};

}  // namespace grapevine::sql
