// The records of a log file: any bytes, with checksums that are right or not, are read or refused;
// a salvage always starts, and what it leaves is read the same the next time.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "storage/change.hpp"
#include "storage/disk/folder.hpp"
#include "storage/log/batch_codec.hpp"
#include "storage/log/format.hpp"
#include "storage/log/log_reader.hpp"
#include "storage/status_macros.hpp"
#include "tests/fuzz/valid_batch.hpp"
#include "tests/storage/disk/simulated_disk.hpp"

namespace grapevine {
namespace {

using fuzz::require;
using grapevine::testing::SimulatedDisk;

constexpr std::size_t kChecksum = 4;
using Replayed = std::vector<std::pair<std::uint64_t, std::string>>;

// What comes out of a payload is encoded to the same bytes again, once it was encoded by us.
absl::Status check_payload(RecordType type, std::string_view payload) {
  std::string once;
  std::string twice;
  if (type == RecordType::Batch) {
    GRAPEVINE_ASSIGN_OR_RETURN(const Batch batch, decode_batch(payload));
    encode_batch(batch, once);
    const absl::StatusOr<Batch> again = decode_batch(once);
    require(again.ok(), "a batch that was read cannot be read again");
    encode_batch(*again, twice);
  } else {
    const auto kind =
        static_cast<std::size_t>(type) - static_cast<std::size_t>(RecordType::Document);
    GRAPEVINE_ASSIGN_OR_RETURN(const Change change, decode_change(kind, payload));
    encode_change(change, once);
    const absl::StatusOr<Change> again = decode_change(kind, once);
    require(again.ok(), "a change that was read cannot be read again");
    encode_change(*again, twice);
  }
  require(once == twice, "what was read is not what was written");
  return absl::OkStatus();
}

// A log file whose records are `data`. Every other record's checksum is made right, or nothing
// behind it would ever be reached.
std::string file_of(std::string_view data) {
  const LogFileHeader header{StoreId{1}, 1, 1};
  std::string bytes = header.encode();
  std::size_t offset = bytes.size();
  bytes += data;
  while (offset + RecordHeader::kBytes <= bytes.size()) {
    std::uint32_t length = 0;
    std::memcpy(&length, bytes.data() + offset + kChecksum, sizeof(length));
    if (length > bytes.size() - offset - RecordHeader::kBytes) break;
    const std::size_t end = offset + RecordHeader::kBytes + length;
    if (bytes[offset] % 4 != 0) {
      const auto covered = std::string_view(bytes).substr(offset, end - offset).substr(kChecksum);
      const std::uint32_t checksum = crc32c(header.checksum_seed(), covered);
      std::memcpy(bytes.data() + offset, &checksum, kChecksum);
    }
    offset = end;
  }
  return bytes;
}

absl::Status open(SimulatedDisk& disk, bool salvage, Replayed& replayed) {
  LogOptions options;
  options.salvage = salvage;
  replayed.clear();
  return Log::open(disk, "/data", options,
                   [&](RecordType type, std::uint64_t sequence, std::string_view payload) {
                     require(replayed.empty() || replayed.back().first < sequence,
                             "records come out of order");
                     GRAPEVINE_RETURN_IF_ERROR(check_payload(type, payload));
                     replayed.emplace_back(sequence, payload);
                     return absl::OkStatus();
                   })
      .status();
}

}  // namespace
}  // namespace grapevine

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace grapevine;
  SimulatedDisk disk;
  require(make_folder(disk, "/data").ok(), "no folder");
  disk.put("/data/" + log_file_name(1), file_of({reinterpret_cast<const char*>(data), size}));
  Replayed plain;
  const absl::Status status = open(disk, false, plain);
  require(status.ok() || absl::IsDataLoss(status), "neither read nor refused");
  Replayed salvaged;
  require(open(disk, true, salvaged).ok(), "a salvage did not start");
  require(!status.ok() || plain == salvaged, "a salvage changed a sound log");
  Replayed again;
  require(open(disk, false, again).ok(), "a salvaged log is not sound");
  require(again == salvaged, "a salvaged log lost something");
  return 0;
}
