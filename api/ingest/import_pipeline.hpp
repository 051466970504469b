#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "api/ingest/chunk.hpp"
#include "kernels/parallel/background_tasks.hpp"
#include "storage/store.hpp"

namespace grapevine {

/// What an import has come to.
struct ImportTotals {
  std::uint64_t accepted = 0;    ///< Records stored, those stored before by their id included.
  std::uint64_t duplicates = 0;  ///< Of these: stored before, known by their id.
  std::uint64_t rejected = 0;
  std::uint64_t resume_at = 0;    ///< Bytes of the inflated input that are committed.
  std::vector<LineError> errors;  ///< The first kLineErrorsMax, lines counted from 1.
};

/// How an import is stored.
struct ImportPlan {
  std::string import_id;
  TimeMs received = 0;
  std::uint64_t resume_at = 0;               ///< Committed before.
  std::uint64_t first_line = 0;              ///< Lines before the first chunk.
  std::function<ParsedChunk(Chunk&)> parse;  ///< Called from several threads at a time.
};

/// Turns chunks into committed batches: several are parsed at a time while one is made durable, and
/// all are committed in order, so that `resume_at` never passes a chunk that is not stored.
///
/// Thread safety: one thread calls the members. Destroying it drops what was not handed to the
/// store, and waits for the rest.
class ImportPipeline {
 public:
  ImportPipeline(Store& store, ImportPlan plan);
  ~ImportPipeline();
  ImportPipeline(const ImportPipeline&) = delete;
  ImportPipeline& operator=(const ImportPipeline&) = delete;

  /// Takes a chunk. Blocks while kChunksMax are on their way, and parses meanwhile.
  /// Errors  What the store failed with; nothing is committed after that.
  absl::Status add(Chunk chunk);

  /// Waits for everything that was added.
  absl::StatusOr<ImportTotals> finish();

  /// Bytes of the input that are committed so far.
  [[nodiscard]] std::uint64_t resume_at();

 private:
  // Chunks on their way: bounds the memory of an import to about as many times 8 MB.
  static constexpr std::size_t kChunksMax = 6;

  enum class Stage : std::uint8_t { Waiting, Parsing, Parsed, Committing };
  struct Item {
    Chunk chunk;
    ParsedChunk parsed;
    Stage stage = Stage::Waiting;
  };
  using Lock = std::unique_lock<std::mutex>;

  bool parse_one(Lock& lock);
  bool commit_one(Lock& lock);
  void committed(absl::StatusOr<Appended> appended);
  void advance_until(Lock& lock, std::size_t items_max);

  Store& store_;
  const ImportPlan plan_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::unique_ptr<Item>> items_;  // In the order of the input.
  bool committing_ = false;                  // The first item is with the store.
  int handing_over_ = 0;                     // Threads that are calling the store.
  bool dropped_ = false;
  absl::Status failure_;
  ImportTotals totals_;
  std::uint64_t lines_;
  BackgroundTasks tasks_;  // Last: its tasks use the members above.
};

}  // namespace grapevine
