#include "kernels/listen/vocabulary.hpp"

#include "kernels/listen/word_streams.hpp"

namespace grapevine {

static_assert(kWordGap == 0, "the first word is the empty one");

Vocabulary::Vocabulary() : order_(std::make_shared<const WordOrder>()) { words_.intern(""); }

std::shared_ptr<const WordOrder> Vocabulary::order() {
  const std::lock_guard lock(mutex_);
  if (order_->size() < words_.size()) order_ = std::make_shared<const WordOrder>(words_, *order_);
  return order_;
}

void Vocabulary::forget(std::uint32_t code) {
  const std::lock_guard lock(mutex_);
  words_.forget(code);
  order_ = std::make_shared<const WordOrder>();
}

}  // namespace grapevine
