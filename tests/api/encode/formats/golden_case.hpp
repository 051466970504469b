#pragma once

#include <string>
#include <utility>
#include <vector>

#include "api/encode/formats/format_writer.hpp"
#include "kernels/query/column.hpp"

namespace grapevine::sql {

/// A query that ClickHouse's engine answered, in each of its formats. golden/*.json were made by
/// chdb; each says by which version.
struct GoldenCase {
  std::string name;
  std::vector<ResultColumn> columns;
  FormatSettings settings;
  FormatStatistics statistics;
  std::string rows;  ///< As Native.
  std::string totals;
  bool has_totals = false;
  std::vector<std::pair<std::string, std::string>> answers;  ///< By format.

  /// The rows as columns, by a reader of the tests' own.
  [[nodiscard]] Block block(bool pooled) const;
  [[nodiscard]] Block totals_block(bool pooled) const;
};

/// All of them, by name.
std::vector<GoldenCase> golden_cases();

}  // namespace grapevine::sql
