#include "kernels/query/text_ids.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include <xxhash.h>

namespace grapevine::sql {
namespace {

constexpr std::size_t kChunkBytes = 64 * 1024;
// Texts looked up together, so that their slots come from memory at the same time.
constexpr std::size_t kBatch = 32;

std::uint64_t hash_of(std::string_view text) { return XXH3_64bits(text.data(), text.size()); }

bool is_null_at(const Column& column, std::size_t slot) {
  return !column.nulls.empty() && column.nulls[slot] != 0;
}

std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

}  // namespace

std::span<const std::uint32_t> TextIds::codes(const Column& column) const {
  const PooledValues* pooled = column.pooled();
  if (pooled == nullptr || pooled->pool != pool_ || pool_->size() != pool_size_) return {};
  return pooled->codes;
}

void TextIds::adopt_pool(const Column& column) {
  const PooledValues* pooled = column.pooled();
  if (pooled == nullptr || !texts_.empty()) return;
  if (pool_ == nullptr) pool_ = pooled->pool;
  if (pool_ == pooled->pool) pool_size_ = pool_->size();  // It may have grown.
}

void TextIds::assign(const Column& column, std::span<std::uint32_t> ids) {
  adopt_pool(column);
  const PooledValues* pooled = column.pooled();
  if (pooled != nullptr) {
    const std::vector<std::uint32_t>& codes = pooled->codes;
    if (pooled->pool == pool_) {
      for (std::size_t i = 0; i < ids.size(); ++i) {
        ids[i] =
            codes[i] < pool_size_ || is_null_at(column, i) ? codes[i] : assign(pool_->at(codes[i]));
      }
      return;
    }
    if (pooled->pool != other_pool_) {
      other_pool_ = pooled->pool;
      other_ids_.assign(other_pool_->size(), kMissing);
    }
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (is_null_at(column, i)) {
        ids[i] = 0;
        continue;
      }
      std::uint32_t& known = other_ids_[codes[i]];
      if (known == kMissing) known = assign(other_pool_->at(codes[i]));
      ids[i] = known;
    }
    return;
  }
  const std::vector<std::string_view>& texts = std::get<TextValues>(column.values).texts;
  std::uint64_t hashes[kBatch];
  for (std::size_t begin = 0; begin < ids.size(); begin += kBatch) {
    const std::size_t count = std::min(kBatch, ids.size() - begin);
    for (std::size_t i = 0; i < count; ++i) {
      hashes[i] = hash_of(texts[begin + i]);
      if (!slots_.empty()) __builtin_prefetch(&slots_[hashes[i] & (slots_.size() - 1)]);
    }
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t row = begin + i;
      if (is_null_at(column, row)) {
        ids[row] = 0;
        continue;
      }
      if (pool_ != nullptr) {
        if (const auto code = pool_->find(texts[row]); code && *code < pool_size_) {
          ids[row] = *code;
          continue;
        }
      }
      const std::uint32_t own = find_own(texts[row], hashes[i]);
      ids[row] = own != kMissing ? own : add_own(texts[row], hashes[i]);
    }
  }
}

void TextIds::find(const Column& column, std::span<std::uint32_t> ids) const {
  const PooledValues* pooled = column.pooled();
  if (pooled != nullptr && pooled->pool == pool_) {
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const std::uint32_t code = pooled->codes[i];
      ids[i] = code < pool_size_ || is_null_at(column, i) ? code : find(pool_->at(code));
    }
    return;
  }
  if (pooled == nullptr || pooled->pool->size() > 4 * ids.size()) {
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const bool is_null = is_null_at(column, i);
      ids[i] = is_null ? kMissing : find(column.text(i));
    }
    return;
  }
  constexpr std::uint32_t kUnknown = kMissing - 1;
  std::vector<std::uint32_t> known(pooled->pool->size(), kUnknown);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (is_null_at(column, i)) {
      ids[i] = kMissing;
      continue;
    }
    std::uint32_t& id = known[pooled->codes[i]];
    if (id == kUnknown) id = find(pooled->pool->at(pooled->codes[i]));
    ids[i] = id;
  }
}

