#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/graph/vertex_mask.hpp"
#include "kernels/propagation/run_counter.hpp"
#include "kernels/propagation/simulate.hpp"

namespace grapevine {

/// Sums over runs of the people reached in one group. Integers: any order of adding gives the same.
struct GroupSums {
  __extension__ using Wide = unsigned __int128;
  std::uint64_t sum = 0;
  Wide squares = 0;  ///< Of the number in each run.
};

/// Who is in which group, by place. Immutable; thread-safe.
class GroupCounts {
 public:
  /// Shapes  people: by place. Those who are not in the audience count in no group.
  GroupCounts(const PeopleGroups& groups, std::span<const Vertex> people, VertexMask audience);

  [[nodiscard]] std::size_t groups() const { return offsets_.size() - 1; }

  /// Adds what a block of 64 runs reached; `reached(place)` are the runs that reached someone.
  template <typename Reached>
  void add(const Reached& reached, std::span<GroupSums> sums) const {
    RunCounter counter;
    for (std::size_t group = 0; group != groups(); ++group) {
      if (offsets_[group] == offsets_[group + 1]) continue;
      for (std::size_t i = offsets_[group]; i != offsets_[group + 1]; ++i)
        counter.add(reached(places_[i]));
      for (const std::uint64_t count : counter.take()) {
        sums[group].sum += count;
        sums[group].squares += count * count;
      }
    }
  }

  /// Mean and standard error of each group's number.
  [[nodiscard]] static std::vector<GroupSpread> spreads(std::span<const GroupSums> sums,
                                                        std::size_t runs);

 private:
  std::vector<std::size_t> offsets_;
  std::vector<std::uint32_t> places_;  // By group.
};

}  // namespace grapevine
