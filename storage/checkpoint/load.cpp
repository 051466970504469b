#include "storage/checkpoint/load.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include <absl/strings/str_cat.h>

#include "storage/checkpoint/part_file.hpp"
#include "storage/checkpoint/state_file.hpp"
#include "storage/checkpoint/workers.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

// Dead rows are few, so they are looked for by place.
std::shared_ptr<const DeadRows> take_dead_rows(std::vector<DeadRowsOfRun>& dead, std::size_t part,
                                               std::size_t run) {
  for (DeadRowsOfRun& of_run : dead) {
    if (of_run.part != part || of_run.run != run) continue;
    return std::make_shared<const DeadRows>(DeadRows{std::move(of_run.bits), of_run.count});
  }
  return nullptr;
}

absl::StatusOr<std::shared_ptr<const Part>> make_part(const std::string& path, PartRuns runs,
                                                      std::vector<DeadRowsOfRun>& dead,
                                                      std::size_t place) {
  auto part = std::make_shared<Part>();
  part->first = INT64_MAX;
  part->last = INT64_MIN;
  for (std::size_t r = 0; r < runs.size(); ++r) {
    auto dead_rows = take_dead_rows(dead, place, r);
    if (dead_rows != nullptr && (dead_rows->bits.size() != (runs[r]->size() + 63) / 64 ||
                                 dead_rows->count > runs[r]->size())) {
      return absl::DataLossError(path + ": offset 0: dead rows that it does not have");
    }
    const LiveRun& run = part->runs.emplace_back(std::move(runs[r]), std::move(dead_rows));
    part->rows += run.rows();
    part->first = std::min(part->first, run->first);
    part->last = std::max(part->last, run->last);
  }
  return part;
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
  std::vector<std::shared_ptr<const Part>> parts;
  for (std::size_t p = 0; p < runs.size(); ++p) {
    GRAPEVINE_RETURN_IF_ERROR(runs[p].status());
    GRAPEVINE_ASSIGN_OR_RETURN(
        auto part, make_part(path(CheckedKind::Part, manifest.parts[p].number), std::move(*runs[p]),
                             *dead, p));
    parts.push_back(std::move(part));
  }
  if (state.sequence() != manifest.sequence) {
    return absl::DataLossError(path(CheckedKind::State, generation) +
                               ": offset 0: of another moment than its manifest");
  }
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
