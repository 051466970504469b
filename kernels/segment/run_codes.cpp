#include "kernels/segment/run_codes.hpp"

#include <string>
#include <variant>

namespace grapevine {

absl::Status check_codes(const Snapshot& snapshot, const EventSelection& selection,
                         ColumnId column) {
  const ColumnInfo& info = snapshot.columns()[index(column)];
  if (info.dictionary == nullptr) {
    return absl::InvalidArgumentError("not a column of names: " + info.name);
  }
  for (const std::shared_ptr<const Part>& part : snapshot.parts()) {
    for (const EventNameId event : selection.events) {
      const LiveRun* live = part->run(event);
      const RunColumn* values = live == nullptr ? nullptr : (*live)->column(column);
      if (values != nullptr && !std::holds_alternative<CodeValues>(values->values)) {
        return absl::FailedPreconditionError("not kept as a few names everywhere: " + info.name);
      }
    }
  }
  return absl::OkStatus();
}

const PackedUints* codes_of(const RunColumn* column) {
  return column == nullptr ? nullptr : &std::get<CodeValues>(column->values).codes;
}

}  // namespace grapevine
