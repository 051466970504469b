// What holds for all tables alike.

#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/sql/run.hpp"
#include "api/sql/tables/catalog.hpp"
#include "kernels/query/query_error.hpp"
#include "tests/api/sql/tables/rows_asked.hpp"

namespace grapevine::sql {
namespace {

using grapevine::testing::AskedStore;
using grapevine::testing::BatchOf;
using grapevine::testing::rows_asked;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

void fill(AskedStore& asked) {
  BatchOf batch;
  batch.event(1000, "Post Shared", "b").target("a").with("channel", "web");
  batch.event(2000, "Order Completed", "a").with("value", 12.5);
  batch.traits(1000, "a").with("age", std::int64_t{28});
  asked.append(batch);
  ASSERT_EQ(
      asked.ask("PUT", "/v1/segments/everyone", R"({"definition": {"customers": ["a", "b"]}})")
          .status,
      200);
}

// Each is read in full, its columns are those that it declares, and each of them alone.
class EveryTable : public ::testing::TestWithParam<bool> {};

TEST_P(EveryTable, IsReadAsAWholeAndByColumn) {
  AskedStore asked;
  if (GetParam()) {
    ASSERT_NO_FATAL_FAILURE(fill(asked));
  }
  const auto context = asked.context();
  for (const TableInfo& table : all_tables()) {
    const std::string name = std::string(table.database) + "." + table.name;
    SCOPED_TRACE(name);
    QueryRequest request;
    request.text = "SELECT * FROM " + name + " LIMIT 5000";
    auto answer = begin_query(request, context);
    ASSERT_TRUE(answer.ok()) << answer.status();
    std::size_t rows = 0;
    while (true) {
      auto block = (*answer)->next();
      ASSERT_TRUE(block.ok()) << block.status();
      if (!*block) break;
      rows += (*block)->rows;
      ASSERT_EQ((*block)->columns.size(), (*answer)->columns().size());
      for (std::size_t c = 0; c < (*block)->columns.size(); ++c) {
        const Column& column = *(*block)->columns[c];
        EXPECT_EQ(column.rows, (*block)->rows) << (*answer)->columns()[c].name;
        EXPECT_EQ(name_of(column.type), name_of((*answer)->columns()[c].type))
            << (*answer)->columns()[c].name;
      }
    }
    std::set<std::string> names;
    for (const ResultColumn& column : (*answer)->columns()) {
      EXPECT_TRUE(names.insert(column.name).second) << column.name;
      if (table.engine == "View") continue;  // Of which there are many, each column twice.
      const auto counted =
          rows_asked(asked, "SELECT count(`" + column.name + "`) >= 0 FROM (SELECT `" +
                                column.name + "` FROM " + name + " LIMIT 5000)");
      EXPECT_THAT(counted, ElementsAre("1")) << column.name;
    }
    const auto count =
        rows_asked(asked, "SELECT count() FROM (SELECT 1 FROM " + name + " LIMIT 5000)");
    // A catalog of the catalog does not change, but what runs does.
    if (table.name != "processes") {
      EXPECT_THAT(count, ElementsAre(std::to_string(rows)));
    }
  }
}

INSTANTIATE_TEST_SUITE_P(OfNothingAndOfSomething, EveryTable, ::testing::Bool());

TEST(Tables, AreListedWithAllOfTheirColumns) {
  AskedStore asked;
  ASSERT_NO_FATAL_FAILURE(fill(asked));
  for (const TableInfo& table : all_tables()) {
    const std::string where = " WHERE database = '" + std::string(table.database) + "'";
    EXPECT_THAT(rows_asked(asked, "SELECT count() FROM system.tables" + where + " AND name = '" +
                                      table.name + "'"),
                ElementsAre("1"));
    const auto described =
        rows_asked(asked, "DESCRIBE TABLE " + std::string(table.database) + "." + table.name);
    EXPECT_THAT(rows_asked(asked, "SELECT count() FROM system.columns" + where + " AND table = '" +
                                      table.name + "'"),
                ElementsAre(std::to_string(described.size())));
  }
}

TEST(Tables, OfUnknownNamesAreRefusedWithTheNearest) {
  AskedStore asked;
  EXPECT_THAT(rows_asked(asked, "SELECT * FROM segmants"),
              ElementsAre(HasSubstr("did you mean segments?")));
  EXPECT_THAT(rows_asked(asked, "SELECT * FROM wom_seed(1)"),
              ElementsAre(HasSubstr("did you mean wom_seeds?")));
}

TEST(Tables, ThatNobodyAskedForAreNotEvaluated) {
  AskedStore asked;
  ASSERT_NO_FATAL_FAILURE(fill(asked));
  // What cannot be evaluated any more is told of, unless the conditions leave it out.
  ASSERT_TRUE(asked.store()
                  .put_document("segment", "broken",
                                R"({"definition": {"segment": "gone"}, "description": ""})")
                  .ok());
  EXPECT_THAT(rows_asked(asked, "SELECT count() FROM segments"),
              ElementsAre(HasSubstr("segment broken cannot be evaluated")));
  EXPECT_THAT(rows_asked(asked, "SELECT count() FROM segments WHERE name = 'everyone'"),
              ElementsAre("2"));
  EXPECT_THAT(rows_asked(asked, "SELECT count() FROM segments WHERE name NOT LIKE 'br%' AND 1"),
              ElementsAre("2"));
  EXPECT_THAT(rows_asked(asked,
                         "SELECT customer_id FROM segments WHERE name IN ('everyone', 'x') "
                         "AND customer_id = 'b'"),
              ElementsAre("\"b\""));
}

}  // namespace
}  // namespace grapevine::sql
