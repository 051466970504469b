#include "tests/kernels/query/function_cases.hpp"

#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "kernels/query/functions/cast.hpp"

namespace grapevine::sql {
namespace {

std::string unescaped(const std::string& field) {
  std::string text;
  for (std::size_t i = 0; i < field.size(); ++i) {
    if (field[i] != '\\' || i + 1 == field.size()) {
      text += field[i];
      continue;
    }
    switch (field[++i]) {
      case 't': text += '\t'; break;
      case 'n': text += '\n'; break;
      case 'r': text += '\r'; break;
      case '0': text += '\0'; break;
      default: text += field[i];
    }
  }
  return text;
}

}  // namespace

std::vector<FunctionCase> function_cases(const std::string& file) {
  std::ifstream input(std::string(GRAPEVINE_SOURCE_DIR) + "/tests/kernels/query/" + file);
  EXPECT_TRUE(input.good()) << file;
  std::vector<FunctionCase> cases;
  std::string line;
  while (std::getline(input, line)) {
    std::vector<std::string> fields;
    std::istringstream stream(line);
    for (std::string field; std::getline(stream, field, '\t');) fields.push_back(field);
    if (!line.empty() && line.back() == '\t') fields.emplace_back();
    FunctionCase one;
    one.line = line;
    one.function = fields.at(0);
    std::size_t i = 1;
    for (; fields.at(i) != "=>"; i += 2) {
      const std::string& text = fields.at(i + 1);
      one.arguments.push_back({fields[i], unescaped(text), text == "\\N"});
    }
    one.type = fields.at(i + 1);
    one.null = fields.at(i + 2) == "\\N";
    one.text = unescaped(fields.at(i + 2));
    cases.push_back(std::move(one));
  }
  return cases;
}

ColumnPtr constant_of(const FunctionCase::Value& value, const SessionFacts& facts) {
  if (value.type == "Nothing") return constant_null(nullable(plain(TypeId::Nothing)));
  const auto type = parse_type(value.type);
  EXPECT_TRUE(type.ok()) << value.type;
  if (value.null) return constant_null(nullable(*type));
  auto column = cast_by(constant_text(value.text), *type, facts, {});
  EXPECT_TRUE(column.ok()) << value.type << " " << value.text << ": " << column.status();
  return *column;
}

SessionFacts facts_of_cases() {
  SessionFacts facts;
  // 2026-11-22 19:00:00: texts without a year are read in 2026.
  facts.now_ns = 1'795'374'000 * std::int64_t{1'000'000'000};
  return facts;
}

}  // namespace grapevine::sql
