// The files of a checkpoint: any bytes with right checksums are read or refused as damage, and all
// of what was read can be looked at.
//
// The first byte of an input says what it is: 0 the chunks of a manifest, 1 those of a part, 2 the
// length of a state's chunks (4 bytes), those, and the chunks of the one part beside it.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "storage/checkpoint/checked_file.hpp"
#include "storage/checkpoint/load.hpp"
#include "storage/checkpoint/manifest.hpp"
#include "storage/checkpoint/part_file.hpp"
#include "storage/disk/folder.hpp"
#include "storage/message_id_column.hpp"
#include "storage/store.hpp"
#include "storage/store_state.hpp"
#include "storage/text_values.hpp"
#include "tests/fuzz/valid_batch.hpp"
#include "tests/storage/checkpoint/dump.hpp"
#include "tests/storage/disk/simulated_disk.hpp"

namespace grapevine {
namespace {

using fuzz::require;
using grapevine::testing::dump;
using grapevine::testing::SimulatedDisk;

constexpr std::size_t kChecksum = 4;
constexpr std::size_t kChunkHeader = CheckedFile::kChunkHeaderBytes;
constexpr StoreId kStore{1};
constexpr std::uint64_t kNumber = 1;        // Of every file.
constexpr std::size_t kShownRowsMax = 300;  // More take `dump` too long: it loads a block a row.

// Puts a file of these chunks on the disk. Lengths that are too large and all checksums are made
// right, or nothing behind them would ever be reached, and an end is added where there is none.
FileSeal put_file(SimulatedDisk& disk, CheckedKind kind, std::string_view chunks) {
  const CheckedName name{kind, kStore, kNumber};
  std::string bytes = CheckedFile::encode_header(name);
  std::uint32_t checksum = crc32c(0, bytes);
  bool ended = false;
  while (!ended) {
    std::string chunk(chunks.substr(0, kChunkHeader));
    chunk.resize(kChunkHeader, static_cast<char>(CheckedFile::ChunkType::End));
    chunks.remove_prefix(std::min(kChunkHeader, chunks.size()));
    ended = chunk.back() == static_cast<char>(CheckedFile::ChunkType::End);
    std::uint32_t length = 0;
    std::memcpy(&length, chunk.data() + kChecksum, sizeof(length));
    length = static_cast<std::uint32_t>(
        std::min<std::size_t>({length, chunks.size(), CheckedFile::kChunkBytes}));
    if (ended) length = 0;
    std::memcpy(chunk.data() + kChecksum, &length, sizeof(length));
    chunk += chunks.substr(0, length);
    chunks.remove_prefix(length);
    checksum = crc32c(checksum, std::string_view(chunk).substr(kChecksum));
    std::memcpy(chunk.data(), &checksum, kChecksum);
    bytes += chunk;
  }
  const FileSeal seal{bytes.size(), checksum};
  disk.put("/data/" + file_name(kind, kNumber), std::move(bytes));
  return seal;
}

void look_at(const TextValues& texts) {
  TextReader reader(texts);
  for (std::size_t row = 0; row < texts.size(); ++row) {
    const std::string text(reader.at(row));
    require(text.size() <= UINT32_MAX, "a text has a length");
  }
}

void look_at(const Run& run) {
  std::uint64_t sum = 0;
  MessageIdReader ids(run.message_ids);
  for (std::size_t row = 0; row < run.size(); ++row) {
    sum += index(run.customers[row]) + run.sequences.at(row) + index(run.target(row)) +
           index(run.identity(row)) + ids.at(row).size();
    require(run.time(row) >= run.first && run.time(row) <= run.last, "a time is of its run");
    require(run.customers.lower_bound(index(run.customers[row])) <= row, "customers ascend");
    for (const RunColumn& column : run.columns) {
      if (!column.has(row)) continue;
      if (const auto* codes = std::get_if<CodeValues>(&column.values)) sum += codes->codes.at(row);
      if (const auto* truths = std::get_if<BoolValues>(&column.values)) sum += truths->at(row);
      if (const auto* reals = std::get_if<RealValues>(&column.values)) sum += reals->at(row) > 0;
      if (const auto* times = std::get_if<TimeValues>(&column.values)) {
        require(is_date_time(times->at(row).ms), "a time has a text");
      }
    }
  }
  for (const RunColumn& column : run.columns) {
    if (const auto* texts = std::get_if<TextValues>(&column.values)) look_at(*texts);
  }
  asm volatile("" : : "r"(sum));  // Or nothing above had to be read.
}

absl::StatusOr<PartRuns> read_part_file(SimulatedDisk& disk, const FileSeal& seal) {
  return read_part(disk, "/data/" + file_name(CheckedKind::Part, kNumber),
                   {CheckedKind::Part, kStore, kNumber}, seal);
}

absl::Status try_manifest(std::string_view chunks) {
  SimulatedDisk disk;
  require(make_folder(disk, "/data").ok(), "no folder");
  put_file(disk, CheckedKind::Manifest, chunks);
  return read_manifest(disk, "/data", kNumber).status();
}

absl::Status try_part(std::string_view chunks) {
  SimulatedDisk disk;
  require(make_folder(disk, "/data").ok(), "no folder");
  const auto runs = read_part_file(disk, put_file(disk, CheckedKind::Part, chunks));
  if (!runs.ok()) return runs.status();
  for (const auto& run : *runs) look_at(*run);
  const std::string path = "/data/again";
  const CheckedName name{CheckedKind::Part, kStore, kNumber};
  const auto once = write_part(disk, path, name, *runs);
  require(once.ok(), "a part that was read cannot be written");
  const auto again = read_part(disk, path, name, *once);
  require(again.ok(), "a part that was written cannot be read");
  require(*write_part(disk, path + "2", name, *again) == *once, "what was read is not the same");
  return absl::OkStatus();
}

absl::Status try_generation(std::string_view input) {
  std::uint32_t length = 0;
  if (input.size() < sizeof(length)) return absl::OkStatus();
  std::memcpy(&length, input.data(), sizeof(length));
  input.remove_prefix(sizeof(length));
  const std::string_view state_chunks = input.substr(0, length);
  const std::string_view part_chunks = input.substr(state_chunks.size());
  SimulatedDisk disk;
  require(make_folder(disk, "/data").ok(), "no folder");
  Manifest manifest;
  manifest.generation = kNumber;
  manifest.store = kStore;
  manifest.state = put_file(disk, CheckedKind::State, state_chunks);
  // Behind the chunk that begins section "store" stands the sequence, which the manifest repeats.
  constexpr std::size_t kSequenceAt = kChunkHeader + 10 + kChunkHeader;
  if (state_chunks.size() >= kSequenceAt + sizeof(manifest.sequence)) {
    std::memcpy(&manifest.sequence, state_chunks.data() + kSequenceAt, sizeof(manifest.sequence));
  }
  if (!part_chunks.empty()) {
    Manifest::PartFile part;
    part.number = kNumber;
    part.seal = put_file(disk, CheckedKind::Part, part_chunks);
    const auto runs = read_part_file(disk, part.seal);
    if (!runs.ok()) return runs.status();
    for (const auto& run : *runs) part.rows += run->size();
    manifest.parts.push_back(part);
  }
  require(write_manifest(disk, "/data", manifest).ok(), "a manifest cannot be written");
  StoreState state({}, ErasedIds::Key{});
  if (absl::Status loaded = load_checkpoint(disk, "/data", kNumber, state).status(); !loaded.ok()) {
    return loaded;
  }
  const auto snapshot = state.publish();
  for (const auto& part : snapshot->parts()) {
    for (const LiveRun& run : part->runs) look_at(*run);
  }
  if (snapshot->rows() <= kShownRowsMax) dump(*snapshot);
  return absl::OkStatus();
}

}  // namespace
}  // namespace grapevine

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace grapevine;
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  const absl::Status status = data[0] % 3 == 0   ? try_manifest(input)
                              : data[0] % 3 == 1 ? try_part(input)
                                                 : try_generation(input);
  require(status.ok() || absl::IsDataLoss(status), "neither read nor refused");
  return 0;
}
