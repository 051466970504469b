#include "api/sql/insert/insert_source.hpp"

#include <fmt/format.h>

#include "api/collect/rejection.hpp"
#include "kernels/query/query_error.hpp"

namespace grapevine::sql {

absl::Status at_row(const absl::Status& failed, std::uint64_t row, std::string_view column) {
  if (failed.ok()) return failed;
  const std::string place = column.empty()
                                ? fmt::format("(at row {})", row)
                                : fmt::format("(at row {}, column {})", row, shown_name(column));
  return query_error(query_error_code(failed), fmt::format("{} {}", detail_of(failed), place));
}

absl::Status unreadable_row(std::string_view detail, std::uint64_t row) {
  return at_row(query_error(QueryErrorCode::CannotParseInputAssertionFailed, detail), row);
}

absl::Status check_stop(const InsertSource& source, std::uint64_t row) {
  constexpr std::uint64_t kRows = 1024;
  if (row % kRows != 0 || !source.stop.requested()) return absl::OkStatus();
  return absl::CancelledError("the query was cancelled");
}

absl::StatusOr<std::vector<InsertColumn>> columns_of_rows(const InsertSource& source,
                                                          const InsertColumns& columns,
                                                          const std::vector<std::string>& header) {
  if (source.header != InsertHeader::None) return columns.find_all(header);
  if (!source.names.empty()) return columns.find_all(source.names);
  if (!columns.all_names().empty()) return columns.find_all(columns.all_names());
  return query_error(QueryErrorCode::IncorrectData,
                     "rows of table customers need the names of their columns: INSERT INTO "
                     "customers (customer_id, ...)");
}

}  // namespace grapevine::sql
