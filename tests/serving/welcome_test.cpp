#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "tests/serving/served.hpp"

namespace grapevine {
namespace {

using tests::Answer;
using tests::Headers;
using tests::Served;

// As a browser asks for a page.
const Headers kBrowser{
    {"Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}};

// Where the links of a page lead.
std::vector<std::string> links_of(std::string_view page) {
  constexpr std::string_view kLink = "href=\"";
  std::vector<std::string> links;
  for (std::size_t at = page.find(kLink); at != page.npos; at = page.find(kLink, at)) {
    at += kLink.size();
    std::string link(page.substr(at, page.find('"', at) - at));
    for (std::size_t escape = link.find("&amp;"); escape != link.npos;
         escape = link.find("&amp;", escape)) {
      link.erase(++escape, 4);
    }
    links.push_back(link);
  }
  return links;
}

TEST(Welcome, ShowsBrowsersAPageWhoseLinksAnswer) {
  const Served served;
  const Answer page = served.ask("GET", "/", kBrowser, "");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.header("content-type"), "text/html; charset=utf-8");
  const std::vector<std::string> links = links_of(page.body);
  EXPECT_GE(links.size(), 10);
  for (const std::string& link : links) {
    const Answer answer = served.ask("GET", link, kBrowser, "");
    EXPECT_EQ(answer.status, 200) << link << '\n' << answer.body;
    // Shown, not downloaded.
    const std::string_view type = answer.header("content-type");
    EXPECT_TRUE(type.starts_with("text/plain") || type == "application/json")
        << link << ": " << type;
  }
}

TEST(Welcome, TellsOthersThatTheServerIsThere) {
  const Served served;
  EXPECT_EQ(served.ask("GET", "/", {}, "").body, "Ok.\n");
  EXPECT_EQ(served.ask("GET", "/", {{"Accept", "*/*"}}, "").body, "Ok.\n");
}

}  // namespace
}  // namespace grapevine
