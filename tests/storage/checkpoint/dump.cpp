#include "tests/storage/checkpoint/dump.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <variant>

#include <absl/strings/str_format.h>

#include "storage/canonical_text.hpp"

namespace grapevine::testing {
namespace {

std::string show(const Snapshot& snapshot, CustomerId customer) {
  return customer == kNobody ? "nobody" : std::string(snapshot.customers().external_id(customer));
}

// As text: a run may keep a narrower type than its column has.
std::string show(const RunColumn& column, std::size_t row, const ColumnInfo& info) {
  struct Show {
    std::size_t row;
    const ColumnInfo& info;
    std::string operator()(const CodeValues& v) const {
      return std::string(info.dictionary->at(static_cast<std::uint32_t>(v.codes.at(row))));
    }
    std::string operator()(const BoolValues& v) const {
      return canonical_text(ValueType::Bool, v.at(row));
    }
    std::string operator()(const Int64Values& v) const {
      return canonical_text(ValueType::Int64, static_cast<std::uint64_t>(v.at(row)));
    }
    std::string operator()(const RealValues& v) const {
      return canonical_text(ValueType::Float64, std::bit_cast<std::uint64_t>(v.at(row)));
    }
    std::string operator()(const TextValues& v) const { return std::string(TextReader(v).at(row)); }
    std::string operator()(const TimeValues& v) const {
      return canonical_text(ValueType::DateTime, static_cast<std::uint64_t>(v.at(row).ms));
    }
  };
  return std::visit(Show{row, info}, column.values);
}

std::string show(const Snapshot& snapshot, const Run& run, std::size_t row) {
  std::string line = absl::StrFormat("row %d: %s at %d by %s", run.sequences.at(row),
                                     std::string(snapshot.event_names().at(index(run.event))),
                                     run.time(row), show(snapshot, run.customers[row]));
  line += " came as " + show(snapshot, run.identity(row));
  line += " to " + show(snapshot, run.target(row));
  line += " meaning " + show(snapshot, snapshot.target(run, row));
  line += " id ";
  if (!run.message_ids.empty()) line += MessageIdReader(run.message_ids).at(row);
  std::vector<std::string> values;
  for (const RunColumn& column : run.columns) {
    const ColumnInfo& info = snapshot.columns()[index(column.id)];
    if (column.has(row)) values.push_back("; " + info.name + " = " + show(column, row, info));
  }
  std::sort(values.begin(), values.end());
  for (const std::string& value : values) line += value;
  return line;
}

std::string show(const AttributeColumn& column, const AttributeChunk& chunk, std::size_t slot) {
  struct Show {
    std::size_t slot;
    const AttributeColumn& column;
    std::string operator()(const std::vector<std::uint8_t>& v) const {
      return absl::StrFormat("b%d", v[slot]);
    }
    std::string operator()(const std::vector<std::int64_t>& v) const {
      return absl::StrFormat("%d", v[slot]);
    }
    std::string operator()(const std::vector<double>& v) const {
      return absl::StrFormat("%.17g", v[slot]);
    }
    std::string operator()(const std::vector<DateTime>& v) const {
      return absl::StrFormat("time %d", v[slot].ms);
    }
    std::string operator()(const std::vector<std::uint32_t>& v) const {
      return "code " + std::string(column.dictionary->at(v[slot]));
    }
  };
  return std::visit(Show{slot, column}, chunk.values);
}

std::string show(const Snapshot& snapshot, std::uint32_t customer) {
  const CustomerId id{customer};
  std::string line = absl::StrFormat("customer %d: %s", customer, show(snapshot, id));
  std::vector<std::string> values;
  for (const auto& column : snapshot.customers().attributes()) {
    const AttributeChunk* const chunk = column->chunk_of(id);
    const std::size_t slot = customer % AttributeChunk::kCustomers;
    if (chunk == nullptr || !chunk->has(slot)) continue;
    values.push_back("; " + column->name + " = " + show(*column, *chunk, slot));
  }
  std::sort(values.begin(), values.end());
  for (const std::string& value : values) line += value;
  return line;
}

}  // namespace

std::vector<std::string> dump(const Snapshot& snapshot) {
  std::vector<std::string> lines;
  lines.push_back(absl::StrFormat("snapshot %d, newest %d, social %d", snapshot.number(),
                                  snapshot.newest_event(), snapshot.social_version()));
  for (std::size_t c = 0; c < snapshot.columns().size(); ++c) {
    const ColumnInfo& info = snapshot.columns()[c];
    lines.push_back(absl::StrFormat("column %s of %s", info.name, name_of(info.type)));
  }
  for (std::uint32_t e = 0; e < snapshot.event_counts().size(); ++e) {
    lines.push_back(absl::StrFormat("event %s, %d rows", std::string(snapshot.event_names().at(e)),
                                    snapshot.event_counts()[e]));
  }
  for (const auto& column : snapshot.customers().attributes()) {
    lines.push_back(absl::StrFormat("attribute %s of %s", column->name, name_of(column->type)));
  }
  // Numbers of names are given when they are admitted, or when they are replayed.
  std::sort(lines.begin(), lines.end());
  for (std::uint32_t c = 0; c < snapshot.customers().count(); ++c) {
    lines.push_back(show(snapshot, c));
  }
  for (const auto& [key, content] : snapshot.documents()) {
    lines.push_back("document " + key.first + "/" + key.second + ": " + content);
  }
  std::map<std::uint64_t, std::string> rows;
  for (const auto& part : snapshot.parts()) {
    for (const LiveRun& run : part->runs) {
      for (std::size_t row = 0; row < run->size(); ++row) {
        if (!run.is_dead(row)) rows[run->sequences.at(row)] = show(snapshot, *run, row);
      }
    }
  }
  for (const auto& [sequence, line] : rows) lines.push_back(line);
  return lines;
}

}  // namespace grapevine::testing
