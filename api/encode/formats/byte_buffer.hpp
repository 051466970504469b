#pragma once

#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

namespace grapevine::sql {

/// Bytes that are written front to back. Writers ask for room, write through a pointer and say how far
/// they came, so that a number costs no look at sizes but one. Not thread-safe.
class ByteBuffer {
 public:
  /// Room for `bytes` behind what was written. Valid until the next call.
  [[nodiscard]] char* reserve(std::size_t bytes) {
    if (static_cast<std::size_t>(end_ - at_) < bytes) grow(bytes);
    return at_;
  }
  /// Everything before `end` is written. Precondition: it is in the room that was reserved.
  void advance_to(char* end) { at_ = end; }

  void append(std::string_view bytes) {
    char* to = reserve(bytes.size());
    if (!bytes.empty()) std::memcpy(to, bytes.data(), bytes.size());
    at_ += bytes.size();
  }
  void append(char byte) {
    *reserve(1) = byte;
    ++at_;
  }
  void append(std::size_t count, char byte) {
    std::memset(reserve(count), byte, count);
    at_ += count;
  }

  [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(at_ - bytes_.data()); }
  [[nodiscard]] std::string_view view() const { return {bytes_.data(), size()}; }
  void clear() { at_ = bytes_.data(); }
  /// What was written since it was last asked or cleared.
  [[nodiscard]] std::string take();

 private:
  void grow(std::size_t bytes);

  std::string bytes_;
  char* at_ = bytes_.data();
  char* end_ = bytes_.data();
  std::size_t first_bytes_ = 4096;  // What a new buffer begins with: as large as the last one was.
};

/// A short text that is appended again and again: between values, or before them.
class Lead {
 public:
  explicit Lead(std::string text) : size_(text.size()), text_(std::move(text)) {
    text_.resize((size_ / kStep + 1) * kStep);
  }
  void append_to(ByteBuffer& out) const {
    char* at = out.reserve(text_.size());
    // Whole steps, past the end: cheaper than a copy of any size.
    for (std::size_t i = 0; i < text_.size(); i += kStep) {
      std::memcpy(at + i, text_.data() + i, kStep);
    }
    out.advance_to(at + size_);
  }

 private:
  static constexpr std::size_t kStep = 16;
  std::size_t size_;
  std::string text_;
};

}  // namespace grapevine::sql
