#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/listen/conversations.hpp"
#include "kernels/listen/group_dimension.hpp"
#include "kernels/listen/triage.hpp"
#include "kernels/parallel/stop.hpp"
#include "kernels/segment/customer_set.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Which posts and tickets are looked for.
struct InboxQuestion {
  enum class Status : std::uint8_t { Open, Answered, All };

  /// What concerns the company without naming it: a post is in one of these dimensions (of one
  /// group each), or came to one of its accounts, or is directed at one of its voices.
  struct Concerning {
    std::vector<GroupDimension> dimensions = {};
  };

  TimeMs from = 0;  ///< When they were said: [from, to).
  TimeMs to = 0;
  std::vector<GroupDimension> filters = {};  ///< Of one group each; all of them hold.
  /// Where set, only this, and whatever opens a ticket.
  std::optional<Concerning> concerning = {};
  /// Who speaks for the company: what they say is no item, what is directed at them is.
  const CustomerSet& voices;
  Status status = Status::Open;
};

/// Something that was said to or about the company.
struct InboxItem {
  const Run* run = nullptr;
  std::size_t row = 0;
  TimeMs ts = 0;
  std::uint64_t sequence = 0;
  CustomerId customer{};  ///< Who says it.
  Concern concern = Concern::Other;
  Severity severity = Severity::None;
  bool is_ticket = false;
  friend bool operator==(const InboxItem&, const InboxItem&) = default;
};

/// What is said to or about the company, in the order in which it came: events that have a text, but for
/// `Ticket Answered` and `Ticket Resolved`, of people who do not speak for the company.
///
/// Shapes  conversations: of the same snapshot and voices, from `from` or earlier on.
/// Errors  Cancelled: `stop` was requested.
/// Cost    One pass over the columns that are asked about, and over the texts of the rows that are
///         left; 56 bytes for each item. The same items for any number of threads.
absl::StatusOr<std::vector<InboxItem>> find_inbox(const Snapshot& snapshot,
                                                  const InboxQuestion& question,
                                                  const Conversations& conversations,
                                                  const Stop& stop);

/// A row's sentiment; nullopt: unknown.
std::optional<double> sentiment_at(const Run& run, std::size_t row);

}  // namespace grapevine
