// Lengths, letters and parts of strings.
#include <algorithm>
#include <limits>
#include <utility>

#include "kernels/query/functions/arrays.hpp"
#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/text_kernels.hpp"
#include "kernels/query/functions/utf8.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }
bool is_letter_or_digit(char c) {
  return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9');
}

// Sizes of arrays or strings.
template <typename Value, typename Compute>
absl::StatusOr<Resolved> size_function(const Call& call, TypeId id, Compute compute) {
  if (call.id(0) == TypeId::String) {
    return number_of_text<Value>(id,
                                 [compute](std::string_view text) { return compute(text.size()); });
  }
  if (call.id(0) != TypeId::Array) return illegal_type(call, 0);
  return Resolved{plain(id), [id, compute](std::span<const ColumnPtr> arguments, std::size_t rows) {
                    const Column& column = *arguments[0];
                    const auto& ends = column.array().ends;
                    auto result = new_fixed(plain(id), rows);
                    Value* to = result->template fixed<Value>().data();
                    for (std::size_t row = 0; row < rows; ++row) {
                      const std::size_t at = column.slot(row);
                      to[row] =
                          static_cast<Value>(compute(ends[at] - (at == 0 ? 0 : ends[at - 1])));
                    }
                    return absl::StatusOr<ColumnPtr>(std::move(result));
                  }};
}

absl::StatusOr<Resolved> length(const Call& call) {
  return size_function<std::uint64_t>(call, TypeId::UInt64,
                                      [](std::uint64_t size) { return size; });
}
absl::StatusOr<Resolved> empty(const Call& call) {
  return size_function<std::uint8_t>(call, TypeId::UInt8,
                                     [](std::uint64_t size) { return size == 0; });
}
absl::StatusOr<Resolved> not_empty(const Call& call) {
  return size_function<std::uint8_t>(call, TypeId::UInt8,
                                     [](std::uint64_t size) { return size != 0; });
}

absl::StatusOr<Resolved> length_utf8(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_strings(call, 1));
  return number_of_text<std::uint64_t>(TypeId::UInt64, code_points);
}

absl::StatusOr<Resolved> ascii(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_strings(call, 1));
  return number_of_text<std::int32_t>(TypeId::Int32, [](std::string_view text) {
    return text.empty() ? 0 : static_cast<unsigned char>(text[0]);
  });
}

absl::StatusOr<Resolved> is_valid_utf8(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_strings(call, 1));
  return number_of_text<std::uint8_t>(TypeId::UInt8, is_well_formed);
}

// Function of a text to another.
template <void (*write)(std::string_view, std::string&)>
absl::StatusOr<Resolved> rewrite(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_strings(call, 1));
  return text_of_text(write);
}

void write_lower(std::string_view text, std::string& result) {
  for (const char c : text) result += lower(c);
}
void write_upper(std::string_view text, std::string& result) {
  for (const char c : text) result += upper(c);
}
void write_reverse(std::string_view text, std::string& result) {
  result.assign(text.rbegin(), text.rend());
}
void write_reverse_utf8(std::string_view text, std::string& result) {
  while (!text.empty()) {
    std::size_t begin = text.size() - 1;
    while (begin > 0 && is_continuation(text[begin])) --begin;
    result += text.substr(begin);
    text.remove_suffix(text.size() - begin);
  }
}
void write_initcap(std::string_view text, std::string& result) {
  bool inside = false;
  for (const char c : text) {
    result += inside ? lower(c) : upper(c);
    inside = is_letter_or_digit(c);
  }
}
// What is no UTF-8 becomes one replacement character a stretch.
void write_valid_utf8(std::string_view text, std::string& result) {
  bool broken = false;
  while (!text.empty()) {
    const std::size_t bytes = well_formed_prefix(text);
    if (bytes > 0) {
      result += text.substr(0, bytes);
      text.remove_prefix(bytes);
    } else {
      if (!broken) result += "\xEF\xBF\xBD";
      text.remove_prefix(1);
    }
    broken = bytes == 0;
  }
}

absl::StatusOr<Resolved> reverse(const Call& call) {
  if (call.id(0) == TypeId::Array) return reverse_arrays(call);
  return rewrite<write_reverse>(call);
}

// Bytes [begin, end) of a text by an offset from 1, or from the end if negative, and a length, which is
// one from the end if negative.
template <bool utf8>
std::string_view substring_of(std::string_view text, std::int64_t offset, std::int64_t length) {
  if (offset == 0) return {};
  const auto size = static_cast<std::int64_t>(utf8 ? code_points(text) : text.size());
  if (offset > size) return {};
  if (utf8 && offset < -size && code_points(text) != text.size()) {
    // Of characters, what is before the text does not count, if some have more than a byte.
    return length < 0 ? text : substring_of<utf8>(text, 1, length);
  }
  // Offsets far before the text are as good as one that any length leaves before it.
  const std::int64_t start = offset > 0 ? offset - 1 : std::max(offset, INT64_MIN / 4) + size;
  const std::int64_t end =
      length < 0 ? size + std::max(length, -size - 1) : start + std::min(length, INT64_MAX / 4);
  const std::int64_t begin = std::max<std::int64_t>(start, 0);
  if (end <= begin) return {};
  if (!utf8) {
    return text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
  }
  const std::size_t first = offset_of_code_point(text, static_cast<std::size_t>(begin));
  const std::size_t count = static_cast<std::size_t>(end - begin);
  return text.substr(first, offset_of_code_point(text.substr(first), count));
}

