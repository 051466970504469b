#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "kernels/segment/customer_set.hpp"
#include "storage/customers.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// What a list is ordered by: customers' own ids, an attribute, or a time a customer (kNever: none).
struct OrderBy {
  std::variant<std::monostate, const AttributeColumn*, std::span<const TimeMs>> key;
  bool descending = false;
};

/// The members of a set in order: by the key, those without one last; of equal ones, by the bytes
/// of their ids, ascending. Strings are ordered by their bytes, false comes before true.
///
/// Only as much is sorted as was asked for, and the order is total, so every page is the same
/// however the pages before it were asked for. Not thread-safe.
class MemberOrder {
 public:
  /// `customers` outlives it. Cost: one pass over the members; for strings also a sort of the
  /// distinct ones.
  MemberOrder(const CustomerTable& customers, const CustomerSet& members, const OrderBy& order_by);

  [[nodiscard]] std::size_t size() const { return members_.size(); }
  [[nodiscard]] std::size_t bytes() const { return members_.capacity() * sizeof(Member); }

  /// The members at [begin, end) of the order; both are cut to size(). Cost: O(size + k log k) for
  /// the k that are new.
  std::vector<CustomerId> page(std::size_t begin, std::size_t end);

 private:
  struct Member {
    std::uint64_t key = 0;       // Ascending is the order that was asked for.
    std::uint64_t id_bytes = 0;  // Some bytes of the id in which ids differ, first byte highest.
    CustomerId customer{};
    std::uint32_t without_key = 0;
  };

  void list_members(const CustomerSet& members);
  void note_ids(std::size_t range_begin, std::size_t range_end);
  void note_keys(const AttributeColumn& column, bool descending);
  void note_keys(std::span<const TimeMs> times, bool descending);
  void sort_until(std::size_t end);
  bool sort_by_key_until(std::size_t target);
  [[nodiscard]] std::optional<std::uint64_t> key_of_rest(std::size_t count) const;
  std::vector<Member>::iterator place(std::size_t at) {
    return members_.begin() + static_cast<std::ptrdiff_t>(at);
  }
  [[nodiscard]] bool before(const Member& a, const Member& b) const;

  const CustomerTable& customers_;
  std::vector<Member> members_;
  std::size_t sorted_ = 0;  // How many at the front stand where they belong.
  bool ids_descend_ = false;
  bool ids_noted_ = false;  // Of everyone who is not sorted yet.
};

}  // namespace grapevine
