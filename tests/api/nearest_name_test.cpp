#include "api/parse/nearest_name.hpp"

#include <gtest/gtest.h>

namespace grapevine {
namespace {

TEST(NearestName, IsTheOneThatWasMeantOrNone) {
  EXPECT_EQ(nearest_name("agee", {"age", "region", "page"}), "age");
  EXPECT_EQ(nearest_name("Order Complete", {"Order Completed", "Order Refunded"}),
            "Order Completed");
  EXPECT_EQ(nearest_name("REGION", {"region"}), "region");
  EXPECT_EQ(nearest_name("gae", {"age"}), "age");
  EXPECT_EQ(nearest_name("fewer", {"few"}), "few");
  EXPECT_EQ(nearest_name("xyz", {"age", "region"}), "");
  EXPECT_EQ(nearest_name("", {"age"}), "");
  EXPECT_EQ(nearest_name(std::string(10'000, 'a'), {"age"}), "");
}

TEST(NearestName, IsElseTheShortestOfWhichItIsAWord) {
  EXPECT_EQ(nearest_name("seoul", {"Seoul Guro-gu", "Seoul Jung-gu", "Busan"}), "Seoul Guro-gu");
  EXPECT_EQ(nearest_name("Seoul", {"UTC", "Asia/Seoul", "Europe/Prague"}), "Asia/Seoul");
  EXPECT_EQ(nearest_name("Lumivo", {"Lumivosphere people", "New-Lumivos-of-ours"}), "");
  EXPECT_EQ(nearest_name("", {"a b", " "}), "");
}

TEST(NearestName, MistakesNameAllOfAFew) {
  EXPECT_EQ(no_such_of("mood", "angry", {"neutral", "positive"}),
            "no such mood: angry; it is one of neutral, positive");
  EXPECT_EQ(no_such_of("mood", "positiv", {"neutral", "positive"}),
            "no such mood: positiv (did you mean positive?); it is one of neutral, positive");
}

}  // namespace
}  // namespace grapevine
