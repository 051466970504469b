#include <algorithm>
#include <limits>
#include <optional>

#include "api/encode/arrow/arrow_stream.hpp"
#include "api/encode/formats/arrow_values.hpp"
#include "api/encode/formats/buffered_writer.hpp"

namespace grapevine::sql {
namespace {

// Bytes of text that the first `rows` of a column have, those of elements counted.
std::uint64_t text_bytes(const Column& column, std::size_t rows) {
  std::uint64_t bytes = 0;
  const std::size_t times = column.constant ? rows : 1;
  const std::size_t stored = column.constant ? std::min<std::size_t>(rows, 1) : rows;
  if (column.type.id == TypeId::String) {
    for (std::size_t i = 0; i < stored; ++i) bytes += column.text(i).size();
  } else if (column.type.id == TypeId::Array && stored != 0) {
    const ArrayValues& array = column.array();
    bytes = array.ends[stored - 1] + text_bytes(*array.elements, array.ends[stored - 1]);
  } else if (column.type.id == TypeId::Tuple) {
    for (const ColumnPtr& element : column.tuple().elements) bytes += text_bytes(*element, stored);
  }
  return bytes * times;
}

/// Codes of a String column in a stream's dictionary, which has the texts that were met so far, in
/// the order in which they were. Not thread-safe.
class ArrowDictionary {
 public:
  /// A pool is worth a dictionary where it is small, or has no more texts than there are rows.
  static bool is_worth(const Column& column) {
    constexpr std::size_t kTextsMax = 65'536;
    const PooledValues* pooled = column.pooled();
    return pooled != nullptr && !column.constant &&
           pooled->pool->size() <= std::max(kTextsMax, column.rows);
  }

  /// Tells the stream the texts that it does not have, and lends the codes.
  ArrowColumn lay_out(ArrowStream& stream, std::size_t field, const Column& column) {
    codes_.resize(column.rows);
    new_texts_.clear();
    if (is_worth(column)) {
      add_codes(stream, field, *column.pooled(), column);
    } else {
      // Texts as they come, in place of those that there were.
      for (std::size_t i = 0; i < column.stored(); ++i) new_texts_.push_back(column.text(i));
      for (std::size_t i = 0; i < codes_.size(); ++i) {
        codes_[i] = static_cast<std::int32_t>(column.slot(i));
      }
      pool_ = nullptr;
      add_texts(stream, field, ArrowStream::TextsThen::Replaced);
    }
    ArrowColumn laid = nulls_of(column);
    laid.values = std::as_bytes(std::span(codes_));
    return laid;
  }

 private:
  static constexpr std::int32_t kNone = -1;

  void add_codes(ArrowStream& stream, std::size_t field, const PooledValues& pooled,
                 const Column& column) {
    auto then = ArrowStream::TextsThen::Added;
    if (pooled.pool != pool_) {
      if (has_texts_) then = ArrowStream::TextsThen::Replaced;
      pool_ = pooled.pool;
      known_.assign(pool_->size(), kNone);
      texts_ = 0;
    }
    const bool nulls = !column.nulls.empty();
    for (std::size_t i = 0; i < codes_.size(); ++i) {
      if (nulls && column.nulls[i] != 0) {
        codes_[i] = 0;
        continue;
      }
      std::int32_t& known = known_[pooled.codes[i]];
      if (known == kNone) {
        known = texts_++;
        new_texts_.push_back(pool_->at(pooled.codes[i]));
      }
      codes_[i] = known;
    }
    const bool same = new_texts_.empty() && then == ArrowStream::TextsThen::Added;
    if (!same || !has_texts_) add_texts(stream, field, then);
  }

  void add_texts(ArrowStream& stream, std::size_t field, ArrowStream::TextsThen then) {
    has_texts_ = true;
    Column texts{
        .type = plain(TypeId::String), .rows = new_texts_.size(), .values = {}, .nulls = {}};
    texts.values = TextValues{.texts = new_texts_, .keep = {}};
    stream.add_texts(field, texts.rows, texts_layout_.lay_out(texts, texts.rows), then);
  }

