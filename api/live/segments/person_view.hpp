#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/segment/customer_rows.hpp"
#include "kernels/segment/seen.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// One person after the other, as tests look at them: rows that several tests read are found once.
/// Not thread-safe; what it is made with outlives it.
class PersonView {
 public:
  explicit PersonView(const Snapshot& snapshot)
      : snapshot_(snapshot), rows_(snapshot), read_(snapshot.event_counts().size()) {}

  /// When the person's first and last events were; kNever: there is none.
  struct Seen {
    TimeMs first = kNever, last = kNever;
  };
  void look_at(CustomerId person, const Seen& seen) {
    person_ = person;
    seen_ = seen;
    ++look_;
  }

  [[nodiscard]] const Snapshot& snapshot() const { return snapshot_; }
  [[nodiscard]] CustomerId person() const { return person_; }
  [[nodiscard]] const Seen& seen() const { return seen_; }
  /// The person's rows of that name from `from` on, by (time, sequence). Valid until rows of that
  /// name are asked for again.
  std::span<const CustomerRow> rows(EventNameId event, TimeMs from);

  [[nodiscard]] const CustomerRows& all_rows() const { return rows_; }

 private:
  struct Read {
    std::uint64_t look = 0;  // When it was read.
    TimeMs from = 0;
    std::vector<CustomerRow> rows;
  };

  const Snapshot& snapshot_;
  const CustomerRows rows_;
  CustomerId person_{};
  Seen seen_;
  std::uint64_t look_ = 0;
  std::vector<Read> read_;  // By event.
};

}  // namespace grapevine
