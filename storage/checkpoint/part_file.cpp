#include "storage/checkpoint/part_file.hpp"

#include <algorithm>
#include <utility>

#include "storage/checkpoint/fields.hpp"
#include "storage/checkpoint/run_fields.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

constexpr std::string_view kRuns = "runs";
constexpr std::uint32_t kRunsVersion = 1;

// Whether the texts of `rows` rows can be cut out of the bytes.
bool is_sound(const TextValues& texts, std::size_t rows) {
  return texts.begins.size() == rows + 1 && texts.begins.front() == 0 &&
         texts.begins.back() == texts.bytes.size() &&
         std::is_sorted(texts.begins.begin(), texts.begins.end());
}

bool is_sound(const RunColumn& column, std::size_t rows) {
  struct Sound {
    std::size_t rows;
    bool operator()(const CodeValues& v) const { return v.codes.size() == rows; }
    bool operator()(const TextValues& v) const { return is_sound(v, rows); }
    bool operator()(const BoolValues& v) const { return v.values.size() == rows; }
    bool operator()(const Int64Values& v) const { return v.values.size() == rows; }
    bool operator()(const Float64Values& v) const { return v.values.size() == rows; }
    bool operator()(const Float32Values& v) const { return v.values.size() == rows; }
  };
  return (column.present.empty() || column.present.size() == (rows + 63) / 64) &&
         std::visit(Sound{rows}, column.values);
}

// Whether every row of every column can be read.
bool is_sound(const Run& run) {
  const std::size_t rows = run.size();
  const auto by_id = [](const RunColumn& a, const RunColumn& b) { return a.id < b.id; };
  const auto in_rows = [rows](const IdentityStretch& s) {
    return s.begin < s.end && s.end <= rows;
  };
  return rows > 0 && run.times.size() == rows && run.sequences.size() == rows &&
         (run.targets.empty() || run.targets.size() == rows) &&
         (run.message_ids.begins.size() == 1 ? run.message_ids.bytes.empty()
                                             : is_sound(run.message_ids, rows)) &&
         std::all_of(run.identities.begin(), run.identities.end(), in_rows) &&
         std::is_sorted(run.columns.begin(), run.columns.end(), by_id) &&
         std::all_of(run.columns.begin(), run.columns.end(),
                     [rows](const RunColumn& c) { return is_sound(c, rows); });
}

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
    in.require(is_sound(*run), "columns of different lengths");
    in.require(runs.empty() || runs.back()->event < run->event, "runs out of order");
    runs.push_back(std::move(run));
  }
  in.require(!runs.empty(), "no runs");
  GRAPEVINE_ASSIGN_OR_RETURN(const FileSeal seal, file.finish());
  if (seal != expected) return absl::DataLossError(path + ": not the file that was written");
  return runs;
}

}  // namespace grapevine
