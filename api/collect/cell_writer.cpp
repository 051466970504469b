#include "api/collect/cell_writer.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "api/collect/limits.hpp"
#include "api/collect/rejection.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

std::string_view prefix_of(Family family, std::string_view name) {
  switch (family) {
    case Family::Properties: return "properties.";
    case Family::Context: return "context.";
    case Family::Account: return "account.";
    case Family::Trait:
      return name.empty() || name == "customer_id" || name == "first_seen" || name == "last_seen"
                 ? "traits."
                 : "";
  }
  return "";
}

// Spreads the names of one sender's members; two that meet only cost a look-up more.
std::size_t slot_of(Family family, std::string_view name) {
  std::uint64_t head = 0;
  std::uint64_t tail = 0;
  const std::size_t bytes = std::min<std::size_t>(name.size(), 8);
  if (bytes > 0) {
    std::memcpy(&head, name.data(), bytes);
    std::memcpy(&tail, name.data() + (name.size() - bytes), bytes);
  }
  head = (head ^ (name.size() << 56)) * 0x9E37'79B9'7F4A'7C15;
  tail = (tail + static_cast<std::uint64_t>(family)) * 0xC2B2'AE3D'27D4'EB4F;
  return static_cast<std::size_t>((head ^ (tail >> 7)) >> 40);
}

Cell cell_of(StringRef column, const Scalar& value, StringTable& strings) {
  switch (value.type) {
    case ValueType::Null: return {column, ValueType::Null, 0};
    case ValueType::Bool: return {column, ValueType::Bool, value.truth};
    case ValueType::Int64:
      return {column, ValueType::Int64, static_cast<std::uint64_t>(value.integer)};
    case ValueType::Float64:
      return {column, ValueType::Float64, std::bit_cast<std::uint64_t>(value.number)};
    case ValueType::DateTime:
    case ValueType::String: return {column, ValueType::String, strings.intern(value.text)};
  }
  return {};
}

// JSON has no times, but a text of the one form that a time gives back is one.
Cell inferred_cell(StringRef column, const Scalar& value, StringTable& strings) {
  if (value.type == ValueType::String) {
    if (const auto time = read_date_time(value.text)) {
      return {column, ValueType::DateTime, static_cast<std::uint64_t>(time->ms)};
    }
  }
  return cell_of(column, value, strings);
}

}  // namespace

void CellWriter::begin_row() { row_begin_ = static_cast<std::uint32_t>(batch_.cells.size()); }

void CellWriter::begin_event() {
  begin_row();
  event_bytes_ = 0;
}

absl::Status CellWriter::add(Family family, std::string_view name, const Scalar& value,
                             Repeated repeated) {
  const StringRef column = column_of(family, name);
  if (column == kNoString) {
    return rejection("a name has more than " + std::to_string(kColumnNameBytesMax) +
                     " bytes: " + shown_name(name));
  }
  Cell* const earlier = find(column);
  if (earlier != nullptr && repeated == Repeated::Keep) return absl::OkStatus();
  GRAPEVINE_RETURN_IF_ERROR(count_bytes(value));
  const Cell cell = inferred_cell(column, value, batch_.strings);
  if (earlier != nullptr) {
    *earlier = cell;
    return absl::OkStatus();
  }
  if (row_count() >= kEventCellsMax) {
    return rejection("the event has more than " + std::to_string(kEventCellsMax) +
                     " values, the first too many: " + shown_name(name));
  }
  cell_of_column_[column] = static_cast<std::uint32_t>(batch_.cells.size());
  batch_.cells.push_back(cell);
  return absl::OkStatus();
}

absl::Status CellWriter::add_new(StringRef column, const Scalar& value) {
  GRAPEVINE_RETURN_IF_ERROR(count_bytes(value));
  batch_.cells.push_back(cell_of(column, value, batch_.strings));
  return absl::OkStatus();
}

absl::Status CellWriter::count_bytes(const Scalar& value) {
  event_bytes_ += value.text.size();
  if (event_bytes_ <= kEventBytesMax) return absl::OkStatus();
  return rejection("the event has more than " + std::to_string(kEventBytesMax) + " bytes");
}

bool CellWriter::has(Family family, std::string_view name) {
  const StringRef column = column_of(family, name);
  return column != kNoString && find(column) != nullptr;
}

StringRef CellWriter::column_of(Family family, std::string_view name) {
  Name& cached = names_[slot_of(family, name) % kNames];
  if (cached.column == kNoString || cached.family != family || cached.text != name) {
    scratch_ = prefix_of(family, name);
    scratch_ += name;
    if (scratch_.size() > kColumnNameBytesMax) return kNoString;
    cached.text = name;
    cached.family = family;
    cached.column = batch_.strings.intern(scratch_);
    if (cell_of_column_.size() <= cached.column) cell_of_column_.resize(cached.column + 1);
  }
  return cached.column;
}

// What stands in cell_of_column_ may be of a row long gone: it counts only if the cell says so too.
Cell* CellWriter::find(StringRef column) {
  const std::uint32_t at = cell_of_column_[column];
  if (at < row_begin_ || at >= batch_.cells.size()) return nullptr;
  Cell& cell = batch_.cells[at];
  return cell.column == column ? &cell : nullptr;
}

}  // namespace grapevine
