#include "storage/checkpoint/part_file.hpp"

#include <utility>

#include "storage/checkpoint/fields.hpp"
#include "storage/checkpoint/run_fields.hpp"
#include "storage/checkpoint/sound_run.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

constexpr std::string_view kRuns = "runs";
constexpr std::uint32_t kRunsVersion = 1;

}  // namespace

PartRuns runs_of(const Part& part) {
  PartRuns runs;
  runs.reserve(part.runs.size());
  for (const LiveRun& run : part.runs) runs.push_back(run.shared());
  return runs;
}

absl::StatusOr<FileSeal> write_part(Disk& disk, const std::string& path, const CheckedName& name,
                                    const PartRuns& runs) {
  GRAPEVINE_ASSIGN_OR_RETURN(CheckedWriter file, CheckedWriter::create(disk, path, name));
  FieldWriter out(file);
  out.section(kRuns, kRunsVersion);
  out(std::uint64_t{runs.size()});
  for (const auto& run : runs) out(*run);
  return file.finish();
}

absl::StatusOr<PartRuns> read_part(Disk& disk, const std::string& path, const CheckedName& name,
                                   const FileSeal& expected) {
  GRAPEVINE_ASSIGN_OR_RETURN(CheckedReader file, CheckedReader::open(disk, path, name));
  FieldReader in(file);
  in.section(kRuns, kRunsVersion);
  PartRuns runs;
  const std::size_t count = in.count(1);
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    auto run = std::make_shared<Run>();
    in(*run);
    in.require(!in.ok() || is_sound(*run), "rows that cannot be read");
    in.require(runs.empty() || runs.back()->event < run->event, "runs out of order");
    runs.push_back(std::move(run));
  }
  in.require(!runs.empty(), "no runs");
  GRAPEVINE_ASSIGN_OR_RETURN(const FileSeal seal, file.finish());
  if (seal != expected) return absl::DataLossError(path + ": not the file that was written");
  return runs;
}

}  // namespace grapevine
