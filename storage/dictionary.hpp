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

#include "storage/checkpoint/save_later.hpp"

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
  /// What writes the strings of this moment later, on any thread; it keeps `dictionary` alive.
  static SaveLater freeze(const std::shared_ptr<Dictionary>& dictionary);
  /// Reads them back with their codes. Precondition: empty, and nobody reads yet. Strings can be
  /// looked up when the tasks that this gives to `in.aside` are done.
  void load(FieldReader& in);

  /// Bytes of memory held, everything included.
  [[nodiscard]] std::size_t bytes() const;

 private:
  static constexpr std::size_t kFirstChunk = 64;  // Entries; each chunk is twice the one before.
  static constexpr std::size_t kChunks = 27;      // Enough for 2^32 entries.
  struct Slots;
  using Entry = std::atomic<const char*>;

  struct Frozen {};
  struct Forgotten {
    std::uint32_t code;
    const char* stored;
  };

  const char* store(std::string_view text);
  [[nodiscard]] const char* stored_before(std::uint32_t code, std::size_t forgotten) const;
  void append(const char* stored);
  void index(std::size_t slots);
  std::uint32_t find_or_add(std::string_view text, std::uint64_t hash);
  void grow();

  std::array<std::atomic<Entry*>, kChunks> chunks_{};  // Length-prefixed strings, by code.
  std::atomic<std::uint32_t> size_{0};
  std::vector<std::unique_ptr<char[]>> arenas_;
  char* arena_free_ = nullptr;
  std::size_t arena_left_ = 0;
  std::size_t arena_bytes_ = 0;

  mutable std::mutex write_mutex_;      // Held while strings are added.
  std::weak_ptr<const Frozen> frozen_;  // Lives as long as something that `freeze` returned.
  std::vector<Forgotten> forgotten_;    // Since then: what it will write all the same.
  mutable std::mutex slots_mutex_;      // Held only to copy the pointer.
  std::shared_ptr<Slots> slots_;
};

}  // namespace grapevine
