// Lambdas over arrays: the body sees the elements of many rows as one block.
#include "api/sql/bind/bound.hpp"
#include "api/sql/execute/query_context.hpp"
#include "kernels/query/functions/arrays.hpp"
#include "kernels/query/query_error.hpp"
#include "kernels/query/repeated_rows.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// Where the elements of each row end when they stand one behind the other.
absl::StatusOr<std::vector<std::uint64_t>> ends_of(std::span<const ColumnPtr> arrays,
                                                   std::size_t rows) {
  std::vector<std::uint64_t> ends(rows);
  std::uint64_t end = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t size = elements_of(*arrays[0], row).size();
    for (const ColumnPtr& other : arrays.subspan(1)) {
      if (elements_of(*other, row).size() != size) {
        return query_error(QueryErrorCode::SizesOfArraysDontMatch,
                           "Arrays that are passed to one lambda must have equal sizes");
      }
    }
    end += size;
    ends[row] = end;
  }
  if (end > kElementsMax) {
    return query_error(QueryErrorCode::TooLargeArraySize,
                       "Too many elements in the arrays of a block");
  }
  return ends;
}

// The elements at the places of a stretch.
ColumnPtr elements_at(const ColumnPtr& arrays, const RepeatedRows& stretch,
                      std::span<const std::uint64_t> ends) {
  const ColumnPtr elements = full(arrays->array().elements);
  if (!arrays->constant) return slice(elements, stretch.begin(), stretch.end());
  std::vector<std::uint32_t> places;
  places.reserve(stretch.rows().size());
  std::size_t place = stretch.begin();
  for (const std::uint32_t row : stretch.rows()) {
    places.push_back(static_cast<std::uint32_t>(place++ - (row == 0 ? 0 : ends[row - 1])));
  }
  return gather(elements, places);
}

}  // namespace

absl::StatusOr<ColumnPtr> Evaluator::map(const Bound& node) {
  std::vector<ColumnPtr> arguments;
  bool constant = is_pure(node.body);
  for (const BoundPtr& argument : node.arguments) {
    GRAPEVINE_ASSIGN_OR_RETURN(ColumnPtr column, (*this)(argument));
    constant = constant && column->constant;
    arguments.push_back(std::move(column));
  }
  const std::size_t rows = constant ? 1 : block_->rows;
  const auto arrays = std::span(arguments).first(node.arrays);
  const auto captured = std::span(arguments).subspan(node.arrays);
  GRAPEVINE_ASSIGN_OR_RETURN(std::vector<std::uint64_t> ends, ends_of(arrays, rows));
  std::vector<ColumnPtr> pieces;
  std::size_t bytes = 0;
  MemoryLease lease(node.context->memory);
  std::vector<ColumnPtr> copied;
  for (const ColumnPtr& column : captured) {
    if (!column->constant) copied.push_back(column);
  }
  for (RepeatedRows stretch(ends, copied); stretch.next();) {
    GRAPEVINE_RETURN_IF_ERROR(node.context->check());
    Block elements{stretch.rows().size(), {}};
    for (const ColumnPtr& column : arrays) {
      elements.columns.push_back(elements_at(column, stretch, ends));
    }
    for (const ColumnPtr& column : captured) {
      elements.columns.push_back(column->constant ? resized(column, elements.rows)
                                                  : gather(column, stretch.rows()));
    }
    GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr values, Evaluator(elements)(node.body));
    pieces.push_back(full(values));
    bytes += pieces.back()->bytes();
    GRAPEVINE_RETURN_IF_ERROR(lease.hold(bytes));
  }
  const DataType& type = node.type.elements[0];
  if (pieces.empty()) pieces.push_back(slice(full(constant_default(type, 1)), 0, 0));
  ColumnPtr values = pieces.size() == 1 ? pieces[0] : concatenate(type, pieces);
  ColumnPtr result = array_column(node.type, std::move(ends), std::move(values));
  return constant ? value_at(result, 0, block_->rows) : result;
}

}  // namespace grapevine::sql
