#include <atomic>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "storage/log/batch_codec.hpp"
#include "storage/log/format.hpp"
#include "storage/store.hpp"
#include "tests/storage/batches.hpp"

namespace grapevine {
namespace {

namespace fs = std::filesystem;
using grapevine::testing::BatchOf;

// A folder that goes with the test.
class Recovery : public ::testing::Test {
 protected:
  Recovery() {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::temp_directory_path() /
              ("grapevine-" + std::string(test->name()) + "-" + std::to_string(::getpid()));
    fs::remove_all(folder_);
  }
  ~Recovery() override { fs::remove_all(folder_); }

  absl::StatusOr<std::unique_ptr<Store>> open(const fs::path& folder,
                                              std::size_t file_bytes = 1 << 20) {
    StoreOptions options;
    options.folder = folder.string();
    options.log_file_bytes = file_bytes;
    return Store::open(options);
  }
  static std::string read(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::vector<fs::path> log_files() const {
    std::vector<fs::path> paths;
    for (const auto& entry : fs::directory_iterator(folder_)) {
      if (entry.path().filename().string().starts_with("log-")) paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    return paths;
  }

  fs::path folder_;
};

Batch numbered(int i) {
  BatchOf rows;
  rows.event(i, "Order Completed", "c" + std::to_string(i % 7))
      .id(("m" + std::to_string(i)).c_str());
  rows.with("value", i + 0.5).with("properties.note", "n");
  rows.traits(i, "c" + std::to_string(i % 7)).with("age", std::int64_t{i});
  return rows.batch;
}

TEST_F(Recovery, ReplaysWhatWasAcknowledged) {
  std::uint64_t number = 0;
  {
    const auto store = open(folder_, 4096).value();  // Many files.
    for (int i = 0; i < 300; ++i) ASSERT_TRUE(store->append(numbered(i)).ok());
    ASSERT_TRUE(store->put_document("segment", "vip", "{}").ok());
    ASSERT_TRUE(store->put_document("segment", "gone", "{}").ok());
    ASSERT_TRUE(store->put_document("segment", "gone", "").ok());
    Batch import;
    import.import_id = "i";
    import.import_offset = 77;
    ASSERT_TRUE(store->append(import).ok());
    number = store->snapshot()->number();
  }
  EXPECT_GT(log_files().size(), 3u);
  const auto store = open(folder_, 4096).value();
  const auto snapshot = store->snapshot();
  EXPECT_EQ(snapshot->number(), number);
  EXPECT_EQ(snapshot->rows(), 300u);
  EXPECT_EQ(snapshot->customers().count(), 7u);
  EXPECT_EQ(snapshot->documents().size(), 1u);
  EXPECT_EQ(store->import_offset("i"), 77u);
  EXPECT_EQ(store->import_offset("j"), std::nullopt);
  EXPECT_EQ(store->append(numbered(299))->duplicates, 1u);
  EXPECT_EQ(store->append(numbered(300))->duplicates, 0u);
}

TEST_F(Recovery, TheLogHoldsNoWriteKey) {
  const std::string key = "write-key-of-a-customer";
  Batch batch = numbered(1);
  batch.deduplicate_by = key;
  {
    const auto store = open(folder_).value();
    ASSERT_TRUE(store->append(batch).ok());
  }
  EXPECT_THAT(read(log_files().front()), ::testing::Not(::testing::HasSubstr(key)));
  EXPECT_EQ(open(folder_).value()->append(batch)->duplicates, 1u);
}

TEST_F(Recovery, ASecondServerIsKeptOffTheFolder) {
  const auto store = open(folder_).value();
  EXPECT_EQ(open(folder_).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(Recovery, AMissingFileIsRefused) {
  {
    const auto store = open(folder_, 1024).value();
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(store->append(numbered(i)).ok());
  }
  fs::remove(log_files()[1]);
  EXPECT_EQ(open(folder_, 1024).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(Recovery, ASalvageStartsWithWhatIsWhole) {
  {
    const auto store = open(folder_).value();
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(store->append(numbered(i)).ok());
  }
  const std::string file = log_files().front().string();
  std::string bytes = read(file);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  std::ofstream(file, std::ios::binary) << bytes;
  EXPECT_EQ(open(folder_).status().code(), absl::StatusCode::kDataLoss);
  StoreOptions options;
  options.folder = folder_.string();
  options.salvage = true;
  {
    const auto store = Store::open(options).value();
    EXPECT_EQ(store->snapshot()->rows(), 19u);
    ASSERT_EQ(store->salvage_losses().size(), 1u);
    EXPECT_THAT(store->salvage_losses().front(),
                ::testing::MatchesRegex(
                    file + ": offset [0-9]+: [0-9]+ bytes, records ([0-9]+) to [0-9]+"));
    EXPECT_EQ(store->append(numbered(99))->snapshot, 21u);
  }
  EXPECT_TRUE(fs::exists(file + ".damaged"));
  const auto store = open(folder_).value();
  EXPECT_EQ(store->snapshot()->rows(), 20u);
  EXPECT_TRUE(store->salvage_losses().empty());
}

// The log was cut behind checkpoints that are damaged now: what came after them is all there is.
TEST_F(Recovery, ASalvageStartsWithoutItsCheckpoints) {
  {
    const auto store = open(folder_, 1024).value();
    for (int i = 0; i < 30; ++i) {
      ASSERT_TRUE(store->append(numbered(i)).ok());
      if (i % 10 == 9) {
        ASSERT_TRUE(store->checkpoint().ok());
      }
    }
    for (int i = 30; i < 35; ++i) ASSERT_TRUE(store->append(numbered(i)).ok());
  }
  for (const auto& entry : fs::directory_iterator(folder_)) {
    if (!entry.path().filename().string().starts_with("state-")) continue;
    std::string bytes = read(entry.path());
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    std::ofstream(entry.path(), std::ios::binary) << bytes;
  }
  EXPECT_EQ(open(folder_, 1024).status().code(), absl::StatusCode::kDataLoss);
  StoreOptions options;
  options.folder = folder_.string();
  options.salvage = true;
  options.log_file_bytes = 1024;
  std::size_t rows = 0;
  {
    const auto store = Store::open(options).value();
    rows = store->snapshot()->rows();
    EXPECT_GE(rows, 5u);
    EXPECT_LT(rows, 35u);
    ASSERT_EQ(store->salvage_losses().size(), 1u);
    EXPECT_THAT(store->salvage_losses().front(), ::testing::HasSubstr("records 1 to "));
    EXPECT_EQ(store->append(numbered(99))->snapshot, 36u);
    EXPECT_TRUE(store->checkpoint().ok());
  }
  EXPECT_EQ(open(folder_, 1024).value()->snapshot()->rows(), rows + 1);
}

TEST(BatchCodec, ReadsBackWhatItWrote) {
  BatchOf rows(123);
  rows.event(INT64_MIN, "A", "a").target("b").id("m").with("x", "text").with("y", -0.0);
  rows.event(INT64_MAX, "B", "").with("z", std::int64_t{INT64_MIN}).with("t", true);
  rows.traits(7, "a").with_null("age");
  rows.batch.links.push_back({5, rows.batch.strings.intern("anon"), rows.batch.strings.intern("a"),
                              kNoString, IdentityLink::Kind::Alias});
  rows.batch.import_id = "import";
  std::string bytes;
  encode_batch(rows.batch, bytes);
  const auto read = decode_batch(bytes);
  ASSERT_TRUE(read.ok());
  std::string again;
  encode_batch(*read, again);
  EXPECT_EQ(again, bytes);
  EXPECT_EQ(read->events[1].ts, INT64_MAX);
  EXPECT_TRUE(read->events[0].once);
}

TEST(BatchCodec, NoBytesCrashIt) {
  std::string bytes;
  encode_batch(numbered(1), bytes);
  std::mt19937_64 random(1);
  for (int i = 0; i < 200'000; ++i) {
    std::string hostile = bytes.substr(0, random() % (bytes.size() + 1));
    for (int flips = 0; flips < 3 && !hostile.empty(); ++flips) {
      hostile[random() % hostile.size()] = static_cast<char>(random());
    }
    const auto read = decode_batch(hostile);
    if (!read.ok()) continue;
    for (const EventRow& row : read->events) {
      ASSERT_LT(row.event, read->strings.size());
      ASSERT_LE(row.cells_begin + row.cells_count, read->cells.size());
    }
  }
}

// From RFC 3720, section B.4.
TEST(Crc32c, AgreesWithTheStandardsExamples) {
  EXPECT_EQ(crc32c(0, std::string(32, '\0')), 0x8A9136AAu);
  EXPECT_EQ(crc32c(0, std::string(32, '\xFF')), 0x62A8AB43u);
  std::string ascending;
  for (char i = 0; i < 32; ++i) ascending += i;
  EXPECT_EQ(crc32c(0, ascending), 0x46DD794Eu);
}

TEST(StoreThreads, ReadersSeeWholeBatchesWhileManyWrite) {
  const auto store = Store::open({}).value();
  std::atomic<bool> done{false};
  std::vector<std::thread> threads;
  for (int w = 0; w < 4; ++w) {
    threads.emplace_back([&, w] {
      for (int i = 0; i < 200; ++i) {
        BatchOf rows;
        for (int r = 0; r < 50; ++r) {
          rows.event(i, "E" + std::to_string(r % 3), "c" + std::to_string(w * 1000 + i));
          rows.with("properties.a", i % 2 == 0 ? "x" : "y").with("value", 1.5);
        }
        rows.traits(i, "c" + std::to_string(w)).with("age", std::int64_t{i});
        ASSERT_TRUE(store->append(rows.batch).ok());
      }
    });
  }
  std::thread reader([&] {
    while (!done) {
      const auto snapshot = store->snapshot();
      std::size_t rows = 0;
      for (const auto& part : snapshot->parts()) rows += part->rows;
      ASSERT_EQ(rows, snapshot->rows());
      ASSERT_EQ(rows % 50, 0u);
      for (const auto& part : snapshot->parts()) {
        for (const grapevine::LiveRun& run : part->runs) {
          ASSERT_FALSE(snapshot->customers().external_id(run->customers[run->size() - 1]).empty());
        }
      }
      ASSERT_EQ(snapshot->customers().find("nobody"), kNobody);
    }
  });
  for (std::thread& thread : threads) thread.join();
  done = true;
  reader.join();
  EXPECT_EQ(store->snapshot()->rows(), 40'000u);
}

}  // namespace
}  // namespace grapevine
