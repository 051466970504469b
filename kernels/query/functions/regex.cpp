#include "kernels/query/functions/regex.hpp"

#include <cstring>
#include <utility>
#include <vector>

#include "kernels/query/functions/utf8.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// A character of a pattern of LIKE, with what it means.
struct LikeCharacter {
  enum class Kind { Literal, One, Any } kind;
  char byte = 0;
};

absl::StatusOr<std::vector<LikeCharacter>> read_like(std::string_view pattern) {
  std::vector<LikeCharacter> characters;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (c == '%') {
      characters.push_back({LikeCharacter::Kind::Any});
    } else if (c == '_') {
      characters.push_back({LikeCharacter::Kind::One});
    } else if (c != '\\') {
      characters.push_back({LikeCharacter::Kind::Literal, c});
    } else if (i + 1 == pattern.size()) {
      return query_error(QueryErrorCode::CannotParseEscapeSequence,
                         "Invalid escape sequence at the end of LIKE pattern '" +
                             std::string(pattern.substr(0, 200)) + "'");
    } else {
      const char next = pattern[i + 1];
      // A backslash before anything else is one.
      if (next == '%' || next == '_' || next == '\\') ++i;
      characters.push_back({LikeCharacter::Kind::Literal, pattern[i]});
    }
  }
  return characters;
}

}  // namespace

absl::StatusOr<RegexPtr> compile_regex(std::string_view pattern, bool ignore_case) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_dot_nl(true);
  options.set_case_sensitive(!ignore_case);
  options.set_max_mem(64 << 20);
  if (!is_well_formed(pattern)) options.set_encoding(re2::RE2::Options::EncodingLatin1);
  auto regex = std::make_shared<const re2::RE2>(piece(pattern), options);
  if (regex->ok()) return regex;
  return query_error(QueryErrorCode::CannotCompileRegexp,
                     "OptimizedRegularExpression: cannot compile re2: " +
                         std::string(pattern.substr(0, 200)) + ", error: " + regex->error());
}

absl::StatusOr<LikePattern> LikePattern::of(std::string_view pattern, bool ignore_case) {
  GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<LikeCharacter> characters, read_like(pattern));
  using CharacterKind = LikeCharacter::Kind;
  LikePattern made;
  std::size_t begin = 0;
  std::size_t end = characters.size();
  while (begin < end && characters[begin].kind == CharacterKind::Any) ++begin;
  while (end > begin && characters[end - 1].kind == CharacterKind::Any) --end;
  bool simple = !ignore_case;
  for (std::size_t i = begin; i < end; ++i) {
    simple &= characters[i].kind == CharacterKind::Literal;
    made.needle_ += characters[i].byte;
  }
  if (simple) {
    const bool open_begin = begin > 0;
    const bool open_end = end < characters.size();
    made.kind_ = open_begin && open_end ? Kind::Contains
                 : open_begin           ? (begin == end ? Kind::Contains : Kind::Ends)
                 : open_end             ? Kind::Begins
                                        : Kind::Equals;
    return made;
  }
  // Any text at an end is not looked at, so that it may be no UTF-8.
  std::string regex = begin > 0 ? "" : "^";
  for (std::size_t i = begin; i < end; ++i) {
    const LikeCharacter& character = characters[i];
    switch (character.kind) {
      case CharacterKind::Any: regex += ".*"; break;
      case CharacterKind::One: regex += '.'; break;
      case CharacterKind::Literal:
        if (std::strchr(".^$*+?()[]{}|\\", character.byte) != nullptr && character.byte != 0) {
          regex += '\\';
        }
        if (character.byte == 0) {
          regex += "\\x00";
        } else {
          regex += character.byte;
        }
    }
  }
  if (end == characters.size()) regex += '$';
  // `$` is the end of the text alone, and not before a last newline, as RE2 has it.
  GRAPEVINE_ASSIGN_OR_RETURN(made.regex_, compile_regex(regex, ignore_case));
  return made;
}

bool LikePattern::matches(std::string_view text) const {
  switch (kind_) {
    case Kind::Equals: return text == needle_;
    case Kind::Begins: return text.starts_with(needle_);
    case Kind::Ends: return text.ends_with(needle_);
    case Kind::Contains:
      return needle_.empty() ||
             memmem(text.data(), text.size(), needle_.data(), needle_.size()) != nullptr;
    case Kind::Regex: return re2::RE2::PartialMatch(piece(text), *regex_);
  }
  return false;
}

}  // namespace grapevine::sql
