#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/query/aggregate.hpp"
#include "kernels/query/column.hpp"
#include "kernels/query/function.hpp"
#include "kernels/query/functions/quarter_hours.hpp"
#include "kernels/query/window.hpp"

namespace grapevine::sql {

class ValueSet;
struct Bound;
struct QueryContext;
/// Shared and immutable: equal expressions may be one object, and are evaluated once a block.
using BoundPtr = std::shared_ptr<const Bound>;

struct BoundOrder {
  BoundPtr expression;
  bool descending = false;
  bool nulls_first = false;
};

/// OVER (...), bound.
struct BoundWindow {
  std::vector<BoundPtr> partition_by;
  std::vector<BoundOrder> order_by;
  Frame frame;
};

/// An expression whose names are columns by number and whose functions are known.
struct Bound {
  enum class Kind : std::uint8_t {
    Column,     ///< `column` of the block that it is evaluated over.
    Constant,   ///< `constant`.
    Call,       ///< `function` of `arguments`.
    In,         ///< Whether the argument, or the tuple of several, is in `set`.
    Aggregate,  ///< Stands for `aggregate` of `arguments`: gone once the query is planned.
    Window,     ///< Stands for a function over `window`: gone once the query is planned.
    ArrayJoin,  ///< Stands for each element of its argument: gone once the query is planned.
    Map,        ///< The array of what `body` is for each element of the first `arrays` arguments.
    Parameter,  ///< Of a lambda, `column` its number: gone once the lambda is bound.
  };
  Kind kind = Kind::Constant;
  DataType type;
  std::size_t column = 0;
  ColumnPtr constant;
  std::string name;  ///< Of the function, as ClickHouse calls it; of a column its name.
  FunctionPtr function;
  std::vector<BoundPtr> arguments;
  std::shared_ptr<const ValueSet> set;
  bool negated = false;  ///< Of In: NOT IN.
  AggregatePtr aggregate;
  std::string
      aggregate_name;  ///< Of Aggregate the function's, where it has neither parameters nor DISTINCT.
  std::shared_ptr<const BoundWindow> window;
  /// Of Map: over a block of the arrays' elements, and then of the other arguments, each as often as
  /// its row has elements. What it reads of its row is thus among the arguments.
  BoundPtr body;
  std::size_t arrays = 0;
  QueryContext* context = nullptr;  ///< Of Map: its memory and its end; outlives it.
  /// What it is, written out: two are the same expression if, and only if, their keys are.
  std::string key;
};

BoundPtr bound_column(std::size_t column, DataType type, std::string name);
BoundPtr bound_constant(ColumnPtr value);
/// A call, folded where all arguments are constant and the function is pure.
/// Errors  as make_function, and those of the function where it is folded.
absl::StatusOr<BoundPtr> bound_call(std::string_view name, std::vector<BoundPtr> arguments,
                                    const SessionFacts& facts);
/// The expression as that type; itself where it has it already.
absl::StatusOr<BoundPtr> bound_cast(BoundPtr expression, const DataType& type,
                                    const SessionFacts& facts);
/// The array of `body` for each element. Errors  those of the functions in it, where all is constant.
absl::StatusOr<BoundPtr> bound_map(std::vector<BoundPtr> arguments, std::size_t arrays,
                                   BoundPtr body, QueryContext& context);
/// Errors  NumberOfArgumentsDoesntMatch (42), TypeMismatch (53): of what is no array.
absl::StatusOr<BoundPtr> bound_array_join(BoundPtr array);
/// Parameter `number` of all lambdas of a query.
BoundPtr bound_parameter(std::size_t number, DataType type, std::string name);
/// `what`: tells sets with other values from this one.
BoundPtr bound_in(std::vector<BoundPtr> arguments, std::shared_ptr<const ValueSet> set,
                  bool negated, const std::string& what);

/// The same expression with other leaves: `replace` is asked for each node from the top, and answers
/// nullptr where it has nothing to say.
absl::StatusOr<BoundPtr> rewrite(
    const BoundPtr& expression,
    const std::function<absl::StatusOr<BoundPtr>(const BoundPtr&)>& replace);

/// Calls `body` for the expression and all that is in it.
void for_each_node(const BoundPtr& expression, const std::function<void(const Bound&)>& body);
/// Whether equal rows always give equal values, those of lambdas included.
bool is_pure(const BoundPtr& expression);
/// Whether some node is of that kind.
bool contains(const BoundPtr& expression, Bound::Kind kind);
/// The columns that it reads, ascending, each once.
std::vector<std::size_t> columns_of(const std::vector<BoundPtr>& expressions);

/// Evaluates expressions over one block, each once. Not thread-safe; the block outlives it.
class Evaluator {
 public:
  explicit Evaluator(const Block& block) : block_(&block) {}
  /// Errors  of the functions in it. Precondition: no Aggregate and no Window is in it.
  absl::StatusOr<ColumnPtr> operator()(const BoundPtr& expression);

 private:
  absl::StatusOr<ColumnPtr> call(const Bound& call);
  absl::StatusOr<ColumnPtr> lazy(const Bound& call);
  absl::StatusOr<ColumnPtr> map(const Bound& map);
  ColumnPtr by_quarter_hours(const BoundPtr& expression);

  const Block* block_;
  std::vector<std::pair<std::size_t, std::optional<QuarterHours>>> quarters_;  // By column.
  std::vector<std::pair<const Bound*, ColumnPtr>> known_;
};

/// A condition as a byte a row, NULL as 0. Empty: it holds for all rows.
struct Mask {
  std::vector<std::uint8_t> bytes;
  std::size_t count = 0;  ///< Rows for which it holds.
};
Mask mask_of(const Column& condition);

}  // namespace grapevine::sql
