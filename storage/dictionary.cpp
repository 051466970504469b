#include "storage/dictionary.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

// Hashing short strings in place takes half as long as calling the library.
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "storage/checkpoint/fields.hpp"

namespace grapevine {
namespace {

constexpr std::uint64_t kHashHalf = 0xFFFF'FFFF'0000'0000;
constexpr std::size_t kArenaBytes = 64u << 10;
constexpr std::size_t kSmallArenaBytes = 1u << 10;  // Most dictionaries hold a few short names.
constexpr std::size_t kPrefix = sizeof(std::uint32_t);
constexpr char kBlank[kPrefix] = {};                 // What stands at a code without a string.
constexpr std::uint32_t kBlankInFile = 0xFFFF'FFFF;  // The length of a string that there is not.
constexpr std::uint64_t kForgotten = 0xFFFF'FFFF;    // A slot whose string was forgotten.

std::uint32_t read_length(const char* stored) {
  std::uint32_t length = 0;
  std::memcpy(&length, stored, kPrefix);
  return length;
}

std::string_view read_stored(const char* stored) { return {stored + kPrefix, read_length(stored)}; }

// Chunk k holds kFirst << k entries, so the chunk of a code is in the position of its highest bit.
struct Place {
  std::size_t chunk;
  std::size_t entry;
};
constexpr Place place_of(std::uint32_t code, std::size_t first) {
  const std::uint64_t shifted = std::uint64_t{code} + first;
  const auto chunk = static_cast<std::size_t>(std::bit_width(shifted) - std::bit_width(first));
  return {chunk, static_cast<std::size_t>(shifted - (first << chunk))};
}

}  // namespace

// Open addressing. A slot is the high half of the hash and code + 1; 0 is free. It is filled once,
// after its string is in place, so that a reader who sees it may read the string.
struct Dictionary::Slots {
  explicit Slots(std::size_t count)
      : mask(count - 1), slots(std::make_unique<std::atomic<std::uint64_t>[]>(count)) {}
  std::size_t mask;
  std::unique_ptr<std::atomic<std::uint64_t>[]> slots;
};

Dictionary::Dictionary() : slots_(std::make_shared<Slots>(16)) {}

Dictionary::~Dictionary() {
  for (auto& chunk : chunks_) delete[] chunk.load(std::memory_order_relaxed);
}

std::uint32_t Dictionary::intern(std::string_view text) {
  const std::lock_guard writing(write_mutex_);
  return find_or_add(text, XXH3_64bits(text.data(), text.size()));
}

void Dictionary::intern_all(std::span<const std::string_view> texts,
                            std::span<std::uint32_t> codes) {
  constexpr std::size_t kTogether = 64;
  std::array<std::uint64_t, kTogether> hashes;
  const std::lock_guard writing(write_mutex_);
  for (std::size_t begin = 0; begin < texts.size(); begin += kTogether) {
    const std::size_t count = std::min(kTogether, texts.size() - begin);
    for (std::size_t i = 0; i < count; ++i) {
      hashes[i] = XXH3_64bits(texts[begin + i].data(), texts[begin + i].size());
      __builtin_prefetch(&slots_->slots[hashes[i] & slots_->mask]);
    }
    for (std::size_t i = 0; i < count; ++i) {
      // The slot is here by now; its string most likely is not.
      const std::uint64_t slot =
          slots_->slots[hashes[i] & slots_->mask].load(std::memory_order_relaxed);
      if ((slot & kHashHalf) != (hashes[i] & kHashHalf) || slot == 0 || slot == kForgotten)
        continue;
      const Place place = place_of(static_cast<std::uint32_t>(slot) - 1, kFirstChunk);
      __builtin_prefetch(chunks_[place.chunk].load(std::memory_order_relaxed)[place.entry].load(
          std::memory_order_relaxed));
    }
    for (std::size_t i = 0; i < count; ++i) {
      codes[begin + i] = find_or_add(texts[begin + i], hashes[i]);
    }
  }
}

std::uint32_t Dictionary::find_or_add(std::string_view text, std::uint64_t hash) {
  const std::uint32_t size = size_.load(std::memory_order_relaxed);
  if (4 * std::size_t{size} >= 3 * (slots_->mask + 1)) grow();
  for (std::size_t i = hash & slots_->mask;; i = (i + 1) & slots_->mask) {
    const std::uint64_t slot = slots_->slots[i].load(std::memory_order_relaxed);
    if (slot == 0) {
      append(store(text));
      slots_->slots[i].store((hash & kHashHalf) | (size + 1), std::memory_order_release);
      return size;
    }
    const std::uint32_t code = static_cast<std::uint32_t>(slot) - 1;
    if (slot != kForgotten && (slot & kHashHalf) == (hash & kHashHalf) && at(code) == text) {
      return code;
    }
  }
}

std::uint32_t Dictionary::append_blank() {
  const std::lock_guard writing(write_mutex_);
  append(kBlank);
  return size_.load(std::memory_order_relaxed) - 1;
}

bool Dictionary::is_blank(std::uint32_t code) const { return at(code).data() == kBlank + kPrefix; }

void Dictionary::forget(std::uint32_t code) {
  const std::lock_guard writing(write_mutex_);
  const std::string_view text = at(code);
  const std::uint64_t hash = XXH3_64bits(text.data(), text.size());
  const std::uint64_t wanted = (hash & kHashHalf) | (std::uint64_t{code} + 1);
  for (std::size_t i = hash & slots_->mask;; i = (i + 1) & slots_->mask) {
    const std::uint64_t slot = slots_->slots[i].load(std::memory_order_relaxed);
    if (slot == 0) break;  // It has no string already.
    if (slot != wanted) continue;
    slots_->slots[i].store(kForgotten, std::memory_order_release);
    break;
  }
  if (!frozen_.expired()) forgotten_.push_back({code, text.data() - kPrefix});
  const Place place = place_of(code, kFirstChunk);
  chunks_[place.chunk].load(std::memory_order_relaxed)[place.entry].store(
      kBlank, std::memory_order_release);
}

std::uint32_t Dictionary::find(std::string_view text) const {
  std::shared_ptr<Slots> table;
  {
    const std::lock_guard copying(slots_mutex_);
    table = slots_;
  }
  const std::uint64_t hash = XXH3_64bits(text.data(), text.size());
  for (std::size_t i = hash & table->mask;; i = (i + 1) & table->mask) {
    const std::uint64_t slot = table->slots[i].load(std::memory_order_acquire);
    if (slot == 0) return kMissing;
    const std::uint32_t code = static_cast<std::uint32_t>(slot) - 1;
    if (slot != kForgotten && (slot & kHashHalf) == (hash & kHashHalf) && at(code) == text) {
      return code;
    }
  }
}

std::string_view Dictionary::at(std::uint32_t code) const {
  const Place place = place_of(code, kFirstChunk);
  return read_stored(chunks_[place.chunk].load(std::memory_order_acquire)[place.entry].load(
      std::memory_order_acquire));
}

SaveLater Dictionary::freeze(const std::shared_ptr<Dictionary>& dictionary) {
  const std::lock_guard writing(dictionary->write_mutex_);
  auto frozen = dictionary->frozen_.lock();
  if (frozen == nullptr) {
    dictionary->forgotten_.clear();
    dictionary->frozen_ = frozen = std::make_shared<const Frozen>();
  }
  const auto count = static_cast<std::uint32_t>(dictionary->size());
  return [dictionary, frozen, count, forgotten = dictionary->forgotten_.size()](FieldWriter& out) {
    std::uint64_t bytes = 0;
    for (std::uint32_t code = 0; code < count; ++code) {
      const char* const stored = dictionary->stored_before(code, forgotten);
      bytes += kPrefix + (stored == kBlank ? 0 : read_length(stored));
    }
    out(std::uint64_t{count}, bytes);
    for (std::uint32_t code = 0; code < count; ++code) {
      const char* const stored = dictionary->stored_before(code, forgotten);
      if (stored == kBlank) {
        out(kBlankInFile);
      } else {
        out.elements(stored, kPrefix + read_length(stored));
      }
    }
  };
}

// What stood at a code when so many strings were forgotten.
const char* Dictionary::stored_before(std::uint32_t code, std::size_t forgotten) const {
  const Place place = place_of(code, kFirstChunk);
  const char* const stored = chunks_[place.chunk].load(std::memory_order_acquire)[place.entry].load(
      std::memory_order_acquire);
  if (stored != kBlank) return stored;
  const std::lock_guard writing(write_mutex_);
  for (std::size_t i = forgotten; i < forgotten_.size(); ++i) {
    if (forgotten_[i].code == code) return forgotten_[i].stored;
  }
  return kBlank;
}

void Dictionary::load(FieldReader& in) {
  std::uint64_t count = 0;
  in(count);
  const std::size_t bytes = in.count(1);
  in.require(count <= bytes / kPrefix && count < kMissing, "more strings than bytes");
  if (!in.ok() || count == 0) return;
  arenas_.push_back(std::make_unique_for_overwrite<char[]>(bytes));
  arena_bytes_ += bytes;
  const char* const arena = arenas_.back().get();
  in.elements(arenas_.back().get(), bytes);
  std::size_t offset = 0;
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    const bool prefixed = bytes - offset >= kPrefix;
    const bool blank = prefixed && read_length(arena + offset) == kBlankInFile;
    const std::size_t length = prefixed && !blank ? read_length(arena + offset) : 0;
    in.require(prefixed && length <= bytes - offset - kPrefix, "a string is cut off");
    if (!in.ok()) return;
    append(blank ? kBlank : arena + offset);
    offset += kPrefix + length;
  }
  in.require(offset == bytes, "bytes that are no string");
  if (in.ok()) in.aside([this, count] { index(std::bit_ceil(count + count / 2)); });
}

