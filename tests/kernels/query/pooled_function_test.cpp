#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/query/function.hpp"
#include "kernels/query/query_error.hpp"

namespace grapevine::sql {
namespace {

struct Texts {
  std::vector<std::string> kept;
  std::shared_ptr<const StringPool> pool;
  std::vector<std::uint32_t> codes;  // Of text i.
};

Texts numbered_texts(std::size_t count) {
  Texts texts;
  for (std::size_t i = 0; i < count; ++i) texts.kept.push_back("Text" + std::to_string(i));
  std::vector<std::string_view> views(texts.kept.begin(), texts.kept.end());
  MadePool made = make_pool(views);
  texts.pool = std::move(made.pool);
  texts.codes = std::move(made.codes);
  return texts;
}

ColumnPtr pooled_column(const Texts& texts, std::size_t rows, std::size_t step,
                        std::vector<std::uint8_t> nulls = {}) {
  auto column = std::make_shared<Column>();
  column->type = plain(TypeId::String);
  column->type.nullable = !nulls.empty();
  column->rows = rows;
  PooledValues values{{}, texts.pool};
  for (std::size_t row = 0; row < rows; ++row) {
    values.codes.push_back(texts.codes[row * step % texts.codes.size()]);
  }
  column->values = std::move(values);
  column->nulls = std::move(nulls);
  return column;
}

FunctionPtr function_of(std::string_view name, const DataType& type) {
  const Argument argument[] = {{type, nullptr}};
  return make_function(name, argument, {}).value();
}

TEST(PooledFunctions, SameOfSmallLargeAndHugePools) {
  // Looked at as a whole; by the block; row by row.
  for (const std::size_t count : {10, 70'000, 1'100'000}) {
    SCOPED_TRACE(count);
    const Texts texts = numbered_texts(count);
    const ColumnPtr column = pooled_column(texts, 5'000, 7);
    const ColumnPtr arguments[] = {column};
    const ColumnPtr plain_arguments[] = {unpooled(column)};
    for (const std::string_view name : {"lower", "length", "reverse"}) {
      const FunctionPtr function = function_of(name, column->type);
      const ColumnPtr result = function->apply(arguments, 5'000).value();
      const ColumnPtr expected = function->apply(plain_arguments, 5'000).value();
      const DataType text = plain(TypeId::String);
      const ColumnPtr shown = cast(result, text, {}).value();
      const ColumnPtr expected_text = cast(expected, text, {}).value();
      for (std::size_t row = 0; row < 5'000; ++row) {
        ASSERT_EQ(shown->text(row), expected_text->text(row)) << name << " " << row;
      }
    }
  }
}

TEST(PooledFunctions, ResultsOfSmallPoolsStayPooled) {
  const Texts texts = numbered_texts(100);
  const ColumnPtr arguments[] = {pooled_column(texts, 1'000, 3)};
  const FunctionPtr lower = function_of("lower", arguments[0]->type);
  const ColumnPtr first = lower->apply(arguments, 1'000).value();
  const ColumnPtr second = lower->apply(arguments, 1'000).value();
  ASSERT_NE(first->pooled(), nullptr);
  EXPECT_EQ(first->pooled()->pool, second->pooled()->pool);
}

TEST(PooledFunctions, TextsThatNoRowHasMayBeWrong) {
  const std::string_view views[] = {"12", "no number", "7"};
  const MadePool made = make_pool(views);
  auto column = std::make_shared<Column>();
  column->type = plain(TypeId::String);
  column->rows = 3;
  column->values = PooledValues{{made.codes[0], made.codes[2], made.codes[0]}, made.pool};
  const FunctionPtr to_number = function_of("toInt32", column->type);
  const ColumnPtr good[] = {column};
  const ColumnPtr result = to_number->apply(good, 3).value();
  EXPECT_EQ(result->fixed<std::int32_t>()[1], 7);
  const ColumnPtr bad[] = {value_at(gather(good[0], std::vector<std::uint32_t>{0}), 0, 3)};
  EXPECT_TRUE(to_number->apply(bad, 3).ok());
}

TEST(PooledFunctions, NullsStayWhereTheyAre) {
  const Texts texts = numbered_texts(10);
  std::vector<std::uint8_t> nulls(100);
  for (std::size_t row = 0; row < nulls.size(); row += 3) nulls[row] = 1;
  const ColumnPtr column = pooled_column(texts, 100, 1, nulls);
  for (const std::string_view name : {"upper", "length"}) {
    const FunctionPtr function = function_of(name, column->type);
    const ColumnPtr arguments[] = {column};
    const ColumnPtr result = function->apply(arguments, 100).value();
    EXPECT_TRUE(result->type.nullable);
    for (std::size_t row = 0; row < 100; ++row) ASSERT_EQ(result->is_null(row), row % 3 == 0);
  }
}

TEST(PooledFunctions, AnyNumberOfThreadsMayApplyOne) {
  const Texts few = numbered_texts(1'000);
  const Texts others = numbered_texts(2'000);
  const FunctionPtr upper = function_of("upper", plain(TypeId::String));
  std::vector<std::thread> threads;
  for (std::size_t thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&, thread] {
      for (std::size_t round = 0; round < 20; ++round) {
        const ColumnPtr arguments[] = {pooled_column(thread % 2 == 0 ? few : others, 3'000, 11)};
        const ColumnPtr result = upper->apply(arguments, 3'000).value();
        const std::size_t count = thread % 2 == 0 ? 1'000 : 2'000;
        EXPECT_EQ(result->text(5), "TEXT" + std::to_string(55 % count));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace grapevine::sql
