#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "api/sql/run.hpp"
#include "kernels/query/column.hpp"

namespace grapevine::sql {

/// How values look, where a format leaves a choice: ClickHouse's settings of these names.
struct FormatSettings {
  std::string timezone = "UTC";        ///< Of times without one.
  bool quote_64bit_integers = false;   ///< output_format_json_quote_64bit_integers
  bool quote_denormals = false;        ///< output_format_json_quote_denormals
  bool iso_times = false;              ///< date_time_output_format=iso
  bool unix_times = false;             ///< date_time_output_format=unix_timestamp
  bool json_escape_slashes = true;     ///< output_format_json_escape_forward_slashes
  std::string csv_delimiter = ",";     ///< format_csv_delimiter
  std::string null_tsv = "\\N";        ///< format_tsv_null_representation
  std::string null_csv = "\\N";        ///< format_csv_null_representation
  std::size_t pretty_rows_max = 1000;  ///< output_format_pretty_max_rows
  std::size_t protocol_version = 0;    ///< client_protocol_version: of Native, 0: none.
};
/// Errors  BadArguments (36): a value that a setting cannot have.
absl::StatusOr<FormatSettings> format_settings(const SessionFacts& facts, const Fields& settings);

/// What is known when all rows were written.
struct FormatStatistics {
  std::optional<std::uint64_t> rows_before_limit;
  double elapsed_s = 0;
  std::uint64_t rows_read = 0;
  std::uint64_t bytes_read = 0;
};

/// Writes a result in one format. The bytes may be taken at any time, so that a long answer is sent
/// while it is made. Not thread-safe.
class FormatWriter {
 public:
  virtual ~FormatWriter() = default;
  virtual void begin() = 0;
  virtual void write(const Block& block) = 0;
  virtual void write_totals(const Block& totals) = 0;
  virtual void end(const FormatStatistics& statistics) = 0;
  /// What was written since it was last asked.
  [[nodiscard]] virtual std::string take() = 0;
  [[nodiscard]] virtual std::size_t pending() const = 0;  ///< Bytes that take() would give.
};

/// Names as in ClickHouse, case included.
/// Errors  UnknownFormat (73), which names the nearest one.
absl::StatusOr<std::unique_ptr<FormatWriter>> make_writer(std::string_view format,
                                                          std::vector<ResultColumn> columns,
                                                          const FormatSettings& settings);
/// "application/json; charset=UTF-8". Precondition: make_writer knows the format.
std::string_view content_type_of(std::string_view format);
bool is_output_format(std::string_view format);
/// All of them by name, for system.formats.
std::vector<std::string_view> output_formats();

}  // namespace grapevine::sql
