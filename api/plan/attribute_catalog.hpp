#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "storage/snapshot.hpp"
#include "storage/value.hpp"

namespace grapevine {

/// An attribute of customers by name, wherever its values come from.
struct Attribute {
  enum class From : std::uint8_t {
    Column,     ///< A trait, `kind`, `account_id`.
    Id,         ///< customer_id.
    FirstSeen,  ///< first_seen: derived from events.
    LastSeen,   ///< last_seen: derived from events.
    Nothing,    ///< Always known, but nobody has it yet.
  };
  From from = From::Nothing;
  ValueType type = ValueType::Null;                    ///< Int64 of times: epoch milliseconds.
  std::shared_ptr<const AttributeColumn> column = {};  ///< Of Column.
  bool computed = false;  ///< The column was computed as of the moment that was asked for.

  /// Derived from the times of events.
  [[nodiscard]] bool is_seen() const { return from == From::FirstSeen || from == From::LastSeen; }
  [[nodiscard]] bool is_time() const { return is_seen() || type == ValueType::DateTime; }
};

/// Finds an attribute that is not computed; false: the snapshot has none of that name.
bool find_attribute(const Snapshot& snapshot, std::string_view name, Attribute& found);

/// The names of all attributes, computed ones included, ascending.
std::vector<std::string_view> attribute_names(const Snapshot& snapshot);
/// The names of the columns of events behind those that every row has.
std::vector<std::string_view> column_names(const Snapshot& snapshot,
                                           std::vector<std::string_view> of_every_row);

/// "no such column: properties.revenue (did you mean value?)": what a core column is called where it
/// was sent means that column; else the nearest name.
std::string no_such_column(std::string_view wanted, const Snapshot& snapshot,
                           std::vector<std::string_view> of_every_row);

}  // namespace grapevine
