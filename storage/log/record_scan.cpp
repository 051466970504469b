#include "storage/log/record_scan.hpp"

#include "storage/log/bytes.hpp"

namespace grapevine {
std::optional<PlacedRecord> record_at(std::string_view file, std::size_t offset,
                                      std::uint32_t seed) {
  const auto header = decode_record(file.substr(offset), seed);
  if (!header) return std::nullopt;
  PlacedRecord record;
  record.offset = offset;
  record.header = *header;
  record.first = header->sequence;
  record.bytes = file.substr(offset, RecordHeader::kBytes + header->length);
  record.payload = record.bytes.substr(RecordHeader::kBytes);
  if (header->type == RecordType::Lost) {
    ByteReader in(record.payload);
    record.first = in.fixed<std::uint64_t>();
    if (!in.ok() || !in.at_end() || record.first > header->sequence) return std::nullopt;
  }
  return record;
}

std::optional<PlacedRecord> next_record(std::string_view file, std::size_t offset,
                                        std::uint32_t seed, std::uint64_t first_min,
                                        std::uint64_t limit) {
  for (; offset + RecordHeader::kBytes <= file.size(); ++offset) {
    // Looked at first, because a checksum takes as long as the record that is claimed.
    const auto header = peek_record(file.substr(offset));
    if (!header || header->sequence < first_min || header->sequence >= limit) continue;
    if (header->durable >= header->sequence) continue;
    const auto record = record_at(file, offset, seed);
    if (record && record->first >= first_min) return record;
  }
  return std::nullopt;
}

void encode_lost(std::uint64_t first, std::uint64_t last, std::uint32_t seed, std::string& bytes) {
  std::string payload;
  ByteWriter(payload).fixed(first);
  RecordHeader header;
  header.length = static_cast<std::uint32_t>(payload.size());
  header.type = RecordType::Lost;
  header.sequence = last;
  encode_record(header, payload, seed, bytes);
}

}  // namespace grapevine
