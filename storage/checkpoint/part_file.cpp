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

bool has_rows(const PackedUints& numbers, std::size_t rows) {
  return numbers.size() == rows && numbers.is_sound();
}

bool has_rows(const TextValues& texts, std::size_t rows) {
  const auto out_of_order = [](const TextValues::Block& a, const TextValues::Block& b) {
    return a.first_row >= b.first_row || a.begin > b.begin;
  };
  const auto& blocks = texts.blocks;
  return texts.rows == rows && blocks.empty() == (rows == 0) &&
         (rows == 0 || (blocks.front().first_row == 0 && blocks.back().first_row < rows &&
                        blocks.back().begin <= texts.bytes.size())) &&
         std::adjacent_find(blocks.begin(), blocks.end(), out_of_order) == blocks.end();
}

bool has_rows(const RealValues& reals, std::size_t rows) {
  return has_rows(reals.numbers, rows) && reals.form <= RealValues::Form::Decimal &&
         reals.digits <= RealValues::kDigitsMax;
}

bool has_rows(const RunColumn& column, std::size_t rows) {
  struct HasRows {
    std::size_t rows;
    bool operator()(const CodeValues& v) const { return has_rows(v.codes, rows); }
    bool operator()(const BoolValues& v) const { return v.bits.size() == (rows + 63) / 64; }
    bool operator()(const Int64Values& v) const { return has_rows(v.numbers, rows); }
    bool operator()(const RealValues& v) const { return has_rows(v, rows); }
    bool operator()(const TextValues& v) const { return has_rows(v, rows); }
  };
  return (column.present.empty() || column.present.size() == (rows + 63) / 64) &&
         std::visit(HasRows{rows}, column.values);
}

// Whether every row of every column can be read. The texts of a block are not looked at: checksums
// tell damage, and nobody else writes these files.
bool is_sound(const Run& run) {
  const std::size_t rows = run.size();
  const MessageIdColumn& ids = run.message_ids;
  const auto by_id = [](const RunColumn& a, const RunColumn& b) { return a.id < b.id; };
  const auto in_rows = [rows](const IdentityStretch& s) {
    return s.begin < s.end && s.end <= rows;
  };
  return rows > 0 && run.customers.is_sound() && has_rows(run.times, rows) &&
         has_rows(run.sequences, rows) &&
         has_rows(run.targets, run.targets.size() == 0 ? 0 : rows) &&
         (ids.uuids.empty() || ids.uuids.size() == rows) &&
         has_rows(ids.texts, ids.texts.rows == 0 ? 0 : rows) &&
         std::all_of(run.identities.begin(), run.identities.end(), in_rows) &&
         std::is_sorted(run.columns.begin(), run.columns.end(), by_id) &&
         std::all_of(run.columns.begin(), run.columns.end(),
                     [rows](const RunColumn& column) { return has_rows(column, rows); });
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
