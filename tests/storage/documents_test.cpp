#include <cstdint>
#include <filesystem>
#include <future>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "storage/put_documents.hpp"
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

// Several documents are one record: a log that was cut anywhere has all of them or none.
TEST(DocumentsTest, SeveralPutAsOneAreAllThereOrNone) {
  const testing::TemporaryFolder folder;
  StoreOptions options;
  options.folder = folder.string();
  const std::vector<DocumentChange> several{
      {"alert", "1", "one"}, {"alert", "2", ""}, {"state", "told", std::string(100, 'x')}};
  {
    auto opened = Store::open(options);
    ASSERT_TRUE(opened.ok());
    ASSERT_TRUE((*opened)->put_document("alert", "2", "two").ok());
    const std::uint64_t before = (*opened)->snapshot()->number();
    ASSERT_TRUE(put_documents(**opened, {}).ok());
    EXPECT_EQ((*opened)->snapshot()->number(), before);
    ASSERT_TRUE(put_documents(**opened, several).ok());
    EXPECT_EQ((*opened)->snapshot()->number(), before + 1);
  }
  std::filesystem::path log;
  for (const auto& entry : std::filesystem::directory_iterator(folder.string())) {
    if (entry.path().filename().string().starts_with("log-")) log = entry.path();
  }
  const auto size = std::filesystem::file_size(log);
  for (const std::uintmax_t cut : {std::uintmax_t{0}, std::uintmax_t{1}, std::uintmax_t{60}}) {
    std::filesystem::resize_file(log, size - cut);
    auto opened = Store::open(options);
    ASSERT_TRUE(opened.ok());
    Documents expected{{{"alert", "2"}, "two"}};
    if (cut == 0) expected = {{{"alert", "1"}, "one"}, {{"state", "told"}, std::string(100, 'x')}};
    EXPECT_EQ((*opened)->snapshot()->documents(), expected) << cut;
    opened->reset();
    if (cut > 0) break;  // What was torn is gone, and a new file follows.
  }
}

TEST(DocumentsTest, SeveralAreReadBackAsTheyWere) {
  const std::vector<DocumentChange> several{{"a", "b", "c"}, {"", "", ""}};
  const std::string content = write_several_documents(several);
  const auto read = read_several_documents(content);
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read[0].content, "c");
  for (std::size_t bytes = 0; bytes < content.size(); ++bytes) {
    EXPECT_TRUE(read_several_documents(content.substr(0, bytes)).empty());
  }
  EXPECT_TRUE(read_several_documents(content + "x").empty());
  const std::vector<DocumentChange> nested{{std::string(kSeveralDocuments), "", content}};
  EXPECT_TRUE(read_several_documents(write_several_documents(nested)).empty());
}

}  // namespace
}  // namespace grapevine
