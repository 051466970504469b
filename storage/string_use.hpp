#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>

#include "storage/dictionary.hpp"
#include "storage/part.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Which strings of the dictionaries of columns and attributes are somebody's. Not thread-safe.
class StringUse {
 public:
  /// Looks at everything in a snapshot. What an earlier snapshot had too is not looked at again.
  /// Cost: a pass over the codes.
  void look_at(std::shared_ptr<const Snapshot> snapshot);

  /// The codes of a dictionary that nothing uses, of those that were there when it was first seen.
  [[nodiscard]] std::vector<std::uint32_t> unused(const Dictionary& dictionary) const;

 private:
  using Codes = std::vector<bool>;
  Codes& codes_of(const Dictionary& dictionary);
  void look_at(const Snapshot& snapshot, const LiveRun& run);
  void look_at(const AttributeColumn& column);
  void look_at_authors(const Snapshot& snapshot);

  absl::flat_hash_map<const Dictionary*, Codes> used_;
  absl::flat_hash_set<const void*> seen_;                   // Runs and chunks,
  std::vector<std::shared_ptr<const Snapshot>> looked_at_;  // which these keep where they are.
};

}  // namespace grapevine
