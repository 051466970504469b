#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <absl/status/status.h>

#include "api/error.hpp"

namespace grapevine {

/// Collects every mistake of a request, so that a caller hears of all of them at once.
class Mistakes {
 public:
  static constexpr std::size_t kToldMax = 100;  ///< Beyond, they are only counted.

  void add(std::string pointer, std::string detail);
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] std::size_t count() const { return count_; }

  /// All of them as one problem, whose detail is the first; OK where there are none.
  [[nodiscard]] absl::Status status(ErrorCode code = ErrorCode::Unprocessable) const;

 private:
  std::vector<FieldError> told_;
  std::size_t count_ = 0;
};

}  // namespace grapevine
