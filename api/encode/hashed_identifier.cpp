#include "api/encode/hashed_identifier.hpp"

#include <array>
#include <cstddef>
#include <utility>

#include <openssl/evp.h>
#include <utf8proc.h>

namespace grapevine {
namespace {

constexpr std::array<std::pair<std::string_view, HashForm>, 3> kFunctions{{
    {"sha256", HashForm::Text},
    {"sha256_e164", HashForm::E164},
    {"sha256_digits", HashForm::Digits},
}};

bool is_white_space(utf8proc_int32_t code_point) {
  if (code_point <= 0x20 || code_point == 0x85) return true;
  const utf8proc_category_t category = utf8proc_category(code_point);
  return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
         category == UTF8PROC_CATEGORY_ZP;
}

// Takes a trunk zero, "(0)", away: it is dialled only inside the country.
std::string without_trunk_zero(std::string_view text) {
  std::string number(text);
  if (const std::size_t at = number.find("(0)"); at != std::string::npos) number.erase(at, 3);
  return number;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::optional<HashForm> hash_form_of(std::string_view function) {
  for (const auto& [name, form] : kFunctions) {
    if (name == function) return form;
  }
  return std::nullopt;
}

std::vector<std::string_view> hash_names() {
  std::vector<std::string_view> names;
  for (const auto& [name, form] : kFunctions) names.push_back(name);
  return names;
}

std::string normalized_text(std::string_view text) {
  std::string lower;
  std::size_t end_of_word = 0;  // Behind the last character that is no white space.
  const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  while (left > 0) {
    utf8proc_int32_t code_point = 0;
    const utf8proc_ssize_t bytes = utf8proc_iterate(at, left, &code_point);
    if (bytes <= 0) return std::string(text);
    at += bytes;
    left -= bytes;
    const bool is_space = is_white_space(code_point);
    if (is_space && lower.empty()) continue;
    std::array<utf8proc_uint8_t, 4> encoded;
    const auto count = utf8proc_encode_char(utf8proc_tolower(code_point), encoded.data());
    lower.append(encoded.begin(), encoded.begin() + count);
    if (!is_space) end_of_word = lower.size();
  }
  lower.resize(end_of_word);
  return lower;
}

std::string normalized_phone(std::string_view text) {
  constexpr std::size_t kDigitsMin = 7;
  constexpr std::size_t kDigitsMax = 15;
  constexpr std::string_view kSeparators = " \t-./()";
  std::string number = "+";
  bool has_plus = false;
  for (const char c : without_trunk_zero(normalized_text(text))) {
    if (c == '+' && !has_plus && number.size() == 1) {
      has_plus = true;
    } else if (is_digit(c)) {
      number += c;
    } else if (kSeparators.find(c) == std::string_view::npos) {
      return {};
    }
  }
  if (!has_plus) {
    if (!number.starts_with("+00")) return {};
    number.erase(1, 2);
  }
  const std::size_t digits = number.size() - 1;
  if (digits < kDigitsMin || digits > kDigitsMax || number[1] == '0') return {};
  return number;
}

std::string sha256_hex(std::string_view text) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash;
  unsigned int bytes = 0;
  if (EVP_Digest(text.data(), text.size(), hash.data(), &bytes, EVP_sha256(), nullptr) != 1) {
    return {};
  }
  std::string hex;
  hex.reserve(std::size_t{2} * bytes);
  for (unsigned int i = 0; i < bytes; ++i) {
    hex += kDigits[hash[i] >> 4];
    hex += kDigits[hash[i] & 15];
  }
  return hex;
}

std::string hashed_identifier(HashForm form, std::string_view text) {
  std::string normalized = form == HashForm::Text ? normalized_text(text) : normalized_phone(text);
  if (normalized.empty()) return {};
  if (form == HashForm::Digits) normalized.erase(0, 1);
  return sha256_hex(normalized);
}

}  // namespace grapevine
