#include "storage/log/log_reader.hpp"

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <string_view>
#include <utility>

#include <absl/strings/str_format.h>
#include <fcntl.h>

#include "storage/disk/file.hpp"
#include "storage/disk/folder.hpp"
#include "storage/log/format.hpp"
#include "storage/log/record_scan.hpp"
#include "storage/log/set_aside.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

constexpr std::string_view kPrefix = "log-";

absl::Status damage(const std::string& path, std::uint64_t offset, const std::string& what) {
  return absl::DataLossError(absl::StrFormat("%s: offset %d: %s", path, offset, what));
}

absl::StatusOr<std::optional<LogFileHeader>> read_header(Disk& disk, const std::string& path) {
  GRAPEVINE_ASSIGN_OR_RETURN(const File file, File::open(disk, path, O_RDONLY));
  GRAPEVINE_ASSIGN_OR_RETURN(const std::uint64_t size, file.size());
  if (size < LogFileHeader::kBytes) return std::nullopt;
  std::string bytes(LogFileHeader::kBytes, '\0');
  GRAPEVINE_RETURN_IF_ERROR(file.read_at(0, bytes.data(), bytes.size()));
  return LogFileHeader::decode(bytes);
}

class LogReader {
 public:
  LogReader(Disk& disk, const LogOptions& options, const Log::Replay& replay)
      : disk_(disk), options_(options), replay_(replay) {
    contents_.store = options.store;
  }

  absl::StatusOr<LogContents> read(const std::string& folder) {
    GRAPEVINE_RETURN_IF_ERROR(find_files(folder));
    const std::size_t begin = first_needed_file();
    contents_.last_sequence = options_.first_needed - 1;
    for (std::size_t i = 0; i < found_.size(); ++i) {
      GRAPEVINE_RETURN_IF_ERROR(i < begin ? skip_file(found_[i].file) : read_file(i, i == begin));
    }
    if (contents_.files.empty()) contents_.last_sequence = 0;
    if (contents_.files.empty() && !options_.store) contents_.store.reset();
    return std::move(contents_);
  }

 private:
  struct Found {
    LogFile file;
    std::optional<LogFileHeader> header;
  };
  struct RecordPlace {
    std::uint64_t sequence;
    std::size_t offset;
  };

