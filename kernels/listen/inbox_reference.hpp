#pragma once

#include <cstddef>
#include <vector>

#include "kernels/listen/conversations.hpp"
#include "kernels/listen/inbox.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// What became of a row, by looking at every other row of the snapshot.
Outcome outcome_reference(const Snapshot& snapshot, const Run& run, std::size_t row,
                          const ConversationQuestion& question);

/// What find_inbox must answer: each row is looked at alone, by definition.
std::vector<InboxItem> find_inbox_reference(const Snapshot& snapshot, const InboxQuestion& question,
                                            const ConversationQuestion& conversation);

}  // namespace grapevine
