#include "api/sql/tables/explained_problem.hpp"

#include <string>

#include "api/field_errors.hpp"
#include "kernels/query/query_error.hpp"

namespace grapevine::sql {

absl::Status explained_problem(const absl::Status& failed, std::string_view under) {
  switch (failed.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kFailedPrecondition: break;
    default: return failed;
  }
  std::string message;
  for (const FieldError& error : field_errors(failed)) {
    std::string_view pointer = error.pointer;
    if (pointer.starts_with(under)) pointer.remove_prefix(under.size());
    if (!message.empty()) message += "; ";
    message += (pointer.empty() ? "" : std::string(pointer) + ": ") + error.detail;
  }
  if (message.empty()) message = std::string(failed.message());
  return query_error(QueryErrorCode::BadArguments, message);
}

}  // namespace grapevine::sql
