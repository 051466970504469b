#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "api/collect/cell_writer.hpp"
#include "api/collect/member_role.hpp"
#include "storage/snapshot.hpp"

namespace grapevine::sql {

/// The tables that rows can be inserted into.
enum class InsertTable : std::uint8_t { Events, Customers };

/// Of what kind the values of a column are, as far as that is known.
enum class ValueKind : std::uint8_t { Any, Text, Number, Truth, Time };

/// A column that rows are inserted into.
struct InsertColumn {
  enum class Role : std::uint8_t {
    Time,
    Event,
    Customer,
    EventId,
    Core,    ///< A column of its own: `slot`.
    Value,   ///< A property, a context value or a trait.
    Nested,  ///< An object of a whole family, in JSON.
    Skipped,
  };
  Role role = Role::Value;
  CoreSlot slot = kNoSlot;
  Family family = Family::Properties;
  std::string member;  ///< Its name in the family.
  ValueKind kind = ValueKind::Any;
  std::string name;  ///< As it was said.
};

/// The columns of a table, by name. Immutable.
class InsertColumns {
 public:
  /// `skip_unknown`: what the table does not have is passed over.
  InsertColumns(InsertTable table, std::shared_ptr<const Snapshot> snapshot, bool skip_unknown);

  [[nodiscard]] InsertTable table() const { return table_; }
  /// Errors  NoSuchColumnInTable (16), with the nearest name; IllegalColumn (44): it is derived from
  ///         others.
  [[nodiscard]] absl::StatusOr<InsertColumn> find(std::string_view name) const;
  /// All of a list, each once.
  /// Errors  as above; DuplicateColumn (15).
  [[nodiscard]] absl::StatusOr<std::vector<InsertColumn>> find_all(
      const std::vector<std::string>& names) const;
  /// The names that rows without a list of names have: the table's own, in its order. Empty: rows of
  /// the table need a list.
  [[nodiscard]] const std::vector<std::string>& all_names() const { return names_; }

 private:
  [[nodiscard]] absl::StatusOr<InsertColumn> find_of_events(std::string_view name) const;
  [[nodiscard]] absl::StatusOr<InsertColumn> find_of_customers(std::string_view name) const;

  const InsertTable table_;
  const std::shared_ptr<const Snapshot> snapshot_;
  const bool skip_unknown_;
  std::vector<std::string> names_;                       // Of events, in the table's order.
  std::map<std::string, ValueKind, std::less<>> kinds_;  // The same.
};

}  // namespace grapevine::sql
