// Strings known to break software, as property, id and event name: what comes in comes out.
#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <simdjson.h>

#include "api/encode/json_writer.hpp"
#include "api/routes/collect.hpp"
#include "tests/api/collecting.hpp"

namespace grapevine {
namespace {

std::string call_with(std::string_view text) {
  JsonWriter json;
  json.begin_object();
  json.member("userId", text);
  json.member("event", text);
  json.key("properties");
  json.begin_object();
  json.member("x", text);
  json.member(text, true);
  json.end_object();
  json.end_object();
  return std::move(json).take();
}

TEST(NaughtyStrings, ComeOutAsTheyCameIn) {
  const std::string path = GRAPEVINE_SOURCE_DIR "/../shared/data/naughty-strings/blns.json";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "naughty-strings is not there";
  simdjson::dom::parser parser;
  auto strings = parser.load(path).get_array();
  std::size_t stored = 0;
  for (const auto element : strings.value()) {
    const std::string text(element.get_string().value());
    const bool fits = !text.empty() && text.size() <= 200 - std::string("properties.").size();
    if (!fits || text == "x") continue;
    Collecting collecting;
    ASSERT_EQ(collecting.post(collect_track, call_with(text)), R"(200 {"success":true})") << text;
    const auto rows = collecting.events();
    ASSERT_EQ(rows.size(), 1u) << text;
    EXPECT_EQ(rows[0].at("event"), text);
    EXPECT_EQ(rows[0].at("customer_id"), text);
    EXPECT_EQ(rows[0].at("properties.x"), text);
    EXPECT_EQ(rows[0].at("properties." + text), "true");
    ++stored;
  }
  EXPECT_GT(stored, 400u);
}

}  // namespace
}  // namespace grapevine
