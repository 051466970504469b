#pragma once

#include <cstddef>

#include "storage/batch.hpp"

namespace grapevine {

/// How much of a batch was there at a moment, to go back to. What was interned since stays: no row
/// refers to it.
class BatchMark {
 public:
  /// `batch` outlives the mark.
  explicit BatchMark(Batch& batch)
      : batch_(batch),
        events_(batch.events.size()),
        traits_(batch.traits.size()),
        links_(batch.links.size()),
        cells_(batch.cells.size()) {}

  /// Takes back every row that was added since.
  void go_back() {
    batch_.events.resize(events_);
    batch_.traits.resize(traits_);
    batch_.links.resize(links_);
    batch_.cells.resize(cells_);
  }

 private:
  Batch& batch_;
  std::size_t events_;
  std::size_t traits_;
  std::size_t links_;
  std::size_t cells_;
};

}  // namespace grapevine
