#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "storage/batch.hpp"
#include "storage/disk/disk.hpp"
#include "storage/imports.hpp"
#include "storage/rescoring.hpp"
#include "storage/snapshot.hpp"
#include "storage/touches.hpp"

namespace grapevine {

/// Where and how a store keeps its data. Every member has a sensible default.
struct StoreOptions {
  std::string folder = {};   ///< Empty: memory only, nothing survives the process.
  bool purge_erased = true;  ///< Complete erasures in the background; else when it is opened next.
  TimeMs retain_ms = 0;      ///< Events older than this are dropped and refused; 0: kept for ever.
  std::size_t event_columns_max = 1000;  ///< Core columns included.
  std::size_t attributes_max = 1000;     ///< Columns of customers.
  std::size_t event_names_max = 10'000;  ///< Distinct event names.
  std::size_t message_id_bytes_max =
      1u << 30;  ///< Memory of the messages of the last days; beyond it the oldest are forgotten.
  /// Membership changes kept one by one, of all live segments together: 16 bytes each.
  std::size_t membership_changes_max = std::size_t{16} << 20;
  std::size_t queue_bytes_max =
      256u << 20;  ///< Batches waiting to be logged; beyond it, ResourceExhausted.
  std::size_t log_file_bytes =
      256u << 20;               ///< A log file is closed at this size and the next one begun.
  Disk* disk = &system_disk();  ///< What `folder` is on. It outlives the store.
  std::size_t checkpoint_log_bytes =
      256u << 20;  ///< So much new log makes a checkpoint due: it is read again in some 10 s,
  std::chrono::milliseconds checkpoint_interval{
      600'000};          ///< and so does so much time with anything new.
  bool salvage = false;  ///< Skips damage of the log instead of refusing it; see `Log`.
};

/// A row that the store refused, by the `source` that its batch gave it.
struct RefusedRow {
  std::uint32_t source = 0;
  std::string detail;
};

/// What became of one batch.
struct Appended {
  std::uint64_t snapshot = 0;       ///< The first snapshot that has it.
  std::size_t duplicates = 0;       ///< Calls that were stored before (same key and message id).
  std::vector<RefusedRow> refused;  ///< Over a limit of the store, or of a person who was erased.
  std::size_t removed = 0;          ///< Events that a change took away.
};

struct StoreFacts {
  std::size_t log_bytes = 0, log_syncs = 0, batches = 0, parts = 0, event_bytes = 0, delta_rows = 0;
  std::size_t torn_bytes = 0;             ///< Cut off the log when it was opened.
  std::size_t message_ids = 0;            ///< Remembered to store each once.
  std::size_t message_id_bytes = 0;       ///< Of what is remembered.
  std::size_t message_ids_forgotten = 0;  ///< Before their time, because there were too many.
  std::size_t membership_streams = 0;     ///< Of live segments.
  std::size_t membership_changes = 0;     ///< Kept one by one.
  std::size_t membership_bytes = 0;       ///< Of all that was told of live segments.
  std::size_t checkpoints = 0;            ///< Written since the store was opened.
  std::uint64_t checkpoint_sequence = 0;  ///< That the newest checkpoint covers; 0: there is none.
  std::size_t checkpoint_bytes = 0;       ///< Of its files.
  std::size_t checkpoint_failing = 0;     ///< 1: the last one could not be written.
  absl::Status checkpoint_status;         ///< Why the last one was not written, if it was not.
};

/// What a store was made of when it was opened.
struct Recovery {
  std::uint64_t generation = 0;      ///< Of the checkpoint that was loaded; 0: none.
  std::uint64_t sequence = 0;        ///< That it covers.
  std::uint64_t records = 0;         ///< Of the log, that were replayed behind it.
  std::vector<std::string> damaged;  ///< Newer checkpoints that are not whole: file, offset, what.
};

/// What is known of an erasure.
struct ErasureRecord {
  TimeMs when = 0;
  bool purged = false;  ///< Nothing of it is left in the folder.
};

/// One statement that two external ids are one person, as IdentityGraph has it.
struct IdentityMerge {
  std::uint32_t number = 0;  ///< By which it is undone.
  bool is_alias = false;     ///< Else an identify call.
  std::string from, to;      ///< External ids.
  TimeMs ts = 0;
  std::string message_id;
  bool active = false;           ///< It joins the two now.
  bool refused = false;          ///< The person would have had too many external ids.
  std::optional<TimeMs> undone;  ///< When it was undone.
};

/// Who a person is.
struct Identities {
  std::string customer_id;            ///< The external id by which the person is known.
  std::vector<std::string> ids;       ///< All of its external ids, sorted.
  std::vector<IdentityMerge> merges;  ///< That name one of them, in order of arrival.
};

/// All data of one workspace: a log, the memory that it describes, one writer thread, immutable
/// snapshots.
///
/// Thread safety: every member may be called from any thread.
class Store {
 public:
  /// Opens the folder (made where it is missing), takes its lock, loads the newest whole checkpoint
  /// and replays the log behind it. The tail of the last log file that a crash tore is cut off.
  /// Errors  FailedPrecondition: another process has the folder. DataLoss: the log is damaged before
  ///         its end, or does not reach back to a whole checkpoint: names file and offset.
  ///         Unavailable: the file system said no, and why.
  static absl::StatusOr<std::unique_ptr<Store>> open(const StoreOptions& options);
  /// Finishes what was appended, then stops.
  ~Store();

