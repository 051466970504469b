#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <absl/status/statusor.h>
#include <re2/re2.h>

namespace grapevine::sql {

using RegexPtr = std::shared_ptr<const re2::RE2>;

/// A pattern in RE2's syntax, of which `.` matches newlines too. Matching takes time linear in the text.
/// Errors  CannotCompileRegexp (427).
absl::StatusOr<RegexPtr> compile_regex(std::string_view pattern, bool ignore_case = false);

/// A text as RE2 wants it.
inline re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view view(const re2::StringPiece& text) { return {text.data(), text.size()}; }

/// A pattern of LIKE: % is any text, _ a character, \ makes them ordinary. Immutable.
class LikePattern {
 public:
  /// Errors  CannotParseEscapeSequence (25), CannotCompileRegexp (427).
  static absl::StatusOr<LikePattern> of(std::string_view pattern, bool ignore_case);
  [[nodiscard]] bool matches(std::string_view text) const;

 private:
  enum class Kind { Equals, Begins, Ends, Contains, Regex };
  Kind kind_ = Kind::Regex;
  std::string needle_;
  RegexPtr regex_;
};

}  // namespace grapevine::sql
