#pragma once

#include <string>
#include <string_view>

#include <absl/status/statusor.h>

#include "storage/disk/disk.hpp"
#include "storage/erased_ids.hpp"

namespace grapevine {

inline constexpr std::string_view kErasureKeyFile = "erasure-key";

/// The key under which a folder keeps proofs of erasure: FOLDER/erasure-key, readable by its owner
/// alone. It is made in a new folder, before anything else is.
///
/// Where it is missing though there is a manifest, or a log with anything behind its header, it was
/// lost: under a new key nobody would be known as erased any more. Whether anybody ever was erased
/// is certain only once all of it was read, so that is not asked: such a folder, one from before
/// there were keys too, gets a new key in a `salvage` alone.
/// Errors  DataLoss: the file is no key, or was lost. Unavailable: the file system said no.
absl::StatusOr<ErasedIds::Key> erasure_key(Disk& disk, const std::string& folder, bool salvage);

}  // namespace grapevine
