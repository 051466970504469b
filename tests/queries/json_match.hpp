#pragma once

#include <string>
#include <string_view>

namespace grapevine::tests {

/// Where `actual` is not the JSON value that `expected` describes; empty where it is.
/// In `expected`, `...` at the end of an object or array lets further members or elements pass.
/// Numbers are equal within 1e-9 of their size, because an expectation is written by a person.
std::string json_mismatch(std::string_view expected, std::string_view actual);

/// A member of a JSON object as text: strings without their quotes. Throws where there is none.
std::string json_member(std::string_view object, const std::string& name);

}  // namespace grapevine::tests
