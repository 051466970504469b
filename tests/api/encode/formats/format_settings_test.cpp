#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/encode/formats/format_writer.hpp"
#include "kernels/query/query_error.hpp"

namespace grapevine::sql {
namespace {

using testing::HasSubstr;

FormatSettings settings_of(const Fields& fields) {
  return format_settings(SessionFacts(), fields).value();
}

TEST(FormatSettings, AreReadByName) {
  const FormatSettings read = settings_of({{"output_format_json_quote_64bit_integers", "1"},
                                           {"output_format_json_quote_denormals", "true"},
                                           {"output_format_json_escape_forward_slashes", "0"},
                                           {"date_time_output_format", "iso"},
                                           {"format_csv_delimiter", ";"},
                                           {"format_tsv_null_representation", ""},
                                           {"format_csv_null_representation", "nil"},
                                           {"output_format_pretty_max_rows", "7"},
                                           {"max_threads", "unheard of"}});
  EXPECT_TRUE(read.quote_64bit_integers);
  EXPECT_TRUE(read.quote_denormals);
  EXPECT_FALSE(read.json_escape_slashes);
  EXPECT_TRUE(read.iso_times);
  EXPECT_FALSE(read.unix_times);
  EXPECT_EQ(read.csv_delimiter, ";");
  EXPECT_EQ(read.null_tsv, "");
  EXPECT_EQ(read.null_csv, "nil");
  EXPECT_EQ(read.pretty_rows_max, 7u);
  EXPECT_EQ(read.timezone, "UTC");
}

TEST(FormatSettings, TheLastOneOfANameCounts) {
  const FormatSettings read =
      settings_of({{"date_time_output_format", "iso"}, {"date_time_output_format", "simple"}});
  EXPECT_FALSE(read.iso_times);
}

TEST(FormatSettings, WrongValuesAreNamed) {
  const std::pair<const char*, const char*> wrong[] = {
      {"output_format_json_quote_64bit_integers", "yes"},
      {"date_time_output_format", "pretty"},
      {"format_csv_delimiter", "||"},
      {"format_csv_delimiter", ""},
      {"output_format_pretty_max_rows", "-1"},
      {"output_format_pretty_max_rows", "99999999999999999999999"}};
  for (const auto& [name, value] : wrong) {
    const auto read = format_settings(SessionFacts(), {{name, value}});
    ASSERT_FALSE(read.ok()) << name << " = " << value;
    EXPECT_EQ(query_error_code(read.status()), QueryErrorCode::BadArguments);
    EXPECT_THAT(std::string(read.status().message()), HasSubstr(name));
  }
}

TEST(FormatNames, UnknownOnesBringTheNearest) {
  const auto writer = make_writer("JSONEachRo", {}, {});
  ASSERT_FALSE(writer.ok());
  EXPECT_EQ(query_error_code(writer.status()), QueryErrorCode::UnknownFormat);
  EXPECT_THAT(std::string(writer.status().message()), HasSubstr("did you mean JSONEachRow?"));
  EXPECT_FALSE(is_output_format("json"));
  EXPECT_EQ(content_type_of("JSON"), "application/json; charset=UTF-8");
  EXPECT_EQ(content_type_of("CSVWithNames"), "text/csv; charset=UTF-8; header=present");
}

}  // namespace
}  // namespace grapevine::sql
