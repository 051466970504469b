#include "api/encode/attribute_value.hpp"

#include <type_traits>

namespace grapevine {

AttributeValue value_of(const AttributeColumn& column, CustomerId customer) {
  const AttributeChunk* chunk = column.chunk_of(customer);
  const std::size_t slot = index(customer) % AttributeChunk::kCustomers;
  if (chunk == nullptr || !chunk->has(slot)) return std::monostate{};
  return std::visit(
      [&](const auto& values) -> AttributeValue {
        using Value = typename std::decay_t<decltype(values)>::value_type;
        if constexpr (std::is_same_v<Value, std::uint8_t>) return values[slot] != 0;
        if constexpr (std::is_same_v<Value, std::uint32_t>) {
          return column.dictionary->at(values[slot]);
        }
        if constexpr (std::is_same_v<Value, std::int64_t> || std::is_same_v<Value, double> ||
                      std::is_same_v<Value, DateTime>) {
          return values[slot];
        }
      },
      chunk->values);
}

namespace {

AttributeValue time_or_nothing(TimeMs time) {
  if (time == kNever) return std::monostate{};
  return DateTime{time};
}

}  // namespace

AttributeValue value_of(const CustomerTable& customers, const Attribute& attribute,
                        const SeenTimes* seen, CustomerId customer) {
  switch (attribute.from) {
    case Attribute::From::Column: return value_of(*attribute.column, customer);
    case Attribute::From::Id: return customers.external_id(customer);
    case Attribute::From::FirstSeen: return time_or_nothing(seen->first[index(customer)]);
    case Attribute::From::LastSeen: return time_or_nothing(seen->last[index(customer)]);
    case Attribute::From::Nothing: break;
  }
  return std::monostate{};
}

bool is_satisfied(const ValueTest& test, const AttributeValue& value) {
  return std::visit(
      [&](const auto& held) {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, std::monostate>) {
          return false;
        } else {
          return satisfies(test, held);
        }
      },
      value);
}

void write_json(JsonWriter& json, const AttributeValue& value) {
  std::visit(
      [&](const auto& held) {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, std::monostate>) {
          json.null();
        } else if constexpr (std::is_same_v<Held, DateTime>) {
          json.time(held.ms);
        } else {
          json.value(held);
        }
      },
      value);
}

void write_attributes(JsonWriter& json, const CustomerTable& customers, CustomerId customer) {
  json.begin_object();
  for (const auto& column : customers.attributes()) {
    const AttributeChunk* chunk = column->chunk_of(customer);
    if (chunk == nullptr || !chunk->has(index(customer) % AttributeChunk::kCustomers)) continue;
    json.key(column->name);
    write_json(json, value_of(*column, customer));
  }
  json.end_object();
}

void append_csv(std::string& row, std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    row += text;
    return;
  }
  row += '"';
  for (const char c : text) {
    if (c == '"') row += '"';
    row += c;
  }
  row += '"';
}

void append_csv(std::string& row, const AttributeValue& value) {
  std::visit(
      [&](const auto& held) {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, bool>) {
          row += held ? "true" : "false";
        } else if constexpr (std::is_same_v<Held, std::string_view>) {
          append_csv(row, held);
        } else if constexpr (std::is_same_v<Held, DateTime>) {
          row += format_time(held.ms);
        } else if constexpr (!std::is_same_v<Held, std::monostate>) {
          JsonWriter number(std::move(row));  // Numbers look alike in all formats.
          number.value(held);
          row = std::move(number).take();
        }
      },
      value);
}

}  // namespace grapevine
