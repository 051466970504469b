#pragma once

#include <optional>
#include <string_view>

namespace grapevine::sql {

/// Cuts a text into the JSON objects or arrays that stand in it one after the other, with white space
/// or a comma between them, perhaps all of them inside of an array. What is inside of them is left
/// unread. Not thread-safe.
class JsonRows {
 public:
  /// `open`: what rows begin with, { or [. `text` outlives it.
  JsonRows(std::string_view text, char open);
  /// The next one; nullopt: there is none, or what stands there is none: see `at_end`.
  std::optional<std::string_view> next();
  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }

 private:
  void skip_between();

  std::string_view text_;
  char open_;
  bool in_array_ = false;
  std::size_t at_ = 0;
};

}  // namespace grapevine::sql
