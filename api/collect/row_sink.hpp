#pragma once

#include <string_view>

#include <absl/status/status.h>

#include "api/collect/cell_writer.hpp"
#include "api/collect/event_row.hpp"
#include "api/collect/json.hpp"
#include "storage/batch.hpp"

namespace grapevine {

/// Where the rows of one batch of calls go.
struct RowSink {
  explicit RowSink(Batch& target) : batch(target), cells(target), rows(cells) {}
  RowSink(const RowSink&) = delete;
  RowSink& operator=(const RowSink&) = delete;

  StringRef intern(std::string_view text) { return batch.strings.intern(text); }

  Batch& batch;
  CellWriter cells;
  EventRowWriter rows;
  MadeTexts made;  ///< Of the event that is being read.
};

/// Adds one member of an event's properties or context to the row begun last. An array is never
/// the value of a column of its own: it is kept as JSON text beside it.
/// Errors  InvalidArgument: a rejection.
absl::Status add_member(Family family, std::string_view name, JsonElement element, RowSink& sink);

}  // namespace grapevine
