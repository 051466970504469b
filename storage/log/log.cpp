#include "storage/log/log.hpp"

#include <algorithm>
#include <random>
#include <utility>
#include <vector>

#include <absl/strings/str_format.h>
#include <fcntl.h>

#include "storage/disk/file.hpp"
#include "storage/disk/folder.hpp"
#include "storage/log/format.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

std::string file_name(std::uint64_t number) { return absl::StrFormat("log-%012d", number); }

absl::Status damage(const std::string& path, std::uint64_t offset, const std::string& what) {
  return absl::DataLossError(absl::StrFormat("%s: offset %d: %s", path, offset, what));
}

absl::StatusOr<std::vector<std::string>> log_files(Disk& disk, const std::string& folder) {
  GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<std::string> names, list_folder(disk, folder));
  std::vector<std::string> paths;
  for (const std::string& name : names) {
    if (name.starts_with("log-")) paths.push_back(folder + "/" + name);
  }
  return paths;
}

StoreId new_store_id() {
  std::random_device entropy;
  StoreId id;
  for (auto& byte : id) byte = static_cast<std::uint8_t>(entropy());
  return id;
}

// Whether a whole record stands behind `offset` that knew record `sequence` to be on the disk.
bool promised_behind(std::string_view bytes, std::size_t offset, std::uint64_t sequence,
                     std::uint32_t seed) {
  for (std::size_t i = offset + 1; i + RecordHeader::kBytes <= bytes.size(); ++i) {
    const auto header = decode_record(bytes.substr(i), seed);
    if (header && header->sequence > sequence && header->durable >= sequence) return true;
  }
  return false;
}

class FileLog final : public Log {
 public:
  FileLog(Disk& disk, std::string folder, std::size_t file_bytes)
      : disk_(disk), folder_(std::move(folder)), file_bytes_max_(file_bytes) {}

