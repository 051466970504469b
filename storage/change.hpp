#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <absl/status/statusor.h>

#include "storage/erased_ids.hpp"
#include "storage/ids.hpp"
#include "storage/log/log.hpp"
#include "storage/memberships.hpp"
#include "storage/rescoring.hpp"

namespace grapevine {

/// A small thing that is kept whole (see Documents); empty content removes it.
struct DocumentChange {
  std::string kind, name, content;
};

/// Undoes a merge of two external ids.
struct Unmerge {
  std::uint32_t merge = 0;  ///< Its number in the identity graph.
  TimeMs when = 0;
};

/// Erases a person with all of its external ids: by proof, because the log names nobody who is gone.
struct Erasure {
  std::vector<ErasureProof> proofs;
  TimeMs when = 0;
  std::vector<CustomerId> identities;  ///< Of the proofs; not logged: empty when it is read back.
};

/// Takes back what an import stored.
struct ImportUndo {
  std::string import_id;
};

/// What the log records beside batches.
using Change =
    std::variant<DocumentChange, Unmerge, Erasure, ImportUndo, MembershipUpdates, Rescoring>;

/// What the log calls it.
RecordType record_type(const Change& change);

/// Appends a change as the payload of a log record. The record's type is not a part of it.
void encode_change(const Change& change, std::string& bytes);
/// Errors  DataLoss: the bytes are no change of the kind with that place in `Change`.
absl::StatusOr<Change> decode_change(std::size_t kind, std::string_view bytes);

}  // namespace grapevine
