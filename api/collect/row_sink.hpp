#pragma once

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

}  // namespace grapevine
