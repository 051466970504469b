#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "api/message.hpp"
#include "server/http/content_coding.hpp"

namespace grapevine {

/// Compresses a text that comes in pieces, at the cheapest level: an answer is compressed once and read
/// once. Not thread-safe.
class Compressor {
 public:
  /// `bytes`: how long the text will be, where that is known.
  explicit Compressor(ContentCoding coding, std::size_t bytes = 0);
  ~Compressor();
  Compressor(const Compressor&) = delete;
  Compressor& operator=(const Compressor&) = delete;

  /// What comes out now; the rest is held back for what follows.
  std::string add(std::string_view text);
  /// What was held back, so that the reader has all that was added.
  std::string flush();
  /// The end. Nothing may be added after it.
  std::string finish();

 private:
  struct Stream;
  std::unique_ptr<Stream> stream_;  // None for Identity.
};

/// `text` compressed in one go.
std::string compress(ContentCoding coding, std::string_view text);

/// An answer that goes on, compressed. What its source has when it waits is not held back.
class CompressedSource final : public BodySource {
 public:
  /// `first`: what goes before the source's pieces; `take_first` gives it, compressed.
  CompressedSource(ContentCoding coding, std::string_view first,
                   std::shared_ptr<BodySource> source);

  std::string take_first() { return std::move(first_); }
  absl::StatusOr<Piece> next() override;
  bool ready() override { return source_->ready(); }

 private:
  Compressor compressor_;
  std::string first_;
  std::shared_ptr<BodySource> source_;
};

}  // namespace grapevine
