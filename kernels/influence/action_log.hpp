#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/graph/listen_graph.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// Someone shared, bought or otherwise took up something.
struct Action {
  Vertex person = 0;
  std::uint32_t content = 0;  ///< What was taken up: a post, a product.
  TimeMs time_ms = 0;
};

/// Who took up what, and when first. Contents are numbered anew, by the time of their first action
/// and then by their given numbers: those before a moment are the ones below a number.
struct ActionLog {
  std::vector<std::size_t> offsets;  ///< n + 1: the actions of v are [offsets[v], offsets[v + 1]).
  std::vector<std::uint32_t> contents;  ///< By action: increasing for each person.
  std::vector<TimeMs> times;            ///< By action: the person's first on that content.
  std::vector<TimeMs> begins;           ///< By content: its first action. Increasing.

  [[nodiscard]] std::size_t people() const { return offsets.size() - 1; }
  [[nodiscard]] std::size_t actions() const { return contents.size(); }
};

/// Orders actions by person; of several of a person on one content the first counts.
///
/// Shapes  actions: in any order, which the answer does not depend on. Persons are below `people`.
/// Errors  InvalidArgument: a person is not below `people`.
/// Cost    O(a log a) for a actions; scratch some 30 bytes an action. Content numbers are best
///         dense.
absl::StatusOr<ActionLog> build_action_log(std::span<const Action> actions, std::size_t people);

}  // namespace grapevine
