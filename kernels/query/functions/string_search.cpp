// like, match, position, replace: functions that look for something in strings.
#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/regex.hpp"
#include "kernels/query/functions/text_kernels.hpp"
#include "kernels/query/functions/utf8.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

void ascii_lower(std::string_view text, std::string& result) {
  result.assign(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
}

// Compiles the pattern of each row, which most often is that of the row before.
template <typename Pattern, typename Compile>
class PatternOfRow {
 public:
  explicit PatternOfRow(Compile compile) : compile_(compile) {}
  absl::StatusOr<const Pattern*> of(std::string_view text) {
    if (!pattern_ || text_ != text) {
      GRAPEVINE_ASSIGN_OR_RETURN(pattern_, compile_(text));
      text_ = text;
    }
    return &*pattern_;
  }

 private:
  Compile compile_;
  std::string text_;
  std::optional<Pattern> pattern_;
};

template <bool ignore_case, bool wanted>
absl::StatusOr<Resolved> like(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_strings(call, 2));
  return Resolved{
      plain(TypeId::UInt8),
      [](std::span<const ColumnPtr> arguments, std::size_t rows) -> absl::StatusOr<ColumnPtr> {
        const Texts texts(arguments[0]);
        const Texts patterns(arguments[1]);
        const auto compile = [](std::string_view text) {
          return LikePattern::of(text, ignore_case);
        };
        PatternOfRow<LikePattern, decltype(compile)> pattern_of(compile);
        auto result = new_fixed(plain(TypeId::UInt8), rows);
        auto* to = result->fixed<std::uint8_t>().data();
        const LikePattern* pattern = nullptr;
        for (std::size_t row = 0; row < rows; ++row) {
          if (pattern == nullptr || !patterns.constant()) {
            GRAPEVINE_ASSIGN_OR_RETURN(pattern, pattern_of.of(patterns[row]));
          }
          to[row] = pattern->matches(texts[row]) == wanted;
        }
        return ColumnPtr(std::move(result));
      }};
}

absl::StatusOr<Resolved> match(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_strings(call, 2));
  return Resolved{
      plain(TypeId::UInt8),
      [](std::span<const ColumnPtr> arguments, std::size_t rows) -> absl::StatusOr<ColumnPtr> {
        const Texts texts(arguments[0]);
        const Texts patterns(arguments[1]);
        const auto compile = [](std::string_view text) { return compile_regex(text); };
        PatternOfRow<RegexPtr, decltype(compile)> pattern_of(compile);
        auto result = new_fixed(plain(TypeId::UInt8), rows);
        auto* to = result->fixed<std::uint8_t>().data();
        const RegexPtr* regex = nullptr;
        for (std::size_t row = 0; row < rows; ++row) {
          if (regex == nullptr || !patterns.constant()) {
            GRAPEVINE_ASSIGN_OR_RETURN(regex, pattern_of.of(patterns[row]));
          }
          to[row] = re2::RE2::PartialMatch(piece(texts[row]), **regex);
        }
        return ColumnPtr(std::move(result));
      }};
}

// Where a needle begins, in bytes from 0; npos: nowhere.
std::size_t find_text(std::string_view text, std::string_view needle, std::size_t from) {
  if (from > text.size()) return std::string_view::npos;
  if (needle.empty()) return from;
  const void* found = memmem(text.data() + from, text.size() - from, needle.data(), needle.size());
  if (found == nullptr) return std::string_view::npos;
  return static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

enum class Letters { Exact, IgnoreAscii, IgnoreUtf8 };

// Function (haystack, needle[, start]); of `locate` the needle is first.
template <bool utf8, Letters letters, bool needle_first>
absl::StatusOr<Resolved> position(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_strings(call, 2));
  if (call.size() > 2 && !is_integer(call.id(2))) return illegal_type(call, 2);
  return Resolved{
      plain(TypeId::UInt64), [](std::span<const ColumnPtr> arguments, std::size_t rows) {
        const Texts texts(arguments[needle_first ? 1 : 0]);
        const Texts needles(arguments[needle_first ? 0 : 1]);
        std::optional<Numbers<std::int64_t>> starts;
        if (arguments.size() > 2) starts.emplace(arguments[2]);
        auto result = new_fixed(plain(TypeId::UInt64), rows);
        auto* to = result->fixed<std::uint64_t>().data();
        std::string lower_text;
        std::string lower_needle;
        for (std::size_t row = 0; row < rows; ++row) {
          std::string_view text = texts[row];
          std::string_view needle = needles[row];
          if (letters != Letters::Exact) {
            lower_text.clear();
            lower_needle.clear();
            const auto lower = letters == Letters::IgnoreAscii ? ascii_lower : write_lower_utf8;
            lower(text, lower_text);
            lower(needle, lower_needle);
            text = lower_text;
            needle = lower_needle;
          }
          const std::int64_t said = starts ? (*starts)[row] : 1;
          const auto start = said <= 1 ? std::size_t{0} : static_cast<std::size_t>(said - 1);
          std::size_t from = start;
          if (utf8 && start > 0) {
            from = start > code_points(text) ? text.size() + 1 : offset_of_code_point(text, start);
          }
          const std::size_t found = find_text(text, needle, from);
          to[row] = found == std::string_view::npos ? 0
                    : utf8                          ? code_points(text.substr(0, found)) + 1
                                                    : found + 1;
        }
        return absl::StatusOr<ColumnPtr>(std::move(result));
      }};
}

