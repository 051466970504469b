#include <limits>

#include "api/encode/formats/cell_writer.hpp"

namespace grapevine::sql {
namespace {

// Texts of a pool are written once each and copied from then on.
class StringCell final : public CellWriter {
 public:
  explicit StringCell(const CellOptions& options) : options_(options) {}

 private:
  struct Written {
    std::uint32_t offset = kNotWritten;
    std::uint32_t size = 0;
  };
  static constexpr std::uint32_t kNotWritten = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::size_t kWrittenCodesMax = 65'536;
  static constexpr std::size_t kWrittenBytesMax = std::size_t{8} << 20;

  void bind_values(const Column& column) override {
    pooled_ = column.pooled();
    if (pooled_ == nullptr) {
      texts_ = std::get<TextValues>(column.values).texts.data();
      return;
    }
    if (pooled_->pool == pool_) return;
    pool_ = pooled_->pool;
    written_.clear();
    written_bytes_.clear();
    // A pool that is larger than what is asked of it is not worth an array.
    const std::size_t codes = pool_->size();
    if (codes <= kWrittenCodesMax && codes <= 4 * column.stored()) written_.resize(codes);
  }

  void write_value(ByteBuffer& out, std::size_t slot) override {
    if (pooled_ == nullptr) return append_string(out, texts_[slot], options_);
    const std::uint32_t code = pooled_->codes[slot];
    if (code >= written_.size()) return append_string(out, pool_->at(code), options_);
    Written& written = written_[code];
    if (written.offset == kNotWritten && !write_once(code)) {
      return append_string(out, pool_->at(code), options_);
    }
    copy(out, written);
  }

  bool write_once(std::uint32_t code) {
    if (written_bytes_.size() > kWrittenBytesMax) return false;
    const std::size_t offset = written_bytes_.size();
    append_string(written_bytes_, pool_->at(code), options_);
    if (written_bytes_.size() >= kNotWritten) {  // One text of gigabytes.
      written_bytes_.clear();
      written_.clear();
      return false;
    }
    written_[code] = {static_cast<std::uint32_t>(offset),
                      static_cast<std::uint32_t>(written_bytes_.size() - offset)};
    return true;
  }

  void copy(ByteBuffer& out, Written written) {
    constexpr std::size_t kShort = 32;
    const char* from = written_bytes_.view().data() + written.offset;
    if (written.size > kShort || written.offset + kShort > written_bytes_.size()) {
      return out.append({from, written.size});
    }
    char* to = out.reserve(kShort);
    std::memcpy(to, from, kShort);  // All of it: cheaper than a copy of any size.
    out.advance_to(to + written.size);
  }

  const CellOptions options_;
  const std::string_view* texts_ = nullptr;
  const PooledValues* pooled_ = nullptr;
  std::shared_ptr<const StringPool> pool_;
  std::vector<Written> written_;  // By code.
  ByteBuffer written_bytes_;
};

}  // namespace

std::unique_ptr<CellWriter> make_string_cell(const CellOptions& options) {
  return std::make_unique<StringCell>(options);
}

}  // namespace grapevine::sql
