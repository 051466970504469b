// arrow_goldens <folder>: writes the golden cases of the formats' tests as ArrowStream, for Arrow's
// own library to read: <case>.<how the strings are kept>.arrow.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "api/encode/formats/format_writer.hpp"
#include "tests/api/encode/formats/golden_case.hpp"

namespace grapevine::sql {
namespace {

enum class Strings { Texts, Pooled, Both };

// Blocks of a few rows, so that dictionaries grow, and are replaced where the strings are both.
std::string write(const GoldenCase& golden, Strings strings) {
  constexpr std::size_t kRows = 3;
  auto writer = make_writer("ArrowStream", golden.columns, golden.settings).value();
  writer->begin();
  bool pooled = strings != Strings::Texts;
  const std::size_t rows = golden.block(false).rows;
  for (std::size_t begin = 0; begin < rows; begin += kRows) {
    const Block whole = golden.block(pooled);
    Block part{.rows = std::min(kRows, rows - begin), .columns = {}};
    for (const ColumnPtr& column : whole.columns) {
      part.columns.push_back(part.rows == 1 ? value_at(column, begin)
                                            : slice(column, begin, begin + part.rows));
    }
    writer->write(part);
    if (strings == Strings::Both) pooled = !pooled;
  }
  writer->end(golden.statistics);
  return writer->take();
}

void write_all(const std::filesystem::path& folder) {
  for (const GoldenCase& golden : golden_cases()) {
    const auto save = [&](const char* how, Strings strings) {
      std::ofstream file(folder / (golden.name + "." + how + ".arrow"), std::ios::binary);
      file << write(golden, strings);
    };
    save("texts", Strings::Texts);
    save("pooled", Strings::Pooled);
    save("both", Strings::Both);
  }
}

}  // namespace
}  // namespace grapevine::sql

int main(int count, char** arguments) {
  if (count != 2) {
    std::fputs("usage: arrow_goldens <folder>\n", stderr);
    return 2;
  }
  grapevine::sql::write_all(arguments[1]);
}
