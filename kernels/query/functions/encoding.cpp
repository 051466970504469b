// hex and base64.
#include <utility>

#include <openssl/evp.h>

#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/text_kernels.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

constexpr std::string_view kDigits = "0123456789ABCDEF";

void write_hex_byte(unsigned char byte, std::string& result) {
  result += kDigits[byte >> 4];
  result += kDigits[byte & 15];
}

void write_hex(std::string_view text, std::string& result) {
  for (const char c : text) write_hex_byte(static_cast<unsigned char>(c), result);
}

// Integers without the zero bytes in front, floats as they are kept.
absl::StatusOr<Resolved> hex(const Call& call) {
  if (call.id(0) == TypeId::String) return text_of_text(write_hex);
  const TypeId id = call.id(0);
  if (width_of(id) == 0 || id == TypeId::Interval || id == TypeId::Nothing) {
    return illegal_type(call, 0);
  }
  return Resolved{plain(TypeId::String),
                  [id](std::span<const ColumnPtr> arguments, std::size_t rows) {
                    const std::size_t width = width_of(id);
                    const Column& column = *arguments[0];
                    const auto* bytes = std::get<FixedValues>(column.values).data<unsigned char>();
                    ResultTexts results(rows);
                    std::string result;
                    const bool as_kept = is_float(id);
                    for (std::size_t row = 0; row < rows; ++row) {
                      result.clear();
                      const unsigned char* value = bytes + column.slot(row) * width;
                      for (std::size_t i = 0; i < width; ++i) {
                        const unsigned char byte = value[as_kept ? i : width - 1 - i];
                        // A Date and a DateTime64 keep all of their bytes.
                        const bool leading = result.empty() && byte == 0 && i + 1 < width;
                        if (!as_kept && leading && !is_time(id)) continue;
                        write_hex_byte(byte, result);
                      }
                      results.add(result);
                    }
                    return std::move(results).finish();
                  }};
}

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 15;
}

void write_unhex(std::string_view text, std::string& result) {
  std::size_t at = 0;
  if (text.size() % 2 != 0) result += static_cast<char>(digit_of(text[at++]));
  for (; at < text.size(); at += 2) {
    result += static_cast<char>(digit_of(text[at]) * 16 + digit_of(text[at + 1]));
  }
}

void write_base64(std::string_view text, std::string& result) {
  result.resize((text.size() + 2) / 3 * 4 + 1);
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(result.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  result.resize(static_cast<std::size_t>(size));
}

bool read_base64(std::string_view text, std::string& result) {
  if (text.size() % 4 != 0) return false;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  for (const char c : text.substr(0, text.size() - padding)) {
    const bool known = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                       c == '+' || c == '/';
    if (!known) return false;
  }
  result.resize(text.size() / 4 * 3);
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(result.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  if (size < 0) return false;
  result.resize(static_cast<std::size_t>(size) - padding);
  return true;
}

template <void (*write)(std::string_view, std::string&)>
absl::StatusOr<Resolved> rewrite(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_strings(call, 1));
  return text_of_text(write);
}

template <bool or_empty>
absl::StatusOr<Resolved> decode_base64(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_strings(call, 1));
  return Resolved{
      plain(TypeId::String),
      [](std::span<const ColumnPtr> arguments, std::size_t rows) -> absl::StatusOr<ColumnPtr> {
        const Texts texts(arguments[0]);
        ResultTexts results(rows);
        std::string result;
        for (std::size_t row = 0; row < rows && !results.failed(); ++row) {
          result.clear();
          if (!read_base64(texts[row], result)) {
            if (!or_empty) {
              return query_error(QueryErrorCode::IncorrectData,
                                 joined({"Invalid base64Decode value (", texts[row].substr(0, 100),
                                         "), cannot be decoded"}));
            }
            result.clear();
          }
          results.add(result);
        }
        return std::move(results).finish();
      }};
}

constexpr auto kSkipped = Definition::Nulls::Skipped;
constexpr Definition kDefinitions[] = {
    {"hex", hex, 1, 1},
    {"unhex", rewrite<write_unhex>, 1, 1},
    {"base64Encode", rewrite<write_base64>, 1, 1},
    {"base64Decode", decode_base64<false>, 1, 1, kSkipped},
    {"tryBase64Decode", decode_base64<true>, 1, 1},
};

}  // namespace

std::span<const Definition> encoding_functions() { return kDefinitions; }

}  // namespace grapevine::sql
