#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/query/column.hpp"
#include "kernels/query/functions/zone.hpp"

namespace grapevine::sql {

/// Writes the values of a type as CAST to String does: "2024-01-01 10:00:00", "[1,'a']". Not
/// thread-safe.
class ValueWriter {
 public:
  /// Errors  BadArguments (36): there is no such timezone.
  static absl::StatusOr<ValueWriter> of(const DataType& type, const SessionFacts& facts);

  /// `quoted`: as within arrays and tuples. NULL is written as NULL. Precondition: the column is of
  /// the writer's type, but for NULL.
  void write(const Column& column, std::size_t row, bool quoted, std::string& text);

 private:
  ValueWriter() = default;

  DataType type_;
  ZonePtr zone_;
  std::shared_ptr<ZoneCursor> cursor_;
  std::vector<ValueWriter> elements_;
};

/// A float as ClickHouse writes it: the shortest digits that read back, no exponent for 1e-6 to 1e20.
void write_float(double value, std::string& text);
void write_float(float value, std::string& text);
/// 'it\'s'.
void write_quoted(std::string_view value, std::string& text);
void write_date(std::int64_t day_number, std::string& text);
/// "2024-01-01 10:00:00.500" of local time in units of 10^-scale seconds.
void write_local_time(std::int64_t local_seconds, std::int64_t fraction, int scale,
                      std::string& text);

}  // namespace grapevine::sql
