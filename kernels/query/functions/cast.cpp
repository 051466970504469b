#include "kernels/query/functions/cast.hpp"

#include <algorithm>
#include <utility>

#include "kernels/query/functions/call.hpp"
#include "kernels/query/functions/own_column.hpp"
#include "kernels/query/functions/texts.hpp"
#include "kernels/query/functions/write_value.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

absl::Status null_into(const DataType& type) {
  return query_error(QueryErrorCode::CannotInsertNullInOrdinaryColumn,
                     joined({"Cannot convert NULL value to non-Nullable type ", name_of(type)}));
}

bool has_null(const Column& column) {
  return std::any_of(column.nulls.begin(), column.nulls.end(),
                     [](std::uint8_t null) { return null != 0; });
}

// Below, columns have every row's value stored; NULLs are passed over where the values are.

absl::StatusOr<std::shared_ptr<Column>> to_text(const ColumnPtr& column,
                                                const SessionFacts& facts) {
  GRAPEVINE_ASSIGN_OR_RETURN(ValueWriter writer, ValueWriter::of(not_null(column->type), facts));
  ResultTexts texts(column->rows);
  std::string text;
  for (std::size_t row = 0; row < column->rows; ++row) {
    text.clear();
    if (!column->is_null(row)) writer.write(*column, row, false, text);
    texts.add(text);
  }
  GRAPEVINE_ASSIGN_OR_RETURN(ColumnPtr made, std::move(texts).finish());
  return writable(std::move(made));
}

absl::StatusOr<std::shared_ptr<Column>> from_text(const ColumnPtr& column, const DataType& type,
                                                  const SessionFacts& facts, const CastRules& rules,
                                                  std::vector<std::uint8_t>& failed) {
  GRAPEVINE_ASSIGN_OR_RETURN(ValueReader reader,
                             ValueReader::of(not_null(type), facts, rules.reading));
  const Texts texts(column);
  ReadProblem problem;
  const bool nested = type.id == TypeId::Array || type.id == TypeId::Tuple;
  for (std::size_t row = 0; row < column->rows; ++row) {
    if (column->is_null(row)) {
      reader.add_default();
    } else if (!reader.add(texts[row], problem)) {
      if (rules.failure == CastRules::Failure::Error || nested) {
        return query_error(problem.code, joined({problem.message, ": Cannot parse ",
                                                 name_of(not_null(type)), " from String"}));
      }
      reader.add_default();
      failed.resize(column->rows);
      failed[row] = 1;
    }
  }
  return writable(std::move(reader).finish());
}

absl::StatusOr<std::shared_ptr<Column>> cast_array(const ColumnPtr& column, const DataType& type,
                                                   const SessionFacts& facts,
                                                   const CastRules& rules) {
  auto result = std::make_shared<Column>();
  result->type = type;
  result->rows = column->rows;
  GRAPEVINE_ASSIGN_OR_RETURN(ColumnPtr elements,
                             cast_by(column->array().elements, type.elements[0], facts, rules));
  result->values = ArrayValues{column->array().ends, full(elements)};
  return result;
}

absl::StatusOr<std::shared_ptr<Column>> cast_tuple(const ColumnPtr& column, const DataType& type,
                                                   const SessionFacts& facts,
                                                   const CastRules& rules) {
  auto result = std::make_shared<Column>();
  result->type = type;
  result->rows = column->rows;
  TupleValues values;
  for (std::size_t i = 0; i < type.elements.size(); ++i) {
    GRAPEVINE_ASSIGN_OR_RETURN(
        ColumnPtr element, cast_by(column->tuple().elements[i], type.elements[i], facts, rules));
    values.elements.push_back(full(element));
  }
  result->values = std::move(values);
  return result;
}

bool same_values(const DataType& from, const DataType& to) {
  DataType bare_from = not_null(from);
  DataType bare_to = not_null(to);
  bare_from.timezone.clear();
  bare_to.timezone.clear();
  return bare_from == bare_to;
}

