#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "kernels/segment/customer_set.hpp"
#include "storage/customers.hpp"

namespace grapevine {

/// A column of attributes while it is filled. Thread safety: tasks may set customers of different
/// words of 64 at the same time.
template <typename Value>
class ColumnBuilder {
 public:
  explicit ColumnBuilder(std::size_t customers) {
    constexpr std::size_t kCustomers = AttributeChunk::kCustomers;
    chunks_.resize((customers + kCustomers - 1) / kCustomers);
    for (auto& chunk : chunks_) {
      chunk = std::make_shared<AttributeChunk>();
      chunk->values = std::vector<Value>(kCustomers);
    }
  }

  void set(std::size_t customer, Value value) {
    AttributeChunk& chunk = *chunks_[customer / AttributeChunk::kCustomers];
    const std::size_t slot = customer % AttributeChunk::kCustomers;
    std::get<std::vector<Value>>(chunk.values)[slot] = value;
    chunk.present[slot / 64] |= std::uint64_t{1} << (slot % 64);
  }

  /// The column, in which only `people` have values.
  std::shared_ptr<const AttributeColumn> finish(
      const CustomerSet& people, ValueType type,
      std::shared_ptr<const Dictionary> dictionary = nullptr) && {
    auto column = std::make_shared<AttributeColumn>();
    column->type = type;
    column->dictionary = std::move(dictionary);
    const std::span<const std::uint64_t> words = people.words();
    for (std::size_t c = 0; c < chunks_.size(); ++c) {
      auto& present = chunks_[c]->present;
      for (std::size_t w = 0; w < present.size(); ++w) {
        const std::size_t word = c * present.size() + w;
        present[w] &= word < words.size() ? words[word] : 0;
      }
      column->chunks.push_back(std::move(chunks_[c]));
    }
    return column;
  }

 private:
  std::vector<std::shared_ptr<AttributeChunk>> chunks_;
};

}  // namespace grapevine
