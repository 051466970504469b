#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/encode/formats/byte_buffer.hpp"
#include "api/encode/formats/format_writer.hpp"
#include "kernels/query/column.hpp"

namespace grapevine::sql {

/// How a value stands in the text around it.
enum class CellStyle : std::uint8_t {
  Plain,    ///< As toString() has it; NULL is ᴺᵁᴸᴸ.
  Escaped,  ///< TabSeparated.
  Raw,      ///< TabSeparatedRaw.
  Csv,
  Quoted,  ///< As a literal of SQL: Values, and inside of arrays and tuples.
  Json,
  JsonPretty,   ///< Tuples, and arrays of them, on lines of their own.
  JsonStrings,  ///< Plain, as a string of JSON.
};

/// Writes the values of one column, one by one. Not thread-safe.
class CellWriter {
 public:
  virtual ~CellWriter() = default;

  /// What is written from now on. The column must outlive its use.
  void bind(const Column& column) {
    constant_ = column.constant;
    nulls_ = column.nulls.empty() ? nullptr : column.nulls.data();
    bind_values(column);
  }
  void write(ByteBuffer& out, std::size_t row) {
    const std::size_t slot = constant_ ? 0 : row;
    if (nulls_ != nullptr && nulls_[slot] != 0) {
      out.append(null_);
    } else {
      write_value(out, slot);
    }
  }
  void set_null(std::string text) { null_ = std::move(text); }

 protected:
  virtual void bind_values(const Column& column) = 0;
  /// `slot`: which of the stored values.
  virtual void write_value(ByteBuffer& out, std::size_t slot) = 0;

 private:
  bool constant_ = false;
  const std::uint8_t* nulls_ = nullptr;
  std::string null_;
};

/// What a cell's text depends on beside its type.
struct CellOptions {
  CellStyle style = CellStyle::Plain;
  const FormatSettings* settings = nullptr;  ///< Outlives the cells.
  bool valid_utf8 = false;                   ///< Of Json: invalid bytes become U+FFFD.
  std::size_t indent = 0;                    ///< Of JsonPretty: steps before the value's line.
  std::string indent_step = "\t";            ///< Of JsonPretty.
  bool named_tuples_as_json = false;         ///< Of Plain: as JsonPretty has them.
};

std::unique_ptr<CellWriter> make_cell(const DataType& type, const CellOptions& options);

/// The text of NULL.
std::string null_text(const CellOptions& options);

// Of make_cell: String, and what has elements.
std::unique_ptr<CellWriter> make_string_cell(const CellOptions& options);
std::unique_ptr<CellWriter> make_array_cell(const DataType& type, const CellOptions& options);
std::unique_ptr<CellWriter> make_tuple_cell(const DataType& type, const CellOptions& options);

/// How a quoted string is written in that style: of names, types and cells that are texts anyway.
void append_string(ByteBuffer& out, std::string_view text, const CellOptions& options);

/// The columns of a block, bound together.
class RowCells {
 public:
  RowCells(const std::vector<ResultColumn>& columns, const CellOptions& options);
  explicit RowCells(std::vector<std::unique_ptr<CellWriter>> cells) : cells_(std::move(cells)) {}
  void bind(const Block& block);
  [[nodiscard]] std::size_t columns() const { return cells_.size(); }
  void write(ByteBuffer& out, std::size_t column, std::size_t row) {
    cells_[column]->write(out, row);
  }

 private:
  std::vector<std::unique_ptr<CellWriter>> cells_;
};

}  // namespace grapevine::sql