absl::StatusOr<ColumnPtr> cast_full(const ColumnPtr& column, const DataType& type,
                                    const SessionFacts& facts, const CastRules& rules) {
  const DataType& from = column->type;
  const bool nulls_fail = !type.nullable && type.id != TypeId::Nothing;
  if (nulls_fail && has_null(*column)) return null_into(type);
  std::vector<std::uint8_t> nulls = column->nulls;
  if (same_values(from, type)) {
    return retyped(column, type, type.nullable ? std::move(nulls) : std::vector<std::uint8_t>());
  }
  GRAPEVINE_RETURN_IF_ERROR(check_cast(from, type));
  std::vector<std::uint8_t> failed;
  absl::StatusOr<std::shared_ptr<Column>> made;
  if (from.id == TypeId::Array && type.id == TypeId::Array) {
    made = cast_array(column, type, facts, rules);
  } else if (from.id == TypeId::Tuple && type.id == TypeId::Tuple) {
    made = cast_tuple(column, type, facts, rules);
  } else if (type.id == TypeId::String) {
    made = to_text(column, facts);
  } else if (from.id == TypeId::String) {
    made = from_text(column, type, facts, rules, failed);
  } else {
    made = cast_fixed(column, type, facts, rules.exact_numbers, failed);
  }
  if (!made.ok()) return made.status();
  std::shared_ptr<Column> result = *std::move(made);
  result->type = type;
  if (!failed.empty()) {
    for (std::size_t row = 0; row < failed.size(); ++row) {
      if (!nulls.empty() && nulls[row] != 0) failed[row] = 0;
    }
    const bool any = std::find(failed.begin(), failed.end(), 1) != failed.end();
    if (any && rules.failure == CastRules::Failure::Error) {
      return query_error(QueryErrorCode::CannotConvertType,
                         joined({"Value in column ", name_of(from),
                                 " cannot be safely converted into type ", name_of(type)}));
    }
    if (rules.failure == CastRules::Failure::Null) {
      nulls.resize(failed.size());
      for (std::size_t row = 0; row < failed.size(); ++row) nulls[row] |= failed[row];
    }
  }
  if (type.nullable) result->nulls = std::move(nulls);
  return ColumnPtr(std::move(result));
}

}  // namespace

absl::Status check_cast(const DataType& from, const DataType& to) {
  if (from.id == TypeId::Nothing || from.id == TypeId::String) return absl::OkStatus();
  if (to.id == TypeId::String) return absl::OkStatus();
  if (to.id == TypeId::Array || from.id == TypeId::Array) {
    if (to.id == from.id) return check_cast(from.elements[0], to.elements[0]);
    if (from.id == TypeId::Array) {
      return query_error(
          QueryErrorCode::IllegalTypeOfArgument,
          joined({"Illegal type ", name_of(from), " of argument of conversion to ", name_of(to)}));
    }
    return query_error(
        QueryErrorCode::TypeMismatch,
        joined({"CAST AS Array can only be performed between same-dimensional Array, "
                "Map or String types: ",
                name_of(from), " to ", name_of(to)}));
  }
  if (to.id == TypeId::Tuple || from.id == TypeId::Tuple) {
    if (to.id == from.id && to.elements.size() == from.elements.size()) {
      for (std::size_t i = 0; i < to.elements.size(); ++i) {
        GRAPEVINE_RETURN_IF_ERROR(check_cast(from.elements[i], to.elements[i]));
      }
      return absl::OkStatus();
    }
    return query_error(QueryErrorCode::TypeMismatch,
                       joined({"CAST AS Tuple can only be performed between tuple types of equal "
                               "sizes or from String: ",
                               name_of(from), " to ", name_of(to)}));
  }
  if (to.id == TypeId::Nothing) {
    return query_error(QueryErrorCode::CannotConvertType,
                       joined({"Cannot convert ", name_of(from), " to Nothing"}));
  }
  const bool interval_and_time = (to.id == TypeId::Interval && from.id == TypeId::DateTime64) ||
                                 (from.id == TypeId::Interval && is_time(to.id));
  if (interval_and_time) {
    return query_error(QueryErrorCode::CannotConvertType,
                       joined({"Cannot convert ", name_of(from), " to ", name_of(to)}));
  }
  return absl::OkStatus();
}

absl::StatusOr<ColumnPtr> cast_by(const ColumnPtr& column, const DataType& type,
                                  const SessionFacts& facts, const CastRules& rules) {
  if (column->type == type) return column;
  if (column->type.id == TypeId::Nothing) {
    if (type.nullable || column->rows == 0) return constant_default(type, column->rows);
    return query_error(QueryErrorCode::CannotConvertType,
                       joined({"Cannot convert NULL to a non-nullable type ", name_of(type)}));
  }
  if (!column->constant) return cast_full(column, type, facts, rules);
  GRAPEVINE_ASSIGN_OR_RETURN(const ColumnPtr one,
                             cast_full(full(resized(column, 1)), type, facts, rules));
  return value_at(one, 0, column->rows);
}

absl::StatusOr<ColumnPtr> cast(const ColumnPtr& column, const DataType& type,
                               const SessionFacts& facts) {
  CastRules rules;
  // A text that is no value becomes NULL where the type has it.
  if (type.nullable && column->type.id == TypeId::String) {
    rules.failure = CastRules::Failure::Null;
    rules.reading.exact = true;
  }
  return cast_by(column, type, facts, rules);
}

}  // namespace grapevine::sql
