#include "api/encode/member_columns.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "api/encode/arrow/arrow_rows.hpp"
#include "api/encode/attribute_value.hpp"

namespace grapevine {
namespace {

// Beyond it a dictionary saves little.
constexpr std::size_t kFewTexts = 10'000;

// The number of a text in the answer's dictionary, by its code in the attribute's.
using TextNumbers = std::unordered_map<std::uint32_t, std::int32_t>;

// Counts what the snapshot's customers have, because the dictionary grows while a list is paged
// through. Where that is small, so is their share of it.
bool has_few_texts(const AttributeColumn& column) {
  if (column.dictionary->size() <= kFewTexts) return true;
  std::unordered_set<std::uint32_t> codes;
  for (const auto& chunk : column.chunks) {
    if (chunk == nullptr) continue;
    const auto& values = std::get<std::vector<std::uint32_t>>(chunk->values);
    for (std::size_t slot = 0; slot < AttributeChunk::kCustomers; ++slot) {
      if (chunk->has(slot) && codes.insert(values[slot]).second && codes.size() > kFewTexts) {
        return false;
      }
    }
  }
  return true;
}

ArrowType type_of(const ListedField& field) {
  if (field.hashed) return ArrowType::Utf8;
  switch (field.attribute.from) {
    case Attribute::From::Id: return ArrowType::Utf8;
    case Attribute::From::FirstSeen:
    case Attribute::From::LastSeen: return ArrowType::Timestamp;
    case Attribute::From::Nothing: return ArrowType::Null;
    case Attribute::From::Column: break;
  }
  switch (field.attribute.column->type) {
    case ValueType::Null: return ArrowType::Null;
    case ValueType::Bool: return ArrowType::Bool;
    case ValueType::Int64: return ArrowType::Int64;
    case ValueType::Float64: return ArrowType::Float64;
    case ValueType::DateTime: return ArrowType::Timestamp;
    case ValueType::String:
      return has_few_texts(*field.attribute.column) ? ArrowType::Dictionary : ArrowType::Utf8;
  }
  return ArrowType::Null;
}

void add(ArrowCells& cells, std::uint8_t value) { cells.add_bool(value != 0); }
void add(ArrowCells& cells, std::int64_t value) { cells.add_int(value); }
void add(ArrowCells& cells, double value) { cells.add_double(value); }
void add(ArrowCells& cells, DateTime value) { cells.add_int(value.ms); }

// `use(value)` for who has one, add_null() for the others. The type is found out once.
template <typename Value, typename Use>
void gather(const AttributeColumn& column, std::span<const CustomerId> rows, ArrowCells& cells,
            const Use& use) {
  for (const CustomerId customer : rows) {
    const AttributeChunk* chunk = column.chunk_of(customer);
    const std::size_t slot = index(customer) % AttributeChunk::kCustomers;
    if (chunk == nullptr || !chunk->has(slot)) {
      cells.add_null();
    } else {
      use((*std::get_if<std::vector<Value>>(&chunk->values))[slot]);
    }
  }
}

template <typename Value>
void gather(const AttributeColumn& column, std::span<const CustomerId> rows, ArrowCells& cells) {
  gather<Value>(column, rows, cells, [&](Value value) { add(cells, value); });
}

void gather_column(const AttributeColumn& column, std::span<const CustomerId> rows,
                   const TextNumbers& numbers, ArrowCells& cells) {
  switch (column.type) {
    case ValueType::Null:
      for (std::size_t i = 0; i < rows.size(); ++i) cells.add_null();
      return;
    case ValueType::Bool: return gather<std::uint8_t>(column, rows, cells);
    case ValueType::Int64: return gather<std::int64_t>(column, rows, cells);
    case ValueType::Float64: return gather<double>(column, rows, cells);
    case ValueType::DateTime: return gather<DateTime>(column, rows, cells);
    case ValueType::String: break;
  }
  if (cells.type() == ArrowType::Dictionary) {
    return gather<std::uint32_t>(column, rows, cells, [&](std::uint32_t code) {
      cells.add_code(numbers.find(code)->second);
    });
  }
  gather<std::uint32_t>(column, rows, cells,
                        [&](std::uint32_t code) { cells.add_text(column.dictionary->at(code)); });
}

// Those derived from events, hashes and ids: one by one.
void gather_values(const MemberPage& page, const ListedField& field,
                   std::span<const CustomerId> rows, ArrowCells& cells) {
  std::string hash;
  for (const CustomerId customer : rows) {
    const AttributeValue value = listed_value(page, field, customer, hash);
    if (const auto* text = std::get_if<std::string_view>(&value)) {
      cells.add_text(*text);
    } else if (const auto* time = std::get_if<DateTime>(&value)) {
      cells.add_int(time->ms);
    } else {
      cells.add_null();
    }
  }
}

// Numbers the texts that the rows have, and gives them to the stream.
TextNumbers number_texts(const AttributeColumn& column, std::span<const CustomerId> rows,
                         std::size_t place, ArrowRows& arrow) {
  TextNumbers numbers;
  std::vector<std::string_view> texts;
  for (const CustomerId customer : rows) {
    const AttributeChunk* chunk = column.chunk_of(customer);
    const std::size_t slot = index(customer) % AttributeChunk::kCustomers;
    if (chunk == nullptr || !chunk->has(slot)) continue;
    const std::uint32_t code = std::get<std::vector<std::uint32_t>>(chunk->values)[slot];
    if (numbers.try_emplace(code, static_cast<std::int32_t>(texts.size())).second) {
      texts.push_back(column.dictionary->at(code));
    }
  }
  arrow.set_texts(place, texts);
  return numbers;
}

}  // namespace

absl::StatusOr<std::string> members_as_arrow(const MemberPage& page, const Stop& stop) {
  std::vector<ArrowField> fields{{"customer_id", ArrowType::Utf8, false}};
  for (const ListedField& field : page.fields) fields.push_back({field.name, type_of(field)});
  ArrowRows arrow(fields, page.rows.size());
  std::vector<TextNumbers> numbers(fields.size());
  for (std::size_t i = 1; i < fields.size() && !page.rows.empty(); ++i) {
    if (fields[i].type != ArrowType::Dictionary) continue;
    if (stop.requested()) return absl::CancelledError("stopped while writing a list");
    numbers[i] = number_texts(*page.fields[i - 1].attribute.column, page.rows, i, arrow);
  }
  for (std::size_t begin = 0; begin < page.rows.size(); begin += ArrowRows::kRowsBetween) {
    if (stop.requested()) return absl::CancelledError("stopped while writing a list");
    const auto rows =
        page.rows.subspan(begin, std::min(ArrowRows::kRowsBetween, page.rows.size() - begin));
    for (const CustomerId customer : rows) {
      arrow.cells(0).add_text(page.snapshot->customers().external_id(customer));
    }
    for (std::size_t i = 1; i < fields.size(); ++i) {
      const ListedField& field = page.fields[i - 1];
      if (field.attribute.from == Attribute::From::Column && !field.hashed) {
        gather_column(*field.attribute.column, rows, numbers[i], arrow.cells(i));
      } else {
        gather_values(page, field, rows, arrow.cells(i));
      }
    }
    arrow.rows_are_added();
  }
  return std::move(arrow).finish();
}

}  // namespace grapevine
