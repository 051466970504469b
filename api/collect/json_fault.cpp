#include "api/collect/json_fault.hpp"

#include <cstdint>
#include <vector>

namespace grapevine {
namespace {

// Reads one JSON text from its front. After the first fault `at()` is where it stands.
class JsonChecker {
 public:
  explicit JsonChecker(std::string_view text) : text_(text) {}

  [[nodiscard]] std::size_t at() const { return at_; }

  bool whole_text() {
    if (!value()) return false;
    while (!open_.empty()) {
      skip_space();
      const bool in_object = open_.back();
      if (take(in_object ? '}' : ']')) {
        open_.pop_back();
        continue;
      }
      if (!take(',') || (in_object && !name()) || !value()) return false;
    }
    skip_space();
    return at_ == text_.size();
  }

 private:
  // A scalar, an empty container, or a container up to and with its first scalar.
  bool value() {
    for (;;) {
      skip_space();
      if (take('{')) {
        skip_space();
        if (take('}')) return true;
        open_.push_back(true);
        if (!name()) return false;
      } else if (take('[')) {
        skip_space();
        if (take(']')) return true;
        open_.push_back(false);
      } else {
        return scalar();
      }
    }
  }

  bool name() {
    skip_space();
    if (!string()) return false;
    skip_space();
    return take(':');
  }

  bool scalar() {
    switch (peek()) {
      case '"': return string();
      case 't': return word("true");
      case 'f': return word("false");
      case 'n': return word("null");
      default: return number();
    }
  }

  bool word(std::string_view expected) {
    for (const char c : expected) {
      if (!take(c)) return false;
    }
    return true;
  }

  bool number() {
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (!take('e') && !take('E')) return true;
    if (!take('+')) take('-');
    return digits();
  }

  bool digits() {
    const std::size_t begin = at_;
    while (peek() >= '0' && peek() <= '9') ++at_;
    return at_ > begin;
  }

  bool string() {
    if (!take('"')) return false;
    for (;;) {
      const auto byte = static_cast<unsigned char>(peek());
      if (at_ == text_.size() || byte < 0x20) return false;
      if (take('"')) return true;
      const bool fine = byte == '\\' ? escape() : character(byte);
      if (!fine) return false;
    }
  }

  bool escape() {
    const std::size_t begin = at_++;
    bool fine = false;
    if (take('u')) {
      const std::uint32_t unit = hex4();
      const bool is_high = unit >= 0xD800 && unit < 0xDC00;
      fine = unit <= 0xFFFF && (unit < 0xD800 || unit > 0xDFFF);
      if (is_high && take('\\') && take('u')) {
        const std::uint32_t low = hex4();
        fine = low >= 0xDC00 && low <= 0xDFFF;
      }
    } else if (at_ < text_.size() && std::string_view("\"\\/bfnrt").find(peek()) != text_.npos) {
      ++at_;
      fine = true;
    }
    if (!fine) at_ = begin;
    return fine;
  }

  // Four hexadecimal digits; beyond 0xFFFF: there are not four.
  std::uint32_t hex4() {
    std::uint32_t unit = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      const char c = peek();
      if (c >= '0' && c <= '9') {
        unit = unit * 16 + static_cast<std::uint32_t>(c - '0');
      } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
        unit = unit * 16 + static_cast<std::uint32_t>((c | 0x20) - 'a') + 10;
      } else {
        return 0x1'0000;
      }
    }
    return unit;
  }

  // One character of UTF-8: shortest form, no surrogates, at most U+10FFFF (RFC 3629).
  bool character(unsigned char lead) {
    if (lead < 0x80) return ++at_, true;
    const std::size_t bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text_.size() - at_ < bytes) return false;
    for (std::size_t i = 1; i < bytes; ++i) {
      if ((static_cast<unsigned char>(text_[at_ + i]) & 0xC0) != 0x80) return false;
    }
    const auto second = static_cast<unsigned char>(text_[at_ + 1]);
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
        (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) {
      return false;
    }
    at_ += bytes;
    return true;
  }

  void skip_space() {
    while (peek() == ' ' || peek() == '\n' || peek() == '\r' || peek() == '\t') ++at_;
  }

  // NUL at the end, which no rule expects.
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  bool take(char expected) {
    if (at_ == text_.size() || text_[at_] != expected) return false;
    ++at_;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<bool> open_;  // Brackets, outermost first; true = object.
};

}  // namespace

std::optional<std::size_t> find_json_fault(std::string_view text) {
  JsonChecker checker(text);
  if (checker.whole_text()) return std::nullopt;
  return checker.at();
}

}  // namespace grapevine
