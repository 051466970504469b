#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "api/encode/arrow/arrow_column.hpp"

namespace grapevine {

/// Writes a stream of Arrow's IPC format: a schema, then batches of columns, an end. The bytes may be
/// taken at any time, so that a long stream is sent while it is made.
///
/// Thread safety: one thread at a time.
/// Cost    a copy of each buffer.
/// Source  Arrow Columnar Format 1.x, "Serialization and Interprocess Communication", metadata V5,
///         little-endian.
class ArrowStream {
 public:
  static constexpr const char* kContentType = "application/vnd.apache.arrow.stream";

  /// What becomes of the texts that a dictionary has when it is given more.
  enum class TextsThen : std::uint8_t { Added, Replaced };

  explicit ArrowStream(std::vector<ArrowField> fields);

  /// The texts that a Dictionary column's codes mean: code i is row i of `texts`, a Utf8 column
  /// without nulls. Another call for the same column adds to them, or takes their place for the
  /// batches that follow. Precondition: each Dictionary
  /// column is given its texts, perhaps none, before the first batch, and each code's before it is
  /// used.
  void add_texts(std::size_t column, std::size_t rows, const ArrowColumn& texts,
                 TextsThen then = TextsThen::Added);
  /// Rows. Shapes: one column for each field, each of `rows` rows.
  void add_batch(std::size_t rows, std::span<const ArrowColumn> columns);
  /// Says that nothing follows.
  void end();

  /// Makes room for so many bytes more, for a stream that is taken in one piece.
  void reserve(std::size_t bytes) { bytes_.reserve(bytes_.size() + bytes); }
  [[nodiscard]] std::size_t bytes() const { return bytes_.size(); }
  /// What was written since it was last asked.
  [[nodiscard]] std::string take() { return std::exchange(bytes_, {}); }

 private:
  std::vector<ArrowField> fields_;
  std::vector<bool> has_texts_;  // By field.
  std::string bytes_;
};

}  // namespace grapevine
