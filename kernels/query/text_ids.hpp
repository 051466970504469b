#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "kernels/query/column.hpp"

namespace grapevine::sql {

/// Numbers the distinct texts that it is shown. The first pool's codes are numbers as they stand, so
/// that a column of one pool costs nothing; texts that it does not have follow behind it.
/// Not thread-safe, but for `find` and `text`, which change nothing.
class TextIds {
 public:
  static constexpr std::uint32_t kMissing = 0xFFFF'FFFF;

  /// The codes of a column which are its numbers already, or an empty span: ask `assign`.
  [[nodiscard]] std::span<const std::uint32_t> codes(const Column& column) const;
  /// The number of each stored value; what is NULL may have any.
  /// Shapes: ids.size() == column.stored().
  void assign(const Column& column, std::span<std::uint32_t> ids);
  /// The same, kMissing for texts without a number.
  void find(const Column& column, std::span<std::uint32_t> ids) const;

  /// Makes the pool of a column the one whose codes are the numbers, where nothing has one yet.
  void adopt_pool(const Column& column);
  std::uint32_t assign(std::string_view text);
  [[nodiscard]] std::uint32_t find(std::string_view text) const;
  /// Precondition: `assign` gave the number.
  [[nodiscard]] std::string_view text(std::uint32_t id) const {
    return id < pool_size_ ? pool_->at(id) : texts_[id - pool_size_];
  }
  /// Numbers are below it.
  [[nodiscard]] std::size_t size() const { return pool_size_ + texts_.size(); }
  /// All texts of these numbers as a column: of codes where the pool has them all.
  [[nodiscard]] ColumnPtr texts(std::span<const std::uint32_t> ids, bool is_nullable,
                                std::vector<std::uint8_t> nulls) const;
  [[nodiscard]] const std::shared_ptr<const StringPool>& pool() const { return pool_; }
  [[nodiscard]] std::size_t bytes() const;

 private:
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t id = kMissing;
  };
  [[nodiscard]] std::uint32_t find_own(std::string_view text, std::uint64_t hash) const;
  std::uint32_t add_own(std::string_view text, std::uint64_t hash);
  void grow();
  std::string_view keep(std::string_view text);

  std::shared_ptr<const StringPool> pool_;
  std::size_t pool_size_ = 0;
  std::vector<std::string_view> texts_;
  std::vector<Slot> slots_;  // A power of two; open addressing.
  std::vector<std::unique_ptr<char[]>> chunks_;
  char* free_ = nullptr;
  std::size_t left_ = 0;
  std::size_t kept_bytes_ = 0;
  // Numbers of another pool's codes, as far as known; of the pool that was shown last.
  std::shared_ptr<const StringPool> other_pool_;
  std::vector<std::uint32_t> other_ids_;
};

}  // namespace grapevine::sql
