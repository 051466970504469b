#include "kernels/query/functions/texts.hpp"

#include <utility>

namespace grapevine::sql {

Texts::Texts(const ColumnPtr& column) : mask_(column->constant ? 0 : static_cast<std::size_t>(-1)) {
  if (const auto* texts = std::get_if<TextValues>(&column->values)) {
    texts_ = texts->texts.data();
    return;
  }
  const PooledValues& pooled = *column->pooled();
  const std::size_t codes = pooled.pool->size();
  own_.reserve(pooled.codes.size());
  for (const std::uint32_t code : pooled.codes) {
    // A NULL may stand as code 0 of an empty pool.
    own_.push_back(code < codes ? pooled.pool->at(code) : std::string_view());
  }
  texts_ = own_.data();
}

absl::StatusOr<ColumnPtr> ResultTexts::finish() && {
  if (failed_) {
    return query_error(QueryErrorCode::ArgumentOutOfBound,
                       joined({"Too large a string: a row may have ", std::to_string(kTextBytesMax),
                               " bytes and a block ", std::to_string(kBlockTextBytesMax)}));
  }
  return std::move(builder_).finish(false);
}

}  // namespace grapevine::sql