std::uint32_t TextIds::assign(std::string_view text) {
  if (pool_ != nullptr) {
    if (const auto code = pool_->find(text); code && *code < pool_size_) return *code;
  }
  const std::uint64_t hash = hash_of(text);
  const std::uint32_t own = find_own(text, hash);
  return own != kMissing ? own : add_own(text, hash);
}

std::uint32_t TextIds::find(std::string_view text) const {
  if (pool_ != nullptr) {
    if (const auto code = pool_->find(text); code && *code < pool_size_) return *code;
  }
  return find_own(text, hash_of(text));
}

std::uint32_t TextIds::find_own(std::string_view text, std::uint64_t hash) const {
  if (slots_.empty()) return kMissing;
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (slot.id == kMissing) return kMissing;
    if (slot.tag == tag_of(hash) && texts_[slot.id] == text) {
      return static_cast<std::uint32_t>(pool_size_ + slot.id);
    }
  }
}

std::uint32_t TextIds::add_own(std::string_view text, std::uint64_t hash) {
  if (2 * (texts_.size() + 1) > slots_.size()) grow();
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  while (slots_[at].id != kMissing) at = (at + 1) & mask;
  slots_[at] = {tag_of(hash), static_cast<std::uint32_t>(texts_.size())};
  texts_.push_back(keep(text));
  return static_cast<std::uint32_t>(pool_size_ + slots_[at].id);
}

void TextIds::grow() {
  std::vector<Slot> slots(std::max<std::size_t>(64, 2 * slots_.size()));
  const std::size_t mask = slots.size() - 1;
  for (std::size_t id = 0; id < texts_.size(); ++id) {
    const std::uint64_t hash = hash_of(texts_[id]);
    std::size_t at = hash & mask;
    while (slots[at].id != kMissing) at = (at + 1) & mask;
    slots[at] = {tag_of(hash), static_cast<std::uint32_t>(id)};
  }
  slots_ = std::move(slots);
}

std::string_view TextIds::keep(std::string_view text) {
  if (text.empty()) return {};
  if (text.size() > left_) {
    const std::size_t size = std::max(kChunkBytes, text.size());
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(size));
    free_ = chunks_.back().get();
    left_ = size;
    kept_bytes_ += size;
  }
  std::memcpy(free_, text.data(), text.size());
  const std::string_view kept(free_, text.size());
  free_ += text.size();
  left_ -= text.size();
  return kept;
}

ColumnPtr TextIds::texts(std::span<const std::uint32_t> ids, bool is_nullable,
                         std::vector<std::uint8_t> nulls) const {
  if (pool_ != nullptr && texts_.empty()) {
    auto column = std::make_shared<Column>();
    column->type = is_nullable ? nullable(plain(TypeId::String)) : plain(TypeId::String);
    column->rows = ids.size();
    column->values = PooledValues{{ids.begin(), ids.end()}, pool_};
    column->nulls = std::move(nulls);
    return column;
  }
  TextBuilder texts(ids.size());
  if (pool_ != nullptr) texts.keep(pool_);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const bool is_null = !nulls.empty() && nulls[i] != 0;
    const std::string_view text = is_null ? std::string_view() : this->text(ids[i]);
    if (ids[i] < pool_size_) {
      texts.add_kept(text);  // The pool is kept.
    } else {
      texts.add(text);
    }
  }
  return std::move(texts).finish(is_nullable, std::move(nulls));
}

std::size_t TextIds::bytes() const {
  return kept_bytes_ + texts_.capacity() * sizeof(std::string_view) + slots_.size() * sizeof(Slot) +
         other_ids_.size() * sizeof(std::uint32_t);
}

}  // namespace grapevine::sql
