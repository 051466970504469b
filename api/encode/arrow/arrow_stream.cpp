#include "api/encode/arrow/arrow_stream.hpp"

#include <cassert>

#include "api/encode/arrow/arrow_message.hpp"

namespace grapevine {

ArrowStream::ArrowStream(std::vector<ArrowField> fields)
    : fields_(std::move(fields)), has_texts_(fields_.size()) {
  append_schema(bytes_, fields_);
}

void ArrowStream::add_texts(std::size_t column, std::size_t rows, const ArrowColumn& texts,
                            TextsThen then) {
  assert(fields_.at(column).type == ArrowType::Dictionary && texts.nulls == 0);
  ArrowBody body;
  body.add(ArrowType::Utf8, rows, texts);
  const bool more = has_texts_[column] && then == TextsThen::Added;
  append_texts(bytes_, static_cast<std::int64_t>(column), more, rows, body);
  has_texts_[column] = true;
}

void ArrowStream::add_batch(std::size_t rows, std::span<const ArrowColumn> columns) {
  assert(columns.size() == fields_.size());
  ArrowBody body;
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    assert(fields_[i].nullable || columns[i].nulls == 0);
    assert(fields_[i].type != ArrowType::Dictionary || has_texts_[i]);
    body.add(fields_[i].type, rows, columns[i]);
  }
  append_batch(bytes_, rows, body);
}

void ArrowStream::end() { append_end(bytes_); }

}  // namespace grapevine
