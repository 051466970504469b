#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "api/execute/exit_filter.hpp"
#include "api/parse/change_cursor.hpp"
#include "storage/memberships.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// A change as it leaves the house.
struct ToldChange {
  std::string customer_id;
  bool entered = false;  ///< Else left.
  TimeMs ts = 0;
  ChangeCursor next;  ///< Where a reader goes on who has read this one.
};

struct ChangePage {
  std::vector<ToldChange> changes;
  ChangeCursor next;        ///< Where the next page begins.
  bool more = false;        ///< Whether there is more than this page already.
  std::size_t passed = 0;   ///< Changes that were looked at, told or not.
  WithheldCounts withheld;  ///< Changes of this page that are not told.
  /// Those of this page who left, but cannot be named: they were erased, or their import was undone.
  std::size_t erased = 0;
};

/// nullptr: the snapshot has no such stream.
std::shared_ptr<const MembershipStream> find_stream(const Snapshot& snapshot,
                                                    const ChangeReader& reader);

/// Where a reader begins who was told nothing yet: with everyone who was in when what is kept began.
ChangeCursor beginning_of(const MembershipStream& stream);

/// Errors  Gone: the cursor is of a stream that ended, or points before what is kept.
absl::Status check_cursor(const ChangeCursor& cursor, const MembershipStream& stream);

/// Whether there is anything to read behind the cursor, which was checked.
bool has_more(const MembershipStream& stream, const ChangeCursor& cursor);

/// The next changes of a stream; at most `limit` are looked at, so fewer are told where some are
/// kept back or erased. Who left is always told of, but for those held out, who were never told of.
/// Somebody who entered, but may not be told of any more, is passed over; where the stream does not
/// say yet that they left, the page ends before them, so that no reader misses a change.
///
/// Errors  as `check_cursor`.
/// Cost    O(limit); behind the beginning the list of all who were in is read, too.
absl::StatusOr<ChangePage> read_changes(const Snapshot& snapshot, const MembershipStream& stream,
                                        const ChangeReader& reader, const ChangeCursor& from,
                                        std::size_t limit);

}  // namespace grapevine
