#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string_view>

#include "server/http/dispatch.hpp"

namespace grapevine {

/// One streamed body on its way to a BodyReader, inflated as it comes. Called by one worker thread
/// at a time; `answered` may be asked from any.
class Upload {
 public:
  /// The references outlive it.
  Upload(Serving& serving, const Routed& routed, const Request& request, const Stop& stop);

  /// Hands on the next bytes of the body as they came over the wire. May block. Does nothing once
  /// answered.
  void feed(std::string_view bytes);
  /// The body has ended.
  void finish();

  /// Whether there is an answer: the end was reached, or the upload failed before it.
  [[nodiscard]] bool answered() const { return answered_.load(std::memory_order_acquire); }
  Response take_response() { return std::move(*response_); }

 private:
  absl::Status open();
  void answer(absl::StatusOr<Response> response);
  template <typename Step>
  void guard(const Step& step);

  Serving& serving_;
  const Routed& routed_;
  const Request& request_;
  const Stop& stop_;
  std::unique_ptr<BodyReader> reader_;
  std::optional<Inflater> inflater_;
  std::optional<Response> response_;
  std::atomic<bool> answered_{false};
};

}  // namespace grapevine
