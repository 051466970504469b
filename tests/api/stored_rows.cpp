#include "tests/api/stored_rows.hpp"

#include <charconv>
#include <cstdint>
#include <variant>

namespace grapevine {
namespace {

template <typename Number>
std::string digits_of(Number number) {
  char digits[32];
  return {digits, std::to_chars(digits, digits + sizeof digits, number).ptr};
}

std::string text_of_time(DateTime time) {
  std::string text;
  append_date_time(text, time.ms);
  return text;
}

std::string text_of_value(const RunColumn& column, std::size_t row, const ColumnInfo& info) {
  struct Reader {
    std::size_t row;
    const ColumnInfo& info;
    std::string operator()(const CodeValues& values) const {
      return std::string(info.dictionary->at(static_cast<std::uint32_t>(values.codes.at(row))));
    }
    std::string operator()(const BoolValues& values) const {
      return values.at(row) ? "true" : "false";
    }
    std::string operator()(const Int64Values& values) const { return digits_of(values.at(row)); }
    std::string operator()(const TimeValues& values) const { return text_of_time(values.at(row)); }
    std::string operator()(const RealValues& values) const {
      return values.single ? digits_of(static_cast<float>(values.at(row)))
                           : digits_of(values.at(row));
    }
    std::string operator()(const TextValues& values) const {
      return std::string(TextReader(values).at(row));
    }
  };
  return std::visit(Reader{row, info}, column.values);
}

TextRow text_row(const Snapshot& snapshot, const Run& run, std::size_t row) {
  TextRow text;
  text["event"] = snapshot.event_names().at(index(run.event));
  text["ts"] = digits_of(run.time(row));
  text["customer_id"] = snapshot.customers().external_id(run.customers[row]);
  if (const auto id = std::string(MessageIdReader(run.message_ids).at(row)); !id.empty()) {
    text["event_id"] = id;
  }
  if (const CustomerId target = run.target(row); target != kNobody) {
    text["target_id"] = snapshot.customers().external_id(target);
  }
  for (const RunColumn& column : run.columns) {
    const ColumnInfo& info = snapshot.columns()[index(column.id)];
    if (column.has(row)) text[info.name] = text_of_value(column, row, info);
  }
  return text;
}

std::string text_of_attribute(const AttributeColumn& column, const AttributeChunk& chunk,
                              std::size_t slot) {
  switch (column.type) {
    case ValueType::Null: return "";
    case ValueType::Bool:
      return std::get<std::vector<std::uint8_t>>(chunk.values)[slot] != 0 ? "true" : "false";
    case ValueType::Int64:
      return digits_of(std::get<std::vector<std::int64_t>>(chunk.values)[slot]);
    case ValueType::DateTime:
      return text_of_time(std::get<std::vector<DateTime>>(chunk.values)[slot]);
    case ValueType::Float64: return digits_of(std::get<std::vector<double>>(chunk.values)[slot]);
    case ValueType::String:
      return std::string(
          column.dictionary->at(std::get<std::vector<std::uint32_t>>(chunk.values)[slot]));
  }
  return "";
}

}  // namespace

std::vector<TextRow> stored_events(const Snapshot& snapshot) {
  std::map<std::uint64_t, TextRow> by_sequence;
  for (const auto& part : snapshot.parts()) {
    for (const LiveRun& run : part->runs) {
      for (std::size_t row = 0; row < run->size(); ++row) {
        if (!run.is_dead(row)) by_sequence[run->sequences.at(row)] = text_row(snapshot, *run, row);
      }
    }
  }
  std::vector<TextRow> rows;
  for (auto& [sequence, row] : by_sequence) rows.push_back(std::move(row));
  return rows;
}

std::map<std::string, TextRow> stored_customers(const Snapshot& snapshot) {
  const CustomerTable& customers = snapshot.customers();
  std::map<std::string, TextRow> stored;
  for (std::uint32_t number = 0; number < customers.count(); ++number) {
    const CustomerId customer{number};
    TextRow& row = stored[std::string(customers.external_id(customer))];
    for (const auto& column : customers.attributes()) {
      const AttributeChunk* chunk = column->chunk_of(customer);
      const std::size_t slot = number % AttributeChunk::kCustomers;
      if (chunk == nullptr || !chunk->has(slot)) continue;
      row[column->name] = text_of_attribute(*column, *chunk, slot);
    }
  }
  return stored;
}

}  // namespace grapevine