std::size_t Dictionary::bytes() const {
  const std::lock_guard writing(write_mutex_);
  const std::size_t size = size_.load(std::memory_order_relaxed);
  const std::size_t entries =
      size == 0
          ? 0
          : kFirstChunk *
                ((std::size_t{2} << place_of(std::uint32_t(size - 1), kFirstChunk).chunk) - 1);
  return sizeof(*this) + arena_bytes_ + entries * sizeof(char*) +
         (slots_->mask + 1) * sizeof(std::uint64_t);
}

const char* Dictionary::store(std::string_view text) {
  const std::size_t needed = kPrefix + text.size();
  if (needed > arena_left_) {
    const std::size_t bytes = std::max(needed, arenas_.empty() ? kSmallArenaBytes : kArenaBytes);
    arenas_.push_back(std::make_unique_for_overwrite<char[]>(bytes));
    arena_free_ = arenas_.back().get();
    arena_left_ = bytes;
    arena_bytes_ += bytes;
  }
  char* const stored = arena_free_;
  const auto length = static_cast<std::uint32_t>(text.size());
  std::memcpy(stored, &length, kPrefix);
  if (!text.empty()) std::memcpy(stored + kPrefix, text.data(), text.size());
  arena_free_ += needed;
  arena_left_ -= needed;
  return stored;
}

