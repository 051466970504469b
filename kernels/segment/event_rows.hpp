#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "kernels/segment/chosen_rows.hpp"
#include "kernels/segment/customer_set.hpp"
#include "kernels/segment/event_selection.hpp"
#include "kernels/segment/measure.hpp"
#include "kernels/segment/run_range.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// What an evaluation has read. Tasks add to it at the same time.
struct ReadCounts {
  std::atomic<std::uint64_t> rows{0};
  std::atomic<std::uint64_t> bytes{0};          ///< Of the columns that were looked at.
  std::atomic<std::uint64_t> parts{0};          ///< That were looked at.
  std::atomic<std::uint64_t> parts_skipped{0};  ///< For which their times or columns were enough.
};

/// How a kernel over events is asked, beside its question.
struct EventScan {
  const CustomerSet* among = nullptr;  ///< What it answers of others means nothing. nullptr: all.
  ReadCounts* reads = nullptr;         ///< Told what was read, where set.
};

/// The selected rows of events, a block of customers after the other. Immutable; any number of
/// threads may use it as long as snapshot, selection and scan live.
class EventRows {
 public:
  /// What a worker keeps from block to block.
  struct Scratch {
    std::vector<std::uint8_t> mask;
    ChosenRows chosen;
  };

  /// `measured`: a column that the caller reads in addition, for the count of bytes.
  /// Cost: one test of each distinct string for rules on strings; a look at every run.
  EventRows(const Snapshot& snapshot, const EventSelection& selection, const RowPick& pick,
            const EventScan& scan, std::optional<ColumnId> measured = {});

  [[nodiscard]] std::size_t customers() const { return customers_; }

  /// Calls `body(run, rows, mask)` for the stretches of runs that hold selected rows of customers
  /// [first, last): `mask` says which of them are meant, 1 or 0, and is empty where all are.
  template <typename Body>
  void for_each_stretch(std::size_t first, std::size_t last, Scratch& scratch,
                        const Body& body) const {
    const RowRange wanted = wanted_customers(first, last);
    if (wanted.begin == wanted.end) return;
    if (pick_.choice != RowChoice::Any) {
      scratch.chosen.find(choosable_, wanted.begin, wanted.end, pick_);
    }
    for (const LiveRun* run : runs_) {
      const RowRange rows = rows_of_customers(**run, wanted.begin, wanted.end);
      if (rows.begin == rows.end) continue;
      note(**run, rows);
      std::span<const std::uint8_t> mask = filter_.meant(*run, rows, scratch.mask);
      if (pick_.choice != RowChoice::Any) {
        if (mask.empty()) scratch.mask.assign(rows.end - rows.begin, 1);
        mask = scratch.mask;
        scratch.chosen.keep(*run, rows, scratch.mask);
      }
      body(**run, rows, mask);
    }
  }

 private:
  // The first of customers [first, last) whom the caller wants, and who comes after the last one.
  [[nodiscard]] RowRange wanted_customers(std::size_t first, std::size_t last) const;
  void note(const Run& run, RowRange rows) const;

  std::size_t customers_;
  RowFilter filter_;
  RowPick pick_;
  EventScan scan_;
  std::optional<ColumnId> measured_;
  std::vector<const LiveRun*> runs_;       // That may have selected rows.
  std::vector<const LiveRun*> choosable_;  // Of those names, from before `pick_.until`.
};

}  // namespace grapevine
