#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include <absl/container/flat_hash_map.h>

#include "storage/part.hpp"
#include "storage/snapshot.hpp"
#include "storage/text_values.hpp"

namespace grapevine {

/// Numbers for the tickets that rows name in `properties.ticket_id`, in whatever way their runs keep
/// it: a number and its decimal digits are one ticket. The snapshot outlives it.
/// Thread safety: one may add; when nobody does, any number may find.
class TicketIds {
 public:
  explicit TicketIds(const Snapshot& snapshot);

  /// The column of `events`; nullopt: no row ever named a ticket.
  [[nodiscard]] std::optional<ColumnId> column() const { return column_; }
  /// The number of a ticket. Cost: a look-up.
  std::uint32_t add(std::string_view ticket);
  /// nullopt: nobody added it.
  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view ticket) const;

 private:
  std::optional<ColumnId> column_;
  absl::flat_hash_map<std::string, std::uint32_t> numbers_;
};

/// The texts by which the rows of one run name their tickets. Not thread-safe; run and snapshot
/// outlive it.
class TicketsOfRun {
 public:
  TicketsOfRun(const Snapshot& snapshot, const Run& run);

  /// The ticket of a row, valid until the next call; nullopt: it names none, or an empty one.
  /// Cost: O(1), and for texts as TextReader::at.
  std::optional<std::string_view> at(std::size_t row);

 private:
  const RunColumn* column_ = nullptr;  // nullptr: no row names one.
  const Dictionary* dictionary_ = nullptr;
  std::optional<TextReader> texts_;
  std::string written_;
};

}  // namespace grapevine
