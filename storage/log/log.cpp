#include "storage/log/log.hpp"

#include <algorithm>
#include <atomic>
#include <deque>
#include <mutex>
#include <random>
#include <utility>

#include <absl/strings/str_format.h>
#include <fcntl.h>

#include "storage/disk/file.hpp"
#include "storage/disk/folder.hpp"
#include "storage/log/format.hpp"
#include "storage/log/log_reader.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

StoreId new_store_id() {
  std::random_device entropy;
  StoreId id;
  for (auto& byte : id) byte = static_cast<std::uint8_t>(entropy());
  return id;
}

class FileLog final : public Log {
 public:
  FileLog(Disk& disk, std::string folder, std::size_t file_bytes)
      : disk_(disk), folder_(std::move(folder)), file_bytes_max_(file_bytes) {}

  absl::Status recover(const LogOptions& options, const Replay& replay) {
    GRAPEVINE_ASSIGN_OR_RETURN(LogContents found, read_log(disk_, folder_, options, replay));
    recovery_ = std::move(found.recovery);
    last_ = durable_ = std::max(found.last_sequence, options.first_needed - 1);
    store_ = found.store ? *found.store : options.store ? *options.store : new_store_id();
    if (!found.files.empty()) GRAPEVINE_RETURN_IF_ERROR(go_on(found));
    if (!found.headless_file.empty()) {
      GRAPEVINE_RETURN_IF_ERROR(remove_file(disk_, found.headless_file));
    }
    // Behind a tail that was cut comes a new file: what the medium still holds there could look
    // like the records to come. So it does where a checkpoint has more than the log.
    const bool torn = !recovery_.torn_file.empty();
    const bool ends_early = found.last_sequence < last_;
    return found.files.empty() || torn || ends_early ? begin_file() : absl::OkStatus();
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

  absl::Status begin_next_file() override {
    if (failed_.ok() && file_size_ > LogFileHeader::kBytes) failed_ = begin_file();
    return failed_;
  }

  absl::Status cut(std::uint64_t sequence) override {
    std::deque<Closed> unneeded;
    {
      const std::lock_guard lock(closed_mutex_);
      while (!closed_.empty() && closed_.front().end <= sequence + 1) {
        unneeded.push_back(std::move(closed_.front()));
        closed_.pop_front();
      }
    }
    absl::Status status;
    for (; !unneeded.empty(); unneeded.pop_front()) {
      status = remove_file(disk_, unneeded.front().path);
      if (!status.ok()) break;
      bytes_ -= unneeded.front().bytes;
    }
    if (status.ok()) return sync_folder(disk_, folder_);
    const std::lock_guard lock(closed_mutex_);
    closed_.insert(closed_.begin(), unneeded.begin(), unneeded.end());
    return status;
  }

  StoreId store() const override { return store_; }
  std::uint64_t last_sequence() const override { return last_; }
  std::uint64_t bytes() const override { return bytes_; }
  std::uint64_t syncs() const override { return syncs_; }
  const LogRecovery& recovery() const override { return recovery_; }

 private:
  // A file that is not written any more. Its records come before `end`.
  struct Closed {
    std::string path;
    std::uint64_t end;
    std::uint64_t bytes;
  };

  absl::Status write_pending() {
    if (absl::Status written = file_.write_at(file_size_, pending_); !written.ok()) {
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
    const std::string path = folder_ + "/" + log_file_name(header.number);
    GRAPEVINE_ASSIGN_OR_RETURN(File file, File::open(disk_, path, O_WRONLY | O_CREAT | O_EXCL));
    const std::string bytes = header.encode();
    GRAPEVINE_RETURN_IF_ERROR(file.write_at(0, bytes));
    GRAPEVINE_RETURN_IF_ERROR(file.sync());
    GRAPEVINE_RETURN_IF_ERROR(sync_folder(disk_, folder_));
    if (number_ != 0) {
      const std::lock_guard lock(closed_mutex_);
      closed_.push_back({file_.path(), header.first_sequence, file_size_});
    }
    file_ = std::move(file);
    number_ = header.number;
    seed_ = header.checksum_seed();
    file_size_ = bytes.size();
    bytes_ += bytes.size();
    return absl::OkStatus();
  }

  // Takes over the files that were found, and makes durable what was read of them.
  absl::Status go_on(const LogContents& found) {
    const LogFile& last = found.files.back();
    for (std::size_t i = 0; i < found.files.size(); ++i) {
      bytes_ += found.files[i].bytes;
      if (i + 1 == found.files.size()) break;
      // A file that was skipped ends where the first one that was read begins, at the latest.
      std::size_t next = i + 1;
      while (found.files[next].first_sequence == 0) ++next;
      closed_.push_back(
          {found.files[i].path, found.files[next].first_sequence, found.files[i].bytes});
    }
    number_ = last.number;
    seed_ = LogFileHeader{store_, number_, last.first_sequence}.checksum_seed();
    file_size_ = last.bytes;
    GRAPEVINE_ASSIGN_OR_RETURN(file_, File::open(disk_, last.path, O_WRONLY));
    if (recovery_.torn_bytes > 0) GRAPEVINE_RETURN_IF_ERROR(file_.truncate(file_size_));
    // What was read may stand in memory alone, the file's name too, and from now on it counts as
    // stored. A sync writes only what it believes not to be on the disk, so it is written again.
    GRAPEVINE_RETURN_IF_ERROR(file_.write_at(file_size_ - found.unproven.size(), found.unproven));
    GRAPEVINE_RETURN_IF_ERROR(file_.sync());
    return sync_folder(disk_, folder_);
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
  std::uint64_t last_ = 0;     // The sequence of the last record.
  std::uint64_t durable_ = 0;  // The last one that is on the disk.
  std::string pending_;
  absl::Status failed_;
  LogRecovery recovery_;
  std::atomic<std::uint64_t> bytes_ = 0;
  std::atomic<std::uint64_t> syncs_ = 0;
  std::mutex closed_mutex_;
  std::deque<Closed> closed_;  // The oldest first.
};

}  // namespace

std::string to_line(const LogLoss& loss) {
  const std::string place = absl::StrFormat("%s: offset %d: ", loss.path, loss.offset);
  const std::string what =
      loss.bytes == 0 ? "nothing is left of" : absl::StrFormat("%d bytes,", loss.bytes);
  if (loss.first_sequence == 0) return absl::StrFormat("%s%s no record", place, what);
  if (loss.last_sequence == 0) {
    return absl::StrFormat("%s%s records from %d", place, what, loss.first_sequence);
  }
  return absl::StrFormat("%s%s records %d to %d", place, what, loss.first_sequence,
                         loss.last_sequence);
}

absl::StatusOr<std::unique_ptr<Log>> Log::open(Disk& disk, const std::string& folder,
                                               const LogOptions& options, const Replay& replay) {
  auto log = std::make_unique<FileLog>(disk, folder, options.file_bytes);
  GRAPEVINE_RETURN_IF_ERROR(log->recover(options, replay));
  return log;
}

}  // namespace grapevine
