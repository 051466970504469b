#include "native_block.hpp"

#include <cstring>
#include <stdexcept>

namespace grapevine::sql {
namespace {

// Written after ClickHouse's documentation of the format, not after our writer.
class NativeReader {
 public:
  NativeReader(std::string_view bytes, bool pooled) : bytes_(bytes), pooled_(pooled) {}

  std::uint64_t varuint() {
    std::uint64_t number = 0;
    for (int shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned char>(take(1)[0]);
      number |= std::uint64_t{byte & 0x7Fu} << shift;
      if (byte < 0x80) return number;
    }
  }
  std::string_view text() { return take(varuint()); }
  [[nodiscard]] bool at_end() const { return bytes_.empty(); }

  ColumnPtr column(const DataType& type, std::size_t rows) {
    std::vector<std::uint8_t> nulls;
    if (type.nullable) {
      const std::string_view mask = take(rows);
      nulls.assign(mask.begin(), mask.end());
    }
    auto column = std::make_shared<Column>(values(type, rows));
    column->nulls = std::move(nulls);
    return column;
  }

 private:
  std::string_view take(std::size_t size) {
    if (size > bytes_.size()) throw std::out_of_range("the block ends early");
    const std::string_view taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }

  Column values(const DataType& type, std::size_t rows) {
    switch (type.id) {
      case TypeId::String: return texts(type, rows);
      case TypeId::Array: {
        Column array{.type = type, .rows = rows, .values = {}, .nulls = {}};
        ArrayValues stored;
        const std::string_view ends = take(rows * sizeof(std::uint64_t));
        stored.ends.resize(rows);
        if (rows != 0) std::memcpy(stored.ends.data(), ends.data(), ends.size());
        stored.elements = column(type.elements.front(), rows == 0 ? 0 : stored.ends.back());
        array.values = std::move(stored);
        return array;
      }
      case TypeId::Tuple: {
        Column tuple{.type = type, .rows = rows, .values = {}, .nulls = {}};
        TupleValues stored;
        if (type.elements.empty()) take(rows);
        for (const DataType& element : type.elements) {
          stored.elements.push_back(column(element, rows));
        }
        tuple.values = std::move(stored);
        return tuple;
      }
      default: break;
    }
    const std::string_view stored = take(rows * width_of(type.id));
    FixedValues values(stored.size());
    if (rows != 0) std::memcpy(values.data<char>(), stored.data(), stored.size());
    return {.type = type, .rows = rows, .values = std::move(values), .nulls = {}};
  }

  Column texts(const DataType& type, std::size_t rows) {
    Column column{.type = type, .rows = rows, .values = {}, .nulls = {}};
    auto kept = std::make_shared<std::vector<std::string>>();
    for (std::size_t i = 0; i < rows; ++i) kept->emplace_back(text());
    TextValues values;
    for (const std::string& each : *kept) values.texts.emplace_back(each);
    values.keep.push_back(kept);
    if (!pooled_) {
      column.values = std::move(values);
      return column;
    }
    MadePool made = make_pool(values.texts);
    column.values = PooledValues{.codes = std::move(made.codes), .pool = std::move(made.pool)};
    return column;
  }

  std::string_view bytes_;
  const bool pooled_;
};

}  // namespace

Block read_native(std::string_view bytes, const std::vector<DataType>& types, bool pooled) {
  Block block;
  NativeReader reader(bytes, pooled);
  if (bytes.empty()) {  // No rows, no block.
    for (const DataType& type : types) {
      block.columns.push_back(slice(constant_default(type, 1), 0, 0));
    }
    return block;
  }
  if (reader.varuint() != types.size()) throw std::invalid_argument("another number of columns");
  block.rows = reader.varuint();
  for (const DataType& type : types) {
    reader.text();  // The name.
    reader.text();  // The type.
    block.columns.push_back(reader.column(type, block.rows));
  }
  if (!reader.at_end()) throw std::invalid_argument("more than one block");
  return block;
}

}  // namespace grapevine::sql
