// concat, format, repeat, pads: what makes longer strings.
#include <algorithm>
#include <optional>
#include <utility>

#include "kernels/query/functions/arrays.hpp"
#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/text_kernels.hpp"
#include "kernels/query/functions/utf8.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// Arguments of any type as Strings.
absl::StatusOr<std::vector<ColumnPtr>> as_strings(std::span<const ColumnPtr> arguments,
                                                  const SessionFacts& facts) {
  std::vector<ColumnPtr> columns;
  for (const ColumnPtr& argument : arguments) {
    const DataType text = plain(TypeId::String);
    const bool may_be_null = argument->type.nullable;
    GRAPEVINE_ASSIGN_OR_RETURN(ColumnPtr column,
                               cast(argument, may_be_null ? nullable(text) : text, facts));
    columns.push_back(std::move(column));
  }
  return columns;
}

std::vector<std::unique_ptr<Texts>> texts_of(std::span<const ColumnPtr> columns) {
  std::vector<std::unique_ptr<Texts>> texts;
  for (const ColumnPtr& column : columns) texts.push_back(std::make_unique<Texts>(column));
  return texts;
}

// All arguments from `first` on in a row, with a separator between.
Resolved concatenation(const Call& call, bool with_separator) {
  return {plain(TypeId::String),
          [with_separator, facts = call.facts](std::span<const ColumnPtr> arguments,
                                               std::size_t rows) -> absl::StatusOr<ColumnPtr> {
            GRAPEVINE_ASSIGN_OR_RETURN(const auto columns, as_strings(arguments, facts));
            const auto texts = texts_of(columns);
            ResultTexts results(rows);
            std::string text;
            const std::size_t first = with_separator ? 1 : 0;
            for (std::size_t row = 0; row < rows && !results.failed(); ++row) {
              text.clear();
              for (std::size_t i = first; i < texts.size(); ++i) {
                if (with_separator && i > first) text += (*texts[0])[row];
                text += (*texts[i])[row];
              }
              results.add(text);
            }
            return std::move(results).finish();
          }};
}

absl::StatusOr<Resolved> concat(const Call& call) {
  if (call.size() == 0) {
    return Resolved{plain(TypeId::String), [](std::span<const ColumnPtr>, std::size_t rows) {
                      return absl::StatusOr<ColumnPtr>(constant_text("", rows));
                    }};
  }
  if (call.id(0) == TypeId::Array) return concat_arrays(call);
  return concatenation(call, false);
}

absl::StatusOr<Resolved> concat_with_separator(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_strings(call, 1));
  return concatenation(call, true);
}

// A format as its texts and the argument behind each; the last has none.
struct FormatPart {
  std::string text;
  std::optional<std::size_t> argument;
};

absl::StatusOr<std::vector<FormatPart>> format_parts(const std::string& format,
                                                     std::size_t arguments) {
  const auto bad = [](std::string_view why) {
    return query_error(QueryErrorCode::BadArguments, why);
  };
  std::vector<FormatPart> parts(1);
  std::size_t next = 0;
  bool numbered = false;
  bool counted = false;
  for (std::size_t i = 0; i < format.size(); ++i) {
    const char c = format[i];
    if ((c == '{' || c == '}') && i + 1 < format.size() && format[i + 1] == c) {
      parts.back().text += c;
      ++i;
      continue;
    }
    if (c == '}') return bad("Single '}' encountered in format string");
    if (c != '{') {
      parts.back().text += c;
      continue;
    }
    const std::size_t end = format.find('}', i);
    if (end == std::string::npos) return bad("Unclosed '{' in format string");
    const std::string number = format.substr(i + 1, end - i - 1);
    std::size_t index = next++;
    if (number.empty()) {
      counted = true;
    } else {
      numbered = true;
      if (number.size() > 6 || number.find_first_not_of("0123456789") != std::string::npos) {
        return bad("Not a number in curly braces of format string");
      }
      index = std::stoul(number);
    }
    if (numbered && counted) {
      return bad("Cannot switch between automatic and manual field numbering in format string");
    }
    if (index >= arguments) return bad("Argument is too big for formatting");
    parts.back().argument = index;
    parts.emplace_back();
    i = end;
  }
  return parts;
}

absl::StatusOr<Resolved> format(const Call& call) {
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string pattern, constant_string(call, 0));
  GRAPEVINE_ASSIGN_OR_RETURN(const auto parts, format_parts(pattern, call.size() - 1));
  return Resolved{plain(TypeId::String),
                  [parts, facts = call.facts](std::span<const ColumnPtr> arguments,
                                              std::size_t rows) -> absl::StatusOr<ColumnPtr> {
                    GRAPEVINE_ASSIGN_OR_RETURN(const auto columns,
                                               as_strings(arguments.subspan(1), facts));
                    const auto texts = texts_of(columns);
                    ResultTexts results(rows);
                    std::string text;
                    for (std::size_t row = 0; row < rows && !results.failed(); ++row) {
                      text.clear();
                      for (const FormatPart& part : parts) {
                        text += part.text;
                        if (part.argument) text += (*texts[*part.argument])[row];
                      }
                      results.add(text);
                    }
                    return std::move(results).finish();
                  }};
}

absl::Status too_large(std::string_view what, std::int64_t count) {
  return query_error(QueryErrorCode::TooLargeStringSize,
                     joined({what, " (", std::to_string(count), ") is too big"}));
}

