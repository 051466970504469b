#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace grapevine {

/// The elements of a CopyOnWriteArray as they stood at one moment. Immutable; any thread may read.
template <typename Element>
struct FrozenArray {
  static constexpr std::size_t kChunk = 8192;  ///< Elements.
  std::vector<std::shared_ptr<const std::vector<Element>>> chunks;
  std::size_t size = 0;

  /// Writes the elements, for CopyOnWriteArray::load.
  template <typename Writer>
  void save(Writer& out) const {
    out(std::uint64_t{size});
    for (const auto& chunk : chunks) out.elements(chunk->data(), chunk->size());
  }
};

/// An array of which a moment can be kept while it is written on: `freeze` shares its chunks, and
/// the first write to each of them afterwards copies it. Not thread-safe.
template <typename Element>
class CopyOnWriteArray {
 public:
  static constexpr std::size_t kChunk = FrozenArray<Element>::kChunk;

  [[nodiscard]] std::size_t size() const { return size_; }
  /// Precondition, here and below: i < size().
  [[nodiscard]] const Element& operator[](std::size_t i) const {
    return (*chunks_[i / kChunk])[i % kChunk];
  }
  void set(std::size_t i, Element value) { edit(i) = std::move(value); }
  /// To be changed before the array is frozen or grows.
  Element& edit(std::size_t i) { return writable(i / kChunk)[i % kChunk]; }
  void push_back(Element value) {
    if (size_ % kChunk == 0) add_chunk();
    writable(size_ / kChunk).push_back(std::move(value));
    ++size_;
  }
  /// Makes it at least that long.
  void grow(std::size_t size, Element fill) {
    while (size_ < size) {
      if (size_ % kChunk == 0) add_chunk();
      std::vector<Element>& last = writable(size_ / kChunk);
      last.resize(std::min(kChunk, last.size() + (size - size_)), fill);
      size_ = (chunks_.size() - 1) * kChunk + last.size();
    }
  }

  /// Reads what FrozenArray::save wrote. Precondition: empty.
  template <typename Reader>
  void load(Reader& in) {
    const std::size_t count = in.count(1);
    while (size_ < count && in.ok()) {
      add_chunk();
      chunks_.back()->resize(std::min(kChunk, count - size_));
      in.elements(chunks_.back()->data(), chunks_.back()->size());
      size_ += chunks_.back()->size();
    }
  }
  /// Whether every element is below that.
  [[nodiscard]] bool all_below(std::uint64_t bound) const {
    return std::all_of(chunks_.begin(), chunks_.end(), [bound](const auto& chunk) {
      return std::all_of(chunk->begin(), chunk->end(),
                         [bound](Element e) { return std::uint64_t{e} < bound; });
    });
  }

  /// Cost: a pointer for each chunk of 8,192 elements.
  FrozenArray<Element> freeze() {
    ++moment_;
    return {{chunks_.begin(), chunks_.end()}, size_};
  }

 private:
  void add_chunk() {
    chunks_.push_back(std::make_shared<std::vector<Element>>());
    chunks_.back()->reserve(chunks_.size() == 1 ? 0 : kChunk);
    written_in_.push_back(moment_);
  }
  std::vector<Element>& writable(std::size_t chunk) {
    if (written_in_[chunk] != moment_) {
      chunks_[chunk] = std::make_shared<std::vector<Element>>(*chunks_[chunk]);
      written_in_[chunk] = moment_;
    }
    return *chunks_[chunk];
  }

  std::vector<std::shared_ptr<std::vector<Element>>> chunks_;
  std::vector<std::uint64_t> written_in_;  // By chunk: the moment after which it was last copied.
  std::uint64_t moment_ = 0;               // How many were frozen.
  std::size_t size_ = 0;
};

}  // namespace grapevine