absl::Status check_integers(const Call& call, std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < to && i < call.size(); ++i) {
    if (!is_integer(call.id(i)) && call.id(i) != TypeId::Bool) return illegal_type(call, i);
  }
  return absl::OkStatus();
}

std::int64_t saturated(const Numbers<std::int64_t>& numbers, std::size_t row, bool is_unsigned) {
  const std::int64_t value = numbers[row];
  return is_unsigned && value < 0 ? INT64_MAX : value;
}

template <bool utf8>
absl::StatusOr<Resolved> substring(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_strings(call, 1));
  GRAPEVINE_RETURN_IF_ERROR(check_integers(call, 1, 3));
  const bool offset_unsigned = call.id(1) == TypeId::UInt64;
  const bool length_unsigned = call.size() > 2 && call.id(2) == TypeId::UInt64;
  return Resolved{
      plain(TypeId::String), [=](std::span<const ColumnPtr> arguments, std::size_t rows) {
        const Texts texts(arguments[0]);
        const Numbers<std::int64_t> offsets(arguments[1]);
        const Numbers<std::int64_t> lengths(arguments.back());
        ResultTexts results(rows);
        results.keep(arguments[0]);
        for (std::size_t row = 0; row < rows; ++row) {
          const std::int64_t length =
              arguments.size() > 2 ? saturated(lengths, row, length_unsigned) : INT64_MAX;
          results.add_kept(
              substring_of<utf8>(texts[row], saturated(offsets, row, offset_unsigned), length));
        }
        return std::move(results).finish();
      }};
}

// left and right: so many of one end, or all but so many of the other if negative.
template <bool utf8, bool from_left>
absl::StatusOr<Resolved> end_of_text(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_strings(call, 1));
  GRAPEVINE_RETURN_IF_ERROR(check_integers(call, 1, 2));
  const bool is_unsigned = call.id(1) == TypeId::UInt64;
  return Resolved{
      plain(TypeId::String), [=](std::span<const ColumnPtr> arguments, std::size_t rows) {
        const Texts texts(arguments[0]);
        const Numbers<std::int64_t> counts(arguments[1]);
        ResultTexts results(rows);
        results.keep(arguments[0]);
        for (std::size_t row = 0; row < rows; ++row) {
          const std::string_view text = texts[row];
          const auto size = static_cast<std::int64_t>(utf8 ? code_points(text) : text.size());
          std::int64_t count = saturated(counts, row, is_unsigned);
          count = count < 0 ? std::max<std::int64_t>(size + std::max(count, -size), 0)
                            : std::min(count, size);
          results.add_kept(count == 0  ? std::string_view()
                           : from_left ? substring_of<utf8>(text, 1, count)
                                       : substring_of<utf8>(text, -count, count));
        }
        return std::move(results).finish();
      }};
}

template <bool at_left, bool at_right>
absl::StatusOr<Resolved> trim(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_strings(call, call.size()));
  std::string removed = " ";
  if (call.size() > 1) {
    GRAPEVINE_ASSIGN_OR_RETURN(removed, constant_string(call, 1));
  }
  return part_of_text([removed](std::string_view text) {
    const auto is_removed = [&](char c) { return removed.find(c) != std::string::npos; };
    while (at_left && !text.empty() && is_removed(text.front())) text.remove_prefix(1);
    while (at_right && !text.empty() && is_removed(text.back())) text.remove_suffix(1);
    return text;
  });
}

constexpr auto kSkipped = Definition::Nulls::Skipped;
constexpr Definition kDefinitions[] = {
    {"length", length, 1, 1},
    {"empty", empty, 1, 1},
    {"notEmpty", not_empty, 1, 1},
    {"lengthUTF8", length_utf8, 1, 1},
    {"ascii", ascii, 1, 1},
    {"isValidUTF8", is_valid_utf8, 1, 1},
    {"lower", rewrite<write_lower>, 1, 1},
    {"upper", rewrite<write_upper>, 1, 1},
    {"lowerUTF8", rewrite<write_lower_utf8>, 1, 1},
    {"upperUTF8", rewrite<write_upper_utf8>, 1, 1},
    {"reverseUTF8", rewrite<write_reverse_utf8>, 1, 1},
    {"reverse", reverse, 1, 1},
    {"initcap", rewrite<write_initcap>, 1, 1},
    {"toValidUTF8", rewrite<write_valid_utf8>, 1, 1},
    {"substring", substring<false>, 2, 3, kSkipped},
    {"substringUTF8", substring<true>, 2, 3, kSkipped},
    {"left", end_of_text<false, true>, 2, 2},
    {"right", end_of_text<false, false>, 2, 2},
    {"leftUTF8", end_of_text<true, true>, 2, 2},
    {"rightUTF8", end_of_text<true, false>, 2, 2},
    {"trimBoth", trim<true, true>, 1, 2},
    {"trimLeft", trim<true, false>, 1, 2},
    {"trimRight", trim<false, true>, 1, 2},
};

}  // namespace

std::span<const Definition> string_functions() { return kDefinitions; }

}  // namespace grapevine::sql
