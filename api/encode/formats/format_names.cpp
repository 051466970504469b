#include <algorithm>
#include <iterator>

#include "api/encode/arrow/arrow_stream.hpp"
#include "api/encode/formats/buffered_writer.hpp"
#include "api/encode/formats/pretty_table.hpp"
#include "api/parse/nearest_name.hpp"
#include "kernels/query/query_error.hpp"

namespace grapevine::sql {
namespace {

using Make = WriterPtr (*)(ResultColumns, const FormatSettings&);

struct Format {
  std::string_view name;
  std::string_view content_type;
  Make make;
};

template <JsonLayout kLayout>
WriterPtr json(ResultColumns columns, const FormatSettings& settings) {
  return make_json_writer(std::move(columns), settings, kLayout);
}
template <JsonLayout kLayout, HeaderRows kHeader = HeaderRows::None>
WriterPtr json_rows(ResultColumns columns, const FormatSettings& settings) {
  return make_json_rows_writer(std::move(columns), settings, kLayout, kHeader);
}
template <bool kRaw, HeaderRows kHeader = HeaderRows::None>
WriterPtr tab_separated(ResultColumns columns, const FormatSettings& settings) {
  return make_tab_separated_writer(std::move(columns), settings, kRaw, kHeader);
}
template <HeaderRows kHeader>
WriterPtr csv(ResultColumns columns, const FormatSettings& settings) {
  return make_csv_writer(std::move(columns), settings, kHeader);
}
template <PrettyStyle kStyle>
WriterPtr pretty(ResultColumns columns, const FormatSettings& settings) {
  return make_pretty_writer(std::move(columns), settings, kStyle);
}
template <HeaderRows kHeader>
WriterPtr row_binary(ResultColumns columns, const FormatSettings&) {
  return make_row_binary_writer(std::move(columns), kHeader);
}
WriterPtr native(ResultColumns columns, const FormatSettings& settings) {
  return make_native_writer(std::move(columns), settings.protocol_version);
}
WriterPtr nothing(ResultColumns, const FormatSettings&) { return make_null_writer(); }

constexpr JsonLayout kObjects{};
constexpr JsonLayout kArrays{.compact = true};
constexpr JsonLayout kObjectsOfStrings{.strings = true};
constexpr JsonLayout kArraysOfStrings{.compact = true, .strings = true};
constexpr PrettyStyle kFull = PrettyStyle::Full;
constexpr PrettyStyle kCompact = PrettyStyle::Compact;
constexpr PrettyStyle kSpace = PrettyStyle::Space;
constexpr HeaderRows kNone = HeaderRows::None;
constexpr HeaderRows kNames = HeaderRows::Names;
constexpr HeaderRows kTypes = HeaderRows::NamesAndTypes;

constexpr std::string_view kJson = "application/json; charset=UTF-8";
constexpr std::string_view kJsonLines = "application/x-ndjson; charset=UTF-8";
constexpr std::string_view kTsv = "text/tab-separated-values; charset=UTF-8";
constexpr std::string_view kCsv = "text/csv; charset=UTF-8; header=absent";
constexpr std::string_view kCsvHeader = "text/csv; charset=UTF-8; header=present";
constexpr std::string_view kText = "text/plain; charset=UTF-8";
constexpr std::string_view kMarkdown = "text/markdown; charset=UTF-8";
constexpr std::string_view kBytes = "application/octet-stream";

constexpr Format kFormats[] = {
    {"JSON", kJson, json<kObjects>},
    {"JSONCompact", kJson, json<kArrays>},
    {"JSONStrings", kJson, json<kObjectsOfStrings>},
    {"JSONCompactStrings", kJson, json<kArraysOfStrings>},
    {"JSONEachRow", kJsonLines, json_rows<kObjects>},
    {"JSONLines", kJsonLines, json_rows<kObjects>},
    {"NDJSON", kJsonLines, json_rows<kObjects>},
    {"JSONStringsEachRow", kJsonLines, json_rows<kObjectsOfStrings>},
    {"JSONCompactEachRow", kJsonLines, json_rows<kArrays>},
    {"JSONCompactEachRowWithNames", kJsonLines, json_rows<kArrays, kNames>},
    {"JSONCompactEachRowWithNamesAndTypes", kJsonLines, json_rows<kArrays, kTypes>},
    {"JSONCompactStringsEachRow", kJsonLines, json_rows<kArraysOfStrings>},
    {"JSONCompactStringsEachRowWithNames", kJsonLines, json_rows<kArraysOfStrings, kNames>},
    {"JSONCompactStringsEachRowWithNamesAndTypes", kJsonLines, json_rows<kArraysOfStrings, kTypes>},
    {"TabSeparated", kTsv, tab_separated<false>},
    {"TSV", kTsv, tab_separated<false>},
    {"TabSeparatedWithNames", kTsv, tab_separated<false, kNames>},
    {"TSVWithNames", kTsv, tab_separated<false, kNames>},
    {"TabSeparatedWithNamesAndTypes", kTsv, tab_separated<false, kTypes>},
    {"TSVWithNamesAndTypes", kTsv, tab_separated<false, kTypes>},
    {"TabSeparatedRaw", kTsv, tab_separated<true>},
    {"TSVRaw", kTsv, tab_separated<true>},
    {"TabSeparatedRawWithNames", kTsv, tab_separated<true, kNames>},
    {"TSVRawWithNames", kTsv, tab_separated<true, kNames>},
    {"TabSeparatedRawWithNamesAndTypes", kTsv, tab_separated<true, kTypes>},
    {"TSVRawWithNamesAndTypes", kTsv, tab_separated<true, kTypes>},
    {"CSV", kCsv, csv<kNone>},
    {"CSVWithNames", kCsvHeader, csv<kNames>},
    {"CSVWithNamesAndTypes", kCsvHeader, csv<kTypes>},
    {"Values", kText, make_values_writer},
    {"Vertical", kText, make_vertical_writer},
    {"Markdown", kMarkdown, make_markdown_writer},
    {"MD", kMarkdown, make_markdown_writer},
    {"Pretty", kText, pretty<kFull>},
    {"PrettyMonoBlock", kText, pretty<kFull>},
    {"PrettyNoEscapes", kText, pretty<kFull>},
    {"PrettyNoEscapesMonoBlock", kText, pretty<kFull>},
    {"PrettyCompact", kText, pretty<kCompact>},
    {"PrettyCompactMonoBlock", kText, pretty<kCompact>},
    {"PrettyCompactNoEscapes", kText, pretty<kCompact>},
    {"PrettyCompactNoEscapesMonoBlock", kText, pretty<kCompact>},
    {"PrettySpace", kText, pretty<kSpace>},
    {"PrettySpaceMonoBlock", kText, pretty<kSpace>},
    {"PrettySpaceNoEscapes", kText, pretty<kSpace>},
    {"PrettySpaceNoEscapesMonoBlock", kText, pretty<kSpace>},
    {"Null", kText, nothing},
    {"ArrowStream", ArrowStream::kContentType, make_arrow_writer},
    {"Native", kBytes, native},
    {"RowBinary", kBytes, row_binary<kNone>},
    {"RowBinaryWithNames", kBytes, row_binary<kNames>},
    {"RowBinaryWithNamesAndTypes", kBytes, row_binary<kTypes>},
};

const Format* find_format(std::string_view name) {
  const auto* found = std::find_if(std::begin(kFormats), std::end(kFormats),
                                   [name](const Format& format) { return format.name == name; });
  return found == std::end(kFormats) ? nullptr : found;
}

}  // namespace

absl::StatusOr<WriterPtr> make_writer(std::string_view format, ResultColumns columns,
                                      const FormatSettings& settings) {
  const Format* found = find_format(format);
  if (found == nullptr) {
    std::vector<std::string_view> known;
    for (const Format& each : kFormats) known.push_back(each.name);
    return query_error(QueryErrorCode::UnknownFormat, no_such("format", format, known));
  }
  return found->make(std::move(columns), settings);
}

std::string_view content_type_of(std::string_view format) {
  return find_format(format)->content_type;
}

bool is_output_format(std::string_view format) { return find_format(format) != nullptr; }

std::vector<std::string_view> output_formats() {
  std::vector<std::string_view> names;
  for (const Format& format : kFormats) names.push_back(format.name);
  return names;
}

}  // namespace grapevine::sql
