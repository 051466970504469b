#include "api/ingest/import_pipeline.hpp"

#include <algorithm>
#include <utility>

#include "api/collect/rejection.hpp"

namespace grapevine {
namespace {

// What the reader and the store rejected of one chunk, by line.
std::vector<LineError> errors_of(ParsedChunk& parsed, const Appended& appended) {
  std::vector<LineError> errors = std::move(parsed.errors);
  for (const RefusedRow& row : appended.refused) errors.push_back({row.source, row.detail});
  std::stable_sort(errors.begin(), errors.end(),
                   [](const LineError& a, const LineError& b) { return a.line < b.line; });
  return errors;
}

}  // namespace

ImportPipeline::ImportPipeline(Store& store, ImportPlan plan)
    : store_(store), plan_(std::move(plan)), lines_(plan_.first_line) {
  totals_.resume_at = plan_.resume_at;
}

ImportPipeline::~ImportPipeline() {
  {
    Lock lock(mutex_);
    dropped_ = true;
    changed_.wait(lock, [this] { return !committing_ && handing_over_ == 0; });
  }
  tasks_.close();
}

absl::Status ImportPipeline::add(Chunk chunk) {
  Lock lock(mutex_);
  advance_until(lock, kChunksMax - 1);
  if (!failure_.ok()) return failure_;
  items_.push_back(std::make_unique<Item>());
  items_.back()->chunk = std::move(chunk);
  lock.unlock();
  tasks_.run([this] {
    Lock task_lock(mutex_);
    parse_one(task_lock);
    commit_one(task_lock);
  });
  return absl::OkStatus();
}

absl::StatusOr<ImportTotals> ImportPipeline::finish() {
  Lock lock(mutex_);
  advance_until(lock, 0);
  if (!failure_.ok()) return failure_;
  return std::move(totals_);
}

std::uint64_t ImportPipeline::resume_at() {
  const Lock lock(mutex_);
  return totals_.resume_at;
}

// Takes part in the work until at most `items_max` chunks are on their way, or one failed.
void ImportPipeline::advance_until(Lock& lock, std::size_t items_max) {
  while (failure_.ok() && items_.size() > items_max) {
    if (commit_one(lock) || parse_one(lock)) continue;
    changed_.wait(lock);
  }
}

// Parses the first chunk that waits for it. Returns whether there was one.
bool ImportPipeline::parse_one(Lock& lock) {
  if (dropped_ || !failure_.ok()) return false;
  const auto waiting = std::find_if(items_.begin(), items_.end(),
                                    [](const auto& item) { return item->stage == Stage::Waiting; });
  if (waiting == items_.end()) return false;
  Item& item = **waiting;  // Stays where it is until it is committed.
  item.stage = Stage::Parsing;
  lock.unlock();
  ParsedChunk parsed;
  if (item.chunk.is_overlong) {
    parsed.lines = item.chunk.overlong_lines;
    parsed.reject(0, overlong_line());
  } else {
    parsed = plan_.parse(item.chunk);
  }
  parsed.batch.received = plan_.received;
  parsed.batch.deduplicate_by = plan_.import_id;
  parsed.batch.import_id = plan_.import_id;
  parsed.batch.import_offset = item.chunk.end;
  std::string().swap(item.chunk.text);
  lock.lock();
  item.parsed = std::move(parsed);
  item.stage = Stage::Parsed;
  changed_.notify_all();
  return true;
}

// Hands the first chunk to the store when it is parsed. Only one is with the store at a time: were
// it refused while the next one is stored, the import would have a hole that no resuming fills.
bool ImportPipeline::commit_one(Lock& lock) {
  if (dropped_ || committing_ || !failure_.ok() || items_.empty() ||
      items_.front()->stage != Stage::Parsed) {
    return false;
  }
  committing_ = true;
  items_.front()->stage = Stage::Committing;
  Batch batch = std::move(items_.front()->parsed.batch);
  ++handing_over_;  // The answer may come before `append` returns, and must not end the import.
  lock.unlock();
  store_.append(std::move(batch),
                [this](absl::StatusOr<Appended> appended) { committed(std::move(appended)); });
  lock.lock();
  --handing_over_;
  changed_.notify_all();
  return true;
}

// The store's answer for the first chunk. Comes from its thread, or from within append. Hands the
// next one over at once, so that the store need not wait for a thread that parses.
void ImportPipeline::committed(absl::StatusOr<Appended> appended) {
  Lock lock(mutex_);
  const std::unique_ptr<Item> item = std::move(items_.front());
  items_.pop_front();
  committing_ = false;
  if (appended.ok()) {
    totals_.accepted += item->parsed.accepted - appended->refused.size();
    totals_.duplicates += appended->duplicates;
    totals_.rejected += item->parsed.rejected + appended->refused.size();
    totals_.resume_at = item->chunk.end;
    for (LineError& error : errors_of(item->parsed, *appended)) {
      if (totals_.errors.size() == kLineErrorsMax) break;
      totals_.errors.push_back({lines_ + error.line + 1, std::move(error.detail)});
    }
    lines_ += item->parsed.lines;
  } else {
    failure_ = appended.status();
  }
  commit_one(lock);
  changed_.notify_all();
}

}  // namespace grapevine
