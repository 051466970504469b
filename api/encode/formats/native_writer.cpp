#include <bit>

#include "api/encode/formats/binary_values.hpp"
#include "api/encode/formats/buffered_writer.hpp"

namespace grapevine::sql {
namespace {

static_assert(std::endian::native == std::endian::little, "Native is little-endian");

// Versions of the protocol from which on clients know more.
constexpr std::size_t kKnowsZones = 54'337;
constexpr std::size_t kKnowsSerializations = 54'454;

// What stands before a block for clients that say their version: it is no overflow (field 1), and of no
// bucket (field 2, -1); no more fields.
constexpr std::string_view kBlockInfo("\1\0\2\xff\xff\xff\xff\0", 8);

// As clients of no version know it: without the zone.
std::string native_name_of(const DataType& type, std::size_t version) {
  const bool plain_time = type.id == TypeId::DateTime && !type.nullable && version < kKnowsZones;
  return plain_time ? "DateTime" : name_of(type);
}

void append_values(ByteBuffer& out, const Column& column, std::size_t rows);

void append_fixed(ByteBuffer& out, const Column& column, std::size_t rows) {
  const std::size_t width = width_of(column.type.id);
  const std::size_t bytes = rows * width;
  char* to = out.reserve(bytes);
  if (bytes != 0) std::memcpy(to, std::get<FixedValues>(column.values).data<char>(), bytes);
  // What stands at a NULL means nothing: it is written as 0.
  for (std::size_t i = 0; i < column.nulls.size() && i < rows; ++i) {
    if (column.nulls[i] != 0) std::memset(to + i * width, 0, width);
  }
  out.advance_to(to + bytes);
}

void append_texts(ByteBuffer& out, const Column& column, std::size_t rows) {
  const bool nulls = !column.nulls.empty();
  const auto append_all = [&](const auto& text_at) {
    for (std::size_t i = 0; i < rows; ++i) {
      append_binary_string(out, nulls && column.nulls[i] != 0 ? std::string_view() : text_at(i));
    }
  };
  if (const PooledValues* pooled = column.pooled()) {
    append_all([&](std::size_t i) { return pooled->pool->at(pooled->codes[i]); });
  } else {
    const std::string_view* texts = std::get<TextValues>(column.values).texts.data();
    append_all([&](std::size_t i) { return texts[i]; });
  }
}

void append_array(ByteBuffer& out, const Column& column, std::size_t rows) {
  const ArrayValues& array = column.array();
  if (rows == 0) return;
  const std::size_t bytes = rows * sizeof(std::uint64_t);
  char* to = out.reserve(bytes);
  std::memcpy(to, array.ends.data(), bytes);
  out.advance_to(to + bytes);
  append_values(out, *array.elements, array.ends[rows - 1]);
}

void append_nulls(ByteBuffer& out, const Column& column, std::size_t rows) {
  if (column.type.id == TypeId::Nothing) {
    out.append(rows, '\1');
  } else if (column.nulls.empty()) {
    out.append(rows, '\0');
  } else {
    char* to = out.reserve(rows);
    for (std::size_t i = 0; i < rows; ++i) to[i] = column.nulls[i] != 0 ? '\1' : '\0';
    out.advance_to(to + rows);
  }
}

// The first `rows` of a column.
void append_values(ByteBuffer& out, const Column& column, std::size_t rows) {
  if (column.constant) {
    // Shared, not owned: it lives as long as this call.
    const ColumnPtr shared(std::shared_ptr<void>(), &column);
    return append_values(out, *full(resized(shared, rows)), rows);
  }
  if (column.type.nullable) append_nulls(out, column, rows);
  switch (column.type.id) {
    case TypeId::Nothing: return out.append(rows, kNothingByte);
    case TypeId::String: return append_texts(out, column, rows);
    case TypeId::Array: return append_array(out, column, rows);
    case TypeId::Tuple:
      if (column.type.elements.empty()) out.append(rows, kNothingByte);
      for (const ColumnPtr& element : column.tuple().elements) append_values(out, *element, rows);
      return;
    default: return append_fixed(out, column, rows);
  }
}

/// ClickHouse's own format: blocks of columns.
class NativeWriter final : public BufferedWriter {
 public:
  NativeWriter(ResultColumns columns, std::size_t version)
      : columns_(std::move(columns)), version_(version) {}

  void begin() override {}
  void write(const Block& block) override {
    if (version_ > 0) out_.append(kBlockInfo);
    append_varuint(out_, columns_.size());
    append_varuint(out_, block.rows);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      append_binary_string(out_, columns_[i].name);
      append_binary_string(out_, native_name_of(columns_[i].type, version_));
      if (version_ >= kKnowsSerializations) out_.append(1, '\0');  // The usual one.
      append_values(out_, *block.columns[i], block.rows);
    }
  }
  void write_totals(const Block& totals) override { static_cast<void>(totals); }
  void end(const FormatStatistics& statistics) override { static_cast<void>(statistics); }

 private:
  const ResultColumns columns_;
  const std::size_t version_;
};

}  // namespace

WriterPtr make_native_writer(ResultColumns columns, std::size_t version) {
  return std::make_unique<NativeWriter>(std::move(columns), version);
}

}  // namespace grapevine::sql