  absl::Status recover(const Replay& replay) {
    GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<std::string> paths, log_files(disk_, folder_));
    for (std::size_t i = 0; i < paths.size(); ++i) {
      GRAPEVINE_RETURN_IF_ERROR(read_file(paths[i], i + 1 == paths.size(), replay));
    }
    if (number_ == 0) {
      store_ = new_store_id();
      return begin_file();
    }
    return reopen(paths.back());
  }

  void add(RecordType type, std::uint64_t sequence, std::string_view payload) override {
    RecordHeader header;
    header.length = static_cast<std::uint32_t>(payload.size());
    header.type = type;
    header.sequence = sequence;
    header.durable = durable_;
    encode_record(header, payload, seed_, pending_);
    last_ = sequence;
  }

  absl::Status commit() override {
    if (!failed_.ok()) return failed_;
    failed_ = write_pending();
    return failed_;
  }

  std::uint64_t bytes() const override { return bytes_; }
  std::uint64_t syncs() const override { return syncs_; }
  const LogRecovery& recovery() const override { return recovery_; }

 private:
  absl::Status write_pending() {
    if (absl::Status written = file_.write(pending_); !written.ok()) {
      // Nothing of it was promised; what reached the file is cut again, or ends as a torn tail.
      file_.truncate(file_size_).IgnoreError();
      return written;
    }
    GRAPEVINE_RETURN_IF_ERROR(file_.sync());
    ++syncs_;
    durable_ = last_;
    bytes_ += pending_.size();
    file_size_ += pending_.size();
    pending_.clear();
    if (pending_.capacity() > kPendingKept) pending_.shrink_to_fit();
    return file_size_ < file_bytes_max_ ? absl::OkStatus() : begin_file();
  }

  absl::Status begin_file() {
    LogFileHeader header{store_, number_ + 1, last_ + 1};
    const std::string path = folder_ + "/" + file_name(header.number);
    GRAPEVINE_ASSIGN_OR_RETURN(File file,
                               File::open(disk_, path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND));
    const std::string bytes = header.encode();
    GRAPEVINE_RETURN_IF_ERROR(file.write(bytes));
    GRAPEVINE_RETURN_IF_ERROR(file.sync());
    GRAPEVINE_RETURN_IF_ERROR(sync_folder(disk_, folder_));
    file_ = std::move(file);
    number_ = header.number;
    seed_ = header.checksum_seed();
    file_size_ = bytes.size();
    bytes_ += bytes.size();
    return absl::OkStatus();
  }

  absl::Status reopen(const std::string& path) {
    GRAPEVINE_ASSIGN_OR_RETURN(file_, File::open(disk_, path, O_WRONLY | O_APPEND));
    if (recovery_.torn_bytes > 0) GRAPEVINE_RETURN_IF_ERROR(file_.truncate(file_size_));
    // What was read may stand in the page cache alone, and from now on it counts as stored.
    return file_.sync();
  }

  absl::Status read_file(const std::string& path, bool last_file, const Replay& replay) {
    GRAPEVINE_ASSIGN_OR_RETURN(const FileBytes file, FileBytes::read(disk_, path));
    const std::string_view bytes = file.view();
    const auto header = LogFileHeader::decode(bytes);
    if (!header) return read_headless(path, bytes.size(), last_file);
    if (number_ != 0 && header->store != store_) return damage(path, 0, "of another store");
    if (header->number != number_ + 1 || header->first_sequence != last_ + 1) {
      return damage(path, 0,
                    absl::StrFormat("a file is missing before it (sequence %d follows %d)",
                                    header->first_sequence, last_));
    }
    store_ = header->store;
    number_ = header->number;
    seed_ = header->checksum_seed();
    GRAPEVINE_ASSIGN_OR_RETURN(file_size_, read_records(path, bytes, last_file, replay));
    bytes_ += file_size_;
    return absl::OkStatus();
  }

  // A file whose header never reached the disk: nothing in it was promised, if it is the last one.
  absl::Status read_headless(const std::string& path, std::size_t size, bool last_file) {
    if (!last_file || size > LogFileHeader::kBytes)
      return damage(path, 0, "no header of a log file");
    GRAPEVINE_RETURN_IF_ERROR(remove_file(disk_, path));
    recovery_.torn_file = path;
    if (number_ == 0) return absl::OkStatus();  // `recover` begins the first file anew.
    return begin_file();
  }

  absl::StatusOr<std::size_t> read_records(const std::string& path, std::string_view bytes,
                                           bool last_file, const Replay& replay) {
    std::size_t offset = LogFileHeader::kBytes;
    while (offset < bytes.size()) {
      const auto record = decode_record(bytes.substr(offset), seed_);
      if (!record || record->sequence != last_ + 1) {
        if (!last_file || promised_behind(bytes, offset, last_ + 1, seed_)) {
          return damage(path, offset, absl::StrFormat("record %d is damaged", last_ + 1));
        }
        recovery_.torn_bytes = bytes.size() - offset;
        recovery_.torn_file = path;
        break;
      }
      const auto payload = bytes.substr(offset + RecordHeader::kBytes, record->length);
      if (absl::Status s = replay(record->type, record->sequence, payload); !s.ok()) {
        return damage(path, offset, std::string(s.message()));
      }
      last_ = record->sequence;
      ++recovery_.records;
      offset += RecordHeader::kBytes + record->length;
    }
    durable_ = last_;
    return offset;
  }

  static constexpr std::size_t kPendingKept = 8u << 20;

  Disk& disk_;
  std::string folder_;
  std::size_t file_bytes_max_;
  StoreId store_{};
  std::uint64_t number_ = 0;  // Of the file that is written.
  std::uint32_t seed_ = 0;
  File file_;
  std::uint64_t file_size_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t syncs_ = 0;
  std::uint64_t last_ = 0;     // The sequence of the last record.
  std::uint64_t durable_ = 0;  // The last one that is on the disk.
  std::string pending_;
  absl::Status failed_;
  LogRecovery recovery_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Log>> Log::open(Disk& disk, const std::string& folder,
                                               std::size_t file_bytes, const Replay& replay) {
  auto log = std::make_unique<FileLog>(disk, folder, file_bytes);
  GRAPEVINE_RETURN_IF_ERROR(log->recover(replay));
  return log;
}

}  // namespace grapevine
