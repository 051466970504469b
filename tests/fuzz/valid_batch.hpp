#pragma once

#include "storage/batch.hpp"

namespace grapevine::fuzz {

/// 2026-11-22T00:00:00.000Z: when everything that is fuzzed is received.
inline constexpr TimeMs kReceived = 1'795'305'600'000;

/// Ends the process, which is what a fuzzer reports, where `holds` does not.
void require(bool holds, const char* what);

/// Requires what the store may take for granted of a batch: strings that are there and are UTF-8
/// without U+0000, cells that belong to one row, times and ids within their limits.
void check_batch(const Batch& batch);

}  // namespace grapevine::fuzz
