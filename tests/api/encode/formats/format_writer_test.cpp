// What the golden answers do not show: how blocks, pools and pieces go together.
#include "api/encode/formats/format_writer.hpp"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace grapevine::sql {
namespace {

const std::vector<ResultColumn> kText = {{"s", plain(TypeId::String)}};

std::string write(std::string_view format, const std::vector<ResultColumn>& columns,
                  const std::vector<Block>& blocks) {
  auto writer = make_writer(format, columns, {}).value();
  writer->begin();
  for (const Block& block : blocks) writer->write(block);
  writer->end({});
  return writer->take();
}

Block texts_block(const std::vector<std::string_view>& texts) {
  TextBuilder builder(texts.size());
  for (const std::string_view text : texts) builder.add(text);
  Block block;
  block.rows = texts.size();
  block.columns.push_back(std::move(builder).finish(false));
  return block;
}

// The same rows as codes of a pool that has `more` texts besides.
Block pooled_block(const std::vector<std::string>& texts, std::size_t more) {
  std::vector<std::string> all = texts;
  for (std::size_t i = 0; i < more; ++i) all.push_back("more \"" + std::to_string(i));
  std::vector<std::string_view> views(all.begin(), all.end());
  MadePool made = make_pool(views);
  made.codes.resize(texts.size());
  Column column{.type = plain(TypeId::String), .rows = texts.size(), .values = {}, .nulls = {}};
  column.values = PooledValues{.codes = std::move(made.codes), .pool = std::move(made.pool)};
  Block block;
  block.rows = texts.size();
  block.columns.push_back(std::make_shared<Column>(std::move(column)));
  return block;
}

TEST(FormatWriter, PoolsOfAnySizeInAnyOrderAreTheSameTexts) {
  std::mt19937 random(1);
  for (const char* format : {"CSV", "JSONEachRow", "TSV", "Native", "RowBinary"}) {
    SCOPED_TRACE(format);
    std::vector<Block> pooled;
    std::vector<Block> plain_texts;
    for (const std::size_t more : {0u, 1u, 10u, 100u, 100'000u, 0u}) {
      std::vector<std::string> texts;
      for (int i = 0; i < 300; ++i) {
        texts.push_back(std::string(random() % 70, 'x') + "\"\t/" + std::to_string(random() % 20));
      }
      pooled.push_back(pooled_block(texts, more));
      plain_texts.push_back(texts_block({texts.begin(), texts.end()}));
    }
    EXPECT_EQ(write(format, kText, pooled), write(format, kText, plain_texts));
  }
}

TEST(FormatWriter, NoColumnsAreNoTrouble) {
  const Block rows{.rows = 2, .columns = {}};
  for (const char* format :
       {"JSON", "JSONCompact", "JSONEachRow", "JSONCompactEachRowWithNames", "CSV", "CSVWithNames",
        "TSV", "Values", "Markdown", "Vertical", "Pretty", "PrettyCompact", "PrettySpace", "Native",
        "RowBinary", "RowBinaryWithNamesAndTypes", "ArrowStream", "Null"}) {
    write(format, {}, {rows});
    write(format, {}, {});
  }
  EXPECT_EQ(write("JSONEachRow", {}, {rows}), "{}\n{}\n");
  EXPECT_EQ(write("Values", {}, {rows}), "(),()");
}

TEST(FormatWriter, PrettyKeepsNoMoreThanItShows) {
  FormatSettings settings;
  settings.pretty_rows_max = 3;
  auto writer = make_writer("PrettyCompact", kText, settings).value();
  writer->begin();
  for (const char* text : {"a", "b", "c", "d", "e", "f"})
    writer->write(texts_block({text, "x", "y"}));
  EXPECT_EQ(writer->pending(), 0u);
  writer->end({});
  EXPECT_EQ(writer->take(),
            "    ┌─s─┐\n"
            " 1. │ a │\n"
            " 2. │ x │\n"
            "    ─ ─ ─\n"
            "18. │ y │\n"
            "    └───┘\n"
            "Showed 3 out of 18 rows.\n");
}

TEST(FormatWriter, LargeTextsGrowTheBuffer) {
  const std::string large(3 << 20, '"');
  const std::string csv = write("CSV", kText, {texts_block({large, "a", large})});
  EXPECT_EQ(csv.size(), 2 * (2 * large.size() + 3) + 4);
}

}  // namespace
}  // namespace grapevine::sql
