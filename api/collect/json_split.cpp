#include "api/collect/json_split.hpp"

#include <cstddef>

namespace grapevine {
namespace {

class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  void skip_space() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }

  bool take(char expected) {
    skip_space();
    if (at_ == text_.size() || text_[at_] != expected) return false;
    ++at_;
    return true;
  }

  [[nodiscard]] bool at_end() {
    skip_space();
    return at_ == text_.size();
  }

  // The string that begins here, with its quotes.
  std::optional<std::string_view> string() {
    skip_space();
    const std::size_t begin = at_;
    if (!skip_string()) return std::nullopt;
    return text_.substr(begin, at_ - begin);
  }

  // The value that begins here, whatever it is.
  std::optional<std::string_view> value() {
    skip_space();
    const std::size_t begin = at_;
    std::size_t depth = 0;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"') {
        if (!skip_string()) return std::nullopt;
        if (depth == 0) break;
        continue;
      }
      if (depth == 0 && (c == ',' || c == ']' || c == '}' || is_space(c))) break;
      ++at_;
      if (c == '{' || c == '[') ++depth;
      if ((c == '}' || c == ']') && --depth == 0) break;
    }
    if (depth != 0 || at_ == begin) return std::nullopt;
    return text_.substr(begin, at_ - begin);
  }

 private:
  static bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

  bool skip_string() {
    if (at_ == text_.size() || text_[at_] != '"') return false;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"') return ++at_, true;
      if (text_[at_] == '\\') ++at_;
    }
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<std::vector<RawMember>> split_object(std::string_view text) {
  Splitter splitter(text);
  if (!splitter.take('{')) return std::nullopt;
  std::vector<RawMember> members;
  bool closed = splitter.take('}');
  while (!closed) {
    const auto name = splitter.string();
    if (!name || !splitter.take(':')) return std::nullopt;
    const auto value = splitter.value();
    if (!value) return std::nullopt;
    members.push_back({name->substr(1, name->size() - 2), *value});
    closed = splitter.take('}');
    if (!closed && !splitter.take(',')) return std::nullopt;
  }
  if (!splitter.at_end()) return std::nullopt;
  return members;
}

std::optional<std::vector<std::string_view>> split_array(std::string_view text) {
  Splitter splitter(text);
  if (!splitter.take('[')) return std::nullopt;
  std::vector<std::string_view> values;
  bool closed = splitter.take(']');
  while (!closed) {
    const auto value = splitter.value();
    if (!value) return std::nullopt;
    values.push_back(*value);
    closed = splitter.take(']');
    if (!closed && !splitter.take(',')) return std::nullopt;
  }
  if (!splitter.at_end()) return std::nullopt;
  return values;
}

}  // namespace grapevine
