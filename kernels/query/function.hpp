#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/query/column.hpp"
#include "kernels/query/data_type.hpp"

namespace grapevine::sql {

/// What functions may know beside their arguments: the same for a whole query.
struct SessionFacts {
  std::string timezone = "UTC";         ///< IANA: of DateTime without one.
  std::string server_timezone = "UTC";  ///< What serverTimezone() says.
  std::int64_t now_ns = 0;              ///< Since 1970: now() stands still within a query.
  std::string database = "default";
  std::string user = "default";
  std::string version = "25.8.1.1";  ///< ClickHouse's, which clients decide by.
  std::string display_name = "grapevine";
  std::string query_id;
  std::uint64_t uptime_s = 0;
};

/// What is known of an argument before any row is.
struct Argument {
  DataType type;
  ColumnPtr constant;  ///< Its value, where it is constant; else nullptr.
};

/// A scalar function, resolved for the types of its arguments. Immutable; any number of threads may
/// apply it.
class Function {
 public:
  virtual ~Function() = default;
  [[nodiscard]] virtual const DataType& type() const = 0;
  /// Whether equal arguments always give equal results, so that constants may be folded and the
  /// strings of a pool be looked at once each. Not so: rand(), rowNumberInAllBlocks().
  [[nodiscard]] virtual bool is_pure() const { return true; }
  /// Whether the first argument is a time, and all moments of a quarter of an hour give one result.
  [[nodiscard]] virtual bool is_of_quarter_hours() const { return false; }
  /// Shapes  each argument has `rows` rows, and is of the type it was resolved for (or constant). The
  ///         result has `rows`; it is constant where the function is pure and all arguments are.
  /// Errors  what ClickHouse refuses at run time (a text that is no number, ...).
  [[nodiscard]] virtual absl::StatusOr<ColumnPtr> apply(std::span<const ColumnPtr> arguments,
                                                        std::size_t rows) const = 0;
};
using FunctionPtr = std::shared_ptr<const Function>;

/// The function of that name for arguments of these types. Names as in ClickHouse: case counts but for
/// the usual ones (`COUNT`, `LOWER`, ...); operators go by their functions (`plus`, `like`, `in` not:
/// see the binder).
/// NULL, constants and pools are dealt with around what most functions do: an argument that is NULL
/// makes the result NULL.
/// Errors  UnknownFunction (46), which names the nearest one; NumberOfArgumentsDoesntMatch (42),
///         IllegalTypeOfArgument (43).
absl::StatusOr<FunctionPtr> make_function(std::string_view name,
                                          std::span<const Argument> arguments,
                                          const SessionFacts& facts);

/// Whether some function has that name.
bool is_function(std::string_view name);

/// Values of a column as another type, as CAST does. `accurate_or_null`: what does not fit is NULL.
/// Errors  CannotParse... (6, 38, 41, 72), CannotConvertType (70), 349 for NULL into a type without.
absl::StatusOr<ColumnPtr> cast(const ColumnPtr& column, const DataType& type,
                               const SessionFacts& facts);

struct FunctionInfo {
  std::string name;
  bool is_aggregate = false;
  bool case_insensitive = false;
  std::string alias_to;
};
/// All of them, by name: what system.functions shows.
std::vector<FunctionInfo> scalar_functions();

}  // namespace grapevine::sql
