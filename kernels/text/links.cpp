#include "kernels/text/links.hpp"

namespace grapevine {
namespace {

bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

}  // namespace

std::size_t end_of_link(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  std::size_t length = 0;
  if (rest.starts_with('@')) {
    length = 1;
    while (length < rest.size() && is_name_byte(rest[length])) ++length;
    return length == 1 ? at : at + length;
  }
  if (rest.starts_with("http://") || rest.starts_with("https://") || rest.starts_with("www.")) {
    while (length < rest.size() && rest[length] > ' ' && rest[length] < 0x7F) ++length;
  }
  return at + length;
}

}  // namespace grapevine
