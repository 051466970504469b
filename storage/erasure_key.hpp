#pragma once

#include <string>
#include <string_view>

#include <absl/status/statusor.h>

#include "storage/disk/disk.hpp"
#include "storage/erased_ids.hpp"

namespace grapevine {

inline constexpr std::string_view kErasureKeyFile = "erasure-key";

/// The key under which a folder keeps proofs of erasure: FOLDER/erasure-key, made where it is
/// missing, readable by its owner alone.
/// Errors  DataLoss: the file is no key. Unavailable: the file system said no.
absl::StatusOr<ErasedIds::Key> erasure_key(Disk& disk, const std::string& folder);

}  // namespace grapevine
