#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <vector>

namespace grapevine {

/// Distinct strings, numbered 0, 1, 2, ... in order of arrival. A number is never used again, also
/// when its string is forgotten.
///
/// Thread safety: one writer calls `intern`; any number of readers call the const members
/// meanwhile, and none waits for the writer. A reader may ask for every code that it got from a
/// published snapshot.
class Dictionary {
 public:
  static constexpr std::uint32_t kMissing = 0xFFFF'FFFF;

  Dictionary();
  ~Dictionary();
  Dictionary(const Dictionary&) = delete;
  Dictionary& operator=(const Dictionary&) = delete;

  /// The code of `text`, which is added where it is new. Cost: one hash, about two cache misses.
  std::uint32_t intern(std::string_view text);
  /// The same for many, which overlaps their cache misses. Shapes: codes.size() == texts.size().
  void intern_all(std::span<const std::string_view> texts, std::span<std::uint32_t> codes);

  /// A new code that has no string: its text is empty, and no text is found under it.
  std::uint32_t append_blank();
  /// Makes a code one without a string. Who asks for it from then on sees an empty text; bytes that
  /// were read before stay readable.
  void forget(std::uint32_t code);

  /// Whether the code has no string.
  [[nodiscard]] bool is_blank(std::uint32_t code) const;
  /// The code of `text`, or kMissing.
  [[nodiscard]] std::uint32_t find(std::string_view text) const;
  /// The string of a code below size(). The bytes stay where they are for the dictionary's life.
  [[nodiscard]] std::string_view at(std::uint32_t code) const;
  [[nodiscard]] std::size_t size() const { return size_.load(std::memory_order_acquire); }
  /// Bytes of memory held, everything included.
  [[nodiscard]] std::size_t bytes() const;

 private:
  static constexpr std::size_t kFirstChunk = 64;  // Entries; each chunk is twice the one before.
  static constexpr std::size_t kChunks = 27;      // Enough for 2^32 entries.
  struct Slots;
  using Entry = std::atomic<const char*>;

  const char* store(std::string_view text);
  void append(const char* stored);
  std::uint32_t find_or_add(std::string_view text, std::uint64_t hash);
  void grow();

  std::array<std::atomic<Entry*>, kChunks> chunks_{};  // Length-prefixed strings, by code.
  std::atomic<std::uint32_t> size_{0};
  std::vector<std::unique_ptr<char[]>> arenas_;
  char* arena_free_ = nullptr;
  std::size_t arena_left_ = 0;
  std::size_t arena_bytes_ = 0;

  mutable std::mutex write_mutex_;  // Held while strings are added.
  mutable std::mutex slots_mutex_;  // Held only to copy the pointer.
  std::shared_ptr<Slots> slots_;
};

}  // namespace grapevine
