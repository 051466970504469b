#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "storage/log/format.hpp"

namespace grapevine {

/// A whole record and where it stands in its file's bytes.
struct PlacedRecord {
  std::size_t offset = 0;
  RecordHeader header;
  std::uint64_t first = 0;  ///< Its sequence; of RecordType::Lost, the first that is lost.
  std::string_view payload;
  std::string_view bytes;  ///< Header and payload.

  [[nodiscard]] std::size_t end() const { return offset + bytes.size(); }
};

/// The record that begins at `offset`; nullopt: none does.
std::optional<PlacedRecord> record_at(std::string_view file, std::size_t offset,
                                      std::uint32_t seed);

/// The first record at or behind `offset` that stands for `first_min` or what comes after it, and
/// for nothing from `limit` on.
std::optional<PlacedRecord> next_record(std::string_view file, std::size_t offset,
                                        std::uint32_t seed, std::uint64_t first_min,
                                        std::uint64_t limit);

/// Appends a record that says that records `first` to `last` are lost.
void encode_lost(std::uint64_t first, std::uint64_t last, std::uint32_t seed, std::string& bytes);

}  // namespace grapevine