  absl::Status find_files(const std::string& folder) {
    GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<std::string> names, list_folder(disk_, folder));
    for (const std::string& name : names) {
      if (!name.starts_with(kPrefix)) continue;
      Found found;
      found.file.path = folder + "/" + name;
      found.file.number = std::strtoull(name.c_str() + kPrefix.size(), nullptr, 10);
      if (name != log_file_name(found.file.number)) continue;
      GRAPEVINE_ASSIGN_OR_RETURN(found.header, read_header(disk_, found.file.path));
      if (!contents_.store && found.header) contents_.store = found.header->store;
      found_.push_back(std::move(found));
    }
    return absl::OkStatus();
  }

  // The newest file that begins at or before what is needed. A crash while the log was cut may have
  // left any of those before it.
  [[nodiscard]] std::size_t first_needed_file() const {
    for (std::size_t i = found_.size(); i-- > 0;) {
      const auto& header = found_[i].header;
      if (header && header->first_sequence <= options_.first_needed) return i;
    }
    return 0;
  }

  absl::Status skip_file(LogFile& file) {
    GRAPEVINE_ASSIGN_OR_RETURN(const File opened, File::open(disk_, file.path, O_RDONLY));
    GRAPEVINE_ASSIGN_OR_RETURN(file.bytes, opened.size());
    contents_.files.push_back(std::move(file));
    return absl::OkStatus();
  }

  absl::Status read_file(std::size_t number, bool first) {
    auto& [file, header] = found_[number];
    const bool last = number + 1 == found_.size();
    GRAPEVINE_ASSIGN_OR_RETURN(const FileBytes read, FileBytes::read(disk_, file.path));
    const std::string_view bytes = read.view();
    const std::uint64_t next = contents_.last_sequence + 1;
    if (!header && last && bytes.size() <= LogFileHeader::kBytes) {
      // Nothing in it was promised, because it has no records.
      contents_.recovery.torn_file = contents_.headless_file = file.path;
      return absl::OkStatus();
    }
    salvaged_.reset();
    if (!header) {
      if (!options_.salvage) return damage(file.path, 0, "no header of a log file");
      header = likely_header(file, bytes, next, first);
      salvaged_ = header->encode();
      contents_.recovery.losses.push_back({file.path, 0, LogFileHeader::kBytes});
    }
    std::string foreign;
    if (header->store != *contents_.store) foreign = "of another store";
    if (header->number != file.number) foreign = "it has another file's number";
    if (!first && header->first_sequence < next) {
      foreign = absl::StrFormat("it begins at record %d, not %d", header->first_sequence, next);
    }
    if (!foreign.empty()) {
      if (!options_.salvage || first) return damage(file.path, 0, foreign);
      contents_.recovery.losses.push_back({file.path, 0, bytes.size()});
      return set_aside(disk_, file.path);
    }
    if (header->first_sequence > next) {
      if (!options_.salvage) {
        return damage(
            file.path, 0,
            absl::StrFormat("a file is missing before it (it begins at record %d, not %d)",
                            header->first_sequence, next));
      }
      GRAPEVINE_RETURN_IF_ERROR(fill_gap(*header, file.path, next));
    }
    contents_.last_sequence = header->first_sequence - 1;
    file.first_sequence = header->first_sequence;
    GRAPEVINE_ASSIGN_OR_RETURN(file.bytes, read_records(file.path, bytes, header->checksum_seed(),
                                                        last, limit_of(number)));
    if (salvaged_) {
      GRAPEVINE_RETURN_IF_ERROR(replace_damaged(disk_, file.path, *salvaged_));
      file.bytes = salvaged_->size();
      contents_.unproven.clear();  // It was just written.
    }
    contents_.files.push_back(std::move(file));
    return absl::OkStatus();
  }

  // Where the records of the file end. What stands in it comes before `limit`.
  absl::StatusOr<std::size_t> read_records(const std::string& path, std::string_view bytes,
                                           std::uint32_t seed, bool last_file,
                                           std::uint64_t limit) {
    std::size_t offset = LogFileHeader::kBytes;
    std::deque<RecordPlace> unproven;
    while (offset < bytes.size()) {
      const std::uint64_t next = contents_.last_sequence + 1;
      std::optional<PlacedRecord> record = record_at(bytes, offset, seed);
      if (!record || record->first != next) {
        if (last_file && !promised_behind(bytes, offset, next, seed)) {
          contents_.recovery.torn_bytes = bytes.size() - offset;
          contents_.recovery.torn_file = path;
          break;
        }
        if (!options_.salvage) {
          return damage(path, offset, absl::StrFormat("record %d is damaged", next));
        }
        if (!salvaged_) salvaged_ = bytes.substr(0, offset);
        record = next_record(bytes, offset, seed, next, limit);
        const std::size_t end = record ? record->offset : bytes.size();
        lose(path, offset, end - offset, next, record ? record->first - 1 : limit - 1, seed);
        offset = end;
        if (!record) break;
      }
      if (absl::Status s = replay_needed(*record); !s.ok()) {
        if (!options_.salvage || s.code() != absl::StatusCode::kDataLoss) {
          return damage(path, offset, std::string(s.message()));
        }
        if (!salvaged_) salvaged_ = bytes.substr(0, offset);
        lose(path, offset, record->bytes.size(), record->first, record->first, seed);
      } else if (salvaged_) {
        salvaged_->append(record->bytes);
      }
      contents_.last_sequence = record->header.sequence;
      while (!unproven.empty() && unproven.front().sequence <= record->header.durable) {
        unproven.pop_front();
      }
      unproven.push_back({record->header.sequence, offset});
      offset = record->end();
    }
    // A file's header is on the disk before its first record is written.
    const std::size_t proven = unproven.empty() ? 0 : unproven.front().offset;
    contents_.unproven = bytes.substr(proven, offset - proven);
    return offset;
  }

  absl::Status replay_needed(const PlacedRecord& record) {
    if (record.header.type == RecordType::Lost) return absl::OkStatus();
    if (record.header.sequence < options_.first_needed) return absl::OkStatus();
    GRAPEVINE_RETURN_IF_ERROR(replay_(record.header.type, record.header.sequence, record.payload));
    ++contents_.recovery.records;
    return absl::OkStatus();
  }

  // Whether a whole record stands behind `offset` that knew record `sequence`, which is not whole,
  // to be on the disk; so does a checkpoint that covers it.
  bool promised_behind(std::string_view bytes, std::size_t offset, std::uint64_t sequence,
                       std::uint32_t seed) const {
    const bool covered = sequence < options_.first_needed;
    while (const auto record = next_record(bytes, offset, seed, sequence, UINT64_MAX)) {
      if (covered || record->header.durable >= sequence) return true;
      offset = record->end();
    }
    return false;
  }

  // The header of a file that lost its own: its neighbours say what was there, or what is left of
  // it does. The right one is known by the records whose checksums start from it.
  LogFileHeader likely_header(const LogFile& file, std::string_view bytes, std::uint64_t next,
                              bool first) {
    const LogFileHeader left = LogFileHeader::decode_unchecked(bytes);
    if (!contents_.store) contents_.store = left.store;
    LogFileHeader header{*contents_.store, file.number, next};
    for (const std::uint64_t sequence : {next, left.first_sequence, std::uint64_t{1}}) {
      header.first_sequence = sequence;
      const bool may_be = first || sequence >= next;
      if (may_be &&
          next_record(bytes, LogFileHeader::kBytes, header.checksum_seed(), sequence, UINT64_MAX)) {
        return header;
      }
    }
    header.first_sequence = next;
    return header;
  }

  // Notes in the file before `header`'s that the records from `first` to it are lost.
  absl::Status fill_gap(const LogFileHeader& header, const std::string& path, std::uint64_t first) {
    const std::uint64_t last = header.first_sequence - 1;
    contents_.recovery.losses.push_back({path, 0, 0, first, last});
    std::string lost;
    if (!contents_.files.empty()) {
      LogFile& before = contents_.files.back();
      encode_lost(first, last, seed_of(before), lost);
      GRAPEVINE_ASSIGN_OR_RETURN(File opened, File::open(disk_, before.path, O_WRONLY));
      GRAPEVINE_RETURN_IF_ERROR(opened.write_at(before.bytes, lost));
      before.bytes += lost.size();
      return opened.sync();
    }
    if (header.number == 0) return damage(path, 0, "no number is left for a file before it");
    LogFile before;
    before.number = header.number - 1;
    before.path = path.substr(0, path.rfind('/') + 1) + log_file_name(before.number);
    before.first_sequence = first;
    lost = LogFileHeader{header.store, before.number, first}.encode();
    encode_lost(first, last, seed_of(before), lost);
    before.bytes = lost.size();
    contents_.files.push_back(before);
    return put_file(disk_, before.path, lost);
  }

  [[nodiscard]] std::uint32_t seed_of(const LogFile& file) const {
    return LogFileHeader{*contents_.store, file.number, file.first_sequence}.checksum_seed();
  }

  // Before which sequence the records of a file come, by the headers behind it that are whole.
  [[nodiscard]] std::uint64_t limit_of(std::size_t number) const {
    std::uint64_t limit = kUnknown;
    for (std::size_t i = number + 1; i < found_.size(); ++i) {
      const auto& [file, header] = found_[i];
      const bool sound =
          header && header->store == contents_.store && header->number == file.number;
      if (sound && header->first_sequence > contents_.last_sequence) {
        limit = std::min(limit, header->first_sequence);
      }
    }
    return limit;
  }

  // Notes that records `first` to `last` of the file that is read are lost, if any is.
  void lose(const std::string& path, std::uint64_t offset, std::uint64_t bytes, std::uint64_t first,
            std::uint64_t last, std::uint32_t seed) {
    LogLoss loss{path, offset, bytes, first, last};
    if (last < first) loss.first_sequence = loss.last_sequence = 0;
    if (last == kUnknown - 1) loss.last_sequence = 0;
    contents_.recovery.losses.push_back(loss);
    if (loss.last_sequence == 0) return;
    encode_lost(first, last, seed, *salvaged_);
    contents_.last_sequence = last;
  }

  static constexpr std::uint64_t kUnknown = UINT64_MAX;

  Disk& disk_;
  const LogOptions& options_;
  const Log::Replay& replay_;
  std::vector<Found> found_;
  std::optional<std::string> salvaged_;  // The file that is read, without what is damaged.
  LogContents contents_;
};

}  // namespace

std::string log_file_name(std::uint64_t number) {
  return absl::StrFormat("%s%012d", kPrefix, number);
}

absl::StatusOr<LogContents> read_log(Disk& disk, const std::string& folder,
                                     const LogOptions& options, const Log::Replay& replay) {
  return LogReader(disk, options, replay).read(folder);
}

}  // namespace grapevine
