// Strings to lists of strings and back.
#include <limits>
#include <string>
#include <utility>

#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/regex.hpp"
#include "kernels/query/functions/text_kernels.hpp"
#include "kernels/query/functions/utf8.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// How many parts there are at most: an argument of its own, where it is positive.
absl::StatusOr<std::size_t> parts_max(const Call& call, std::size_t argument) {
  if (call.size() <= argument) return std::numeric_limits<std::size_t>::max();
  GRAPEVINE_ASSIGN_OR_RETURN(const std::int64_t most, constant_integer(call, argument));
  if (most <= 0) return std::numeric_limits<std::size_t>::max();
  return static_cast<std::size_t>(most);
}

void split_by(std::string_view text, std::string_view separator, std::size_t most,
              TextLists& lists) {
  std::size_t count = 0;
  for (std::size_t at = 0; count < most; ++count) {
    const std::size_t found = text.find(separator, at);
    lists.add(text.substr(at, found == std::string_view::npos ? found : found - at));
    if (found == std::string_view::npos) return;
    at = found + separator.size();
  }
}

absl::StatusOr<Resolved> split_by_char(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_strings(call, 2));
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string separator, constant_string(call, 0));
  if (separator.size() != 1) {
    return query_error(
        QueryErrorCode::BadArguments,
        joined({"Illegal separator for function ", call.name, ". Must be exactly one byte"}));
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const std::size_t most, parts_max(call, 2));
  return list_of_text(1, [separator, most](std::string_view text, TextLists& lists) {
    split_by(text, separator, most, lists);
  });
}

absl::StatusOr<Resolved> split_by_string(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_strings(call, 2));
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string separator, constant_string(call, 0));
  GRAPEVINE_ASSIGN_OR_RETURN(const std::size_t most, parts_max(call, 2));
  return list_of_text(1, [separator, most](std::string_view text, TextLists& lists) {
    if (!separator.empty()) return split_by(text, separator, most, lists);
    std::size_t count = 0;
    for (; !text.empty() && count < most; ++count) {
      lists.add(text.substr(0, 1));
      text.remove_prefix(1);
    }
  });
}

absl::StatusOr<Resolved> split_by_regexp(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_strings(call, 2));
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string pattern, constant_string(call, 0));
  GRAPEVINE_ASSIGN_OR_RETURN(const RegexPtr regex, compile_regex(pattern));
  GRAPEVINE_ASSIGN_OR_RETURN(const std::size_t most, parts_max(call, 2));
  const bool bytes = pattern.empty();
  return list_of_text(1, [regex, most, bytes](std::string_view text, TextLists& lists) {
    std::size_t count = 0;
    if (bytes) {
      for (; !text.empty() && count < most; ++count) {
        lists.add(text.substr(0, 1));
        text.remove_prefix(1);
      }
      return;
    }
    std::size_t at = 0;
    re2::StringPiece found;
    for (; count < most; ++count) {
      const bool is_found =
          regex->Match(piece(text), at, text.size(), re2::RE2::UNANCHORED, &found, 1) &&
          !found.empty();
      if (!is_found) {
        lists.add(text.substr(at));
        return;
      }
      const auto begin = static_cast<std::size_t>(found.data() - text.data());
      lists.add(text.substr(at, begin - at));
      at = begin + found.size();
    }
  });
}

// Stretches of characters that are wanted.
template <bool (*is_wanted)(char)>
absl::StatusOr<Resolved> stretches(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_strings(call, 1));
  GRAPEVINE_ASSIGN_OR_RETURN(const std::size_t most, parts_max(call, 1));
  return list_of_text(0, [most](std::string_view text, TextLists& lists) {
    std::size_t at = 0;
    for (std::size_t count = 0; count < most; ++count) {
      while (at < text.size() && !is_wanted(text[at])) ++at;
      const std::size_t begin = at;
      while (at < text.size() && is_wanted(text[at])) ++at;
      if (begin == at) return;
      lists.add(text.substr(begin, at - begin));
    }
  });
}

bool is_not_space(char c) { return !(c == ' ' || (c >= '\t' && c <= '\r')); }
bool is_not_punctuation(char c) {
  const bool printed = c > ' ' && c < 0x7F;
  return is_not_space(c) && (!printed || is_alpha(c) || is_digit(c));
}

absl::StatusOr<Resolved> array_string_concat(const Call& call) {
  if (call.id(0) != TypeId::Array) return illegal_type(call, 0);
  std::string separator;
  if (call.size() > 1) {
    GRAPEVINE_ASSIGN_OR_RETURN(separator, constant_string(call, 1));
  }
  return Resolved{
      plain(TypeId::String),
      [separator, facts = call.facts](std::span<const ColumnPtr> arguments,
                                      std::size_t rows) -> absl::StatusOr<ColumnPtr> {
        const Column& column = *arguments[0];
        const ArrayValues& arrays = column.array();
        const DataType text = plain(TypeId::String);
        const bool may_be_null =
            arrays.elements->type.nullable || arrays.elements->type.id == TypeId::Nothing;
        GRAPEVINE_ASSIGN_OR_RETURN(
            const ColumnPtr elements,
            cast(arrays.elements, may_be_null ? nullable(text) : text, facts));
        const Texts texts(elements);
        ResultTexts results(rows);
        std::string result;
        for (std::size_t row = 0; row < rows && !results.failed(); ++row) {
          result.clear();
          const std::size_t at = column.slot(row);
          bool first = true;
          for (std::size_t i = at == 0 ? 0 : arrays.ends[at - 1]; i < arrays.ends[at]; ++i) {
            if (elements->is_null(i)) continue;
            if (!first) result += separator;
            first = false;
            result += texts[i];
          }
          results.add(result);
        }
        return std::move(results).finish();
      }};
}

// The text before so many delimiters, or behind so many from the end.
absl::StatusOr<Resolved> substring_index(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_strings(call, 2));
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string delimiter, constant_string(call, 1));
  GRAPEVINE_ASSIGN_OR_RETURN(const std::int64_t wanted, constant_integer(call, 2));
  return part_of_text([delimiter, wanted](std::string_view text) -> std::string_view {
    if (wanted == 0 || delimiter.empty()) return {};
    std::size_t at = wanted > 0 ? 0 : text.size();
    for (std::int64_t left = wanted; left > 0; --left) {
      const std::size_t found = text.find(delimiter, at);
      if (found == std::string_view::npos) return text;
      if (left == 1) return text.substr(0, found);
      at = found + delimiter.size();
    }
    for (std::int64_t left = wanted; left < 0; ++left) {
      const std::size_t found =
          at == 0 ? std::string_view::npos : text.substr(0, at).rfind(delimiter);
      if (found == std::string_view::npos) return text;
      if (left == -1) return text.substr(found + delimiter.size());
      at = found;
    }
    return text;
  });
}

constexpr Definition kDefinitions[] = {
    {"splitByChar", split_by_char, 2, 3},
    {"splitByString", split_by_string, 2, 3},
    {"splitByRegexp", split_by_regexp, 2, 3},
    {"splitByWhitespace", stretches<is_not_space>, 1, 2},
    {"splitByNonAlpha", stretches<is_not_punctuation>, 1, 2},
    {"alphaTokens", stretches<is_alpha>, 1, 2},
    {"arrayStringConcat", array_string_concat, 1, 2},
    {"substringIndex", substring_index, 3, 3},
};

}  // namespace

std::span<const Definition> string_split_functions() { return kDefinitions; }

}  // namespace grapevine::sql
