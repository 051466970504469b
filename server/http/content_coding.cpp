#include "server/http/content_coding.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <utility>

#include <lz4frame.h>
#include <zlib.h>
#include <zstd.h>

#include "api/error.hpp"

namespace grapevine {
namespace {

constexpr int kGzipWindow = 15 + 16;   // zlib's way to say: the largest window, gzip's frame.
constexpr int kZstdWindowLogMax = 23;  // 8 MiB: what RFC 9659 lets a sender of `zstd` use.
constexpr std::size_t kInflatePieceBytes = 256 * 1024;

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::string lower(std::string_view text) {
  std::string lowered(text);
  std::transform(lowered.begin(), lowered.end(), lowered.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lowered;
}

// The text before `separator`, trimmed, which is cut off `rest` with it.
std::string_view next_item(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view item = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return trim(item);
}

// The `q` among the parameters of an item of Accept-Encoding; 1 where there is none, 0 where it is
// bad.
double quality(std::string_view parameters) {
  while (!parameters.empty()) {
    const std::string_view parameter = next_item(parameters, ';');
    if (!parameter.starts_with("q=") && !parameter.starts_with("Q=")) continue;
    double value = 0.0;
    std::from_chars(parameter.data() + 2, parameter.data() + parameter.size(), value);
    return value;
  }
  return 1.0;
}

absl::Status malformed(ContentCoding coding, std::string_view what) {
  return problem(ErrorCode::Malformed,
                 "the body " + std::string(what) + " as " + std::string(name_of(coding)));
}

}  // namespace

std::string_view name_of(ContentCoding coding) {
  switch (coding) {
    case ContentCoding::Identity: return "identity";
    case ContentCoding::Gzip: return "gzip";
    case ContentCoding::Zstd: return "zstd";
    case ContentCoding::Lz4: return "lz4";
  }
  std::abort();
}

absl::StatusOr<ContentCoding> parse_content_coding(std::string_view header) {
  const std::string name = lower(trim(header));
  if (name.empty() || name == "identity") return ContentCoding::Identity;
  if (name == "gzip" || name == "x-gzip") return ContentCoding::Gzip;
  if (name == "zstd") return ContentCoding::Zstd;
  if (name == "lz4") return ContentCoding::Lz4;
  return problem(ErrorCode::UnsupportedMediaType,
                 "Content-Encoding must be gzip, zstd, lz4 or identity: " + name);
}

ContentCoding choose_coding(std::string_view accept_encoding) {
  std::optional<double> gzip;
  std::optional<double> zstd;
  double others = 0.0;
  double lz4_liking = 0.0;
  while (!accept_encoding.empty()) {
    std::string_view item = next_item(accept_encoding, ',');
    const std::string name = lower(next_item(item, ';'));
    const double liking = quality(item);
    if (name == "gzip" || name == "x-gzip") gzip = liking;
    if (name == "zstd") zstd = liking;
    if (name == "lz4") lz4_liking = liking;
    if (name == "*") others = liking;
  }
  const double gzip_liking = gzip.value_or(others);
  const double zstd_liking =
      zstd.value_or(0.0);  // `*` is an old client's word: it may not know zstd.
  if (zstd_liking > 0.0 && zstd_liking >= gzip_liking) return ContentCoding::Zstd;
  if (gzip_liking > 0.0) return ContentCoding::Gzip;
  return lz4_liking > 0.0 ? ContentCoding::Lz4 : ContentCoding::Identity;
}

// One of three libraries' streams behind one face.
struct Inflater::Stream {
  enum class Step : std::uint8_t { More, Bad };

