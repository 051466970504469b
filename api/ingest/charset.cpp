#include "api/ingest/charset.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <iconv.h>
#include <simdjson.h>

namespace grapevine {
namespace {

constexpr char kNoUtf8 = '\xFF';  // No text in UTF-8 has it.

// A conversion of the C library's, which is closed at the end.
class Converter {
 public:
  Converter() : handle_(iconv_open("UTF-8", "CP949")) {}
  ~Converter() {
    if (is_open()) iconv_close(handle_);
  }
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;

  [[nodiscard]] bool is_open() const { return handle_ != reinterpret_cast<iconv_t>(-1); }

  // Converts as much as it can and returns how much of `text` that was: all of it, or up to a byte
  // that begins no character.
  std::size_t convert(std::string_view text, std::string& converted) {
    std::array<char, 64 * 1024> buffer;
    // The interface is older than const: what is read is not written to.
    char* from = const_cast<char*>(text.data());
    std::size_t left = text.size();
    while (left > 0) {
      char* to = buffer.data();
      std::size_t room = buffer.size();
      const std::size_t done = iconv(handle_, &from, &left, &to, &room);
      converted.append(buffer.data(), buffer.size() - room);
      if (done == static_cast<std::size_t>(-1) && errno != E2BIG) break;
    }
    return text.size() - left;
  }

 private:
  iconv_t handle_;
};

bool equal_ignoring_case(std::string_view a, std::string_view lower) {
  return std::equal(a.begin(), a.end(), lower.begin(), lower.end(), [](char x, char y) {
    return (x >= 'A' && x <= 'Z' ? static_cast<char>(x | 0x20) : x) == y;
  });
}

std::size_t line_breaks(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

// The length of the character of UTF-8 at the front; 0: there is none.
std::size_t character_length(std::string_view text) {
  for (std::size_t bytes = 1; bytes <= std::min<std::size_t>(text.size(), 4); ++bytes) {
    if (simdjson::validate_utf8(text.data(), bytes)) return bytes;
  }
  return 0;
}

// `line`: of the record, from 0.
std::string describe(std::size_t byte, std::size_t line) {
  std::string detail = "byte " + std::to_string(byte);
  if (line > 0) detail += " of line " + std::to_string(line + 1) + " of the record";
  return detail;
}

}  // namespace

std::optional<Charset> charset_of(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, Charset>, 7> kNames{
      {{"utf-8", Charset::Utf8},
       {"utf8", Charset::Utf8},
       {"cp949", Charset::Cp949},
       {"ms949", Charset::Cp949},
       {"windows-949", Charset::Cp949},
       {"uhc", Charset::Cp949},
       {"euc-kr", Charset::Cp949}}};
  for (const auto& [known, charset] : kNames) {
    if (equal_ignoring_case(name, known)) return charset;
  }
  return std::nullopt;
}

bool can_read(Charset charset) { return charset == Charset::Utf8 || Converter().is_open(); }

DecodedText decode(Charset, std::string_view text) {
  DecodedText decoded;
  decoded.text.reserve(text.size() + text.size() / 2 + kChunkPadding);
  Converter converter;
  std::size_t line = 0;        // Of `line_begin`.
  std::size_t line_begin = 0;  // Of the line in which `at` stands.
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    at += converter.convert(text.substr(at), decoded.text);
    if (at == text.size()) break;
    const std::string_view converted = text.substr(begin, at - begin);
    if (const std::size_t last = converted.rfind('\n'); last != std::string_view::npos) {
      line += line_breaks(converted);
      line_begin = begin + last + 1;
    }
    if (decoded.faults.empty() || decoded.faults.back().line != line) {
      decoded.faults.push_back({line, at - line_begin + 1});
    }
    decoded.text += kNoUtf8;
    ++at;
  }
  decoded.text.reserve(decoded.text.size() + kChunkPadding);
  return decoded;
}

std::string describe_fault(std::string_view record, std::size_t first_line,
                           const std::vector<CharsetFault>& faults) {
  const std::size_t last_line = first_line + line_breaks(record);
  for (const CharsetFault& fault : faults) {
    if (fault.line >= first_line && fault.line <= last_line) {
      return describe(fault.byte, fault.line - first_line) + " is no character of the charset";
    }
  }
  std::size_t at = 0;
  while (const std::size_t length = character_length(record.substr(at))) at += length;
  const std::string_view before = record.substr(0, at);
  const std::size_t last = before.rfind('\n');
  const std::size_t line_begin = last == std::string_view::npos ? 0 : last + 1;
  return describe(at - line_begin + 1, line_breaks(before)) + " is not UTF-8";
}

}  // namespace grapevine