absl::StatusOr<Resolved> repeat(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_strings(call, 1));
  if (!is_integer(call.id(1))) return illegal_type(call, 1);
  return Resolved{
      plain(TypeId::String),
      [](std::span<const ColumnPtr> arguments, std::size_t rows) -> absl::StatusOr<ColumnPtr> {
        constexpr std::int64_t kTimesMax = 1'000'000;
        const Texts texts(arguments[0]);
        const Numbers<std::int64_t> counts(arguments[1]);
        ResultTexts results(rows);
        std::string text;
        for (std::size_t row = 0; row < rows; ++row) {
          text.clear();
          const std::int64_t count = std::max<std::int64_t>(counts[row], 0);
          if (count > kTimesMax) return too_large("Number of repetitions", count);
          if (!results.fits(static_cast<std::size_t>(count) * texts[row].size())) break;
          for (std::int64_t i = 0; i < count; ++i) text += texts[row];
          results.add(text);
        }
        return std::move(results).finish();
      }};
}

absl::StatusOr<Resolved> space(const Call& call) {
  if (!is_integer(call.id(0))) return illegal_type(call, 0);
  return Resolved{
      plain(TypeId::String),
      [](std::span<const ColumnPtr> arguments, std::size_t rows) -> absl::StatusOr<ColumnPtr> {
        const Numbers<std::int64_t> counts(arguments[0]);
        ResultTexts results(rows);
        for (std::size_t row = 0; row < rows; ++row) {
          const std::int64_t count = std::max<std::int64_t>(counts[row], 0);
          if (!results.fits(static_cast<std::size_t>(count))) break;
          results.add(std::string(static_cast<std::size_t>(count), ' '));
        }
        return std::move(results).finish();
      }};
}

template <bool utf8, bool at_left>
absl::StatusOr<Resolved> pad(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_strings(call, 1));
  if (!is_integer(call.id(1))) return illegal_type(call, 1);
  std::string filling = " ";
  if (call.size() > 2) {
    GRAPEVINE_ASSIGN_OR_RETURN(filling, constant_string(call, 2));
    if (filling.empty()) filling = " ";
  }
  return Resolved{
      plain(TypeId::String),
      [filling](std::span<const ColumnPtr> arguments,
                std::size_t rows) -> absl::StatusOr<ColumnPtr> {
        const Texts texts(arguments[0]);
        const Numbers<std::int64_t> lengths(arguments[1]);
        const auto size_of = [](std::string_view text) {
          return utf8 ? code_points(text) : text.size();
        };
        const auto first = [](std::string_view text, std::size_t count) {
          return utf8 ? text.substr(0, offset_of_code_point(text, count)) : text.substr(0, count);
        };
        const std::size_t step = size_of(filling);
        ResultTexts results(rows);
        std::string fill;
        for (std::size_t row = 0; row < rows && !results.failed(); ++row) {
          const std::int64_t wanted = lengths[row];
          if (wanted < 0) {
            return query_error(
                QueryErrorCode::IndexOfPositionalArgumentIsOutOfRange,
                joined({"New padded length (", std::to_string(wanted), ") is negative"}));
          }
          if (wanted > static_cast<std::int64_t>(kTextBytesMax)) {
            return too_large("New padded length", wanted);
          }
          const auto length = static_cast<std::size_t>(wanted);
          const std::size_t size = size_of(texts[row]);
          if (size >= length) {
            results.add(first(texts[row], length));
            continue;
          }
          if (step == 0) return query_error(QueryErrorCode::BadArguments, "Bad padding");
          fill.clear();
          const std::size_t missing = length - size;
          for (std::size_t i = 0; i < missing / step; ++i) fill += filling;
          fill += first(filling, missing % step);
          results.add(at_left ? fill.append(texts[row]) : std::string(texts[row]).append(fill));
        }
        return std::move(results).finish();
      }};
}

absl::StatusOr<Resolved> character(const Call& call) {
  for (std::size_t i = 0; i < call.size(); ++i) {
    if (!is_numeric(call.id(i))) return illegal_type(call, i);
  }
  return Resolved{plain(TypeId::String),
                  [](std::span<const ColumnPtr> arguments, std::size_t rows) {
                    std::vector<Numbers<std::int64_t>> codes;
                    for (const ColumnPtr& argument : arguments) codes.emplace_back(argument);
                    ResultTexts results(rows);
                    std::string text;
                    for (std::size_t row = 0; row < rows; ++row) {
                      text.clear();
                      for (const auto& code : codes) text += static_cast<char>(code[row]);
                      results.add(text);
                    }
                    return std::move(results).finish();
                  }};
}

absl::StatusOr<Resolved> append_trailing_char(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_strings(call, 2));
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string last, constant_string(call, 1));
  if (last.size() != 1) {
    return query_error(
        QueryErrorCode::BadArguments,
        joined({"Second argument of function ", call.name, " must be a one-character string"}));
  }
  return text_of_text([last](std::string_view text, std::string& result) {
    result = text;
    if (!text.empty() && text.back() != last[0]) result += last;
  });
}

constexpr auto kSkipped = Definition::Nulls::Skipped;
constexpr Definition kDefinitions[] = {
    {"concat", concat, 0, kAnyNumber},
    {"concatWithSeparator", concat_with_separator, 1, kAnyNumber},
    {"format", format, 2, kAnyNumber},
    {"repeat", repeat, 2, 2, kSkipped},
    {"space", space, 1, 1, kSkipped},
    {"leftPad", pad<false, true>, 2, 3, kSkipped},
    {"rightPad", pad<false, false>, 2, 3, kSkipped},
    {"leftPadUTF8", pad<true, true>, 2, 3, kSkipped},
    {"rightPadUTF8", pad<true, false>, 2, 3, kSkipped},
    {"char", character, 1, kAnyNumber},
    {"appendTrailingCharIfAbsent", append_trailing_char, 2, 2},
};

}  // namespace

std::span<const Definition> string_building_functions() { return kDefinitions; }

}  // namespace grapevine::sql
