#include "api/collect/rejection.hpp"

#include <cstddef>

#include "api/collect/limits.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kShownNameBytesMax = 80;

}  // namespace

absl::Status rejection(std::string_view detail) {
  return absl::InvalidArgumentError(absl::string_view(detail.data(), detail.size()));
}

absl::Status nul_rejection(std::string_view where) {
  return rejection("a text holds the character U+0000: " + std::string(where));
}

std::string detail_of(const absl::Status& rejected) {
  return {rejected.message().data(), rejected.message().size()};
}

std::string overlong_line() {
  return "more than " + std::to_string(kImportLineBytesMax) + " bytes";
}

std::string shown_name(std::string_view name) {
  const std::string_view cut = cut_at_character(name, kShownNameBytesMax);
  return cut.size() == name.size() ? std::string(name) : std::string(cut) + "...";
}

std::string_view cut_at_character(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

}  // namespace grapevine
