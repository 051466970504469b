#include "server/http/download.hpp"

#include <exception>

#include "server/http/dispatch.hpp"

namespace grapevine {

void Download::advance() {
  try {
    absl::StatusOr<BodySource::Piece> made = source_.next();
    if (!made.ok()) return fail(made.status());
    piece_ = *std::move(made);
  } catch (const std::exception& thrown) {
    fail(absl::InternalError(thrown.what()));
  }
}

void Download::fail(const absl::Status& status) {
  failed_ = true;
  answer_failure(serving_,
                 status);  // The head is gone: nobody reads this answer, but it is logged.
}

}  // namespace grapevine
