#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <absl/container/flat_hash_map.h>
#include <absl/status/statusor.h>

#include "kernels/listen/ticket_ids.hpp"
#include "kernels/parallel/stop.hpp"
#include "kernels/segment/customer_set.hpp"
#include "storage/ids.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// An event by which a post or a ticket was answered, or a ticket was resolved.
struct Answer {
  TimeMs ts = 0;
  std::uint64_t sequence = 0;  ///< In order of arrival: of several at one time the first counts.
  CustomerId by{};             ///< Whose event it is: who answered, as a person.
  friend bool operator==(const Answer&, const Answer&) = default;
};

/// What became of a post or a ticket: the first of each kind that is not earlier than itself.
struct Outcome {
  std::optional<Answer> answered;
  std::optional<Answer> resolved;  ///< Of tickets alone.

  [[nodiscard]] bool is_open() const { return !answered && !resolved; }
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// Who answers, and when.
struct ConversationQuestion {
  /// Who speaks for the company; of the snapshot that is read. A `Post Replied` of anybody else
  /// answers nothing; tickets may be answered by anybody, as the event's name says that it was done.
  const CustomerSet& voices;
  TimeMs from = INT64_MIN;  ///< Earlier answers are passed over: nothing is asked about before.
  TimeMs to = INT64_MAX;    ///< Nor do those count that come at this time or later.
};

/// Which posts and tickets were answered and resolved. What answers what:
///
/// - A post, which is any event with a `content_id` (but for `Ticket Opened`), is answered by a
///   `Post Replied` of one of the company's voices whose `parent_id` is that content. Events without
///   a content_id cannot be answered.
/// - A ticket, which is an event `Ticket Opened`, is answered by `Ticket Answered` and resolved by
///   `Ticket Resolved` of the same `properties.ticket_id`. Without one, a ticket is known by its
///   `content_id`, which the others name as their `parent_id`, else as their `content_id`. A reply of
///   the company to the content of a ticket answers it, too.
/// - An answer at the same time counts, an earlier one does not: a ticket that is opened again waits
///   for another one. Time is the events' own, so that the order of arrival does not matter.
///
/// Dead rows do not count: those of erased people, and second copies. Immutable once read; any number
/// of threads may ask. The snapshot outlives it.
class Conversations {
 public:
  /// Errors  Cancelled: `stop` was requested.
  /// Cost    A pass over who replied, one over the rows that answer and resolve tickets, and a sort
  ///         of what was found: 40 bytes for each answer.
  static absl::StatusOr<Conversations> read(const Snapshot& snapshot,
                                            const ConversationQuestion& question, const Stop& stop);

  Conversations(Conversations&&) = default;
  Conversations& operator=(Conversations&&) = default;

  [[nodiscard]] std::size_t answers() const { return answers_.size(); }

 private:
  friend class OutcomesOfRun;
  enum class Kind : std::uint8_t {
    Reply,            // To a content.
    TicketAnswered,   // By the ticket's number.
    TicketResolved,   // ...
    ContentAnswered,  // A ticket that is known by its content.
    ContentResolved,
  };
  struct Found {
    std::uint64_t key;
    Answer answer;
  };
  static constexpr std::uint64_t key_of(Kind kind, std::uint32_t number) {
    return std::uint64_t{static_cast<std::uint8_t>(kind)} << 32 | number;
  }
  explicit Conversations(const Snapshot& snapshot) : snapshot_(&snapshot), tickets_(snapshot) {}
  void read_replies(const ConversationQuestion& question, const Stop& stop);
  void read_tickets(const ConversationQuestion& question, std::string_view event, bool resolves,
                    const Stop& stop);
  void sort();
  [[nodiscard]] std::optional<Answer> first(Kind kind, std::uint32_t number, TimeMs since) const;

  const Snapshot* snapshot_;
  TicketIds tickets_;
  std::vector<Found> answers_;  // By key, then time, then order of arrival.
  absl::flat_hash_map<std::uint64_t, std::span<const Found>> of_key_;  // Into `answers_`.
};

/// What became of the rows of one run, which is of the snapshot of the conversations. Not
/// thread-safe; conversations and run outlive it.
class OutcomesOfRun {
 public:
  OutcomesOfRun(const Conversations& conversations, const Run& run);

  /// Whether a row can be answered at all: it names a ticket or has a content.
  [[nodiscard]] bool can_be_answered(std::size_t row);
  /// Cost: up to four look-ups, and a binary search of the answers of each.
  [[nodiscard]] Outcome of(std::size_t row);
  /// The text by which a row of `Ticket Opened` names its ticket, valid until the next call; nullopt:
  /// it is known by its content, or the run is of another event.
  [[nodiscard]] std::optional<std::string_view> ticket(std::size_t row);

 private:
  [[nodiscard]] std::optional<std::uint32_t> content(std::size_t row) const;

  const Conversations& conversations_;
  const Run& run_;
  const RunColumn* contents_ = nullptr;  // nullptr: no row has one.
  std::optional<TicketsOfRun> tickets_;  // Of runs of tickets.
};

}  // namespace grapevine