  [[nodiscard]] std::shared_ptr<const Snapshot> snapshot() const;

  /// Logs, makes durable, applies and publishes `batch`, then calls `done` from the writer's
  /// thread: it must not block. Batches that wait at the same time share one sync. Errors
  /// ResourceExhausted: too much is waiting (nothing was stored; try again). Unavailable: the disk
  ///         failed; nothing is acknowledged from then on.
  void append(Batch batch, std::function<void(absl::StatusOr<Appended>)> done);
  /// The same, waiting for it.
  absl::StatusOr<Appended> append(Batch batch);

  /// Stores a document (see Documents); an empty `content` removes it. Durable when it returns.
  absl::Status put_document(std::string_view kind, std::string_view name, std::string_view content);

  /// Undoes one merge of a person (see IdentityGraph::undo); rows and traits go back to their own.
  /// Errors  NotFound: no such person. InvalidArgument: the person has no such merge.
  absl::StatusOr<Appended> unmerge(std::string_view external_id, std::uint32_t merge, TimeMs when);

  /// Explains who a person is. Errors  NotFound: no such person.
  [[nodiscard]] absl::StatusOr<Identities> identities(std::string_view external_id) const;

  /// Erases a person, with all external ids: from the next snapshot on nothing of it is seen, and
  /// rows of before `when` are refused. What disks and dictionaries hold is purged in the background.
  /// Errors  NotFound: no such person.
  absl::StatusOr<Appended> erase(std::string_view external_id, TimeMs when);

  /// The erasure that a snapshot was the first to show; nullopt: none was.
  [[nodiscard]] std::optional<ErasureRecord> erasure(std::uint64_t snapshot) const;

  /// At most `count` erasures behind `after`, with the snapshot that was the first to show each.
  [[nodiscard]] std::vector<std::pair<std::uint64_t, ErasureRecord>> erasures(
      std::uint64_t after, std::size_t count) const;

  /// Takes back the events of an import, the merges that it alone has said, the traits that it set
  /// (what stood there before is not brought back), and the customers known from it alone; sent again it is another import.
  /// Errors  NotFound: no import has that id.
  absl::StatusOr<Appended> undo_import(std::string_view import_id);

  /// Notes what is told of live segments; those of streams that ended meanwhile are dropped.
  /// Errors  NotFound: all of them ended, or their segments did.
  absl::StatusOr<Appended> note_memberships(MembershipUpdates updates);

  /// Gives stored texts the scores of another model: from the next snapshot on they have them, and
  /// all else of them is as it was. Rows that are gone by then are passed over, and so are those
  /// that have a score of that model or one that was sent. Whom it was about is touched.
  absl::StatusOr<Appended> rescore(Rescoring rescoring);

  /// What was written since the last time that somebody asked, and the snapshot that has it. For
  /// one who follows: the first time it is everybody.
  struct Written {
    std::shared_ptr<const Snapshot> snapshot;
    Touches::Taken touched;
  };
  Written take_written();
  /// Waits until a snapshot has a number above `number`, or for `timeout`. Whether there is one.
  [[nodiscard]] bool wait_past(std::uint64_t number, std::chrono::milliseconds timeout) const;

  /// How far the import of that id is committed, in bytes of its inflated input; nullopt: none is
  /// known.
  [[nodiscard]] std::optional<std::uint64_t> import_offset(std::string_view import_id) const;

  /// At most `count` imports whose ids come behind `after`, by the bytes of their ids.
  [[nodiscard]] std::vector<ImportFacts> imports(std::string_view after, std::size_t count) const;

  /// Writes all that is stored now to a new checkpoint, beside which writing goes on, and cuts the
  /// log behind the previous one. Two in a row leave no file of what was deleted before.
  /// Errors  FailedPrecondition: the store has no folder. Unavailable, DataLoss: the disk failed;
  ///         the older checkpoints and the log stand as they did.
  absl::Status checkpoint();
  [[nodiscard]] const Recovery& recovery() const;

  /// What a salvage could not read of the log: a line each, with file, offset and records.
  [[nodiscard]] std::vector<std::string> salvage_losses() const;

  [[nodiscard]] StoreFacts facts() const;

  /// OK while batches are stored; else why none is any more.
  [[nodiscard]] absl::Status status() const;

 private:
  class Impl;
  explicit Store(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace grapevine
