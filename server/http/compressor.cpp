#include "server/http/compressor.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include <lz4frame.h>
#include <zlib.h>
#include <zstd.h>

namespace grapevine {
namespace {

constexpr int kGzipWindow = 15 + 16;  // zlib's way to say: the largest window, gzip's frame.
constexpr int kFastest = 1;
constexpr std::size_t kStepBytes = 64u << 10;
// A piece below it is all that its source has for now, so that the client should have it.
constexpr std::size_t kFlushedBytes = 64u << 10;

enum class Step : std::uint8_t { Add, Flush, Finish };

}  // namespace

// One of three libraries' streams behind one face. They fail only where memory is out.
struct Compressor::Stream {
  Stream(ContentCoding stream_coding, std::size_t bytes) : coding(stream_coding) {
    if (coding == ContentCoding::Gzip) {
      if (deflateInit2(&gzip, kFastest, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        throw std::bad_alloc();
      }
    } else if (coding == ContentCoding::Zstd) {
      zstd = ZSTD_createCCtx();
      if (zstd == nullptr) throw std::bad_alloc();
      ZSTD_CCtx_setParameter(zstd, ZSTD_c_compressionLevel, kFastest);
      if (bytes > 0) ZSTD_CCtx_setPledgedSrcSize(zstd, bytes);
    } else if (LZ4F_isError(LZ4F_createCompressionContext(&lz4, LZ4F_VERSION)) != 0) {
      throw std::bad_alloc();
    }
  }
  ~Stream() {
    if (coding == ContentCoding::Gzip) deflateEnd(&gzip);
    ZSTD_freeCCtx(zstd);
    if (lz4 != nullptr) LZ4F_freeCompressionContext(lz4);
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  std::string run(std::string_view text, Step step) {
    switch (coding) {
      case ContentCoding::Gzip: return run_gzip(text, step);
      case ContentCoding::Zstd: return run_zstd(text, step);
      default: return run_lz4(text, step);
    }
  }

  std::string run_gzip(std::string_view text, Step step) {
    const int mode = step == Step::Add ? Z_NO_FLUSH : step == Step::Flush ? Z_SYNC_FLUSH : Z_FINISH;
    std::string out;
    std::size_t filled = 0;
    do {
      // zlib counts in 32 bits; a piece may be larger.
      const std::size_t in = std::min<std::size_t>(text.size(), 1u << 30);
      out.resize(filled + std::max(kStepBytes, in / 2));
      gzip.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
      gzip.avail_in = static_cast<uInt>(in);
      gzip.next_out = reinterpret_cast<Bytef*>(out.data() + filled);
      gzip.avail_out = static_cast<uInt>(out.size() - filled);
      const int result = deflate(&gzip, in == text.size() ? mode : Z_NO_FLUSH);
      if (result == Z_STREAM_ERROR) throw std::bad_alloc();
      text.remove_prefix(in - gzip.avail_in);
      filled = out.size() - gzip.avail_out;
    } while (!text.empty() || gzip.avail_out == 0);
    out.resize(filled);
    return out;
  }

  std::string run_zstd(std::string_view text, Step step) {
    const ZSTD_EndDirective mode = step == Step::Add     ? ZSTD_e_continue
                                   : step == Step::Flush ? ZSTD_e_flush
                                                         : ZSTD_e_end;
    std::string out;
    ZSTD_inBuffer in{text.data(), text.size(), 0};
    std::size_t filled = 0;
    std::size_t left = 0;
    do {
      out.resize(filled + std::max(kStepBytes, text.size() / 4));
      ZSTD_outBuffer to{out.data(), out.size(), filled};
      left = ZSTD_compressStream2(zstd, &to, &in, mode);
      if (ZSTD_isError(left) != 0) throw std::bad_alloc();
      filled = to.pos;
    } while (in.pos < in.size || (step != Step::Add && left > 0));
    out.resize(filled);
    return out;
  }

  std::string run_lz4(std::string_view text, Step step) {
    LZ4F_preferences_t preferences = LZ4F_INIT_PREFERENCES;
    preferences.frameInfo.blockSizeID = LZ4F_max256KB;
    std::string out(LZ4F_HEADER_SIZE_MAX + LZ4F_compressBound(text.size(), &preferences), '\0');
    std::size_t filled = 0;
    const auto made = [&](std::size_t bytes) {
      if (LZ4F_isError(bytes) != 0) throw std::bad_alloc();
      filled += bytes;
    };
    if (!begun) made(LZ4F_compressBegin(lz4, out.data(), out.size(), &preferences));
    begun = true;
    const auto room = [&] { return out.size() - filled; };
    made(LZ4F_compressUpdate(lz4, out.data() + filled, room(), text.data(), text.size(), nullptr));
    if (step == Step::Flush) made(LZ4F_flush(lz4, out.data() + filled, room(), nullptr));
    if (step == Step::Finish) made(LZ4F_compressEnd(lz4, out.data() + filled, room(), nullptr));
    out.resize(filled);
    return out;
  }

  ContentCoding coding;
  z_stream gzip{};
  ZSTD_CCtx* zstd = nullptr;
  LZ4F_cctx* lz4 = nullptr;
  bool begun = false;  // The header of an LZ4 frame was written.
};

Compressor::Compressor(ContentCoding coding, std::size_t bytes) {
  if (coding != ContentCoding::Identity) stream_ = std::make_unique<Stream>(coding, bytes);
}
Compressor::~Compressor() = default;

std::string Compressor::add(std::string_view text) {
  return stream_ ? stream_->run(text, Step::Add) : std::string(text);
}
std::string Compressor::flush() { return stream_ ? stream_->run({}, Step::Flush) : std::string(); }
std::string Compressor::finish() {
  return stream_ ? stream_->run({}, Step::Finish) : std::string();
}

std::string compress(ContentCoding coding, std::string_view text) {
  Compressor compressor(coding, text.size());
  std::string compressed = compressor.add(text);
  return compressed += compressor.finish();
}

CompressedSource::CompressedSource(ContentCoding coding, std::string_view first,
                                   std::shared_ptr<BodySource> source)
    : compressor_(coding), first_(compressor_.add(first)), source_(std::move(source)) {
  if (first.size() < kFlushedBytes) first_ += compressor_.flush();
}

absl::StatusOr<BodySource::Piece> CompressedSource::next() {
  absl::StatusOr<Piece> piece = source_->next();
  if (!piece.ok()) return piece;
  std::string compressed = compressor_.add(piece->bytes);
  if (piece->then == Then::End) {
    compressed += compressor_.finish();
  } else if (piece->then == Then::Wait || piece->bytes.size() < kFlushedBytes) {
    compressed += compressor_.flush();
  }
  piece->bytes = std::move(compressed);
  return piece;
}

}  // namespace grapevine
