#include "storage/checkpoint/load.hpp"

#include <algorithm>
#include <bit>
#include <span>
#include <string_view>
#include <thread>
#include <utility>

#include <absl/strings/str_cat.h>

#include "storage/checkpoint/misfit.hpp"
#include "storage/checkpoint/part_file.hpp"
#include "storage/checkpoint/state_file.hpp"
#include "storage/checkpoint/workers.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

// Dead rows as the state file lists them, by part and run: each is taken once, in that order.
class DeadRowsList {
 public:
  explicit DeadRowsList(std::vector<DeadRowsOfRun> all) : all_(std::move(all)) {}

  // Those of a run, or nullptr. Errors  DataLoss: they are not of its rows.
  absl::StatusOr<std::shared_ptr<const DeadRows>> take(std::size_t part, std::size_t run,
                                                       std::size_t rows) {
    if (all_taken() || all_[next_].part != part || all_[next_].run != run) return nullptr;
    DeadRowsOfRun& dead = all_[next_++];
    std::uint64_t count = 0;
    for (const std::uint64_t bits : dead.bits) count += static_cast<unsigned>(std::popcount(bits));
    const bool fits = dead.bits.size() == (rows + 63) / 64 &&
                      (rows % 64 == 0 || dead.bits.back() >> (rows % 64) == 0);
    if (!fits || count != dead.count) return absl::DataLossError("dead rows that it does not have");
    return std::make_shared<const DeadRows>(DeadRows{std::move(dead.bits), count});
  }
  [[nodiscard]] bool all_taken() const { return next_ == all_.size(); }

 private:
  std::vector<DeadRowsOfRun> all_;
  std::size_t next_ = 0;
};

// A part of the runs of the file at `place` in the manifest. Errors  DataLoss: something is not of
// `state`, or not as many rows as the manifest says.
absl::StatusOr<std::shared_ptr<const Part>> make_part(PartRuns runs, const Snapshot& state,
                                                      DeadRowsList& dead, std::size_t place,
                                                      std::uint64_t rows) {
  auto part = std::make_shared<Part>();
  part->first = INT64_MAX;
  part->last = INT64_MIN;
  std::uint64_t found = 0;
  for (std::size_t r = 0; r < runs.size(); ++r) {
    if (const std::string_view what = misfit(*runs[r], state); !what.empty()) {
      return absl::DataLossError(std::string(what));
    }
    found += runs[r]->size();
    GRAPEVINE_ASSIGN_OR_RETURN(auto dead_rows, dead.take(place, r, runs[r]->size()));
    const LiveRun& run = part->runs.emplace_back(std::move(runs[r]), std::move(dead_rows));
    part->rows += run.rows();
    part->first = std::min(part->first, run->first);
    part->last = std::max(part->last, run->last);
  }
  if (found != rows) return absl::DataLossError("not the rows of the manifest");
  return part;
}

// Whether the parts have as many rows of each event as the state counts.
bool are_counted(std::span<const std::shared_ptr<const Part>> parts, const Snapshot& state) {
  std::vector<std::uint64_t> counts(state.event_counts().size());
  std::uint64_t rows = 0;
  for (const auto& part : parts) {
    rows += part->rows;
    for (const LiveRun& run : part->runs) counts[index(run->event)] += run.rows();
  }
  return rows == state.rows() && counts == state.event_counts();
}

}  // namespace

absl::StatusOr<Manifest> load_checkpoint(Disk& disk, const std::string& folder,
                                         std::uint64_t generation, StoreState& state) {
  GRAPEVINE_ASSIGN_OR_RETURN(Manifest manifest, read_manifest(disk, folder, generation));
  const auto path = [&folder](CheckedKind kind, std::uint64_t number) {
    return absl::StrCat(folder, "/", file_name(kind, number));
  };
  absl::StatusOr<std::vector<DeadRowsOfRun>> dead;
  std::vector<absl::StatusOr<PartRuns>> runs(manifest.parts.size());
  Workers workers(std::max(2u, std::thread::hardware_concurrency()));
  workers.add([&] {
    dead = read_state(disk, path(CheckedKind::State, generation), manifest.state_name(),
                      manifest.state, state,
                      [&workers](FieldReader::Task task) { workers.add(std::move(task)); });
  });
  for (std::size_t p = 0; p < runs.size(); ++p) {
    workers.add([&, p] {
      const Manifest::PartFile& part = manifest.parts[p];
      runs[p] = read_part(disk, path(CheckedKind::Part, part.number), manifest.part_name(part),
                          part.seal);
    });
  }
  workers.wait();
  GRAPEVINE_RETURN_IF_ERROR(dead.status());
  const auto damage = [](const std::string& file, const std::string& what) {
    return absl::DataLossError(absl::StrCat(file, ": offset 0: ", what));
  };
  const std::string state_path = path(CheckedKind::State, generation);
  if (state.sequence() != manifest.sequence) {
    return damage(state_path, "of another moment than its manifest");
  }
  state.adopt_parts({});
  const std::shared_ptr<const Snapshot> without_rows = state.publish();
  if (const auto what = misfit(*without_rows, state.imports()); !what.empty()) {
    return damage(state_path, std::string(what));
  }
  DeadRowsList dead_rows(*std::move(dead));
  std::vector<std::shared_ptr<const Part>> parts;
  for (std::size_t p = 0; p < runs.size(); ++p) {
    GRAPEVINE_RETURN_IF_ERROR(runs[p].status());
    const Manifest::PartFile& file = manifest.parts[p];
    auto part = make_part(*std::move(runs[p]), *without_rows, dead_rows, p, file.rows);
    if (!part.ok()) {
      return damage(path(CheckedKind::Part, file.number), std::string(part.status().message()));
    }
    parts.push_back(*std::move(part));
  }
  if (!dead_rows.all_taken()) return damage(state_path, "dead rows of no part");
  if (!are_counted(parts, *without_rows)) return damage(state_path, "rows that no part has");
  state.adopt_parts(std::move(parts));
  return manifest;
}

absl::StatusOr<RecoveredCheckpoint> recover_checkpoint(
    Disk& disk, const std::string& folder,
    const std::function<std::unique_ptr<StoreState>()>& new_state) {
  GRAPEVINE_ASSIGN_OR_RETURN(std::vector<FoundFile> files, find_checkpoint_files(disk, folder));
  std::erase_if(files, [](const FoundFile& file) {
    return file.kind != CheckedKind::Manifest || !file.finished;
  });
  std::sort(files.begin(), files.end(),
            [](const FoundFile& a, const FoundFile& b) { return a.number > b.number; });
  RecoveredCheckpoint recovered;
  for (const FoundFile& file : files) {
    recovered.state = new_state();
    auto manifest = load_checkpoint(disk, folder, file.number, *recovered.state);
    if (manifest.ok()) {
      recovered.manifest = *std::move(manifest);
      return recovered;
    }
    recovered.damaged.push_back(manifest.status());
  }
  recovered.state = new_state();
  return recovered;
}

}  // namespace grapevine
