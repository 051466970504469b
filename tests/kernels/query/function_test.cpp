#include "kernels/query/function.hpp"

#include <gtest/gtest.h>

#include "kernels/query/query_error.hpp"
#include "tests/kernels/query/function_cases.hpp"

namespace grapevine::sql {
namespace {

// How the arguments of a case are handed over.
enum class Form { Constant, Full, Pooled };

std::string text_of(const ColumnPtr& column, std::size_t row, const SessionFacts& facts) {
  const ColumnPtr value = value_at(column, row);
  if (value->type.id == TypeId::Nothing || value->is_null(0)) return "NULL";
  const DataType text = plain(TypeId::String);
  const auto shown = cast(value, value->type.nullable ? nullable(text) : text, facts);
  return shown.ok() ? std::string((*shown)->text(0)) : shown.status().ToString();
}

ColumnPtr pooled(const ColumnPtr& column) {
  if (column->type.id != TypeId::String) return column;
  const ColumnPtr texts = unpooled(column);
  MadePool made = make_pool(std::get<TextValues>(texts->values).texts);
  auto result = std::make_shared<Column>();
  result->type = column->type;
  result->rows = column->rows;
  result->nulls = column->nulls;
  result->values = PooledValues{std::move(made.codes), std::move(made.pool)};
  return result;
}

// "type text", or "error code".
std::string answer(const FunctionCase& asked, Form form, const SessionFacts& facts) {
  constexpr std::size_t kRows = 3;
  std::vector<Argument> arguments;
  std::vector<ColumnPtr> columns;
  for (const FunctionCase::Value& value : asked.arguments) {
    ColumnPtr column = constant_of(value, facts);
    const bool constant = form == Form::Constant;
    arguments.push_back({column->type, constant ? column : nullptr});
    column = resized(column, kRows);
    if (!constant) column = full(column);
    if (form == Form::Pooled) column = pooled(column);
    columns.push_back(std::move(column));
  }
  const auto failed = [](const absl::Status& status) {
    return "error " + std::to_string(static_cast<int>(query_error_code(status)));
  };
  const auto function = make_function(asked.function, arguments, facts);
  if (!function.ok()) return failed(function.status());
  const auto result = (*function)->apply(columns, kRows);
  if (!result.ok()) return failed(result.status());
  EXPECT_EQ((*result)->rows, kRows) << asked.line;
  EXPECT_EQ(name_of((*result)->type), name_of((*function)->type())) << asked.line;
  const std::string first = text_of(*result, 0, facts);
  EXPECT_EQ(first, text_of(*result, kRows - 1, facts)) << asked.line;
  return name_of((*function)->type()) + " " + first;
}

class FunctionCases : public testing::TestWithParam<const char*> {};

TEST_P(FunctionCases, AnswerAsClickHouse) {
  const SessionFacts facts = facts_of_cases();
  for (const FunctionCase& asked : function_cases(GetParam())) {
    const std::string expected = asked.type + " " + (asked.null ? "NULL" : asked.text);
    EXPECT_EQ(answer(asked, Form::Constant, facts), expected) << asked.line;
  }
}

TEST_P(FunctionCases, AnswerTheSameOfColumnsAndPools) {
  const SessionFacts facts = facts_of_cases();
  for (const FunctionCase& asked : function_cases(GetParam())) {
    const std::string constant = answer(asked, Form::Constant, facts);
    if (constant.starts_with("error")) continue;
    for (const Form form : {Form::Full, Form::Pooled}) {
      const std::string other = answer(asked, form, facts);
      // Some arguments have to be constants.
      if (other == "error 44" || other == "error 43") continue;
      EXPECT_EQ(other, constant) << asked.line;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, FunctionCases,
                         testing::Values("operators.tsv", "times.tsv", "texts.tsv", "arrays.tsv",
                                         "maths.tsv"));

}  // namespace
}  // namespace grapevine::sql
