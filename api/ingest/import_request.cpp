#include "api/ingest/import_request.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <random>
#include <string_view>
#include <system_error>

#include "api/collect/rejection.hpp"
#include "api/error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kImportIdBytesMax = 200;
constexpr std::array<std::string_view, 7> kParameters{"table",   "import_id", "offset", "format",
                                                      "columns", "charset",   "map"};

absl::Status wrong(std::string_view name, std::string_view detail) {
  const std::string pointer = "?" + std::string(name);
  return problem(ErrorCode::Unprocessable, pointer + " " + std::string(detail),
                 {{pointer, std::string(detail)}});
}

absl::Status check_names(const Fields& query) {
  for (const auto& [field, value] : query) {
    const std::string& name = field;
    if (std::find(kParameters.begin(), kParameters.end(), name) == kParameters.end()) {
      return wrong(name, "is not a parameter of an import");
    }
    const auto same = [&](const auto& other) { return other.first == name; };
    if (name != "map" && std::count_if(query.begin(), query.end(), same) > 1) {
      return wrong(name, "is given twice");
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

absl::StatusOr<Charset> read_charset(const Request& request) {
  const std::string* name = find_field(request.query, "charset");
  if (name == nullptr) return Charset::Utf8;
  const std::optional<Charset> charset = charset_of(*name);
  if (!charset) return wrong("charset", "is none of utf-8, cp949, euc-kr");
  if (!can_read(*charset)) {
    return wrong("charset", "cannot be read here: the C library has no tables for it");
  }
  return *charset;
}

// Each `map=Customer No=customer_id`. Our names have no =, so the last one parts the two.
absl::StatusOr<ColumnNames> read_map(const Request& request) {
  ColumnNames map;
  for (const auto& [name, value] : request.query) {
    if (name != "map") continue;
    const std::size_t at = value.rfind('=');
    if (at == std::string::npos || at == 0 || at + 1 == value.size()) {
      return wrong("map", "is not of the form NAME=COLUMN");
    }
    if (!map.emplace(value.substr(0, at), value.substr(at + 1)).second) {
      return wrong("map", "names a column twice: " + shown_name(value.substr(0, at)));
    }
  }
  return map;
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
  if (id == nullptr) return new_import_id();
  const bool is_plain =
      std::all_of(id->begin(), id->end(), [](char c) { return c > 0x20 && c < 0x7F; });
  if (id->empty() || id->size() > kImportIdBytesMax || !is_plain) {
    return wrong("import_id", "is not a text of 1 to 200 visible ASCII characters");
  }
  return *id;
}

}  // namespace

absl::StatusOr<ImportRequest> read_import_request(const Request& request) {
  GRAPEVINE_RETURN_IF_ERROR(check_names(request.query));
  ImportRequest import;
  GRAPEVINE_ASSIGN_OR_RETURN(import.charset, read_charset(request));
  GRAPEVINE_ASSIGN_OR_RETURN(import.map, read_map(request));
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
  if (!import.map.empty() && import.format != ImportFormat::Csv) {
    return wrong("map", "is for CSV only");
  }
  if (import.format == ImportFormat::Csv && import.offset.value_or(0) > 0 && !import.columns) {
    return wrong("columns",
                 "is not there: a CSV body that begins behind its header needs it. Or send all of "
                 "the file again, without offset: what is committed is skipped");
  }
  return import;
}

}  // namespace grapevine
