#include "storage/log/batch_codec.hpp"

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "storage/log/bytes.hpp"

namespace grapevine {
namespace {

// Most bytes that a row takes, without its cells, and that one of its cells takes.
constexpr std::size_t kRowBytesMax = 10 + 4 * 5 + 1 + 5;
constexpr std::size_t kCellBytesMax = 5 + 1 + 10;

// kNoString becomes 0, so that what is absent takes one byte.
void put_ref(RawWriter& out, StringRef ref) { out.varint(static_cast<StringRef>(ref + 1)); }

// A time as its distance from another: modulo 2^64, so that every two have one.
void put_time(RawWriter& out, TimeMs time, TimeMs from) {
  out.zigzag(
      static_cast<TimeMs>(static_cast<std::uint64_t>(time) - static_cast<std::uint64_t>(from)));
}

void put_cells(RawWriter& out, const Batch& batch, std::uint32_t begin, std::uint32_t count) {
  out.varint(count);
  for (std::uint32_t i = begin; i < begin + count; ++i) {
    const Cell& cell = batch.cells[i];
    put_ref(out, cell.column);
    out.byte(static_cast<std::uint8_t>(cell.type));
    switch (cell.type) {
      case ValueType::Null: break;
      case ValueType::Bool: out.byte(static_cast<std::uint8_t>(cell.bits)); break;
      case ValueType::DateTime:
      case ValueType::Int64: out.zigzag(static_cast<std::int64_t>(cell.bits)); break;
      case ValueType::Float64: out.fixed(cell.bits); break;
      case ValueType::String: put_ref(out, static_cast<StringRef>(cell.bits)); break;
    }
  }
}

void put_event(RawWriter& out, const Batch& batch, const EventRow& row, TimeMs previous) {
  put_time(out, row.ts, previous);
  put_ref(out, row.event);
  put_ref(out, row.customer);
  put_ref(out, row.target);
  put_ref(out, row.message_id);
  out.byte(static_cast<std::uint8_t>(static_cast<unsigned>(row.kind) | (row.once ? 0x80u : 0u)));
  put_cells(out, batch, row.cells_begin, row.cells_count);
}

void put_trait(RawWriter& out, const Batch& batch, const TraitRow& row) {
  put_time(out, row.ts, batch.received);
  put_ref(out, row.customer);
  put_ref(out, row.message_id);
  out.byte(static_cast<std::uint8_t>(row.kind));
  put_cells(out, batch, row.cells_begin, row.cells_count);
}

void put_link(RawWriter& out, const Batch& batch, const IdentityLink& link) {
  put_time(out, link.ts, batch.received);
  put_ref(out, link.from);
  put_ref(out, link.to);
  put_ref(out, link.message_id);
  out.byte(static_cast<std::uint8_t>(link.kind));
}

// Their number and all rows. There is room for all of them before the first one is put: to ask for
// each number took three times as long.
template <typename Row, typename PutRow>
void put_rows(ByteWriter& out, const std::vector<Row>& rows, const PutRow& put) {
  out.varint(rows.size());
  std::size_t most = kRowBytesMax * rows.size();
  if constexpr (requires(const Row& row) { row.cells_count; }) {
    for (const Row& row : rows) most += kCellBytesMax * row.cells_count;
  }
  const auto room = std::make_unique_for_overwrite<char[]>(most);
  RawWriter raw(room.get());
  for (const Row& row : rows) put(raw, row);
  out.bytes({room.get(), static_cast<std::size_t>(raw.end() - room.get())});
}

// Reads a batch, and remembers whether all that was read could be one.
class BatchReader {
 public:
  explicit BatchReader(std::string_view bytes) : in_(bytes) {}

  bool read(Batch& batch) {
    batch.received = in_.fixed<TimeMs>();
    batch.deduplicate_by = in_.text();
    batch.import_id = in_.text();
    batch.import_offset = in_.varint();
    read_strings(batch);
    read_events(batch);
    read_traits(batch);
    read_links(batch);
    return sound_ && in_.ok() && in_.at_end();
  }

 private:
  // How many elements follow. Each takes at least `bytes` of what is left, so that a false count is
  // found before memory is taken for it.
  std::size_t count(std::size_t bytes) {
    const std::uint64_t count = in_.varint();
    if (count <= in_.left() / bytes) return static_cast<std::size_t>(count);
    sound_ = false;
    return 0;
  }

  StringRef ref(bool needed) {
    const std::uint64_t stored = in_.varint();
    if (stored == 0 && !needed) return kNoString;
    if (stored == 0 || stored > strings_) sound_ = false;
    return static_cast<StringRef>(stored - 1);
  }

  std::uint8_t at_most(std::uint8_t largest) {
    const auto byte = in_.fixed<std::uint8_t>();
    if (byte > largest) sound_ = false;
    return byte;
  }

  TimeMs time(TimeMs from) {
    return static_cast<TimeMs>(static_cast<std::uint64_t>(from) +
                               static_cast<std::uint64_t>(in_.zigzag()));
  }