void Dictionary::append(const char* stored) {
  const std::uint32_t code = size_.load(std::memory_order_relaxed);
  const Place place = place_of(code, kFirstChunk);
  Entry* chunk = chunks_[place.chunk].load(std::memory_order_relaxed);
  if (chunk == nullptr) {
    chunk = new Entry[kFirstChunk << place.chunk];
    chunks_[place.chunk].store(chunk, std::memory_order_release);
  }
  chunk[place.entry].store(stored, std::memory_order_relaxed);
  size_.store(code + 1, std::memory_order_release);
}

void Dictionary::grow() { index(2 * (slots_->mask + 1)); }

void Dictionary::index(std::size_t slots) {
  auto larger = std::make_shared<Slots>(std::max(slots, slots_->mask + 1));
  const std::uint32_t size = size_.load(std::memory_order_relaxed);
  for (std::uint32_t code = 0; code < size; ++code) {
    const std::string_view text = at(code);
    if (is_blank(code)) continue;
    const std::uint64_t hash = XXH3_64bits(text.data(), text.size());
    std::size_t i = hash & larger->mask;
    while (larger->slots[i].load(std::memory_order_relaxed) != 0) i = (i + 1) & larger->mask;
    larger->slots[i].store((hash & kHashHalf) | (code + 1), std::memory_order_relaxed);
  }
  const std::lock_guard replacing(slots_mutex_);
  slots_ = std::move(larger);
}

}  // namespace grapevine
