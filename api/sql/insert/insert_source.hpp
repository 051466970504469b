#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <absl/status/status.h>

#include "api/sql/insert/row_inserter.hpp"
#include "kernels/parallel/stop.hpp"

namespace grapevine::sql {

/// Lines before the rows of an INSERT.
enum class InsertHeader : std::uint8_t { None, Names, NamesAndTypes };

/// Rows that are to be inserted, as they were sent.
struct InsertSource {
  std::string_view data;
  InsertHeader header = InsertHeader::None;
  std::vector<std::string> names;  ///< Of the statement; empty: it has none.
  char delimiter = ',';            ///< Of CSV.
  std::string_view null;           ///< What NULL is in CSV and TabSeparated.
  bool skip_unknown = false;       ///< Of JSON: members that no column is called after.
  const Stop& stop;
};

// Read all rows into `rows`. Errors  of the first row that is wrong, with its number from 1 on and its
// column; Cancelled: `stop` fired.
absl::Status insert_json_objects(const InsertSource& source, const InsertColumns& columns,
                                 RowInserter& rows);
absl::Status insert_json_arrays(const InsertSource& source, const InsertColumns& columns,
                                RowInserter& rows);
absl::Status insert_csv(const InsertSource& source, const InsertColumns& columns,
                        RowInserter& rows);
absl::Status insert_tab_separated(const InsertSource& source, const InsertColumns& columns,
                                  RowInserter& rows);
absl::Status insert_values(const InsertSource& source, const InsertColumns& columns,
                           RowInserter& rows);

/// What the cells of rows without names are, one by one: as the header says, else the statement, else
/// the table.
/// Errors  as InsertColumns::find_all; IncorrectData (117): the table needs names.
absl::StatusOr<std::vector<InsertColumn>> columns_of_rows(const InsertSource& source,
                                                          const InsertColumns& columns,
                                                          const std::vector<std::string>& header);

/// The failure with the place where it happened: "... (at row 3, column ts)".
absl::Status at_row(const absl::Status& failed, std::uint64_t row, std::string_view column = {});
/// Of a row that cannot be read at all: CannotParseInputAssertionFailed (27).
absl::Status unreadable_row(std::string_view detail, std::uint64_t row);
/// Errors  Cancelled. Cheap enough to ask for each row.
absl::Status check_stop(const InsertSource& source, std::uint64_t row);

}  // namespace grapevine::sql
