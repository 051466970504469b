#pragma once

#include <string>
#include <string_view>

namespace grapevine {

/// Parts the rows of an answer from the exception frame that ends it where its query failed on the
/// way. Not thread-safe.
class ExceptionFilter {
 public:
  /// `tag`: of the header X-ClickHouse-Exception-Tag; empty: nothing is parted.
  explicit ExceptionFilter(std::string_view tag);

  /// Takes bytes of the answer; returns those that are known to be no part of a frame.
  std::string add(std::string_view bytes);
  /// The answer has ended: what was held back.
  std::string finish();
  /// The message of the frame; empty: there was none.
  [[nodiscard]] const std::string& message() const { return message_; }

 private:
  std::string marker_;
  std::string held_;
  std::string message_;
};

}  // namespace grapevine
