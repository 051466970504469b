#include "storage/checkpoint/checked_file.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include <absl/strings/str_format.h>
#include <fcntl.h>

#include "storage/log/bytes.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

using ChunkType = CheckedFile::ChunkType;
constexpr std::string_view kMagic = "GRAPECHK";
constexpr std::size_t kChecksum = 4;

absl::Status damage(const std::string& path, std::uint64_t offset, std::string_view what) {
  return absl::DataLossError(absl::StrFormat("%s: offset %d: %s", path, offset, what));
}

struct ChunkHeader {
  std::uint32_t checksum = 0;
  std::uint32_t length = 0;
  std::uint8_t type = 0;
};

// What stands between the checksum and the payload, which the checksum covers.
std::string covered_header(ChunkType type, std::size_t length) {
  std::string bytes;
  ByteWriter out(bytes);
  out.fixed(static_cast<std::uint32_t>(length));
  out.fixed(static_cast<std::uint8_t>(type));
  return bytes;
}

ChunkHeader decode_chunk_header(std::string_view bytes) {
  ByteReader in(bytes);
  ChunkHeader header;
  header.checksum = in.fixed<std::uint32_t>();
  header.length = in.fixed<std::uint32_t>();
  header.type = in.fixed<std::uint8_t>();
  return header;
}

}  // namespace

std::string CheckedFile::encode_header(const CheckedName& name) {
  std::string bytes(kMagic);
  ByteWriter out(bytes);
  out.fixed(kVersion);
  out.fixed(static_cast<std::uint8_t>(name.kind));
  bytes.append(reinterpret_cast<const char*>(name.store.data()), name.store.size());
  out.fixed(name.number);
  out.fixed(crc32c(0, bytes));
  return bytes;
}

absl::StatusOr<CheckedWriter> CheckedWriter::create(Disk& disk, const std::string& path,
                                                    const CheckedName& name) {
  GRAPEVINE_ASSIGN_OR_RETURN(File file, File::open(disk, path, O_WRONLY | O_CREAT | O_EXCL));
  CheckedWriter writer(std::move(file));
  const std::string header = CheckedFile::encode_header(name);
  writer.put(header);
  writer.checksum_ = crc32c(0, header);
  return writer;
}

void CheckedWriter::section(std::string_view name, std::uint32_t version) {
  write_pending();
  std::string payload;
  ByteWriter out(payload);
  out.text(name);
  out.fixed(version);
  write_chunk(ChunkType::Section, payload);
}

void CheckedWriter::write(const void* data, std::size_t bytes) {
  std::string_view rest(static_cast<const char*>(data), bytes);
  while (!rest.empty() && status_.ok()) {
    if (pending_.empty() && rest.size() >= CheckedFile::kChunkBytes) {
      write_chunk(ChunkType::Data, rest.substr(0, CheckedFile::kChunkBytes));
      rest.remove_prefix(CheckedFile::kChunkBytes);
      continue;
    }
    const std::size_t room = std::min(rest.size(), CheckedFile::kChunkBytes - pending_.size());
    pending_.append(rest.substr(0, room));
    rest.remove_prefix(room);
    if (pending_.size() == CheckedFile::kChunkBytes) write_pending();
  }
}

absl::StatusOr<FileSeal> CheckedWriter::finish() {
  write_pending();
  write_chunk(ChunkType::End, {});
  GRAPEVINE_RETURN_IF_ERROR(status_);
  GRAPEVINE_RETURN_IF_ERROR(file_.sync());
  return FileSeal{bytes_, checksum_};
}

void CheckedWriter::write_chunk(ChunkType type, std::string_view payload) {
  const std::string covered = covered_header(type, payload.size());
  checksum_ = crc32c(crc32c(checksum_, covered), payload);
  char checksum[kChecksum];
  std::memcpy(checksum, &checksum_, kChecksum);
  put(std::string(checksum, kChecksum) + covered);
  put(payload);
}

void CheckedWriter::write_pending() {
  if (pending_.empty()) return;
  write_chunk(ChunkType::Data, pending_);
  pending_.clear();
}

void CheckedWriter::put(std::string_view bytes) {
  if (!status_.ok()) return;
  status_ = file_.write(bytes);
  bytes_ += bytes.size();
  waiting_ += bytes.size();
  if (!status_.ok() || waiting_ < kWaitingMax) return;
  status_ = file_.write_out(bytes_ - waiting_, waiting_);
  waiting_ = 0;
}

absl::StatusOr<CheckedReader> CheckedReader::open(Disk& disk, const std::string& path,
                                                  const CheckedName& name) {
  CheckedName expected = name;
  GRAPEVINE_ASSIGN_OR_RETURN(CheckedReader reader, open_any_store(disk, path, expected));
  if (expected.store != name.store) return damage(path, 0, "of another store");
  return reader;
}

