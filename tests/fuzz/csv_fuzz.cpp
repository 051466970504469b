// The records of an import, CSV: a header and what follows it, in UTF-8 or CP949, any bytes, cut
// anywhere.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "api/ingest/charset.hpp"
#include "api/ingest/csv_chunk.hpp"
#include "api/ingest/csv_columns.hpp"
#include "api/ingest/csv_reader.hpp"
#include "api/ingest/record_scan.hpp"
#include "tests/fuzz/import_pieces.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace grapevine;
  if (size == 0) return 0;
  const ImportTable table = (data[0] & 1) != 0 ? ImportTable::Customers : ImportTable::Events;
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  RecordScan scan(ImportFormat::Csv);
  const std::string_view header = text.substr(0, scan.first_end(text));
  CsvReader reader(header);
  if (!reader.next() || !reader.fault().empty()) return 0;
  const auto columns = read_csv_header(reader.fields(), table, {});
  if (!columns.ok()) return 0;
  const bool is_korean = (data[0] & 2) != 0;
  fuzz::check_import(ImportFormat::Csv, text.substr(header.size()), [&](const Chunk& sent) {
    if (!is_korean) return parse_csv_chunk(sent, table, *columns, fuzz::kReceived);
    Chunk chunk = sent;
    DecodedText decoded = decode(Charset::Cp949, sent.text);
    chunk.text = std::move(decoded.text);
    chunk.faults = std::move(decoded.faults);
    return parse_csv_chunk(chunk, table, *columns, fuzz::kReceived);
  });
  return 0;
}
