#include "storage/log/log_reader.hpp"

#include <cstdlib>
#include <string_view>
#include <utility>

#include <absl/strings/str_format.h>
#include <fcntl.h>

#include "storage/disk/file.hpp"
#include "storage/disk/folder.hpp"
#include "storage/log/format.hpp"
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
    GRAPEVINE_ASSIGN_OR_RETURN(const std::size_t begin, first_needed_file());
    for (std::size_t i = 0; i < found_.size(); ++i) {
      LogFile& file = found_[i];
      const bool last = i + 1 == found_.size();
      GRAPEVINE_RETURN_IF_ERROR(i < begin ? skip_file(file) : read_file(file, i == begin, last));
    }
    if (contents_.files.empty()) contents_.store.reset();
    return std::move(contents_);
  }

 private:
  absl::Status find_files(const std::string& folder) {
    GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<std::string> names, list_folder(disk_, folder));
    for (const std::string& name : names) {
      if (!name.starts_with(kPrefix)) continue;
      LogFile file;
      file.path = folder + "/" + name;
      file.number = std::strtoull(name.c_str() + kPrefix.size(), nullptr, 10);
      if (name == log_file_name(file.number)) found_.push_back(std::move(file));
    }
    return absl::OkStatus();
  }

  // The newest file that begins at or before what is needed. A crash while the log was cut may have
  // left any of those before it.
  absl::StatusOr<std::size_t> first_needed_file() {
    for (std::size_t i = found_.size(); i-- > 0;) {
      GRAPEVINE_ASSIGN_OR_RETURN(const auto header, read_header(disk_, found_[i].path));
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

  absl::Status read_file(LogFile& file, bool first, bool last) {
    GRAPEVINE_ASSIGN_OR_RETURN(const FileBytes read, FileBytes::read(disk_, file.path));
    const std::string_view bytes = read.view();
    const auto header = LogFileHeader::decode(bytes);
    if (!header) {
      // Nothing in it was promised, if it is the last one and has no records.
      if (!last || bytes.size() > LogFileHeader::kBytes) {
        return damage(file.path, 0, "no header of a log file");
      }
      contents_.recovery.torn_file = contents_.headless_file = file.path;
      return absl::OkStatus();
    }
    if (contents_.store.value_or(header->store) != header->store) {
      return damage(file.path, 0, "of another store");
    }
    const std::uint64_t expected = first ? options_.first_needed : contents_.last_sequence + 1;
    if (first ? header->first_sequence > expected : header->first_sequence != expected) {
      return damage(file.path, 0,
                    absl::StrFormat("a file is missing before it (it begins at record %d, not %d)",
                                    header->first_sequence, expected));
    }
    if (header->number != file.number) return damage(file.path, 0, "it has another file's number");
    contents_.store = header->store;
    contents_.last_sequence = header->first_sequence - 1;
    file.first_sequence = header->first_sequence;
    GRAPEVINE_ASSIGN_OR_RETURN(file.bytes,
                               read_records(file.path, bytes, header->checksum_seed(), last));
    contents_.files.push_back(std::move(file));
    return absl::OkStatus();
  }

  // Where the records of the file end.
  absl::StatusOr<std::size_t> read_records(const std::string& path, std::string_view bytes,
                                           std::uint32_t seed, bool last_file) {
    std::size_t offset = LogFileHeader::kBytes;
    while (offset < bytes.size()) {
      const std::uint64_t next = contents_.last_sequence + 1;
      const auto record = decode_record(bytes.substr(offset), seed);
      if (!record || record->sequence != next) {
        if (!last_file || promised_behind(bytes, offset, next, seed)) {
          return damage(path, offset, absl::StrFormat("record %d is damaged", next));
        }
        contents_.recovery.torn_bytes = bytes.size() - offset;
        contents_.recovery.torn_file = path;
        break;
      }
      if (next >= options_.first_needed) {
        const auto payload = bytes.substr(offset + RecordHeader::kBytes, record->length);
        if (absl::Status s = replay_(record->type, next, payload); !s.ok()) {
          return damage(path, offset, std::string(s.message()));
        }
        ++contents_.recovery.records;
      }
      contents_.last_sequence = next;
      offset += RecordHeader::kBytes + record->length;
    }
    return offset;
  }

  // Whether a whole record stands behind `offset` that knew record `sequence`, which is not whole,
  // to be on the disk; so does a checkpoint that covers it.
  bool promised_behind(std::string_view bytes, std::size_t offset, std::uint64_t sequence,
                       std::uint32_t seed) const {
    const bool covered = sequence < options_.first_needed;
    for (std::size_t i = offset + 1; i + RecordHeader::kBytes <= bytes.size(); ++i) {
      const auto header = decode_record(bytes.substr(i), seed);
      if (header && header->sequence > sequence && (covered || header->durable >= sequence)) {
        return true;
      }
    }
    return false;
  }

  Disk& disk_;
  const LogOptions& options_;
  const Log::Replay& replay_;
  std::vector<LogFile> found_;
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
