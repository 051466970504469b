#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "kernels/segment/run_range.hpp"
#include "storage/part.hpp"
#include "storage/time_span.hpp"

namespace grapevine {

/// Whose a row is and when it was, in one word: the order of words is by customer, then by time.
/// Customers are those of a task, counted from its first one. Times are of the years -6950 to
/// 10889, as all those are that have a date (see holds()).
class CustomerMoment {
 public:
  static constexpr std::size_t kCustomers = std::size_t{1} << 15;

  /// Whether all times from `first` to `last` have a word.
  static constexpr bool holds(TimeMs first, TimeMs last) { return first >= -kHalf && last < kHalf; }
  static constexpr std::uint64_t of(std::uint64_t customer, TimeMs time) {
    return customer << kTimeBits | static_cast<std::uint64_t>(time + kHalf);
  }
  static constexpr std::size_t customer(std::uint64_t word) { return word >> kTimeBits; }
  static constexpr TimeMs time(std::uint64_t word) {
    return static_cast<TimeMs>(word & ((std::uint64_t{1} << kTimeBits) - 1)) - kHalf;
  }

 private:
  static constexpr unsigned kTimeBits = 49;
  static constexpr TimeMs kHalf = TimeMs{1} << (kTimeBits - 1);
  static_assert(kCustomers == std::size_t{1} << (64 - kTimeBits));
};

/// The rows of one step of a sequence, of a task's customers, one week after the other. Weeks are
/// those that large parts keep to, so that most runs lie in one and are in order already; the rows
/// of others are sorted by week. Not thread-safe; memory is kept from one task to the next.
class StepTimes {
 public:
  /// Begins anew. The customers are CustomerMoment::kCustomers from a multiple of that number on. Times
  /// are taken for the last multiple of `unit_ms` before them; above 1, none is before 1970.
  void reset(TimeMs unit_ms = 1);

  /// Keeps the rows that `mask` (a byte a row; empty: all) means, of those of customers who are
  /// `wanted` (1 or 0), and sets `has` of each customer of a row that is meant, wanted or not.
  /// Reads no times. Precondition: the run outlives the task, and CustomerMoment holds its times.
  void add(const Run& run, RowRange rows, std::span<const std::uint8_t> mask,
           std::span<const std::uint8_t> wanted, std::span<std::uint8_t> has);

  /// Brings what was kept of customers who are `wanted` in order of weeks. That span outlives the
  /// calls of `take`.
  void arrange(std::span<const std::uint8_t> wanted);

  static constexpr TimeSpan kNoWeek{std::numeric_limits<std::int64_t>::max()};
  /// The week of the rows that were not taken yet; kNoWeek: all were.
  [[nodiscard]] TimeSpan week() const {
    return next_ == pieces_.size() ? kNoWeek : pieces_[next_].week;
  }
  /// Replaces `words` by the rows of a week, ascending: none, unless it is week().
  void take(TimeSpan week, std::vector<std::uint64_t>& words);

 private:
  // Of a run or, where there is none, of scattered_: elements [begin, end).
  struct Piece {
    TimeSpan week;
    const Run* run;
    std::size_t begin;
    std::size_t end;
  };

  // Calls `body(word)` for the rows of a piece of a run.
  template <typename Body>
  void for_each_word(const Piece& piece, const Body& body) const;

  std::vector<std::uint32_t> rows_;  // The first size_ of them; the others are room.
  std::size_t size_ = 0;
  std::vector<Piece> pieces_;
  std::vector<std::pair<TimeSpan, std::uint64_t>> scattered_;  // Of runs of several weeks.
  std::span<const std::uint8_t> wanted_;
  std::size_t next_ = 0;  // The first piece that was not taken yet.
  TimeMs unit_ms_ = 1;
};

/// Whether an event continues a way to an event of its own moment.
enum class SameMoment : std::uint8_t {
  PassedOver,  ///< It does not, but may continue one to an earlier event.
  Continued,   ///< It does: ClickHouse's windowFunnel.
  Hiding,      ///< It does not, and no earlier one either: the same with strict_increase.
};

/// How far customers come in steps none of which is negated: as SequenceMatcher, all customers of a
/// task together, week by week. Not thread-safe.
class StepChain {
 public:
  /// Precondition: there is a step.
  StepChain(std::size_t steps, std::optional<TimeMs> window_ms,
            SameMoment same_moment = SameMoment::PassedOver);

  /// Raises each customer's level to what they reach. Precondition: the steps are arranged, and who
  /// has a row of the first one is at level 1 at least.
  /// Cost: a pass over the rows; 8 bytes a customer and step.
  void follow(std::span<StepTimes> steps, std::span<std::uint8_t> levels);

 private:
  // An event that a sequence came to, and the latest first event from which it does.
  struct Way {
    std::uint64_t word;
    TimeMs first;
  };

  void begin_ways();
  void continue_ways(std::size_t step, std::span<std::uint8_t> levels);
  void keep_latest(std::size_t step);

  TimeMs window_ms_;
  SameMoment same_moment_;
  std::vector<std::vector<TimeMs>> latest_;  // By step and customer: the last way's first event.
  std::vector<std::uint64_t> words_;         // Of the week and step.
  std::vector<Way> ways_;                    // To the step before, within the week.
  std::vector<Way> next_;
};

}  // namespace grapevine
