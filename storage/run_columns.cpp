#include "storage/run_columns.hpp"

#include <bit>
#include <utility>

#include "storage/schema.hpp"

namespace grapevine {
namespace {

using Bits = std::span<const std::uint64_t>;

template <typename Values, typename Decode>
Values decode_all(Bits bits, const Decode& decode) {
  Values column;
  column.values.reserve(bits.size());
  for (const std::uint64_t b : bits) column.values.push_back(decode(b));
  return column;
}

ColumnValues keep_core(CoreColumnShape::Kept kept, Bits bits) {
  using enum CoreColumnShape::Kept;
  switch (kept) {
    case Float64:
      return decode_all<Float64Values>(bits,
                                       [](std::uint64_t b) { return std::bit_cast<double>(b); });
    case Float32:
      return decode_all<Float32Values>(
          bits, [](std::uint64_t b) { return static_cast<float>(std::bit_cast<double>(b)); });
    case Dictionary:
    case Content:
    case Text: break;  // Text columns are made by make_text_column.
  }
  return CodeValues{PackedUints(bits)};
}

ColumnValues keep_typed(ValueType type, Bits bits) {
  switch (type) {
    case ValueType::Bool:
      return decode_all<BoolValues>(bits,
                                    [](std::uint64_t b) { return static_cast<std::uint8_t>(b); });
    case ValueType::Int64:
      return decode_all<Int64Values>(bits,
                                     [](std::uint64_t b) { return static_cast<std::int64_t>(b); });
    case ValueType::Float64:
      return decode_all<Float64Values>(bits,
                                       [](std::uint64_t b) { return std::bit_cast<double>(b); });
    case ValueType::String:
    case ValueType::Null: break;
  }
  return CodeValues{PackedUints(bits)};
}

}  // namespace

RunColumn ColumnDraft::finish(ColumnId id, ValueType type) && {
  RunColumn column;
  column.id = id;
  column.values = index(id) < kCoreColumns.size() ? keep_core(kCoreColumns[index(id)].kept, bits_)
                                                  : keep_typed(type, bits_);
  if (count_ < bits_.size()) column.present = std::move(present_);
  return column;
}

TextValues concatenate(std::span<const std::string_view> texts) {
  std::size_t bytes = 0;
  for (const std::string_view text : texts) bytes += text.size();
  TextValues values;
  if (bytes == 0) return values;
  values.bytes.reserve(bytes);
  values.begins.reserve(texts.size() + 1);
  for (const std::string_view text : texts) {
    values.bytes += text;
    values.begins.push_back(static_cast<std::uint32_t>(values.bytes.size()));
  }
  return values;
}

RunColumn make_text_column(ColumnId id, std::span<const std::string_view> texts) {
  RunColumn column;
  column.id = id;
  TextValues values = concatenate(texts);
  if (values.begins.size() == 1)
    values.begins.resize(texts.size() + 1);  // All empty, not all null.
  std::vector<std::uint64_t> present((texts.size() + 63) / 64);
  bool whole = true;
  for (std::size_t row = 0; row < texts.size(); ++row) {
    const bool has = texts[row].data() != nullptr;
    present[row / 64] |= std::uint64_t{has} << (row % 64);
    whole = whole && has;
  }
  column.values = std::move(values);
  if (!whole) column.present = std::move(present);
  return column;
}

void add_identity(Run& run, std::uint32_t row, CustomerId identity) {
  if (identity == run.customers[row]) return;
  const bool goes_on = !run.identities.empty() && run.identities.back().end == row &&
                       run.identities.back().identity == identity;
  if (goes_on) {
    run.identities.back().end = row + 1;
  } else {
    run.identities.push_back({row, row + 1, identity});
  }
}

}  // namespace grapevine
