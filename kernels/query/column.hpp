#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "kernels/query/data_type.hpp"

namespace grapevine::sql {

struct Column;
/// Immutable once shared, and shared freely: by blocks, constants and results.
using ColumnPtr = std::shared_ptr<const Column>;

/// Distinct strings by number: two codes are two strings. Immutable, as far as anyone who got a code
/// can see; any number of threads may read.
class StringPool {
 public:
  StringPool() = default;
  StringPool(const StringPool&) = delete;
  StringPool& operator=(const StringPool&) = delete;
  virtual ~StringPool() = default;
  /// Valid as long as the pool.
  [[nodiscard]] virtual std::string_view at(std::uint32_t code) const = 0;
  /// Codes are below it.
  [[nodiscard]] virtual std::size_t size() const = 0;
  /// The code of a text; nullopt: the pool does not have it.
  [[nodiscard]] virtual std::optional<std::uint32_t> find(std::string_view text) const = 0;
};

/// Values of width_of(type) bytes each.
class FixedValues {
 public:
  FixedValues() = default;
  /// The values mean nothing before they are written.
  explicit FixedValues(std::size_t bytes)
      : bytes_(std::make_unique_for_overwrite<std::byte[]>(bytes)) {}

  template <typename Value>
  [[nodiscard]] Value* data() {
    return reinterpret_cast<Value*>(bytes_.get());
  }
  template <typename Value>
  [[nodiscard]] const Value* data() const {
    return reinterpret_cast<const Value*>(bytes_.get());
  }

 private:
  std::unique_ptr<std::byte[]> bytes_;
};

/// Texts that stand somewhere else; `keep` holds what they stand in.
struct TextValues {
  std::vector<std::string_view> texts;
  std::vector<std::shared_ptr<const void>> keep;
};

/// Texts as codes of a pool. What stands at a NULL is below the pool's size, or 0.
struct PooledValues {
  std::vector<std::uint32_t> codes;
  std::shared_ptr<const StringPool> pool;
};

struct ArrayValues {
  std::vector<std::uint64_t> ends;  ///< Row i has elements [ends[i - 1], ends[i]).
  ColumnPtr elements;
};

struct TupleValues {
  std::vector<ColumnPtr> elements;  ///< Each with as many stored values as the tuple.
};

/// The values of one type for the rows of a block. A String may be kept as TextValues or as
/// PooledValues; everything else in one way.
struct Column {
  DataType type;
  std::size_t rows = 0;
  bool constant = false;  ///< One value is stored, which all rows have (also where rows is 0).
  std::variant<FixedValues, TextValues, PooledValues, ArrayValues, TupleValues> values;
  /// A byte a stored value, 1 = NULL; empty: none is. What stands at a NULL means nothing, but can be
  /// read. Precondition: empty unless type.nullable.
  std::vector<std::uint8_t> nulls;

  [[nodiscard]] std::size_t stored() const { return constant ? 1 : rows; }
  /// Where a row's value is stored.
  [[nodiscard]] std::size_t slot(std::size_t row) const { return constant ? 0 : row; }
  [[nodiscard]] bool is_null(std::size_t row) const {
    return !nulls.empty() && nulls[slot(row)] != 0;
  }

  /// Stored values. Precondition: Value is as wide as the type.
  template <typename Value>
  [[nodiscard]] std::span<const Value> fixed() const {
    return {std::get<FixedValues>(values).data<Value>(), stored()};
  }
  template <typename Value>
  [[nodiscard]] std::span<Value> fixed() {
    return {std::get<FixedValues>(values).data<Value>(), stored()};
  }
  /// A stored String. Precondition: it is one.
  [[nodiscard]] std::string_view text(std::size_t row) const {
    const std::size_t at = slot(row);
    if (const auto* texts = std::get_if<TextValues>(&values)) return texts->texts[at];
    const auto& pooled = std::get<PooledValues>(values);
    return pooled.pool->at(pooled.codes[at]);
  }
  [[nodiscard]] const PooledValues* pooled() const { return std::get_if<PooledValues>(&values); }
  [[nodiscard]] const ArrayValues& array() const { return std::get<ArrayValues>(values); }
  [[nodiscard]] const TupleValues& tuple() const { return std::get<TupleValues>(values); }

