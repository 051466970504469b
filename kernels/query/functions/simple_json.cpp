// simpleJSON...: the first `"name":` in a text, with no white space after it, and what follows.
#include <optional>
#include <string>
#include <string_view>

#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/read_number.hpp"
#include "kernels/query/functions/text_kernels.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// What stands after `"name":`; nullopt: it does not stand there.
std::optional<std::string_view> after_name(std::string_view text, const std::string& name) {
  const std::size_t at = text.find(name);
  if (at == std::string_view::npos) return std::nullopt;
  return text.substr(at + name.size());
}

absl::StatusOr<std::string> quoted_name(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_strings(call, 2));
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string name, constant_string(call, 1));
  return joined({"\"", name, "\":"});
}

template <typename Value>
Value number_at(std::string_view text) {
  if (text.starts_with('"')) text.remove_prefix(1);
  Value value{};
  ReadProblem problem;
  if constexpr (std::is_floating_point_v<Value>) {
    if (read_float(text, value, problem) == kUnread) return 0;
  } else {
    if (read_integer(text, false, value, problem) == kUnread) return 0;
  }
  return value;
}

template <typename Value, TypeId id>
absl::StatusOr<Resolved> number(const Call& call) {
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string name, quoted_name(call));
  return number_of_text<Value>(id, [name](std::string_view text) {
    const auto rest = after_name(text, name);
    return rest ? number_at<Value>(*rest) : Value{};
  });
}

absl::StatusOr<Resolved> truth(const Call& call) {
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string name, quoted_name(call));
  return number_of_text<std::uint8_t>(TypeId::UInt8, [name](std::string_view text) {
    const auto rest = after_name(text, name);
    return rest && rest->starts_with("true") ? 1 : 0;
  });
}

absl::StatusOr<Resolved> has(const Call& call) {
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string name, quoted_name(call));
  return number_of_text<std::uint8_t>(
      TypeId::UInt8, [name](std::string_view text) { return after_name(text, name) ? 1 : 0; });
}

// Up to the comma or bracket that ends the value.
std::string_view raw_at(std::string_view text) {
  std::string open;  // What closes each bracket and quote that is open.
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (!open.empty() && c == open.back()) {
      open.pop_back();
      continue;
    }
    if (!open.empty() && open.back() == '"' && c != '\\') continue;
    switch (c) {
      case '[': open += ']'; break;
      case '{': open += '}'; break;
      case '"': open += '"'; break;
      case '\\':
        if (i + 1 < text.size() && text[i + 1] == '"') ++i;
        break;
      case ',':
      case '}':
        if (open.empty()) return text.substr(0, i);
        break;
      default: break;
    }
  }
  return {};
}

absl::StatusOr<Resolved> raw(const Call& call) {
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string name, quoted_name(call));
  return part_of_text([name](std::string_view text) -> std::string_view {
    const auto rest = after_name(text, name);
    return rest ? raw_at(*rest) : std::string_view();
  });
}

// Four hexadecimal digits; nullopt: they are none.
std::optional<std::uint32_t> code_unit(std::string_view text) {
  if (text.size() < 4) return std::nullopt;
  std::uint32_t value = 0;
  for (const char c : text.substr(0, 4)) {
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return std::nullopt;
    value = value * 16 + static_cast<std::uint32_t>(digit);
  }
  return value;
}

void write_utf8(std::uint32_t point, std::string& text) {
  const auto add = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
  if (point < 0x80) {
    add(point);
  } else if (point < 0x800) {
    add(0xC0 | point >> 6);
    add(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    add(0xE0 | point >> 12);
    add(0x80 | (point >> 6 & 0x3F));
    add(0x80 | (point & 0x3F));
  } else {
    add(0xF0 | point >> 18);
    add(0x80 | (point >> 12 & 0x3F));
    add(0x80 | (point >> 6 & 0x3F));
    add(0x80 | (point & 0x3F));
  }
}

// Reads \uXXXX, of two where they stand for one sign. Returns the bytes read after \u, or 0.
std::size_t read_unicode(std::string_view text, std::string& result) {
  const auto first = code_unit(text);
  if (!first) return 0;
  if (*first < 0xD800 || *first >= 0xE000) {
    write_utf8(*first, result);
    return 4;
  }
  if (*first >= 0xDC00 || text.substr(4, 2) != "\\u") return 0;
  const auto second = code_unit(text.substr(6));
  if (!second || *second < 0xDC00 || *second >= 0xE000) return 0;
  write_utf8(0x10000 + ((*first - 0xD800) << 10) + (*second - 0xDC00), result);
  return 10;
}

// Reads a JSON string at the front; false: there is none.
bool read_text(std::string_view text, std::string& result) {
  if (!text.starts_with('"')) return false;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') return true;
    if (text[i] != '\\') {
      result += text[i];
      continue;
    }
    if (++i == text.size()) return false;
    switch (text[i]) {
      case 'b': result += '\b'; break;
      case 'f': result += '\f'; break;
      case 'n': result += '\n'; break;
      case 'r': result += '\r'; break;
      case 't': result += '\t'; break;
      case 'u': {
        const std::size_t read = read_unicode(text.substr(i + 1), result);
        if (read == 0) return false;
        i += read;
        break;
      }
      default: result += text[i];
    }
  }
  return false;
}

absl::StatusOr<Resolved> text(const Call& call) {
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string name, quoted_name(call));
  return text_of_text([name](std::string_view json, std::string& result) {
    const auto rest = after_name(json, name);
    if (rest && !read_text(*rest, result)) result.clear();
  });
}

constexpr Definition kDefinitions[] = {
    {"simpleJSONExtractBool", truth, 2, 2},
    {"simpleJSONExtractFloat", number<double, TypeId::Float64>, 2, 2},
    {"simpleJSONExtractInt", number<std::int64_t, TypeId::Int64>, 2, 2},
    {"simpleJSONExtractRaw", raw, 2, 2},
    {"simpleJSONExtractString", text, 2, 2},
    {"simpleJSONExtractUInt", number<std::uint64_t, TypeId::UInt64>, 2, 2},
    {"simpleJSONHas", has, 2, 2},
};

}  // namespace

std::span<const Definition> simple_json_functions() { return kDefinitions; }

}  // namespace grapevine::sql
