#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/encode/arrow/arrow_column.hpp"

namespace grapevine {

/// The buffers of a message, one behind the other, each from a multiple of 8 bytes on.
class ArrowBody {
 public:
  struct Node {
    std::size_t rows = 0;
    std::size_t nulls = 0;
  };
  struct Buffer {
    std::size_t offset = 0;  ///< In the body.
    std::string_view bytes;
  };

  /// Adds a column's node and buffers, and those of its children. Precondition: its views have room for `rows`.
  void add(ArrowType type, std::size_t rows, const ArrowColumn& column);

  [[nodiscard]] const std::vector<Node>& nodes() const { return nodes_; }
  [[nodiscard]] const std::vector<Buffer>& buffers() const { return buffers_; }
  /// Bytes, padding included.
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  void add_buffer(std::span<const std::byte> bytes, std::size_t size);

  std::vector<Node> nodes_;
  std::vector<Buffer> buffers_;
  std::size_t size_ = 0;
};

/// Append one message each to a stream.
void append_schema(std::string& stream, std::span<const ArrowField> fields);
void append_batch(std::string& stream, std::size_t rows, const ArrowBody& body);
/// `more`: the texts follow those that the dictionary has; else they stand for these.
void append_texts(std::string& stream, std::int64_t dictionary, bool more, std::size_t rows,
                  const ArrowBody& body);
void append_end(std::string& stream);

}  // namespace grapevine
