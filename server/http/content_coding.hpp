#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

namespace grapevine {

enum class ContentCoding : std::uint8_t { Identity, Gzip, Zstd, Lz4 };

/// The token of RFC 9110: "gzip".
std::string_view name_of(ContentCoding coding);

/// The coding that a Content-Encoding header names. Errors  UnsupportedMediaType: any other, or
/// several.
absl::StatusOr<ContentCoding> parse_content_coding(std::string_view header);

/// The coding that an Accept-Encoding header likes best; zstd where it likes both as much, because
/// it costs a third of the time, and lz4 only where it likes neither. Identity where it names none.
ContentCoding choose_coding(std::string_view accept_encoding);

/// Undoes a coding, a piece at a time. Several gzip members, zstd or
/// LZ4 frames in a row are one body.
/// Not thread-safe.
class Inflater {
 public:
  /// Takes inflated bytes; what it returns when it fails ends the inflating.
  using Sink = std::function<absl::Status(std::span<const char>)>;

  /// Hands out at most `piece_bytes` at once, however well the input was compressed.
  Inflater(ContentCoding coding, std::size_t piece_bytes);
  ~Inflater();
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  /// Errors  Malformed: not of that coding. Those of `sink`.
  absl::Status feed(std::span<const char> input, const Sink& sink);
  /// Errors  Malformed: the input is cut off.
  absl::Status finish() const;

 private:
  struct Stream;
  std::unique_ptr<Stream> stream_;  // None for Identity.
  std::string piece_;
};

/// All of `text`, inflated. Errors  as `Inflater`; TooLarge: more than `bytes_max`.
absl::StatusOr<std::string> inflate_all(ContentCoding coding, std::string_view text,
                                        std::size_t bytes_max);

}  // namespace grapevine
