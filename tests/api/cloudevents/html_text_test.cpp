#include "api/cloudevents/html_text.hpp"

#include <string>

#include <gtest/gtest.h>

namespace grapevine {
namespace {

TEST(HtmlText, IsWhatAReaderSees) {
  struct Case {
    const char* html;
    const char* text;
  };
  const Case cases[] = {
      {"", ""},
      {"hi", "hi"},
      {"<p>one</p><p>two<br>three</p>", "one\ntwo\nthree"},
      {"<a href=\"x>y\" title='a>b'>link</a>", "link"},
      {"a < b && c > d", "a < b && c > d"},
      {"I <3 you", "I <3 you"},
      {"a <b and no end", "a <b and no end"},
      {"x<!-- <b> -->y", "xy"},
      {"x<!-- open", "x<!-- open"},
      {"&lt;b&gt; &amp;amp; &quot;&apos;&#39;&#x41;&nbsp;.", "<b> &amp; \"''A ."},
      {"&#0;&#xD800;&#x110000;&bogus;&;&#;", "&#0;&#xD800;&#x110000;&bogus;&;&#;"},
      {"&#54620;&#x1F600;", "한😀"},
      {"  <span> padded </span>\n", "padded"},
      {"<", "<"},
      {"&", "&"},
  };
  for (const Case& c : cases) EXPECT_EQ(html_to_text(c.html), c.text) << c.html;
}

// 4 MB of tags that never end are read once, not once for each.
TEST(HtmlText, ReadsHostileTextOnce) {
  std::string hostile;
  while (hostile.size() < (4u << 20)) hostile += "<a<!--&#";
  EXPECT_EQ(html_to_text(hostile), hostile);
}

}  // namespace
}  // namespace grapevine
