// What each call becomes. Expected rows are derived by hand from api.md, "How an event becomes a
// row of events"; the calls are our own, in the shape that the SDKs send.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/routes/collect.hpp"
#include "kernels/text/sentiment.hpp"
#include "tests/api/collecting.hpp"

namespace grapevine {
namespace {

using testing::ElementsAre;

constexpr char kAccepted[] = R"(200 {"success":true})";

// The rows that one `track` call makes, without what is the same for all: event, ts, customer_id.
std::vector<TextRow> rows_of_track(const std::string& members) {
  Collecting collecting;
  const std::string body = R"({"userId": "u1", "event": "E", )" + members + "}";
  EXPECT_EQ(collecting.post(collect_track, body), kAccepted) << body;
  std::vector<TextRow> rows = collecting.events();
  for (TextRow& row : rows) {
    for (const char* column : {"event", "ts", "customer_id"}) row.erase(column);
  }
  return rows;
}

TextRow row_of_track(const std::string& members) {
  const std::vector<TextRow> rows = rows_of_track(members);
  return rows.size() == 1 ? rows.front() : TextRow{{"rows", std::to_string(rows.size())}};
}

TEST(EventCall, FillsTheColumnsOfItsOwn) {
  Collecting collecting;
  EXPECT_EQ(collecting.post(collect_track, R"({
      "type": "track", "event": "Product Reviewed", "userId": "u1", "messageId": "m1",
      "timestamp": "2026-11-20T10:00:00.123Z",
      "properties": {"channel": "web", "account": "@brand", "order_id": "o1", "product_id": "p1",
                     "category": "tents", "brand": "own", "seller_id": "s1", "currency": "KRW",
                     "target_id": "u2", "content_id": "c2", "parent_id": "c1", "revenue": 9.5,
                     "rating": 4, "sentiment": -0.5, "text": "텐트가 좋아요",
                     "latitude": 37.5, "longitude": 127}})"),
            kAccepted);
  EXPECT_THAT(collecting.events(), ElementsAre(TextRow{{"event", "Product Reviewed"},
                                                       {"ts", "1795168800123"},
                                                       {"customer_id", "u1"},
                                                       {"event_id", "m1"},
                                                       {"target_id", "u2"},
                                                       {"channel", "web"},
                                                       {"account", "@brand"},
                                                       {"order_id", "o1"},
                                                       {"product_id", "p1"},
                                                       {"category", "tents"},
                                                       {"brand", "own"},
                                                       {"seller_id", "s1"},
                                                       {"currency", "KRW"},
                                                       {"content_id", "c2"},
                                                       {"parent_id", "c1"},
                                                       {"value", "9.5"},
                                                       {"rating", "4"},
                                                       {"sentiment", "-0.5"},
                                                       {"text", "텐트가 좋아요"},
                                                       {"latitude", "37.5"},
                                                       {"longitude", "127"}}));
}

struct PropertiesCase {
  const char* members;
  TextRow expected;
};

TEST(EventCall, KeepsEveryValue) {
  const PropertiesCase cases[] = {
      {R"("properties": {})", {}},
      {R"("properties": null)", {}},
      // Types.
      {R"("properties": {"a": 1, "b": 1.5, "c": true, "d": "x", "e": "", "f": null})",
       {{"properties.a", "1"},
        {"properties.b", "1.5"},
        {"properties.c", "true"},
        {"properties.d", "x"},
        {"properties.e", ""}}},
      {R"("properties": {"a": 9223372036854775807, "b": 18446744073709551615})",
       {{"properties.a", "9223372036854775807"}, {"properties.b", "18446744073709551615"}}},
      // Nesting: five names, then JSON text. Arrays are JSON text; an empty object is nothing.
      {R"("properties": {"a": {"b": {"c": {"d": {"e": 1, "f": {"g": 2}}}}}})",
       {{"properties.a.b.c.d.e", "1"}, {"properties.a.b.c.d.f", R"({"g":2})"}}},
      {R"("properties": {"tags": ["a", {"b": null}], "none": [], "o": {}})",
       {{"properties.tags", R"(["a",{"b":null}])"}, {"properties.none", "[]"}}},
      {R"("properties": {"a": 1, "a": 2, "value": 1, "value": 3})",
       {{"properties.a", "2"}, {"value", "3"}}},
      {R"("properties": {"": 1, "a.b": 2})", {{"properties.", "1"}, {"properties.a.b", "2"}}},
      // The first that is present fills the column; the others stay properties.
      {R"("properties": {"total": 3, "value": 2, "revenue": 1})",
       {{"value", "1"}, {"properties.value", "2"}, {"properties.total", "3"}}},
      {R"("properties": {"revenue": 1, "value": 2, "total": 3})",
       {{"value", "1"}, {"properties.value", "2"}, {"properties.total", "3"}}},
      {R"("properties": {"revenue": null, "total": 3})", {{"value", "3"}}},
      {R"("properties": {"sku": "s"})", {{"product_id", "s"}}},
      {R"("properties": {"sku": "s", "product_id": "p"})",
       {{"product_id", "p"}, {"properties.sku", "s"}}},
      // Numbers sent as text are numbers; what is none stays a property and loses nothing.
      {R"("properties": {"revenue": "9.5", "rating": "4"})", {{"value", "9.5"}, {"rating", "4"}}},
      {R"("properties": {"revenue": "9,5 €", "value": 2})",
       {{"value", "2"}, {"properties.revenue", "9,5 €"}}},
      {R"("properties": {"revenue": "inf", "rating": "nan", "sentiment": true})",
       {{"properties.revenue", "inf"},
        {"properties.rating", "nan"},
        {"properties.sentiment", "true"}}},
      // Scalars sent for text are text; what is no scalar stays a property.
      {R"("properties": {"order_id": 17, "brand": false, "text": 1.5})",
       {{"order_id", "17"},
        {"brand", "false"},
        {"text", "1.5"},
        {"sentiment_model", std::string(kSentimentModel)}}},
      {R"("properties": {"order_id": [1], "brand": {"name": "own"}})",
       {{"properties.order_id", "[1]"}, {"properties.brand.name", "own"}}},
      // Context, and members that mean nothing to us.
      {R"("context": {"ip": "1.2.3.4", "campaign": {"source": "tw"}, "page": {}})",
       {{"context.ip", "1.2.3.4"}, {"context.campaign.source", "tw"}}},
      {R"("context": {"location": {"latitude": 1, "longitude": 2, "city": "X"}})",
       {{"latitude", "1"}, {"longitude", "2"}, {"context.location.city", "X"}}},
      {R"("context": {"location": {"latitude": 1}}, "properties": {"latitude": 3})",
       {{"latitude", "3"}, {"context.location.latitude", "1"}}},
      {R"("version": 2, "integrations": {}, "_metadata": {"a": 1}, "writeKey": "k")",
       {{"context.version", "2"}}},
      {R"("integrations": {"All": false}, "version": 2, "context": {"version": 1})",
       {{"context.integrations.All", "false"},
        {"context.version", "1"},
        {"context.call.version", "2"}}},
      {R"("anonymousId": "a1", "name": "n", "category": "c", "traits": {"age": 1})",
       {{"context.anonymousId", "a1"},
        {"context.name", "n"},
        {"context.category", "c"},
        {"context.traits.age", "1"}}},
      // Channel: of the properties, else of the context, else of the call.
      {R"("channel": "server")", {{"channel", "server"}}},
      {R"("channel": "server", "context": {"channel": "app"})",
       {{"channel", "app"}, {"context.call.channel", "server"}}},
      {R"("channel": "s", "context": {"channel": "a"}, "properties": {"channel": "p"})",
       {{"channel", "p"}, {"context.channel", "a"}, {"context.call.channel", "s"}}},
      {R"("channel": {"x": 1})", {{"context.channel.x", "1"}}},
      {R"("messageId": 12)", {{"event_id", "12"}}},
      {R"("properties": {"target_id": 7})", {{"target_id", "7"}}},
  };
  for (const PropertiesCase& c : cases) EXPECT_EQ(row_of_track(c.members), c.expected) << c.members;
}

TEST(EventCall, KnowsTheCustomerByUserIdElseByAnonymousId) {
  const auto customer_of = [](const std::string& ids) {
    Collecting collecting;
    const std::string answer = collecting.post(collect_track, R"({"event": "E", )" + ids + "}");
    if (answer != kAccepted) return answer;
    const std::string customer = collecting.events().front()["customer_id"];
    return collecting.customers()[customer]["kind"] + " " + customer;
  };
  EXPECT_EQ(customer_of(R"("userId": "u1")"), "customer u1");
  EXPECT_EQ(customer_of(R"("userId": 42)"), "customer 42");
  EXPECT_EQ(customer_of(R"("anonymousId": "a1")"), "visitor a1");
  EXPECT_EQ(customer_of(R"("userId": "", "anonymousId": "a1")"), "visitor a1");
  EXPECT_EQ(customer_of(R"("userId": null, "anonymousId": "a1")"), "visitor a1");
  EXPECT_EQ(customer_of(R"("userId": "u1", "anonymousId": "a1")"), "customer u1");
}

TEST(EventCall, CutsTextAtACharacter) {
  const std::string korean = "가";  // 3 bytes.
  std::string text;
  for (int i = 0; i < 1366; ++i) text += korean;  // 4,098 bytes; 4,096 is inside the last one.
  TextRow row = row_of_track(R"("properties": {"text": ")" + text + "\"}");
  EXPECT_EQ(row["text"], text.substr(0, 4095));
  EXPECT_EQ(row["properties.text_cut"], "true");
  row = row_of_track(R"("properties": {"text": ")" + text.substr(0, 4095) + "\"}");
  EXPECT_EQ(row["text"].size(), 4095u);
  EXPECT_EQ(row.count("properties.text_cut"), 0u);
}

