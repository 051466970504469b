#include "storage/disk/call_error.hpp"

#include <cerrno>
#include <cstring>

namespace grapevine {

absl::Status call_error(const char* call, const std::string& path) {
  const int error = errno;
  return absl::UnavailableError(std::string(call) + " failed: " + path + ": " +
                                std::strerror(error));
}

}  // namespace grapevine
