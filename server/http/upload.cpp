#include "server/http/upload.hpp"

#include <exception>
#include <utility>

#include "api/error.hpp"

namespace grapevine {

Upload::Upload(Serving& serving, const Routed& routed, const Request& request, const Stop& stop)
    : serving_(serving), routed_(routed), request_(request), stop_(stop) {}

absl::Status Upload::open() {
  const std::string* header = find_field(request_.headers, "content-encoding");
  const absl::StatusOr<ContentCoding> coding =
      header == nullptr ? ContentCoding::Identity : parse_content_coding(*header);
  if (!coding.ok()) return coding.status();
  absl::StatusOr<std::unique_ptr<BodyReader>> reader =
      routed_.route->stream(request_, make_context(serving_, stop_));
  if (!reader.ok()) return reader.status();
  reader_ = *std::move(reader);
  inflater_.emplace(*coding, serving_.options.limits.piece_bytes);
  return absl::OkStatus();
}

void Upload::feed(std::string_view bytes) {
  guard([&]() -> absl::Status {
    if (!reader_) {
      if (absl::Status opened = open(); !opened.ok()) return opened;
    }
    return inflater_->feed(bytes, [this](std::span<const char> piece) {
      if (stop_.requested()) return absl::CancelledError("the upload was given up");
      return reader_->consume(piece);
    });
  });
}

void Upload::finish() {
  guard([&]() -> absl::Status {
    if (absl::Status whole = inflater_->finish(); !whole.ok()) return whole;
    absl::StatusOr<Response> finished = reader_->finish();
    if (!finished.ok()) return finished.status();
    answer(std::move(finished));
    return absl::OkStatus();
  });
}

// Turns a failure of `step`, thrown or returned, into the answer.
template <typename Step>
void Upload::guard(const Step& step) {
  if (answered()) return;
  try {
    if (absl::Status status = step(); !status.ok()) answer(std::move(status));
  } catch (const std::exception& thrown) {
    answer(absl::InternalError(thrown.what()));
  }
}

void Upload::answer(absl::StatusOr<Response> response) {
  response_ = response.ok() ? *std::move(response) : answer_failure(serving_, response.status());
  dress(serving_, routed_, request_, *response_);
  reader_.reset();  // Frees what it holds before the client hears of it.
  answered_.store(true, std::memory_order_release);
}

}  // namespace grapevine
