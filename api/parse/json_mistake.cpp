#include "api/parse/json_mistake.hpp"

#include <charconv>
#include <cstdint>
#include <system_error>
#include <vector>

namespace grapevine {
namespace {

// The length of the well-formed UTF-8 sequence at the front (Unicode, table 3-7); 0: there is none.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return follows(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const bool in_range = (lead != 0xE0 || byte(1) >= 0xA0) && (lead != 0xED || byte(1) <= 0x9F);
    return in_range && follows(1) && follows(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const bool in_range = (lead != 0xF0 || byte(1) >= 0x90) && (lead != 0xF4 || byte(1) <= 0x8F);
    return in_range && follows(1) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

// Reads the text front to back with a stack of its own; stops at the first mistake.
class MistakeFinder {
 public:
  MistakeFinder(std::string_view text, int levels_max) : text_(text), levels_max_(levels_max) {}

  JsonMistake find() {
    value();
    while (!failed() && !levels_.empty()) next_in_container();
    skip_space();
    if (!failed() && at_ < text_.size()) fail("more text after the value");
    return std::move(mistake_);
  }

 private:
  struct Level {
    bool is_object;
    std::size_t count = 0;
    std::string key;
  };

  [[nodiscard]] bool failed() const { return !mistake_.detail.empty(); }
  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void fail(std::string detail) {
    if (failed()) return;
    mistake_.byte = at_;
    mistake_.detail = std::move(detail);
    for (const Level& level : levels_) {
      mistake_.pointer += '/';
      mistake_.pointer += level.is_object ? escape_pointer(level.key)
                                          : std::to_string(level.count == 0 ? 0 : level.count - 1);
    }
  }

  void skip_space() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != text_.npos) ++at_;
  }

  // A scalar as a whole, or the opening of a container.
  void value() {
    skip_space();
    if (at_ == text_.size()) return fail("the text ends where a value should stand");
    const char c = text_[at_];
    if (c == '{' || c == '[') {
      if (levels_.size() == static_cast<std::size_t>(levels_max_)) {
        return fail("nested deeper than " + std::to_string(levels_max_) + " levels");
      }
      levels_.push_back({c == '{', 0, {}});
      ++at_;
    } else if (c == '"') {
      string(nullptr);
    } else if (c == '-' || (c >= '0' && c <= '9')) {
      number();
    } else {
      word();
    }
  }

  // The next member or element of the innermost container, or its end.
  void next_in_container() {
    skip_space();
    Level& level = levels_.back();
    if (peek() == (level.is_object ? '}' : ']')) {
      ++at_;
      levels_.pop_back();
      return;
    }
    if (level.count++ > 0) {
      if (peek() != ',') return fail(level.is_object ? "wants , or }" : "wants , or ]");
      ++at_;
      skip_space();
    }
    if (level.is_object) {
      level.key.clear();
      if (peek() != '"') return fail("wants the name of a member, in quotes");
      std::string key;
      string(&key);
      level.key = std::move(key);
      skip_space();
      if (!failed() && peek() != ':') return fail("wants : after the name of a member");
      ++at_;
    }
    if (!failed()) value();
  }

  void string(std::string* raw) {
    const std::size_t begin = ++at_;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (static_cast<unsigned char>(text_[at_]) < 0x20) return fail("a control character");
      const std::size_t length =
          text_[at_] == '\\' ? escape_length() : utf8_length(text_.substr(at_));
      if (length == 0) return fail(text_[at_] == '\\' ? "no such escape" : "invalid UTF-8");
      at_ += length;
    }
    if (at_ >= text_.size()) {
      at_ = text_.size();
      return fail("the text ends inside a string");
    }
    if (raw != nullptr) *raw = text_.substr(begin, at_ - begin);
    ++at_;
  }

  [[nodiscard]] std::size_t escape_length() const {
    const std::string_view rest = text_.substr(at_ + 1);
    if (rest.empty()) return 0;
    if (std::string_view("\"\\/bfnrt").find(rest.front()) != std::string_view::npos) return 2;
    if (rest.front() != 'u' || !is_hex(rest.substr(1, 4))) return 0;
    if (!is_surrogate(rest.substr(1, 4), "89ab")) {
      return is_surrogate(rest.substr(1, 4), "cdef") ? 0 : 6;
    }
    const bool paired = rest.substr(5, 2) == "\\u" && is_hex(rest.substr(7, 4)) &&
                        is_surrogate(rest.substr(7, 4), "cdef");
    return paired ? 12 : 0;
  }

  static bool is_hex(std::string_view digits) {
    return digits.size() == 4 &&
           digits.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
  }

  // \uD800 to \uDBFF come first in a pair ("89ab"), \uDC00 to \uDFFF second ("cdef").
  static bool is_surrogate(std::string_view digits, std::string_view second) {
    return (digits[0] | 0x20) == 'd' &&
           second.find(static_cast<char>(digits[1] | 0x20)) != std::string_view::npos;
  }

  void number() {
    std::size_t end = text_.find_first_not_of("+-.0123456789eE", at_);
    if (end == std::string_view::npos) end = text_.size();
    std::string_view digits = text_.substr(at_, end - at_);
    std::string_view whole = digits;
    if (whole.front() == '-') whole.remove_prefix(1);
    const bool zero_first =
        whole.size() > 1 && whole[0] == '0' && whole[1] >= '0' && whole[1] <= '9';
    const bool digit_first = !whole.empty() && whole[0] >= '0' && whole[0] <= '9';
    const std::size_t point = whole.find('.');
    const bool point_right =
        point == std::string_view::npos ||
        (point + 1 < whole.size() && whole[point + 1] >= '0' && whole[point + 1] <= '9');
    double parsed = 0.0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), parsed);
    if (read.ec == std::errc::result_out_of_range) return fail("a number out of range");
    if (zero_first || !digit_first || !point_right || read.ec != std::errc() ||
        read.ptr != digits.data() + digits.size()) {
      return fail("not a number");
    }
    const bool is_integer = digits.find_first_of(".eE") == std::string_view::npos;
    if (is_integer && (parsed >= 0x1p64 || parsed < -0x1p63)) return fail("a number out of range");
    at_ = end;
  }

  void word() {
    for (const std::string_view known : {"true", "false", "null"}) {
      if (text_.substr(at_, known.size()) == known) {
        at_ += known.size();
        return;
      }
    }
    fail("not a value");
  }

  std::string_view text_;
  int levels_max_;
  std::size_t at_ = 0;
  std::vector<Level> levels_;
  JsonMistake mistake_;
};

}  // namespace

JsonMistake find_json_mistake(std::string_view text, int levels_max) {
  return MistakeFinder(text, levels_max).find();
}

std::string escape_pointer(std::string_view segment) {
  std::string escaped;
  for (const char c : segment) {
    if (c == '~') {
      escaped += "~0";
    } else if (c == '/') {
      escaped += "~1";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

}  // namespace grapevine
