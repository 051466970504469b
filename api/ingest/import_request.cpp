#include "api/ingest/import_request.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <random>
#include <string_view>
#include <system_error>

#include "api/error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kImportIdBytesMax = 200;
constexpr std::array<std::string_view, 6> kParameters{"table",  "import_id", "offset",
                                                      "format", "columns",   "charset"};

absl::Status wrong(std::string_view name, std::string_view detail) {
  const std::string pointer = "?" + std::string(name);
  return problem(ErrorCode::Unprocessable, pointer + " " + std::string(detail),
                 {{pointer, std::string(detail)}});
}

absl::Status check_names(const Fields& query) {
  for (const auto& [name, value] : query) {
    if (std::find(kParameters.begin(), kParameters.end(), name) == kParameters.end()) {
      return wrong(name, "is not a parameter of an import");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<ImportTable> read_table(const Request& request) {
  const std::string* table = find_field(request.query, "table");
  if (table == nullptr) return wrong("table", "is not there");
  if (*table == "events") return ImportTable::Events;
  if (*table == "customers") return ImportTable::Customers;
  return wrong("table", "is neither events nor customers");
}

absl::StatusOr<ImportFormat> read_format(const Request& request) {
  if (const std::string* format = find_field(request.query, "format")) {
    if (*format == "ndjson") return ImportFormat::Ndjson;
    if (*format == "csv") return ImportFormat::Csv;
    return wrong("format", "is neither ndjson nor csv");
  }
  const std::string* type = find_field(request.headers, "content-type");
  const bool is_csv = type != nullptr && std::string_view(*type).starts_with("text/csv");
  return is_csv ? ImportFormat::Csv : ImportFormat::Ndjson;
}

absl::Status check_charset(const Request& request) {
  const std::string* charset = find_field(request.query, "charset");
  if (charset == nullptr || *charset == "utf-8" || *charset == "UTF-8") return absl::OkStatus();
  return wrong("charset", "is not utf-8, which alone is read so far");
}

absl::StatusOr<std::optional<std::uint64_t>> read_offset(const Request& request) {
  const std::string* text = find_field(request.query, "offset");
  if (text == nullptr || text->empty()) return std::optional<std::uint64_t>();
  std::uint64_t offset = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), offset);
  if (error != std::errc() || end != text->data() + text->size()) {
    return wrong("offset", "is not a number of bytes");
  }
  return std::optional<std::uint64_t>(offset);
}

// 128 random bits: no two imports are to be taken for one.
std::string new_import_id() {
  std::random_device random;
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string id = "import-";
  for (int word = 0; word < 4; ++word) {
    std::uint32_t bits = random();
    for (int digit = 0; digit < 8; ++digit, bits >>= 4) id += kHex[bits & 15];
  }
  return id;
}

absl::StatusOr<std::string> read_import_id(const Request& request) {
  const std::string* id = find_field(request.query, "import_id");
  if (id == nullptr || id->empty()) return new_import_id();
  const bool is_plain =
      std::all_of(id->begin(), id->end(), [](char c) { return c > 0x20 && c < 0x7F; });
  if (id->size() > kImportIdBytesMax || !is_plain) {
    return wrong("import_id", "is not a text of 1 to 200 visible ASCII characters");
  }
  return *id;
}

}  // namespace

absl::StatusOr<ImportRequest> read_import_request(const Request& request) {
  GRAPEVINE_RETURN_IF_ERROR(check_names(request.query));
  GRAPEVINE_RETURN_IF_ERROR(check_charset(request));
  ImportRequest import;
  GRAPEVINE_ASSIGN_OR_RETURN(import.table, read_table(request));
  GRAPEVINE_ASSIGN_OR_RETURN(import.format, read_format(request));
  GRAPEVINE_ASSIGN_OR_RETURN(import.import_id, read_import_id(request));
  GRAPEVINE_ASSIGN_OR_RETURN(import.offset, read_offset(request));
  if (const std::string* columns = find_field(request.query, "columns")) {
    if (import.format != ImportFormat::Csv) {
      return wrong("columns", "is for CSV only");
    }
    import.columns = *columns;
  }
  if (import.format == ImportFormat::Csv && import.offset.value_or(0) > 0 && !import.columns) {
    return wrong("columns",
                 "is not there: a CSV body that begins behind its header needs it. Or send all of "
                 "the file again, without offset: what is committed is skipped");
  }
  return import;
}

}  // namespace grapevine
