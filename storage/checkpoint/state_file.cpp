#include "storage/checkpoint/state_file.hpp"

#include <set>
#include <utility>

#include "storage/status_macros.hpp"

namespace grapevine {

void fields(auto& archive, Is<DeadRowsOfRun> auto& dead) {
  archive(dead.part, dead.run, dead.count, dead.bits);
}
void fields(auto& archive, Is<MessageIds::OfDay> auto& day) { archive(day.day, day.hashes); }

namespace {

// Days of which messages are remembered: MessageIds::kDays, and some more after a clock was wrong.
constexpr std::size_t kDaysMax = 64;

std::vector<DeadRowsOfRun> dead_rows_of(std::span<const std::shared_ptr<const Part>> parts) {
  std::vector<DeadRowsOfRun> all;
  for (std::uint32_t p = 0; p < parts.size(); ++p) {
    for (std::uint32_t r = 0; r < parts[p]->runs.size(); ++r) {
      const auto& dead = parts[p]->runs[r].dead();
      if (dead != nullptr) all.push_back({p, r, dead->count, dead->bits});
    }
  }
  return all;
}

}  // namespace

absl::StatusOr<FileSeal> write_state(Disk& disk, const std::string& path, const CheckedName& name,
                                     const SaveLater& save_state,
                                     std::span<const std::shared_ptr<const Part>> parts,
                                     const CopyMessageIds& copy_message_ids) {
  GRAPEVINE_ASSIGN_OR_RETURN(CheckedWriter file, CheckedWriter::create(disk, path, name));
  FieldWriter out(file);
  save_state(out);
  out.section("dead rows", 1);
  out(dead_rows_of(parts));
  out.section("messages", 1);
  for (std::size_t shard = 0; shard < MessageIds::kShards;) {
    GRAPEVINE_ASSIGN_OR_RETURN(const auto days, copy_message_ids(shard));
    out(static_cast<std::uint8_t>(shard < MessageIds::kShards), days);  // Whether more follow.
  }
  return file.finish();
}

absl::StatusOr<std::vector<DeadRowsOfRun>> read_state(
    Disk& disk, const std::string& path, const CheckedName& name, const FileSeal& expected,
    StoreState& state, std::function<void(FieldReader::Task)> aside) {
  GRAPEVINE_ASSIGN_OR_RETURN(CheckedReader file, CheckedReader::open(disk, path, name));
  FieldReader in(file, std::move(aside));
  state.load(in);
  std::vector<DeadRowsOfRun> dead;
  in.section("dead rows", 1);
  in(dead);
  in.section("messages", 1);
  std::set<TimeMs> seen;
  for (std::uint8_t more = 1; more != 0 && in.ok();) {
    std::vector<MessageIds::OfDay> days;
    in(more, days);
    for (const MessageIds::OfDay& day : days) {
      seen.insert(day.day);
      in.require(day.hashes.size() % 2 == 0, "half a message");
    }
    // Each takes memory of its own, however few messages it has.
    in.require(seen.size() <= kDaysMax, "messages of more days than are remembered");
    if (in.ok()) state.message_ids().add(days);
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const FileSeal seal, file.finish());
  if (seal != expected) {
    return absl::DataLossError(path + ": offset 0: not the file that was written");
  }
  return dead;
}

}  // namespace grapevine
