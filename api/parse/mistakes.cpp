#include "api/parse/mistakes.hpp"

#include <algorithm>
#include <utility>

namespace grapevine {

void Mistakes::add(std::string pointer, std::string detail) {
  const bool is_told = std::any_of(told_.begin(), told_.end(), [&](const FieldError& told) {
    return told.pointer == pointer && told.detail == detail;
  });
  if (is_told) return;
  if (count_++ < kToldMax) told_.push_back({std::move(pointer), std::move(detail)});
}

absl::Status Mistakes::status(ErrorCode code) const {
  if (empty()) return absl::OkStatus();
  std::string detail = told_.front().detail;
  if (count_ > 1) detail += " (and " + std::to_string(count_ - 1) + " more)";
  return problem(code, detail, told_);
}

}  // namespace grapevine
