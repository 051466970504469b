#pragma once

#include <string>
#include <string_view>

#include "api/message.hpp"

namespace grapevine {

/// The key that a sender names itself by: the user name of `Authorization: Basic`, or the token of
/// `Bearer`. Empty where the header is neither, or cannot be read.
std::string write_key_of(std::string_view authorization);

/// The same of a request: by `Authorization`, else by `X-Write-Key`, which is Jitsu's.
std::string write_key_of(const Fields& headers);

}  // namespace grapevine