template <Letters letters>
absl::StatusOr<Resolved> count_substrings(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_strings(call, 2));
  return number_of_texts<std::uint64_t>(
      TypeId::UInt64, [](std::string_view text, std::string_view needle) {
        std::string lower_text;
        std::string lower_needle;
        if (letters != Letters::Exact) {
          ascii_lower(text, lower_text);
          ascii_lower(needle, lower_needle);
          text = lower_text;
          needle = lower_needle;
        }
        std::uint64_t count = 0;
        if (needle.empty()) return count;
        for (std::size_t at = find_text(text, needle, 0); at != std::string_view::npos;
             at = find_text(text, needle, at + needle.size())) {
          ++count;
        }
        return count;
      });
}

template <bool at_end>
absl::StatusOr<Resolved> begins_or_ends(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_strings(call, 2));
  return number_of_texts<std::uint8_t>(
      TypeId::UInt8, [](std::string_view text, std::string_view part) {
        return at_end ? text.ends_with(part) : text.starts_with(part);
      });
}

template <bool all>
absl::StatusOr<Resolved> replace(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_strings(call, 3));
  return Resolved{plain(TypeId::String),
                  [](std::span<const ColumnPtr> arguments, std::size_t rows) {
                    const Texts texts(arguments[0]);
                    const Texts needles(arguments[1]);
                    const Texts replacements(arguments[2]);
                    ResultTexts results(rows);
                    std::string result;
                    for (std::size_t row = 0; row < rows && !results.failed(); ++row) {
                      const std::string_view text = texts[row];
                      const std::string_view needle = needles[row];
                      result.clear();
                      std::size_t at = 0;
                      while (!needle.empty()) {
                        const std::size_t found = find_text(text, needle, at);
                        if (found == std::string_view::npos) break;
                        result += text.substr(at, found - at);
                        result += replacements[row];
                        at = found + needle.size();
                        if (!all || !results.fits(result.size())) break;
                      }
                      result += text.substr(at);
                      results.add(result);
                    }
                    return std::move(results).finish();
                  }};
}

// Adds a replacement with what \0 to \9 stand for.
void write_replacement(std::string_view replacement, const std::vector<re2::StringPiece>& groups,
                       std::string& result) {
  for (std::size_t i = 0; i < replacement.size(); ++i) {
    if (replacement[i] != '\\' || i + 1 == replacement.size()) {
      result += replacement[i];
      continue;
    }
    const char next = replacement[++i];
    if (next >= '0' && next <= '9') {
      const auto group = static_cast<std::size_t>(next - '0');
      if (group < groups.size()) result += view(groups[group]);
    } else {
      if (next != '\\') result += '\\';
      result += next;
    }
  }
}

// What is found once, or again and again from left to right; where an empty text is found, the next
// byte is passed over.
bool write_replaced(std::string_view text, const re2::RE2& regex, std::string_view replacement,
                    bool all, ResultTexts& limits, std::string& result) {
  std::vector<re2::StringPiece> groups(
      static_cast<std::size_t>(std::min(regex.NumberOfCapturingGroups() + 1, 10)));
  std::size_t at = 0;
  while (at <= text.size()) {
    if (!limits.fits(result.size())) return false;
    if (!regex.Match(piece(text), at, text.size(), re2::RE2::UNANCHORED, groups.data(),
                     static_cast<int>(groups.size()))) {
      break;
    }
    const auto begin = static_cast<std::size_t>(groups[0].data() - text.data());
    result += text.substr(at, begin - at);
    write_replacement(replacement, groups, result);
    at = begin + groups[0].size();
    if (!all) break;
    if (groups[0].empty()) {
      if (at < text.size()) result += text[at];
      ++at;
    }
  }
  if (at < text.size()) result += text.substr(at);
  return true;
}

