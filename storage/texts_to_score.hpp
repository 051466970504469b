#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "storage/part.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// A model of sentiment as rows name it (see derived_columns.hpp).
struct KnownModel {
  std::optional<ColumnId> column;     ///< None: no row names a model.
  std::optional<std::uint64_t> code;  ///< Of its name in that column; none: no row names it.
};

/// As a snapshot knows it. Cost: a look-up of two names.
KnownModel known_model(const Snapshot& snapshot, std::string_view model);

/// The living rows of a run whose text `model` did not score, though it may: another model did, or
/// nobody at all. What a sender scored is never among them.
/// Shapes  Ascending; at most `most` of them, the first ones.
/// Cost    Some 0.1 ns a row where the models of all rows are one, else 5.
std::vector<std::uint32_t> texts_to_score(const LiveRun& run, const KnownModel& model,
                                          std::size_t most = SIZE_MAX);

/// How many there are in all of a snapshot. Cost: as above, of all rows.
std::size_t count_texts_to_score(const Snapshot& snapshot, const KnownModel& model);

}  // namespace grapevine
