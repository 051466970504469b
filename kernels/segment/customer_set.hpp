#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "storage/ids.hpp"

namespace grapevine {

/// A set of customers as plain bits, 64 to a word, by CustomerId. Bits beyond the last customer are
/// 0. Thread safety: as a vector; tasks may write different words at the same time.
class CustomerSet {
 public:
  CustomerSet() = default;
  /// Nobody of `customers`.
  explicit CustomerSet(std::size_t customers)
      : customers_(customers), words_((customers + 63) / 64) {}
  /// All of `customers`.
  static CustomerSet everyone(std::size_t customers);

  /// How many customers there are to be in or out.
  [[nodiscard]] std::size_t customers() const { return customers_; }
  /// How many are in.
  [[nodiscard]] std::size_t count() const;
  [[nodiscard]] bool empty() const;

  [[nodiscard]] bool has(CustomerId customer) const {
    return ((words_[index(customer) / 64] >> (index(customer) % 64)) & 1) != 0;
  }
  void add(CustomerId customer) {
    words_[index(customer) / 64] |= std::uint64_t{1} << (index(customer) % 64);
  }

  /// So many customers more are there to be in or out; they are out.
  void grow(std::size_t customers) {
    customers_ = customers;
    words_.resize((customers + 63) / 64);
  }

  void remove(CustomerId customer) {
    words_[index(customer) / 64] &= ~(std::uint64_t{1} << (index(customer) % 64));
  }

  [[nodiscard]] std::span<const std::uint64_t> words() const { return words_; }
  [[nodiscard]] std::span<std::uint64_t> words() { return words_; }

  /// Calls `body(customer)` for each one in the set, in ascending order.
  template <typename Body>
  void for_each_member(const Body& body) const {
    for (std::size_t w = 0; w < words_.size(); ++w) {
      for (std::uint64_t rest = words_[w]; rest != 0; rest &= rest - 1) {
        body(CustomerId(static_cast<std::uint32_t>(w * 64) +
                        static_cast<std::uint32_t>(std::countr_zero(rest))));
      }
    }
  }

  friend bool operator==(const CustomerSet&, const CustomerSet&) = default;

 private:
  std::size_t customers_ = 0;
  std::vector<std::uint64_t> words_;
};

}  // namespace grapevine
