#include <fmt/format.h>

#include "api/collect/limits.hpp"
#include "api/ingest/csv_reader.hpp"
#include "api/sql/insert/insert_source.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

std::string_view without_spaces(std::string_view field) {
  while (!field.empty() && (field.front() == ' ' || field.front() == '\t')) field.remove_prefix(1);
  while (!field.empty() && (field.back() == ' ' || field.back() == '\t')) field.remove_suffix(1);
  return field;
}

}  // namespace

absl::Status insert_csv(const InsertSource& source, const InsertColumns& columns,
                        RowInserter& rows) {
  if (!simdjson::validate_utf8(source.data)) return unreadable_row("the rows are not UTF-8", 1);
  CsvReader reader(source.data, source.delimiter);
  std::vector<std::string> header;
  if (source.header != InsertHeader::None && reader.next()) {
    header.assign(reader.fields().begin(), reader.fields().end());
    // The columns' types are the store's.
    if (source.header == InsertHeader::NamesAndTypes) reader.next();
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const auto wanted, columns_of_rows(source, columns, header));
  for (std::uint64_t row = 1; reader.next(); ++row) {
    GRAPEVINE_RETURN_IF_ERROR(check_stop(source, row));
    if (!reader.fault().empty()) return unreadable_row(reader.fault(), row);
    if (reader.raw().size() > kImportLineBytesMax) {
      return unreadable_row(fmt::format("the row has more than {} bytes", kImportLineBytesMax),
                            row);
    }
    const std::size_t fields = reader.fields().size();
    if (fields != wanted.size()) {
      return unreadable_row(
          fmt::format("the row has {} fields for {} columns", fields, wanted.size()), row);
    }
    rows.begin_row();
    for (std::size_t i = 0; i < fields; ++i) {
      const std::string_view field = reader.fields()[i];
      SentValue value = SentValue::text(field);
      if (!reader.is_quoted(i)) {
        const std::string_view plain = without_spaces(field);
        if (plain.empty()) continue;  // Nothing was said.
        value = plain == source.null ? SentValue::null() : SentValue::plain(plain);
      }
      GRAPEVINE_RETURN_IF_ERROR(at_row(rows.set(wanted[i], value), row, wanted[i].name));
    }
    GRAPEVINE_RETURN_IF_ERROR(at_row(rows.end_row(), row));
  }
  return absl::OkStatus();
}

}  // namespace grapevine::sql