TEST(EventCall, CallsPagesAndScreensByOneName) {
  Collecting collecting;
  EXPECT_EQ(collecting.post(collect_page, R"({"userId": "u1", "name": "Home", "category": "Docs",
                "properties": {"url": "https://x/", "category": "Docs"}})"),
            kAccepted);
  EXPECT_EQ(collecting.post(collect_screen, R"({"anonymousId": "a1", "name": "Main",
                "category": "Start", "properties": {"name": "Other"}})"),
            kAccepted);
  auto rows = collecting.events();
  for (TextRow& row : rows) row.erase("ts");
  EXPECT_THAT(rows, ElementsAre(TextRow{{"event", "Page Viewed"},
                                        {"customer_id", "u1"},
                                        {"category", "Docs"},
                                        {"properties.name", "Home"},
                                        {"properties.url", "https://x/"}},
                                TextRow{{"event", "Screen Viewed"},
                                        {"customer_id", "a1"},
                                        {"category", "Start"},
                                        {"properties.name", "Other"},
                                        {"context.name", "Main"}}));
}

TEST(EventCall, ThePathSaysWhichCallItIs) {
  Collecting collecting;
  EXPECT_EQ(collecting.post(collect_page, R"({"userId": "u1", "type": "track", "event": "E"})"),
            kAccepted);
  ASSERT_EQ(collecting.events().size(), 1u);
  EXPECT_EQ(collecting.events()[0]["event"], "Page Viewed");
  EXPECT_EQ(collecting.events()[0]["context.event"], "E");
}

