#include "api/message.hpp"

#include <algorithm>

namespace grapevine {

const std::string* find_field(const Fields& fields, std::string_view name) {
  const auto found =
      std::find_if(fields.begin(), fields.end(), [&](const auto& f) { return f.first == name; });
  return found == fields.end() ? nullptr : &found->second;
}

}  // namespace grapevine
