#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/text_values.hpp"

namespace grapevine {

/// A UUID as its 16 bytes.
using Uuid = std::array<std::uint8_t, 16>;

/// The UUID that `text` is the canonical form of (lower case, five groups); nullopt: none, or the
/// one of zeros.
std::optional<Uuid> parse_uuid(std::string_view text);
/// Writes the canonical form. Shapes: 36 characters at `text`.
void format_uuid(const Uuid& uuid, char* text);

/// The message ids of a run's rows. Immutable once filled.
struct MessageIdColumn {
  std::vector<Uuid> uuids;  ///< A row each, zeros where the id is none; empty: no id is.
  TextValues texts;         ///< A row each, empty where the id is a UUID; no rows: all are.

  /// Whether no row has an id of its own.
  [[nodiscard]] bool empty() const { return uuids.empty() && texts.size() == 0; }
  [[nodiscard]] std::size_t bytes() const { return uuids.capacity() * sizeof(Uuid) + texts.held(); }
};

/// Reads message ids. Not thread-safe; refers to the column.
class MessageIdReader {
 public:
  explicit MessageIdReader(const MessageIdColumn& column)
      : column_(&column), texts_(column.texts) {}
  /// The id of a row, valid until the next call; empty: derived from the sequence.
  std::string_view at(std::size_t row);
  /// The same where it is a UUID; else zeros.
  [[nodiscard]] Uuid uuid_at(std::size_t row) const {
    return column_->uuids.empty() ? Uuid{} : column_->uuids[row];
  }

 private:
  const MessageIdColumn* column_;
  TextReader texts_;
  std::array<char, 36> text_{};
};

/// Fills a MessageIdColumn row by row.
class MessageIdWriter {
 public:
  MessageIdWriter(std::size_t rows, TextWriter::Compression compression);
  void add(std::string_view id);
  /// Adds what stands at a row of another column.
  void add(MessageIdReader& from, std::size_t row);
  MessageIdColumn finish() &&;

 private:
  void add(const Uuid& uuid, std::string_view text);

  std::vector<Uuid> uuids_;
  TextWriter texts_;
  bool any_uuid_ = false;
  bool any_text_ = false;
};

}  // namespace grapevine
