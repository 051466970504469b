#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "storage/store.hpp"

namespace grapevine::testing {

/// A client that remembers what it sent and what was acknowledged, and holds a store to it.
class Ledger {
 public:
  /// Sends `count` operations, some one at a time and some together: batches of three events and a
  /// trait of a customer of their own, and documents. Expects that after the first that is refused all are.
  void send(Store& store, std::size_t count);
  /// Sends again, with the same message ids, what was never acknowledged.
  void send_again(Store& store);

  /// Expects everything that was acknowledged, once and whole, and all else whole or not at all.
  void check(Store& store) const;

  [[nodiscard]] std::size_t acknowledged() const;
  [[nodiscard]] std::size_t sent() const { return acknowledged_.size(); }
  /// How many of what was acknowledged `store` does not have whole.
  [[nodiscard]] std::size_t lost(Store& store) const;

 private:
  void send_together(Store& store, const std::vector<std::size_t>& numbers);
  static bool is_document(std::size_t number) { return number % 6 == 5; }

  std::vector<bool> acknowledged_;  // By number of operation.
};

}  // namespace grapevine::testing
