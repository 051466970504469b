#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/query/code_groups.hpp"
#include "kernels/query/column.hpp"
#include "kernels/query/function.hpp"

namespace grapevine::sql {

/// What an aggregate function remembers of each group. Not thread-safe.
class AggregateStates {
 public:
  virtual ~AggregateStates() = default;
  /// Makes room for groups [0, groups), the new ones of nothing. Never shrinks.
  virtual void resize(std::size_t groups) = 0;
  /// Says that the first argument of what is added from now on is pooled, with codes in `range`, and that
  /// codes of earlier ranges, or of what it is merged with, come no more. Precondition: all that was added
  /// before was announced so, too. Whether that is of use; if not, it need not be said.
  virtual bool expect_codes(CodeRange range) {
    (void)range;
    return false;
  }
  /// Adds rows: row i to groups[i], where `mask` is empty or mask[i] is not 0.
  /// Shapes  an element a row; arguments of as many rows. Rows with a NULL argument are passed over
  ///         here, not by the caller.
  /// Errors  TooManyRowsOrBytes and the like: beyond what a state may hold.
  virtual absl::Status add(std::span<const std::uint32_t> groups,
                           std::span<const ColumnPtr> arguments,
                           std::span<const std::uint8_t> mask) = 0;
  /// Adds what another of the same function remembers: its group i to groups[i]. Called in a fixed
  /// order, so that `any` and `groupArray` answer the same on any number of threads.
  void merge(const AggregateStates& other, std::span<const std::uint32_t> groups);
  /// The same of some of the other's groups: from[i] to to[i]. Any number of threads may merge from
  /// one that was sealed.
  virtual void merge(const AggregateStates& other, std::span<const std::uint32_t> from,
                     std::span<const std::uint32_t> to) = 0;
  /// Whether what was merged can be taken away again, to the bit: of counts and sums of integers.
  [[nodiscard]] virtual bool can_subtract() const { return false; }
  /// Each group becomes what it and all groups before it have. Precondition: can_subtract().
  virtual void accumulate() {}
  /// Takes away what merge added: from[i] from to[i]. Precondition: can_subtract().
  virtual void subtract(const AggregateStates& other, std::span<const std::uint32_t> from,
                        std::span<const std::uint32_t> to) {
    (void)other, (void)from, (void)to;
  }
  /// Comes between the last `add` and being merged from.
  virtual void seal() {}
  /// The results, a row a group. The states may not be used any more.
  virtual absl::StatusOr<ColumnPtr> finish() = 0;
  /// Bytes of memory held, about.
  [[nodiscard]] virtual std::size_t bytes() const = 0;
};

/// An aggregate function, resolved for its parameters and the types of its arguments. Immutable.
class Aggregate {
 public:
  virtual ~Aggregate() = default;
  [[nodiscard]] virtual const DataType& type() const = 0;
  [[nodiscard]] virtual std::unique_ptr<AggregateStates> make_states() const = 0;
  /// What it comes to where no argument is NULL: itself, or the aggregate that it passes rows on to.
  [[nodiscard]] virtual const Aggregate& of_values() const { return *this; }
};
using AggregatePtr = std::shared_ptr<const Aggregate>;

/// `name` may end in combinators (-If, -OrNull, -OrDefault, -Distinct). `parameters`: of
/// quantile(0.9)(x), constants. `distinct`: count(DISTINCT x).
/// Errors  UnknownAggregateFunction (63), NumberOfArgumentsDoesntMatch (42), IllegalTypeOfArgument
///         (43), BadArguments (36).
absl::StatusOr<AggregatePtr> make_aggregate(std::string_view name,
                                            std::span<const ColumnPtr> parameters,
                                            std::span<const DataType> arguments, bool distinct);

/// Whether an aggregate function has that name, combinators included.
bool is_aggregate(std::string_view name);

std::vector<FunctionInfo> aggregate_functions();

}  // namespace grapevine::sql