TEST(EventCall, MakesARowOfEachItemOfAnOrder) {
  Collecting collecting;
  EXPECT_EQ(collecting.post(collect_track, R"({
      "event": "Order Completed", "userId": "u1", "messageId": "m1",
      "timestamp": "2026-11-20T10:00:00Z",
      "properties": {"order_id": "o1", "revenue": 100, "currency": "KRW", "products": [
          {"product_id": "p1", "category": "tents", "brand": "own", "seller_id": "s1",
           "price": 20.5, "quantity": 2, "options": {"colour": "red"}, "value": 7},
          {"sku": "p2", "price": "59", "currency": "USD"},
          {"product_id": "p3", "quantity": 3}]}})"),
            kAccepted);
  auto rows = collecting.events();
  for (TextRow& row : rows) {
    EXPECT_EQ(row["customer_id"], "u1");
    EXPECT_EQ(row["ts"], "1795168800000");
    row.erase("customer_id");
    row.erase("ts");
  }
  EXPECT_THAT(rows, ElementsAre(TextRow{{"event", "Order Completed"},
                                        {"event_id", "m1"},
                                        {"order_id", "o1"},
                                        {"value", "100"},
                                        {"currency", "KRW"}},
                                TextRow{{"event", "Order Item"},
                                        {"event_id", "m1#1"},
                                        {"order_id", "o1"},
                                        {"currency", "KRW"},
                                        {"product_id", "p1"},
                                        {"category", "tents"},
                                        {"brand", "own"},
                                        {"seller_id", "s1"},
                                        {"value", "41"},
                                        {"properties.value", "7"},
                                        {"properties.price", "20.5"},
                                        {"properties.quantity", "2"},
                                        {"properties.options.colour", "red"}},
                                TextRow{{"event", "Order Item"},
                                        {"event_id", "m1#2"},
                                        {"order_id", "o1"},
                                        {"currency", "USD"},
                                        {"product_id", "p2"},
                                        {"value", "59"},
                                        {"properties.price", "59"},
                                        {"properties.quantity", "1"}},
                                TextRow{{"event", "Order Item"},
                                        {"event_id", "m1#3"},
                                        {"order_id", "o1"},
                                        {"currency", "KRW"},
                                        {"product_id", "p3"},
                                        {"properties.quantity", "3"}}));
}

