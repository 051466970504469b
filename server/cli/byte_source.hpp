#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

namespace grapevine {

/// Bytes to send, front to back. Not thread-safe.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// Fills the front of `buffer` and returns how much; 0 at the end.
  /// Errors  DataLoss, InvalidArgument: the file cannot be read or is not what it should be.
  virtual absl::StatusOr<std::size_t> read(std::span<char> buffer) = 0;
  /// How much of the file has been read, from 0 to 1; none for a pipe.
  [[nodiscard]] virtual std::optional<double> share() const = 0;
};

struct SourceOptions {
  std::string file;          ///< "-" is stdin.
  bool higgs = false;        ///< Convert as `convert_higgs_line` does.
  std::uint64_t offset = 0;  ///< Inflated and converted bytes to leave out in front.
};

struct OpenedSource {
  std::unique_ptr<ByteSource> bytes;
  /// What the bytes are compressed with, as they stand: "gzip", "zstd"; empty: nothing.
  std::string_view coding;
};

/// Opens what is to be sent. A compressed file is sent as it is; one of gzip is inflated here where
/// something is converted or left out.
///
/// Errors  NotFound: no such file. OutOfRange: it is shorter than `offset`. InvalidArgument: a file
///         of zstd would have to be inflated.
absl::StatusOr<OpenedSource> open_source(const SourceOptions& options);

/// Appends a line of the Higgs data set as a collect call: `A B time RT` says that A retweeted B at
/// `time`, in seconds since 1970; MT is a mention, RE a reply.
///
/// Errors  InvalidArgument: not of that form.
/// Source  De Domenico et al., The Anatomy of a Scientific Rumor, Scientific Reports 3 (2013) 2980.
absl::Status convert_higgs_line(std::string_view line, std::string& ndjson);

}  // namespace grapevine
