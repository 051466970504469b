#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "api/encode/json_writer.hpp"
#include "api/plan/attribute_catalog.hpp"
#include "kernels/segment/seen.hpp"
#include "kernels/segment/value_test.hpp"
#include "storage/customers.hpp"

namespace grapevine {

/// What a customer has of an attribute; monostate: nothing. Views are valid as long as the table.
using AttributeValue =
    std::variant<std::monostate, bool, std::int64_t, double, std::string_view, DateTime>;

/// The value of a column itself.
AttributeValue value_of(const AttributeColumn& column, CustomerId customer);
/// `seen` may be nullptr where the attribute is no time.
AttributeValue value_of(const CustomerTable& customers, const Attribute& attribute,
                        const SeenTimes* seen, CustomerId customer);

/// Whether there is a value, and it satisfies the test.
bool is_satisfied(const ValueTest& test, const AttributeValue& value);

void write_json(JsonWriter& json, const AttributeValue& value);

/// An object of all attributes that a customer has a value of, by name.
void write_attributes(JsonWriter& json, const CustomerTable& customers, CustomerId customer);

/// Adds a field of a CSV row, in quotes where RFC 4180 wants them; nothing for what is missing.
void append_csv(std::string& row, const AttributeValue& value);
void append_csv(std::string& row, std::string_view text);

}  // namespace grapevine
