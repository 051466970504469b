#include "api/parse/change_cursor.hpp"

#include <bit>
#include <charconv>

#include <absl/strings/str_cat.h>
#include <xxhash.h>

namespace grapevine {
namespace {

constexpr char kBefore = '-';  // The checksum.

std::string write_numbers(const ChangeCursor& cursor) {
  std::string text = absl::StrCat(cursor.stream, ".", cursor.position);
  if (cursor.told) absl::StrAppend(&text, ".", *cursor.told);
  return text;
}

// Finds what was mistyped or meant for another reader; it keeps no secret.
std::string checksum(std::string_view numbers, const ChangeReader& reader) {
  std::string all(numbers);
  for (const std::string* part : {&reader.segment, &reader.rules.consent, &reader.rules.campaign}) {
    all.append(1, '\0').append(*part);
  }
  absl::StrAppend(&all, std::bit_cast<std::uint64_t>(reader.rules.holdout.value_or(-1.0)));
  return absl::StrCat(absl::Hex(XXH3_64bits(all.data(), all.size()), absl::kZeroPad16));
}

// Takes a number and the dot before it, if there is one.
std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  if (text.starts_with('.')) text.remove_prefix(1);
  return number;
}

}  // namespace

std::string write_change_cursor(const ChangeCursor& cursor, const ChangeReader& reader) {
  const std::string numbers = write_numbers(cursor);
  return numbers + kBefore + checksum(numbers, reader);
}

std::optional<ChangeCursor> read_change_cursor(std::string_view text, const ChangeReader& reader) {
  const std::size_t end = text.find(kBefore);
  if (end == std::string_view::npos) return std::nullopt;
  std::string_view numbers = text.substr(0, end);
  if (text.substr(end + 1) != checksum(numbers, reader)) return std::nullopt;
  const auto stream = take_number(numbers);
  const auto position = take_number(numbers);
  if (!stream || !position) return std::nullopt;
  return ChangeCursor{*stream, *position, take_number(numbers)};
}

}  // namespace grapevine