  /// Bytes of memory that it holds alone, about: not those of pools and kept texts.
  [[nodiscard]] std::size_t bytes() const;
};

/// Rows, column by column. Shapes: each column has `rows` rows.
struct Block {
  std::size_t rows = 0;
  std::vector<ColumnPtr> columns;
};

/// Rows of a block that go through a plan together, at most.
inline constexpr std::size_t kBlockRows = 16'384;

/// A column whose fixed-width values are to be written. Precondition: width_of(type.id) > 0.
std::shared_ptr<Column> new_fixed(DataType type, std::size_t rows, bool constant = false);

/// One value for all rows.
template <typename Value>
ColumnPtr constant_fixed(DataType type, Value value, std::size_t rows = 1) {
  auto column = new_fixed(std::move(type), rows, true);
  column->fixed<Value>()[0] = value;
  return column;
}
ColumnPtr constant_text(std::string text, std::size_t rows = 1);
/// NULL in all rows, of a type that has it.
ColumnPtr constant_null(DataType type, std::size_t rows = 1);
/// The type's default in all rows: 0, '', [], NULL where it has that.
ColumnPtr constant_default(DataType type, std::size_t rows);

/// The same constant with another number of rows. Precondition: it is one.
ColumnPtr resized(const ColumnPtr& constant, std::size_t rows);
/// The value of one row as a constant.
ColumnPtr value_at(const ColumnPtr& column, std::size_t row, std::size_t rows = 1);
/// The column with every row's value stored.
ColumnPtr full(const ColumnPtr& column);
/// Strings as texts rather than codes. Others are returned as they are.
ColumnPtr unpooled(const ColumnPtr& column);

/// The rows whose mask is not 0, which are `count`. Shapes: a byte a row.
ColumnPtr filter(const ColumnPtr& column, std::span<const std::uint8_t> mask, std::size_t count);
/// Row i is the column's row at rows[i]; where that is kNoRow, NULL if the type has it, else its
/// default.
inline constexpr std::uint32_t kNoRow = 0xFFFF'FFFF;
ColumnPtr gather(const ColumnPtr& column, std::span<const std::uint32_t> rows);
/// The same where none of `rows` is kNoRow.
ColumnPtr gather_present(const ColumnPtr& column, std::span<const std::uint32_t> rows);
/// Rows [begin, end).
ColumnPtr slice(const ColumnPtr& column, std::size_t begin, std::size_t end);
/// One column after the other. Precondition: all have that type, but for NULL, which the result has
/// if any has. Stays pooled where all have one pool.
ColumnPtr concatenate(const DataType& type, std::span<const ColumnPtr> columns);

/// Makes texts, whose bytes stay where they are until the column that it becomes is gone.
/// Not thread-safe.
class TextBuilder {
 public:
  explicit TextBuilder(std::size_t rows) { texts_.reserve(rows); }
  /// Adds a copy.
  void add(std::string_view text);
  /// Adds a text that stands in something which `keep` was told of.
  void add_kept(std::string_view text) { texts_.push_back(text); }
  void keep(std::shared_ptr<const void> holder) { keep_.push_back(std::move(holder)); }
  /// Keeps what the texts of a column stand in, so that they, or parts of them, may be `add_kept`.
  void keep_texts_of(const ColumnPtr& column);
  [[nodiscard]] std::size_t size() const { return texts_.size(); }
  /// `nulls`: as in Column; the type is nullable where asked for.
  std::shared_ptr<Column> finish(bool nullable, std::vector<std::uint8_t> nulls = {}) &&;

 private:
  std::vector<std::string_view> texts_;
  std::vector<std::shared_ptr<const void>> keep_;
  std::shared_ptr<std::vector<std::unique_ptr<char[]>>> chunks_;
  char* free_ = nullptr;
  std::size_t left_ = 0;
};

/// A pool of a list of strings, deduplicated on the way: `codes` says which code each one has.
struct MadePool {
  std::shared_ptr<const StringPool> pool;
  std::vector<std::uint32_t> codes;
};
MadePool make_pool(std::span<const std::string_view> texts);

}  // namespace grapevine::sql
