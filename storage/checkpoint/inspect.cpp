#include "storage/checkpoint/inspect.hpp"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "storage/checkpoint/load.hpp"
#include "storage/disk/folder.hpp"
#include "storage/log/log_reader.hpp"
#include "storage/status_macros.hpp"
#include "storage/store_state.hpp"

namespace grapevine {
namespace {

void add_bytes(const Run& run, std::map<std::string, std::uint64_t>& bytes,
               const std::vector<ColumnInfo>& columns) {
  bytes["customer_id"] += run.customers.bytes();
  bytes["ts"] += run.times.bytes();
  bytes["(sequence)"] += run.sequences.bytes();
  bytes["target_id"] += run.targets.bytes();
  bytes["event_id"] += run.message_ids.bytes();
  for (const RunColumn& column : run.columns) {
    bytes[columns[index(column.id)].name] += bytes_of(column);
  }
}

// Of one look at a folder, in which nothing may go away.
class Inspection {
 public:
  Inspection(Disk& disk, const std::string& folder) : disk_(disk), folder_(folder) {}

  absl::StatusOr<FolderReport> look() {
    GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<FoundFile> files,
                               find_checkpoint_files(disk_, folder_));
    for (auto file = files.rbegin(); file != files.rend(); ++file) {
      if (file->kind == CheckedKind::Manifest && file->finished) look_at_generation(file->number);
    }
    std::reverse(report_.generations.begin(), report_.generations.end());
    look_at_log();
    if (report_.generations.empty() && report_.log.files == 0 && report_.damage.empty()) {
      return absl::NotFoundError("no store is in " + folder_);
    }
    return std::move(report_);
  }

 private:
  // From the newest on.
  void look_at_generation(std::uint64_t number) {
    FolderReport::Generation& generation = report_.generations.emplace_back();
    generation.number = number;
    auto manifest = read_manifest(disk_, folder_, number);
    if (!manifest.ok()) return note(manifest.status());
    generation.sequence = manifest->sequence;
    generation.parts = manifest->parts.size();
    generation.bytes = manifest->bytes();
    generation.whole = report_.contents ? verify(*manifest) : load(*manifest);
    if (generation.whole) oldest_ = *std::move(manifest);
  }

  [[nodiscard]] std::string path(CheckedKind kind, std::uint64_t number) const {
    return folder_ + "/" + file_name(kind, number);
  }

  bool verify(const Manifest& manifest) {
    bool whole = true;
    const auto check = [&](const CheckedName& name, const FileSeal& seal) {
      if (!verified_.insert({name.kind, name.number}).second) return;
      const absl::Status status = verify_file(disk_, path(name.kind, name.number), name, seal);
      whole = whole && status.ok();
      note(status);
    };
    check(manifest.state_name(), manifest.state);
    for (const Manifest::PartFile& part : manifest.parts)
      check(manifest.part_name(part), part.seal);
    return whole;
  }

  bool load(const Manifest& manifest) {
    StoreState state({}, {});
    const auto loaded = load_checkpoint(disk_, folder_, manifest.generation, state);
    note(loaded.status());
    if (!loaded.ok()) return false;
    auto file = CheckedReader::open(disk_, path(CheckedKind::State, manifest.generation),
                                    manifest.state_name());
    if (!file.ok()) return note(file.status()), false;
    FolderReport::Contents& contents = report_.contents.emplace();
    contents.state = file->skim();
    describe(manifest, state, contents);
    for (const Manifest::PartFile& part : manifest.parts) {
      verified_.insert({CheckedKind::Part, part.number});
    }
    return true;
  }

  static void describe(const Manifest& manifest, StoreState& state,
                       FolderReport::Contents& contents) {
    const std::vector<std::shared_ptr<const Part>> parts = state.parts();
    const auto snapshot = state.publish();
    StoreFacts facts;
    state.add_facts(facts);
    contents.events = snapshot->rows();
    contents.customers = snapshot->customers().people();
    contents.attributes = snapshot->customers().attributes().size();
    contents.event_names = snapshot->event_counts().size();
    contents.columns = snapshot->columns().size();
    contents.documents = snapshot->documents().size();
    contents.imports = state.imports().all().size();
    contents.messages = facts.message_ids;
    for (std::size_t p = 0; p < parts.size(); ++p) {
      const Manifest::PartFile& file = manifest.parts[p];
      contents.parts.push_back({file.number, file.seal.bytes, file.rows, parts[p]->runs.size(),
                                parts[p]->first, parts[p]->last});
      for (const LiveRun& run : parts[p]->runs) {
        add_bytes(*run, contents.column_bytes, snapshot->columns());
      }
    }
  }

  void look_at_log() {
    LogOptions options;
    if (oldest_) {
      options.first_needed = oldest_->sequence + 1;
      options.store = oldest_->store;
    }
    const auto count = [](RecordType, std::uint64_t, std::string_view) { return absl::OkStatus(); };
    const auto log = read_log(disk_, folder_, options, count);
    if (!log.ok()) return note(log.status());
    report_.log.files = log->files.size();
    for (const LogFile& file : log->files) report_.log.bytes += file.bytes;
    report_.log.records = log->recovery.records;
    report_.log.last_sequence = log->last_sequence;
    report_.log.torn_bytes = log->recovery.torn_bytes;
  }

  void note(const absl::Status& status) {
    if (!status.ok()) report_.damage.emplace_back(status.message());
  }

  Disk& disk_;
  const std::string& folder_;
  FolderReport report_;
  std::optional<Manifest> oldest_;  // The oldest whole one so far.
  std::set<std::pair<CheckedKind, std::uint64_t>> verified_;
};

}  // namespace

absl::StatusOr<FolderReport> inspect_folder(Disk& disk, const std::string& folder) {
  constexpr int kLooksMax = 5;
  for (int look = 1;; ++look) {
    GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<std::string> before, list_folder(disk, folder));
    GRAPEVINE_ASSIGN_OR_RETURN(FolderReport report, Inspection(disk, folder).look());
    if (report.damage.empty() || look == kLooksMax) return report;
    GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<std::string> after, list_folder(disk, folder));
    if (after == before) return report;  // Nobody took a file away while we looked.
  }
}

}  // namespace grapevine