  void read_strings(Batch& batch) {
    strings_ = count(1);
    std::vector<std::uint32_t> begins{0};
    begins.reserve(strings_ + 1);
    std::uint64_t end = 0;
    for (std::size_t i = 0; i < strings_; ++i) {
      end += in_.varint();
      if (end > in_.left()) end = 0, sound_ = false;
      begins.push_back(static_cast<std::uint32_t>(end));
    }
    batch.strings = StringTable::from_parts(std::string(in_.take(end)), std::move(begins));
  }

  template <typename Row>
  void read_cells(Batch& batch, Row& row) {
    row.cells_begin = static_cast<std::uint32_t>(batch.cells.size());
    row.cells_count = static_cast<std::uint32_t>(count(2));
    for (std::uint32_t i = 0; i < row.cells_count && sound_ && in_.ok(); ++i) {
      Cell cell;
      cell.column = ref(true);
      cell.type = static_cast<ValueType>(in_.fixed<std::uint8_t>());
      if (!is_type(cell.type)) sound_ = false;
      switch (cell.type) {
        case ValueType::Null: break;
        case ValueType::Bool: cell.bits = at_most(1); break;
        case ValueType::DateTime:
        case ValueType::Int64: cell.bits = static_cast<std::uint64_t>(in_.zigzag()); break;
        case ValueType::Float64: cell.bits = in_.fixed<std::uint64_t>(); break;
        case ValueType::String: cell.bits = ref(true); break;
      }
      const auto time = static_cast<TimeMs>(cell.bits);
      if (cell.type == ValueType::DateTime && !is_date_time(time)) sound_ = false;
      batch.cells.push_back(cell);
    }
  }

  void read_events(Batch& batch) {
    const std::size_t rows = count(7);
    batch.events.reserve(rows);
    TimeMs previous = batch.received;
    for (std::size_t i = 0; i < rows && sound_ && in_.ok(); ++i) {
      EventRow row;
      row.ts = previous = time(previous);
      row.event = ref(true);
      row.customer = ref(true);
      row.target = ref(false);
      row.message_id = ref(false);
      const auto flags = in_.fixed<std::uint8_t>();
      row.once = (flags & 0x80) != 0;
      row.kind = static_cast<CustomerKind>(flags & 0x7F);
      if (row.kind > CustomerKind::Customer) sound_ = false;
      read_cells(batch, row);
      batch.events.push_back(row);
    }
  }

  void read_traits(Batch& batch) {
    const std::size_t rows = count(5);
    batch.traits.reserve(rows);
    for (std::size_t i = 0; i < rows && sound_ && in_.ok(); ++i) {
      TraitRow row;
      row.ts = time(batch.received);
      row.customer = ref(true);
      row.message_id = ref(false);
      row.kind =
          static_cast<CustomerKind>(at_most(static_cast<std::uint8_t>(CustomerKind::Customer)));
      read_cells(batch, row);
      batch.traits.push_back(row);
    }
  }

  void read_links(Batch& batch) {
    const std::size_t rows = count(5);
    batch.links.reserve(rows);
    for (std::size_t i = 0; i < rows && sound_ && in_.ok(); ++i) {
      IdentityLink link;
      link.ts = time(batch.received);
      link.from = ref(true);
      link.to = ref(true);
      link.message_id = ref(false);
      link.kind = static_cast<IdentityLink::Kind>(
          at_most(static_cast<std::uint8_t>(IdentityLink::Kind::Alias)));
      batch.links.push_back(link);
    }
  }

  ByteReader in_;
  std::size_t strings_ = 0;
  bool sound_ = true;
};

}  // namespace

void encode_batch(const Batch& batch, std::string& bytes) {
  ByteWriter out(bytes);
  out.fixed(batch.received);
  out.text(batch.deduplicate_by);
  out.text(batch.import_id);
  out.varint(batch.import_offset);
  out.varint(batch.strings.size());
  const std::vector<std::uint32_t>& begins = batch.strings.begins();
  for (std::size_t i = 1; i < begins.size(); ++i) out.varint(begins[i] - begins[i - 1]);
  bytes.append(batch.strings.all_bytes());
  TimeMs previous = batch.received;
  put_rows(out, batch.events, [&](RawWriter& raw, const EventRow& row) {
    put_event(raw, batch, row, std::exchange(previous, row.ts));
  });
  put_rows(out, batch.traits,
           [&](RawWriter& raw, const TraitRow& row) { put_trait(raw, batch, row); });
  put_rows(out, batch.links,
           [&](RawWriter& raw, const IdentityLink& link) { put_link(raw, batch, link); });
}

absl::StatusOr<Batch> decode_batch(std::string_view bytes) {
  Batch batch;
  if (!BatchReader(bytes).read(batch)) return absl::DataLossError("not a batch");
  return batch;
}

}  // namespace grapevine
