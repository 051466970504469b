#include "kernels/segment/rows_with_ids.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include <absl/container/flat_hash_set.h>

#include "storage/message_id_column.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kRowsBetweenLooks = 65'536;  // At `stop`.

// The sequence that a derived id says.
std::optional<std::uint64_t> derived_from(std::string_view id) {
  constexpr std::string_view kPrefix = "row-";
  if (!id.starts_with(kPrefix)) return std::nullopt;
  const std::string_view digits = id.substr(kPrefix.size());
  std::uint64_t sequence = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), sequence);
  const bool is_whole = error == std::errc() && end == digits.data() + digits.size();
  // As it is written: no leading zero.
  if (!is_whole || std::to_string(sequence) != digits) return std::nullopt;
  return sequence;
}

// Ids by how columns keep them.
class IdSet {
 public:
  explicit IdSet(std::span<const std::string> ids) {
    for (const std::string& id : ids) {
      if (const auto uuid = parse_uuid(id)) {
        uuids_.insert(*uuid);
        continue;
      }
      texts_.insert(id);
      if (const auto sequence = derived_from(id)) sequences_.insert(*sequence);
    }
  }

  /// Calls `found(row)` for the rows [begin, end) of a run that have one.
  template <typename Found>
  void find(const Run& run, std::size_t begin, std::size_t end, const Found& found) const {
    const MessageIdColumn& ids = run.message_ids;
    if (!uuids_.empty() && !ids.uuids.empty()) {
      for (std::size_t row = begin; row < end; ++row) {
        if (uuids_.contains(ids.uuids[row])) found(row);
      }
    }
    const bool has_texts = ids.texts.size() != 0;
    if (has_texts && !texts_.empty()) {
      TextReader texts(ids.texts);
      for (std::size_t row = begin; row < end; ++row) {
        if (const std::string_view id = texts.at(row); !id.empty() && texts_.contains(id)) {
          found(row);
        }
      }
    }
    if (sequences_.empty()) return;
    MessageIdReader reader(ids);
    for (std::size_t row = begin; row < end; ++row) {
      if (sequences_.contains(run.sequences.at(row)) && (ids.empty() || reader.at(row).empty())) {
        found(row);
      }
    }
  }

 private:
  absl::flat_hash_set<Uuid> uuids_;
  std::set<std::string, std::less<>> texts_;
  absl::flat_hash_set<std::uint64_t> sequences_;
};

}  // namespace

absl::StatusOr<std::vector<CustomerRow>> rows_with_ids(const Snapshot& snapshot,
                                                       const WantedIds& wanted, ReadCounts* reads,
                                                       const Stop& stop) {
  const IdSet ids(wanted.ids);
  std::vector<CustomerRow> rows;
  const auto is_wanted = [&](const Run& run) {
    return run.first < wanted.to && run.last >= wanted.from &&
           std::find(wanted.events.begin(), wanted.events.end(), run.event) != wanted.events.end();
  };
  for (const auto& part : snapshot.parts()) {
    for (const LiveRun& live : part->runs) {
      const Run& run = *live;
      if (!is_wanted(run)) continue;
      const auto add = [&](std::size_t row) {
        const TimeMs ts = run.time(row);
        if (live.is_dead(row) || ts < wanted.from || ts >= wanted.to) return;
        rows.push_back({&run, static_cast<std::uint32_t>(row), ts});
      };
      for (std::size_t begin = 0; begin < run.size(); begin += kRowsBetweenLooks) {
        if (stop.requested()) return absl::CancelledError("stopped while looking for event ids");
        ids.find(run, begin, std::min(begin + kRowsBetweenLooks, run.size()), add);
      }
      if (reads == nullptr) continue;
      reads->rows += run.size();
      reads->bytes += run.message_ids.bytes();
    }
  }
  return rows;
}

}  // namespace grapevine
