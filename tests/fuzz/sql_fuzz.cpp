// SQL, any bytes: what is read is written as text that is read as the same.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "api/sql/parse.hpp"
#include "api/sql/query_text.hpp"
#include "tests/api/sql/same_syntax.hpp"

namespace {

using namespace grapevine::sql;

// A text may become longer than what it was read from, but never too long for limits without bounds.
constexpr ParseLimits kWritten{
    .bytes_max = std::size_t{1} << 30, .depth_max = 2'000, .nodes_max = std::size_t{1} << 24};

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto statement = parse_statement(text);
  if (!statement.ok() || !statement->query) return 0;
  const auto again = parse_statement(query_text(*statement->query), kWritten);
  require(again.ok() && again->query != nullptr);
  require(grapevine::sql::tests::same(*statement->query, *again->query));
  for (const ExpressionPtr& column : statement->query->select.columns) {
    require(!column_name(*column).empty() || !column->alias.empty());
  }
  return 0;
}
