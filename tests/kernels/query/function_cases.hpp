#pragma once

#include <string>
#include <vector>

#include "kernels/query/function.hpp"

namespace grapevine::sql {

/// One line of a table of expectations, which ClickHouse's engine made: function, types and texts of
/// the arguments, "=>", the result's type and text, or "error" and its code. Separated by tabs; \t, \n,
/// \r, \0 and \\ stand for themselves and \N for NULL.
struct FunctionCase {
  struct Value {
    std::string type;
    std::string text;
    bool null = false;
  };
  std::string line;
  std::string function;
  std::vector<Value> arguments;
  std::string type;  ///< "error": `text` is a code.
  std::string text;
  bool null = false;
};

/// The cases of tests/kernels/query/<file>.
std::vector<FunctionCase> function_cases(const std::string& file);

/// A value as a constant. Fails the test where it is none.
ColumnPtr constant_of(const FunctionCase::Value& value, const SessionFacts& facts);

/// What the cases were made with.
SessionFacts facts_of_cases();

}  // namespace grapevine::sql