  ArrowColumn nulls_of(const Column& column) {
    ArrowColumn laid;
    if (column.nulls.empty()) return laid;
    const std::vector<std::uint8_t>* nulls = &column.nulls;
    std::vector<std::uint8_t> repeated;
    if (column.constant) {
      repeated.assign(column.rows, column.nulls[0]);
      nulls = &repeated;
    }
    laid.nulls =
        column.rows - static_cast<std::size_t>(std::count(nulls->begin(), nulls->end(), 0));
    pack_bits(nulls->data(), column.rows, true, valid_);
    if (laid.nulls != 0) laid.valid = valid_;
    return laid;
  }

  std::shared_ptr<const StringPool> pool_;
  std::vector<std::int32_t> known_;  // By code of the pool: that of the stream.
  std::int32_t texts_ = 0;           // Of the pool, in the stream.
  bool has_texts_ = false;           // Whether the stream was told any, were it none.
  std::vector<std::string_view> new_texts_;
  std::vector<std::int32_t> codes_;
  std::vector<std::uint64_t> valid_;
  ArrowValues texts_layout_;
};

/// Arrow's IPC stream: a batch a block. Strings of pools are dictionaries, if their first block's are.
class ArrowWriter final : public FormatWriter {
 public:
  ArrowWriter(ResultColumns columns, const FormatSettings& settings)
      : columns_(std::move(columns)),
        zone_(settings.timezone),
        values_(columns_.size()),
        dictionaries_(columns_.size()) {}

  void begin() override {}
  void write(const Block& block) override {
    if (!stream_) begin_stream(&block);
    // A batch has less than 2 GiB of text.
    constexpr std::uint64_t kTextBytesMax = std::uint64_t{1} << 30;
    std::uint64_t bytes = 0;
    for (const ColumnPtr& column : block.columns) {
      bytes = std::max(bytes, text_bytes(*column, block.rows));
    }
    if (bytes > kTextBytesMax && block.rows > 1) {
      write(part_of(block, 0, block.rows / 2));
      return write(part_of(block, block.rows / 2, block.rows));
    }
    add_batch(block);
  }
  void write_totals(const Block& totals) override { static_cast<void>(totals); }
  void end(const FormatStatistics& statistics) override {
    static_cast<void>(statistics);
    if (!stream_) begin_stream(nullptr);
    stream_->end();
  }
  [[nodiscard]] std::string take() override { return stream_ ? stream_->take() : std::string(); }
  [[nodiscard]] std::size_t pending() const override { return stream_ ? stream_->bytes() : 0; }

 private:
  void begin_stream(const Block* first) {
    std::vector<ArrowField> fields;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      fields.push_back(arrow_field(columns_[i].name, columns_[i].type, zone_));
      if (first != nullptr && columns_[i].type.id == TypeId::String &&
          ArrowDictionary::is_worth(*first->columns[i])) {
        fields.back().type = ArrowType::Dictionary;
        dictionaries_[i].emplace();
      }
    }
    stream_.emplace(std::move(fields));
  }

  static Block part_of(const Block& block, std::size_t begin, std::size_t end) {
    Block part;
    part.rows = end - begin;
    for (const ColumnPtr& column : block.columns) part.columns.push_back(slice(column, begin, end));
    return part;
  }

  void add_batch(const Block& block) {
    std::vector<ArrowColumn> laid;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const Column& column = *block.columns[i];
      laid.push_back(dictionaries_[i] ? dictionaries_[i]->lay_out(*stream_, i, column)
                                      : values_[i].lay_out(column, block.rows));
    }
    stream_->add_batch(block.rows, laid);
  }

  const ResultColumns columns_;
  const std::string zone_;
  std::optional<ArrowStream> stream_;
  std::vector<ArrowValues> values_;
  std::vector<std::optional<ArrowDictionary>> dictionaries_;
};

}  // namespace

WriterPtr make_arrow_writer(ResultColumns columns, const FormatSettings& settings) {
  return std::make_unique<ArrowWriter>(std::move(columns), settings);
}

}  // namespace grapevine::sql
