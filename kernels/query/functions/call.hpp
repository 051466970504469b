#pragma once

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include <absl/status/statusor.h>

#include "kernels/query/column.hpp"
#include "kernels/query/data_type.hpp"
#include "kernels/query/function.hpp"
#include "kernels/query/query_error.hpp"

namespace grapevine::sql {

/// A function call as it is resolved.
struct Call {
  std::string_view name;  ///< As ClickHouse writes it.
  std::span<const Argument> arguments;
  const SessionFacts& facts;

  [[nodiscard]] std::size_t size() const { return arguments.size(); }
  [[nodiscard]] const DataType& type(std::size_t i) const { return arguments[i].type; }
  [[nodiscard]] TypeId id(std::size_t i) const { return arguments[i].type.id; }
};

/// What a function does to a block.
/// Shapes  each argument has its values for `rows` rows, stored or as a constant; the result has
///         `rows` rows, of the resolved type. Which NULLs come: see Definition.
using Kernel = std::function<absl::StatusOr<ColumnPtr>(std::span<const ColumnPtr> arguments,
                                                       std::size_t rows)>;

struct Resolved {
  DataType type;
  Kernel kernel;
  bool reads_codes = false;  ///< The kernel makes use of pools itself.
  /// What it makes of its first argument, a time, is the same for a quarter of an hour.
  bool of_quarter_hours = false;
};

/// Chooses the type and the kernel for the types of the arguments.
using Resolver = absl::StatusOr<Resolved> (*)(const Call&);

/// One scalar function.
struct Definition {
  std::string_view name;
  Resolver resolve;
  std::size_t arguments_min = 0;
  std::size_t arguments_max = 0;
  /// By what the frame around it does with NULL.
  enum class Nulls {
    /// It sees types without NULL, and its result is NULL where an argument is. Its kernel passes over
    /// the columns' masks: what stands at a NULL is computed too, and means nothing.
    Around,
    /// The same, but rows with a NULL never come, because such values could fail or cost.
    Skipped,
    Own,  ///< It sees all, and answers for NULL itself.
  };
  Nulls nulls = Nulls::Around;
  bool pure = true;
};

/// One text after the other.
std::string joined(std::initializer_list<std::string_view> parts);

inline constexpr std::size_t kAnyNumber = static_cast<std::size_t>(-1);

/// Bytes that one String of a result, and all of a block's, have at most.
inline constexpr std::size_t kTextBytesMax = std::size_t{16} << 20;
inline constexpr std::size_t kBlockTextBytesMax = std::size_t{1} << 30;

/// "Illegal type String of argument 2 of function f" (43).
absl::Status illegal_type(const Call& call, std::size_t argument);
/// "Illegal types String and UInt8 of arguments of function f" (43).
absl::Status illegal_types(const Call& call);
absl::Status argument_must_be_constant(const Call& call, std::size_t argument);

/// A constant argument, of a String or an integer. Errors  43, 44.
absl::StatusOr<std::string> constant_string(const Call& call, std::size_t argument);
absl::StatusOr<std::int64_t> constant_integer(const Call& call, std::size_t argument);

}  // namespace grapevine::sql
