#include <future>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "storage/store.hpp"
#include "tests/storage/checkpoint/temporary_folder.hpp"

namespace grapevine {
namespace {

// Documents change in place between two snapshots: what a snapshot has must not.
TEST(DocumentsTest, ASnapshotKeepsThoseThatItHas) {
  auto opened = Store::open(StoreOptions{});
  ASSERT_TRUE(opened.ok());
  Store& store = **opened;
  std::mt19937 random(1);
  Documents expected;
  std::vector<std::pair<std::shared_ptr<const Snapshot>, Documents>> seen;
  for (int i = 0; i < 300; ++i) {
    const std::string name = "s" + std::to_string(random() % 20);
    const std::string content = random() % 4 == 0 ? "" : "content " + std::to_string(i);
    ASSERT_TRUE(store.put_document("segment", name, content).ok());
    if (content.empty()) {
      expected.erase({"segment", name});
    } else {
      expected[{"segment", name}] = content;
    }
    seen.emplace_back(store.snapshot(), expected);
  }
  for (const auto& [snapshot, documents] : seen) EXPECT_EQ(snapshot->documents(), documents);
}

TEST(DocumentsTest, ManyPutTogetherAreAllThere) {
  const testing::TemporaryFolder folder;
  StoreOptions options;
  options.folder = folder.string();
  {
    auto opened = Store::open(options);
    ASSERT_TRUE(opened.ok());
    std::vector<std::future<absl::Status>> putting;
    for (int i = 0; i < 64; ++i) {
      putting.push_back(std::async(std::launch::async, [&store = **opened, i] {
        return store.put_document("segment", "s" + std::to_string(i), std::to_string(i));
      }));
    }
    for (auto& put : putting) EXPECT_TRUE(put.get().ok());
    EXPECT_EQ((*opened)->snapshot()->documents().size(), 64u);
    ASSERT_TRUE((*opened)->checkpoint().ok());
    ASSERT_TRUE((*opened)->put_document("segment", "s1", "another").ok());
  }
  auto opened = Store::open(options);
  ASSERT_TRUE(opened.ok());
  const auto snapshot = (*opened)->snapshot();
  EXPECT_EQ(snapshot->documents().size(), 64u);
  EXPECT_EQ(snapshot->documents().at({"segment", "s1"}), "another");
  EXPECT_EQ(snapshot->documents().at({"segment", "s2"}), "2");
}

}  // namespace
}  // namespace grapevine