TEST(EventCall, MakesRefundItemsAndKeepsProductsThatAreNone) {
  const auto post = [](const std::string& event, const std::string& products) {
    Collecting collecting;
    EXPECT_EQ(
        collecting.post(collect_track, R"({"userId": "u1", "event": ")" + event +
                                           R"(", "properties": {"products": )" + products + "}}"),
        kAccepted);
    return collecting.events();
  };
  auto rows = post("Order Refunded", R"([{"price": 2}])");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[1]["event"], "Refund Item");
  EXPECT_EQ(rows[1].count("event_id"), 0u);  // The order has none.
  rows = post("Order Completed", R"(["p1", "p2"])");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0]["properties.products"], R"(["p1","p2"])");
  rows = post("Cart Viewed", R"([{"price": 2}])");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0]["properties.products"], R"([{"price":2}])");
}

TEST(EventCall, AnOrderSentAgainIsStoredOnceWithItsItems) {
  Collecting collecting;
  const char* order = R"({"event": "Order Completed", "userId": "u1", "messageId": "m1",
                          "properties": {"products": [{"price": 1}, {"price": 2}]}})";
  EXPECT_EQ(collecting.post(collect_track, order), kAccepted);
  EXPECT_EQ(collecting.post(collect_track, order), kAccepted);
  EXPECT_EQ(collecting.events().size(), 3u);
}

TEST(EventCall, TheSameMessageIdOfAnotherKeyIsAnotherEvent) {
  Collecting collecting;
  const char* call = R"({"event": "E", "userId": "u1", "messageId": "m1"})";
  const char* call_with_key = R"({"event": "E", "userId": "u1", "messageId": "m1",
                                  "writeKey": "WK123"})";
  // "WK123:" in base64, as the Segment and RudderStack SDKs send it.
  EXPECT_EQ(collecting.post(collect_track, call, {{"authorization", "Basic V0sxMjM6"}}), kAccepted);
  EXPECT_EQ(collecting.post(collect_track, call, {{"authorization", "bearer WK123"}}), kAccepted);
  EXPECT_EQ(collecting.post(collect_track, call_with_key), kAccepted);
  EXPECT_EQ(collecting.events().size(), 1u);
  EXPECT_EQ(collecting.post(collect_track, call, {{"authorization", "Bearer other"}}), kAccepted);
  EXPECT_EQ(collecting.post(collect_track, call), kAccepted);
  EXPECT_EQ(collecting.events().size(), 3u);
}

}  // namespace
}  // namespace grapevine