// Errors  BadArguments (36): a group that the pattern does not have.
absl::Status check_replacement(std::string_view replacement, const re2::RE2& regex) {
  for (std::size_t i = 0; i + 1 < replacement.size(); ++i) {
    if (replacement[i] != '\\') continue;
    const int group = replacement[++i] - '0';
    if (group > regex.NumberOfCapturingGroups() && group <= 9) {
      return query_error(
          QueryErrorCode::BadArguments,
          joined({"Substitution '\\", std::to_string(group),
                  "' in replacement argument is invalid, regexp has only ",
                  std::to_string(regex.NumberOfCapturingGroups()), " capturing groups"}));
    }
  }
  return absl::OkStatus();
}

template <bool all>
absl::StatusOr<Resolved> replace_regex(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_strings(call, 3));
  return Resolved{
      plain(TypeId::String),
      [](std::span<const ColumnPtr> arguments, std::size_t rows) -> absl::StatusOr<ColumnPtr> {
        const Texts texts(arguments[0]);
        const Texts patterns(arguments[1]);
        const Texts replacements(arguments[2]);
        const auto compile = [](std::string_view text) -> absl::StatusOr<RegexPtr> {
          auto regex = compile_regex(text);
          if (regex.ok()) return regex;
          return query_error(
              QueryErrorCode::BadArguments,
              joined({"The pattern argument is not a valid re2 pattern: ", text.substr(0, 200)}));
        };
        PatternOfRow<RegexPtr, decltype(compile)> pattern_of(compile);
        ResultTexts results(rows);
        std::string result;
        for (std::size_t row = 0; row < rows && !results.failed(); ++row) {
          GRAPEVINE_ASSIGN_OR_RETURN(const RegexPtr* regex, pattern_of.of(patterns[row]));
          result.clear();
          if (!patterns[row].empty()) {
            GRAPEVINE_RETURN_IF_ERROR(check_replacement(replacements[row], **regex));
          }
          if (patterns[row].empty()) {
            result = texts[row];
          } else if (!write_replaced(texts[row], **regex, replacements[row], all, results,
                                     result)) {
            break;
          }
          results.add(result);
        }
        return std::move(results).finish();
      }};
}

constexpr auto kSkipped = Definition::Nulls::Skipped;
constexpr Definition kDefinitions[] = {
    {"like", like<false, true>, 2, 2, kSkipped},
    {"notLike", like<false, false>, 2, 2, kSkipped},
    {"ilike", like<true, true>, 2, 2, kSkipped},
    {"notILike", like<true, false>, 2, 2, kSkipped},
    {"match", match, 2, 2, kSkipped},
    {"position", position<false, Letters::Exact, false>, 2, 3},
    {"locate", position<false, Letters::Exact, true>, 2, 3},
    {"positionUTF8", position<true, Letters::Exact, false>, 2, 3},
    {"positionCaseInsensitive", position<false, Letters::IgnoreAscii, false>, 2, 3},
    {"positionCaseInsensitiveUTF8", position<true, Letters::IgnoreUtf8, false>, 2, 3},
    {"countSubstrings", count_substrings<Letters::Exact>, 2, 2},
    {"countSubstringsCaseInsensitive", count_substrings<Letters::IgnoreAscii>, 2, 2},
    {"startsWith", begins_or_ends<false>, 2, 2},
    {"endsWith", begins_or_ends<true>, 2, 2},
    {"replaceAll", replace<true>, 3, 3, kSkipped},
    {"replaceOne", replace<false>, 3, 3, kSkipped},
    {"replaceRegexpAll", replace_regex<true>, 3, 3, kSkipped},
    {"replaceRegexpOne", replace_regex<false>, 3, 3, kSkipped},
};

}  // namespace

std::span<const Definition> string_search_functions() { return kDefinitions; }

}  // namespace grapevine::sql
