// Arrays whose length a value says are made of few rows at a time: all of a block's at once are refused.

#include <string>

#include <gmock/gmock.h>

#include "tests/api/sql/tables/rows_asked.hpp"

namespace grapevine::sql {
namespace {

using grapevine::testing::AskedStore;
using grapevine::testing::rows_asked;
using ::testing::ElementsAre;

TEST(LongValues, AreMadeOfFewRowsAtATimeWhereverTheyStand) {
  AskedStore asked;
  const std::string some = "FROM numbers(12000)";
  EXPECT_THAT(rows_asked(asked, "SELECT sum(length(range(number))) " + some),
              ElementsAre("71994000"));
  EXPECT_THAT(rows_asked(asked, "SELECT count() " + some + " WHERE length(range(number)) % 2 = 1"),
              ElementsAre("6000"));
  EXPECT_THAT(rows_asked(asked, "SELECT length(range(number)) % 2 AS k, count() " + some +
                                    " GROUP BY k ORDER BY k"),
              ElementsAre("0,6000", "1,6000"));
  EXPECT_THAT(rows_asked(asked,
                         "SELECT max(n) FROM (SELECT length(arrayWithConstant(number, 1)) "
                         "AS n " +
                             some + ")"),
              ElementsAre("11999"));
}

}  // namespace
}  // namespace grapevine::sql
