#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "storage/batch.hpp"
#include "storage/change.hpp"
#include "storage/store.hpp"
#include "storage/store_state.hpp"

namespace grapevine {

/// What a change comes to, when all that came before it stands. It may be refused.
using Decision = std::function<absl::StatusOr<Change>(const StoreState&)>;

/// Work for the writer: a batch, or a change that is decided when its turn comes.
struct Pending {
  Batch batch;
  Decision decide;  ///< Empty: a batch.
  std::function<void(absl::StatusOr<Appended>)> done;
  std::size_t bytes = 0;

  // What becomes of it.
  std::optional<Change> change;
  absl::Status refused;
  Appended admitted;
  std::uint64_t sequence = 0;  ///< 0: nothing was left to store.
};

}  // namespace grapevine
