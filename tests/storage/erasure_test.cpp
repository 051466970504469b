// What is left on the disk of somebody who was erased.

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "storage/store.hpp"
#include "tests/storage/batches.hpp"

namespace grapevine {
namespace {

namespace fs = std::filesystem;
using testing::BatchOf;

class ErasureOnDisk : public ::testing::Test {
 protected:
  ErasureOnDisk()
      : folder_(fs::path(::testing::TempDir()) /
                ("grapevine-erasure-" + std::to_string(::getpid()))) {
    fs::remove_all(folder_);
  }
  ~ErasureOnDisk() override { fs::remove_all(folder_); }

  std::unique_ptr<Store> open() const {
    StoreOptions options;
    options.folder = folder_.string();
    return Store::open(options).value();
  }

  // The files that have a text in them.
  std::vector<std::string> files_with(const std::string& text) const {
    std::vector<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
      if (!entry.is_regular_file()) continue;
      std::ostringstream bytes;
      bytes << std::ifstream(entry.path(), std::ios::binary).rdbuf();
      if (bytes.str().find(text) != std::string::npos) found.push_back(entry.path().filename());
    }
    return found;
  }

  static bool wait_until_purged(const Store& store, std::uint64_t erasure) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!store.erasure(erasure)->purged) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::yield();
    }
    return true;
  }

  fs::path folder_;
};

// Everything that only this person brought.
const std::vector<std::string> kSecrets{"secret-user",  "secret-anon",   "secret@example.com",
                                        "secret-order", "secret text",   "secret-message",
                                        "secret-post",  "secret-coupon", "former@example.com"};

void add_person(BatchOf& rows) {
  rows.event(5, "Order Completed", "secret-anon").id("secret-message");
  rows.with("order_id", "secret-order")
      .with("text", "a secret text")
      .with("content_id", "secret-post");
  rows.with("properties.coupon", "secret-coupon").with("category", "shared");
  rows.event(6, "Customer Mentioned", "friend").target("secret-user").with("category", "shared");
  Batch& batch = rows.batch;
  batch.links.push_back({7, batch.strings.intern("secret-anon"),
                         batch.strings.intern("secret-user"),
                         batch.strings.intern("secret-message"), IdentityLink::Kind::Identify});
  rows.traits(7, "secret-user", "secret-message").with("email", "former@example.com");
  rows.traits(8, "secret-user", "secret-message").with("email", "secret@example.com");
  rows.traits(8, "friend").with("email", "friend@example.com");
}

TEST_F(ErasureOnDisk, LeavesNothingThatWasThisPersonsAlone) {
  auto store = open();
  for (int i = 0; i < 3; ++i) {
    BatchOf rows;
    for (int r = 0; r < 3000; ++r) rows.event(r, "Page Viewed", "c" + std::to_string(r % 50));
    if (i == 1) add_person(rows);
    ASSERT_TRUE(store->append(std::move(rows.batch)).ok());
  }
  ASSERT_TRUE(store->checkpoint().ok());  // Parts and state have it now, not the log alone.
  for (const std::string& secret : kSecrets) {
    ASSERT_FALSE(files_with(secret).empty())
        << secret << " was never written: the test sees nothing";
  }

  const auto erased = store->erase("secret-user", 1000);
  ASSERT_TRUE(erased.ok());
  ASSERT_TRUE(wait_until_purged(*store, erased->snapshot));
  for (const std::string& secret : kSecrets) {
    EXPECT_EQ(files_with(secret), std::vector<std::string>()) << secret;
  }
  EXPECT_FALSE(files_with("friend@example.com").empty());
  EXPECT_FALSE(files_with("shared").empty());

  // What is refused, because it is from before, is not written either.
  BatchOf again;
  again.event(9, "Page Viewed", "c1");
  add_person(again);
  EXPECT_FALSE(store->append(std::move(again.batch))->refused.empty());
  for (const std::string& secret : kSecrets) {
    EXPECT_EQ(files_with(secret), std::vector<std::string>()) << secret;
  }

  const std::size_t rows = store->snapshot()->rows();
  store.reset();
  store = open();
  EXPECT_EQ(store->snapshot()->rows(), rows);
  EXPECT_EQ(store->snapshot()->customers().find("secret-anon"), kNobody);
  EXPECT_TRUE(store->erasure(erased->snapshot)->purged);
  EXPECT_FALSE(
      store->append(BatchOf().event(9, "Page Viewed", "secret-user").batch)->refused.empty());
}

TEST_F(ErasureOnDisk, GoesOnAfterARestart) {
  std::uint64_t erasure = 0;
  {
    const auto store = open();
    BatchOf rows;
    add_person(rows);
    ASSERT_TRUE(store->append(std::move(rows.batch)).ok());
    erasure = store->erase("secret-anon", 1000)->snapshot;
  }
  const auto store = open();
  ASSERT_TRUE(store->erasure(erasure).has_value());
  ASSERT_TRUE(wait_until_purged(*store, erasure));
  for (const std::string& secret : kSecrets) {
    EXPECT_EQ(files_with(secret), std::vector<std::string>()) << secret;
  }
}

}  // namespace
}  // namespace grapevine
