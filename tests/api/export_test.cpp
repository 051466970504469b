#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/api/asked.hpp"

namespace grapevine {
namespace {

using testing::AskedStore;
using testing::BatchOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::size_t count_of(const std::string& text, const std::string& what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++count;
  return count;
}

// 100,000 events may be large ones.
TEST(ExportCustomer, APageEndsWhereItIsLarge) {
  constexpr std::size_t kPageBytes = std::size_t{64} << 20;
  constexpr std::size_t kEvents = 140;
  constexpr std::size_t kEventBytes = 500'000;
  AskedStore asked;
  for (std::size_t i = 0; i < kEvents; ++i) {
    BatchOf batch;
    std::string text = std::to_string(i);
    text.resize(kEventBytes, 'x');
    batch.event(static_cast<TimeMs>(i), "Mine", "c").with("properties.much", text.c_str());
    asked.append(batch);
  }
  const std::string first = asked.ask("GET", "/v1/customers/c/export").body;
  EXPECT_GE(first.size(), kPageBytes);
  EXPECT_LT(first.size(), kPageBytes + 2 * kEventBytes);
  const std::string kCursor = "\"next_cursor\":\"";
  const std::size_t begin = first.find(kCursor) + kCursor.size();
  const std::string cursor = first.substr(begin, first.find('"', begin) - begin);
  const Response second = asked.ask("GET", "/v1/customers/c/export", {}, {{"cursor", cursor}});
  EXPECT_EQ(second.status, 200);
  EXPECT_THAT(second.body.substr(second.body.size() - 1000), Not(HasSubstr("next_cursor")));
  EXPECT_EQ(count_of(first, "event_id") + count_of(second.body, "event_id"), kEvents);
}

}  // namespace
}  // namespace grapevine
