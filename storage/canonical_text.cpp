#include "storage/canonical_text.hpp"

#include <array>
#include <bit>
#include <charconv>

#include "storage/date_time.hpp"

namespace grapevine {

std::string canonical_text(ValueType type, std::uint64_t bits) {
  std::array<char, 32> text;
  char* end = text.data();
  switch (type) {
    case ValueType::Bool: return bits != 0 ? "true" : "false";
    case ValueType::Int64:
      end = std::to_chars(text.begin(), text.end(), static_cast<std::int64_t>(bits)).ptr;
      break;
    case ValueType::Float64:
      end = std::to_chars(text.begin(), text.end(), std::bit_cast<double>(bits)).ptr;
      break;
    case ValueType::DateTime: {
      std::string time;
      append_date_time(time, static_cast<TimeMs>(bits));
      return time;
    }
    case ValueType::Null:
    case ValueType::String: break;
  }
  return {text.data(), end};
}

}  // namespace grapevine
