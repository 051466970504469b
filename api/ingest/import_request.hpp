#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <absl/status/statusor.h>

#include "api/ingest/charset.hpp"
#include "api/ingest/csv_columns.hpp"
#include "api/ingest/import_format.hpp"
#include "api/message.hpp"

namespace grapevine {

/// What the query and the headers of POST /v1/import say.
struct ImportRequest {
  ImportTable table = ImportTable::Events;
  ImportFormat format = ImportFormat::Ndjson;
  std::string import_id;                ///< Made up where none was sent.
  std::optional<std::uint64_t> offset;  ///< Of the body's first byte in the inflated input.
  std::optional<std::string> columns;   ///< The CSV header, for a body that begins after it.
  Charset charset = Charset::Utf8;      ///< Of the body; `columns` and `map` are UTF-8.
  ColumnNames map;                      ///< What columns of the CSV are called here.
};

/// Errors  Malformed: names the parameter. Unprocessable: a value that there is not.
absl::StatusOr<ImportRequest> read_import_request(const Request& request);

}  // namespace grapevine
