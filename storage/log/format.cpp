#include "storage/log/format.hpp"

#include <cstring>

#include <isa-l/crc.h>

#include "storage/log/bytes.hpp"

namespace grapevine {
namespace {

constexpr std::string_view kMagic = "GRAPELOG";
constexpr std::size_t kChecksum = 4;
constexpr std::uint64_t kSequencesMax = std::uint64_t{1} << 62;  // No log gets so far.

}  // namespace

std::uint32_t crc32c(std::uint32_t seed, std::string_view bytes) {
  // The library wants a mutable buffer and an int; it changes nothing. Pieces keep the length an
  // int.
  constexpr std::size_t kPiece = std::size_t{1} << 30;
  std::uint32_t crc = ~seed;
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, kPiece);
    auto* data = reinterpret_cast<unsigned char*>(const_cast<char*>(piece.data()));
    crc = crc32_iscsi(data, static_cast<int>(piece.size()), crc);
    bytes.remove_prefix(piece.size());
  }
  return ~crc;
}

std::string LogFileHeader::encode() const {
  std::string bytes(kMagic);
  ByteWriter out(bytes);
  out.fixed(kVersion);
  bytes.append(reinterpret_cast<const char*>(store.data()), store.size());
  out.fixed(number);
  out.fixed(first_sequence);
  out.fixed(crc32c(0, bytes));
  return bytes;
}

std::optional<LogFileHeader> LogFileHeader::decode(std::string_view bytes) {
  const LogFileHeader header = decode_unchecked(bytes);
  // All of it is encoded, so that it can be compared.
  if (bytes.substr(0, kBytes) != header.encode()) return std::nullopt;
  return header;
}

LogFileHeader LogFileHeader::decode_unchecked(std::string_view bytes) {
  LogFileHeader header;
  if (bytes.size() < kBytes) return header;
  ByteReader in(bytes.substr(kMagic.size() + sizeof(kVersion)));
  std::memcpy(header.store.data(), in.take(header.store.size()).data(), header.store.size());
  header.number = in.fixed<std::uint64_t>();
  header.first_sequence = in.fixed<std::uint64_t>();
  return header;
}

std::uint32_t LogFileHeader::checksum_seed() const { return crc32c(0, encode()); }

void encode_record(const RecordHeader& header, std::string_view payload, std::uint32_t seed,
                   std::string& bytes) {
  const std::size_t begin = bytes.size();
  ByteWriter out(bytes);
  out.fixed(std::uint32_t{0});
  out.fixed(static_cast<std::uint32_t>(payload.size()));
  out.fixed(static_cast<std::uint8_t>(header.type));
  out.fixed(header.sequence);
  out.fixed(header.durable);
  bytes.append(payload);
  const std::uint32_t checksum = crc32c(seed, std::string_view(bytes).substr(begin + kChecksum));
  std::memcpy(bytes.data() + begin, &checksum, kChecksum);
}

std::optional<RecordHeader> peek_record(std::string_view bytes) {
  if (bytes.size() < RecordHeader::kBytes) return std::nullopt;
  ByteReader in(bytes.substr(kChecksum));
  RecordHeader header;
  header.length = in.fixed<std::uint32_t>();
  const auto type = in.fixed<std::uint8_t>();
  header.sequence = in.fixed<std::uint64_t>();
  header.durable = in.fixed<std::uint64_t>();
  const bool known = (type >= static_cast<std::uint8_t>(RecordType::Batch) &&
                      type <= static_cast<std::uint8_t>(RecordType::Rescoring)) ||
                     type == static_cast<std::uint8_t>(RecordType::Lost);
  if (!known || header.sequence >= kSequencesMax) return std::nullopt;
  header.type = static_cast<RecordType>(type);
  if (header.length > bytes.size() - RecordHeader::kBytes) return std::nullopt;
  return header;
}

std::optional<RecordHeader> decode_record(std::string_view bytes, std::uint32_t seed) {
  const std::optional<RecordHeader> header = peek_record(bytes);
  if (!header) return std::nullopt;
  const auto covered = bytes.substr(kChecksum, RecordHeader::kBytes - kChecksum + header->length);
  if (crc32c(seed, covered) != ByteReader(bytes).fixed<std::uint32_t>()) return std::nullopt;
  return header;
}

}  // namespace grapevine