absl::StatusOr<CheckedReader> CheckedReader::open_any_store(Disk& disk, const std::string& path,
                                                            CheckedName& name) {
  constexpr std::size_t kBegin = CheckedFile::kHeaderBytes + CheckedFile::kChunkHeaderBytes;
  GRAPEVINE_ASSIGN_OR_RETURN(File file, File::open(disk, path, O_RDONLY));
  GRAPEVINE_ASSIGN_OR_RETURN(const std::uint64_t size, file.size());
  CheckedReader reader(std::move(file), size);
  if (size < kBegin) return damage(path, 0, "the file is cut off");
  reader.buffer_.resize(kBegin);
  GRAPEVINE_RETURN_IF_ERROR(reader.file_.read_at(0, reader.buffer_.data(), kBegin));
  const std::string header = reader.buffer_.substr(0, CheckedFile::kHeaderBytes);
  constexpr std::size_t kStoreAt = kMagic.size() + 4 + 1;
  std::memcpy(name.store.data(), header.data() + kStoreAt, name.store.size());
  if (header != CheckedFile::encode_header(name)) {
    return damage(path, 0, "not the header of this file of a checkpoint");
  }
  reader.checksum_ = crc32c(0, header);
  reader.offset_ = CheckedFile::kHeaderBytes;
  return reader;
}

std::uint32_t CheckedReader::section(std::string_view name, std::uint32_t newest) {
  if (!pending_.empty()) fail("more data than expected before section " + std::string(name));
  if (!next_chunk()) return 0;
  ByteReader in(pending_);
  pending_ = {};
  if (type_ != ChunkType::Section || in.text() != name) {
    fail("not section " + std::string(name));
    return 0;
  }
  const auto version = in.fixed<std::uint32_t>();
  if (!in.ok() || version == 0 || version > newest) {
    fail(
        absl::StrFormat("section %s of version %d, which this program cannot read", name, version));
  }
  return version;
}

void CheckedReader::read(void* to, std::size_t bytes) {
  char* out = static_cast<char*>(to);
  while (bytes > 0) {
    const std::string_view piece = read_some(bytes);
    if (piece.empty()) {
      std::memset(out, 0, bytes);
      return;
    }
    std::memcpy(out, piece.data(), piece.size());
    out += piece.size();
    bytes -= piece.size();
  }
}

std::string_view CheckedReader::read_some(std::size_t bytes) {
  if (pending_.empty()) {
    if (!next_chunk()) return {};
    if (type_ != ChunkType::Data || pending_.empty()) {
      fail("a section ends too early");
      return {};
    }
  }
  const std::string_view piece = pending_.substr(0, bytes);
  pending_.remove_prefix(piece.size());
  return piece;
}

void CheckedReader::fail(std::string_view what) {
  if (status_.ok()) status_ = damage(file_.path(), chunk_, what);
  pending_ = {};
}

std::vector<CheckedReader::Section> CheckedReader::skim() {
  std::vector<Section> sections;
  while (ok() && type_ != ChunkType::End && next_chunk()) {
    if (type_ == ChunkType::Section) {
      ByteReader in(pending_);
      Section& section = sections.emplace_back();
      section.name = in.text();
      section.version = in.fixed<std::uint32_t>();
    }
    if (!sections.empty()) sections.back().bytes += offset_ - chunk_;
    pending_ = {};
  }
  return sections;
}

absl::StatusOr<FileSeal> CheckedReader::finish() {
  if (ok() && !pending_.empty()) fail("more data than expected");
  if (ok() && type_ != ChunkType::End && next_chunk() && type_ != ChunkType::End) {
    fail("more data than expected");
  }
  if (ok() && offset_ != end_) fail("bytes behind the end");
  GRAPEVINE_RETURN_IF_ERROR(status_);
  return FileSeal{end_, checksum_};
}

bool CheckedReader::next_chunk() {
  constexpr std::size_t kHeader = CheckedFile::kChunkHeaderBytes;
  if (!ok()) return false;
  chunk_ = offset_;
  const bool there = type_ != ChunkType::End && end_ - offset_ >= kHeader;
  const std::string header = there ? buffer_.substr(buffer_.size() - kHeader) : std::string();
  const ChunkHeader decoded = decode_chunk_header(header);
  if (!there || decoded.length > CheckedFile::kChunkBytes ||
      decoded.length > end_ - offset_ - kHeader) {
    fail("the file is cut off or damaged");
    return false;
  }
  // The payload, and the header of the chunk behind it.
  const std::uint64_t behind = end_ - offset_ - kHeader - decoded.length;
  buffer_.resize(decoded.length + std::min<std::uint64_t>(behind, kHeader));
  status_ = file_.read_at(offset_ + kHeader, buffer_.data(), buffer_.size());
  if (!ok()) return false;
  pending_ = std::string_view(buffer_).substr(0, decoded.length);
  checksum_ = crc32c(crc32c(checksum_, std::string_view(header).substr(kChecksum)), pending_);
  const bool known_type = decoded.type >= static_cast<std::uint8_t>(ChunkType::Section) &&
                          decoded.type <= static_cast<std::uint8_t>(ChunkType::End);
  if (checksum_ != decoded.checksum || !known_type) {
    fail("the checksum is wrong");
    return false;
  }
  type_ = static_cast<ChunkType>(decoded.type);
  offset_ += kHeader + decoded.length;
  return true;
}

}  // namespace grapevine
