#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "storage/log/log.hpp"

namespace grapevine {

/// CRC-32C (Castagnoli; RFC 3720) of `bytes`, going on from `seed`.
std::uint32_t crc32c(std::uint32_t seed, std::string_view bytes);

/// What a log file begins with.
struct LogFileHeader {
  static constexpr std::size_t kBytes = 8 + 4 + 16 + 8 + 8 + 4;
  static constexpr std::uint32_t kVersion = 1;
  StoreId store{};
  std::uint64_t number = 0;
  std::uint64_t first_sequence = 0;

  [[nodiscard]] std::string encode() const;
  /// nullopt: no header of this version.
  static std::optional<LogFileHeader> decode(std::string_view bytes);
  /// What stands where the header should be, damaged or not.
  static LogFileHeader decode_unchecked(std::string_view bytes);
  /// What the checksums of the file's records start from.
  [[nodiscard]] std::uint32_t checksum_seed() const;
};

/// What stands before a record's payload.
struct RecordHeader {
  static constexpr std::size_t kBytes = 4 + 4 + 1 + 8 + 8;
  std::uint32_t length = 0;  ///< Of the payload.
  RecordType type = RecordType::Batch;
  std::uint64_t sequence = 0;
  std::uint64_t durable = 0;
};

/// Appends a whole record.
void encode_record(const RecordHeader& header, std::string_view payload, std::uint32_t seed,
                   std::string& bytes);

/// What could be a record's header at the start of `bytes`, its checksum unseen; nullopt: nothing.
std::optional<RecordHeader> peek_record(std::string_view bytes);

/// The header of the record at the start of `bytes`; nullopt: there is no whole and sound one.
std::optional<RecordHeader> decode_record(std::string_view bytes, std::uint32_t seed);

}  // namespace grapevine
