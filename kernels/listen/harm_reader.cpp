#include "kernels/listen/harm_reader.hpp"

#include <variant>

#include "kernels/listen/text_verdict.hpp"
#include "storage/schema.hpp"

namespace grapevine {

HarmReader::HarmReader(const Run& run)
    : column_(run.column(column_id(CoreColumn::Text))),
      texts_(column_ == nullptr ? nullptr : std::get_if<TextValues>(&column_->values)) {}

bool HarmReader::tells_of_harm(std::size_t row) {
  if (texts_ == nullptr || !column_->has(row)) return false;
  if (!reader_) reader_.emplace(*texts_);
  return grapevine::tells_of_harm(reader_->at(row), scratch_);
}

}  // namespace grapevine
