#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

namespace grapevine {

/// What the server says about an import.
struct ImportAnswer {
  struct Error {
    std::uint64_t line = 0;
    std::string detail;
  };

  std::uint64_t accepted = 0;
  std::uint64_t rejected = 0;
  std::uint64_t duplicates = 0;  ///< Of those accepted: stored before.
  std::uint64_t resume_at = 0;   ///< Bytes of the inflated input that need not be sent again.
  std::vector<Error> errors;     ///< The first ones.
};

/// Errors  InvalidArgument: it is not the answer of /v1/import.
absl::StatusOr<ImportAnswer> parse_import_answer(std::string_view json);

/// What a problem (RFC 9457) says, in a line; the body itself where it is none.
std::string describe_problem(std::string_view json);

}  // namespace grapevine
