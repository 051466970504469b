#pragma once

#include <cstdint>
#include <vector>

#include "storage/batch.hpp"
#include "storage/customer_writer.hpp"
#include "storage/delta.hpp"
#include "storage/dictionary.hpp"
#include "storage/event_columns.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// A batch's strings as the store's numbers, each looked up once however many rows use it.
/// Not thread-safe; refers to the batch.
class ResolvedBatch {
 public:
  explicit ResolvedBatch(const Batch& batch);

  /// Looks up all actors and targets together, which overlaps their cache misses; new ones get
  /// numbers.
  void resolve_customers(CustomerWriter& customers);
  /// Precondition: `resolve_customers`, and the string is an actor's, a target's or a link's.
  [[nodiscard]] CustomerId customer(StringRef ref) const { return CustomerId(customers_[ref]); }

  EventNameId event(StringRef ref, Dictionary& names);
  ColumnId column(StringRef ref, EventColumns& columns);
  DeltaCell take(ColumnId column, const Cell& cell, EventColumns& columns, DeltaBlock& block);

 private:
  static constexpr std::uint32_t kUnknown = 0xFFFF'FFFF;
  struct KnownCode {
    std::uint32_t column = kUnknown;
    std::uint32_t code = kUnknown;
  };

  const Batch& batch_;
  std::vector<std::uint32_t> customers_;  // By StringRef, as the following.
  std::vector<std::uint32_t> events_;
  std::vector<std::uint32_t> columns_;
  std::vector<KnownCode>
      codes_;  // Of the column in which the string was last seen: mostly its only one.
};

}  // namespace grapevine