  explicit Stream(ContentCoding stream_coding) : coding(stream_coding) {
    if (coding == ContentCoding::Gzip) {
      if (inflateInit2(&gzip, kGzipWindow) != Z_OK) throw std::bad_alloc();
    } else if (coding == ContentCoding::Zstd) {
      zstd = ZSTD_createDCtx();
      if (zstd == nullptr) throw std::bad_alloc();
      ZSTD_DCtx_setParameter(zstd, ZSTD_d_windowLogMax, kZstdWindowLogMax);
    } else if (LZ4F_isError(LZ4F_createDecompressionContext(&lz4, LZ4F_VERSION)) != 0) {
      throw std::bad_alloc();
    }
  }
  ~Stream() {
    if (coding == ContentCoding::Gzip) inflateEnd(&gzip);
    ZSTD_freeDCtx(zstd);
    if (lz4 != nullptr) LZ4F_freeDecompressionContext(lz4);
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // Inflates from the front of `input`, which it shortens, into `output`; `filled` bytes of it.
  Step step(std::span<const char>& input, std::span<char> output, std::size_t& filled) {
    switch (coding) {
      case ContentCoding::Gzip: return step_gzip(input, output, filled);
      case ContentCoding::Zstd: return step_zstd(input, output, filled);
      default: return step_lz4(input, output, filled);
    }
  }

  Step step_gzip(std::span<const char>& input, std::span<char> output, std::size_t& filled) {
    if (at_end) inflateReset(&gzip);  // Another member.
    gzip.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
    gzip.avail_in = static_cast<uInt>(input.size());
    gzip.next_out = reinterpret_cast<Bytef*>(output.data());
    gzip.avail_out = static_cast<uInt>(output.size());
    const int result = inflate(&gzip, Z_NO_FLUSH);
    input = input.subspan(input.size() - gzip.avail_in);
    filled = output.size() - gzip.avail_out;
    at_end = result == Z_STREAM_END;
    return result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR ? Step::More
                                                                             : Step::Bad;
  }

  Step step_zstd(std::span<const char>& input, std::span<char> output, std::size_t& filled) {
    ZSTD_inBuffer in{input.data(), input.size(), 0};
    ZSTD_outBuffer out{output.data(), output.size(), 0};
    const std::size_t result = ZSTD_decompressStream(zstd, &out, &in);
    if (ZSTD_isError(result) != 0) return Step::Bad;
    input = input.subspan(in.pos);
    filled = out.pos;
    at_end = result == 0;
    return Step::More;
  }

  Step step_lz4(std::span<const char>& input, std::span<char> output, std::size_t& filled) {
    std::size_t used = input.size();
    filled = output.size();
    const std::size_t result =
        LZ4F_decompress(lz4, output.data(), &filled, input.data(), &used, nullptr);
    if (LZ4F_isError(result) != 0) return Step::Bad;
    input = input.subspan(used);
    at_end = result == 0;
    return Step::More;
  }

  ContentCoding coding;
  z_stream gzip{};
  ZSTD_DCtx* zstd = nullptr;
  LZ4F_dctx* lz4 = nullptr;
  bool at_end = false;  // At the end of a member or frame, so that the body may end here.
};

Inflater::Inflater(ContentCoding coding, std::size_t piece_bytes) {
  if (coding == ContentCoding::Identity) return;
  stream_ = std::make_unique<Stream>(coding);
  piece_.resize(piece_bytes);
}

Inflater::~Inflater() = default;

absl::Status Inflater::feed(std::span<const char> input, const Sink& sink) {
  if (!stream_) return input.empty() ? absl::OkStatus() : sink(input);
  std::size_t filled = 0;
  // A full piece may leave more behind in the stream's window although the input is used up.
  while (!input.empty() || (filled == piece_.size() && !stream_->at_end)) {
    if (stream_->step(input, piece_, filled) == Stream::Step::Bad) {
      return malformed(stream_->coding, "cannot be inflated");
    }
    if (filled == 0) continue;
    if (absl::Status taken = sink(std::span(piece_).first(filled)); !taken.ok()) return taken;
  }
  return absl::OkStatus();
}

absl::Status Inflater::finish() const {
  if (!stream_ || stream_->at_end) return absl::OkStatus();
  return malformed(stream_->coding, "is cut off");
}

absl::StatusOr<std::string> inflate_all(ContentCoding coding, std::string_view text,
                                        std::size_t bytes_max) {
  std::string all;
  Inflater inflater(coding, std::min(bytes_max + 1, kInflatePieceBytes));
  absl::Status inflated = inflater.feed(text, [&](std::span<const char> piece) {
    if (piece.size() > bytes_max - all.size()) {
      return problem(ErrorCode::TooLarge, "the inflated body must not be larger than " +
                                              std::to_string(bytes_max) + " bytes");
    }
    all.append(piece.data(), piece.size());
    return absl::OkStatus();
  });
  if (inflated.ok()) inflated = inflater.finish();
  if (!inflated.ok()) return inflated;
  return all;
}

}  // namespace grapevine
