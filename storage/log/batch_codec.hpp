#pragma once

#include <string>
#include <string_view>

#include <absl/status/statusor.h>

#include "storage/batch.hpp"

namespace grapevine {

/// Appends a batch as the payload of a log record. Cost: some 30 bytes a row, and each distinct
/// string once.
void encode_batch(const Batch& batch, std::string& bytes);

/// The batch that was encoded: equal rows, cells and strings.
/// Errors  DataLoss: the bytes are no batch. No input crashes it or makes it take more memory than
/// about
///         50 times the bytes.
absl::StatusOr<Batch> decode_batch(std::string_view bytes);

}  // namespace grapevine
