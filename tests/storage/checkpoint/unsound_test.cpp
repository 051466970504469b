// Files of a checkpoint whose checksums are right and whose content cannot be: each is refused.

#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/checkpoint/load.hpp"
#include "storage/checkpoint/misfit.hpp"
#include "storage/checkpoint/part_file.hpp"
#include "storage/checkpoint/state_file.hpp"
#include "storage/disk/folder.hpp"
#include "storage/run_columns.hpp"
#include "storage/store.hpp"
#include "tests/storage/batches.hpp"
#include "tests/storage/disk/simulated_disk.hpp"

namespace grapevine {
namespace {

using grapevine::testing::BatchOf;
using grapevine::testing::SimulatedDisk;
using ::testing::HasSubstr;

using EventRun = Run;  // Every test has a `Run` of its own.
constexpr std::size_t kRows = 100;

// A checkpoint of one part of one run, and what is done to it.
class Unsound : public ::testing::Test {
 protected:
  void SetUp() override {
    StoreOptions options;
    options.folder = "/data";
    options.disk = &disk_;
    options.purge_erased = false;
    const auto store = Store::open(options).value();
    BatchOf rows;
    for (std::size_t i = 0; i < kRows; ++i) {
      rows.event(static_cast<TimeMs>(i), "Mine", "c" + std::to_string(i % 5));
      rows.id(("m" + std::to_string(i)).c_str()).target("c1");
      rows.with("category", ("k" + std::to_string(i % 3)).c_str()).with("text", "some text");
    }
    IdentityLink link;
    link.from = rows.batch.strings.intern("c0");
    link.to = rows.batch.strings.intern("c1");
    link.message_id = rows.batch.strings.intern("l");
    rows.batch.links.push_back(link);
    ASSERT_TRUE(store->append(rows.batch).ok());
    ASSERT_TRUE(store->checkpoint().ok());
    manifest_ = read_manifest(disk_, "/data", 1).value();
    ASSERT_EQ(manifest_.parts.size(), 1u);
    runs_ = read_part(disk_, part_path(), manifest_.part_name(part()), part().seal).value();
    ASSERT_EQ(runs_.size(), 1u);
    ASSERT_EQ(load(), absl::OkStatus());
    sound_ = std::move(state_);
    ASSERT_EQ(load(), absl::OkStatus());
  }

  Manifest::PartFile& part() { return manifest_.parts[0]; }
  std::string part_path() { return "/data/" + file_name(CheckedKind::Part, part().number); }
  static std::string state_path() { return "/data/" + file_name(CheckedKind::State, 1); }

  // What reading the part says once its run was changed.
  absl::Status after(const std::function<void(EventRun&)>& change) {
    auto run = std::make_shared<EventRun>(*runs_[0]);
    change(*run);
    EXPECT_TRUE(remove_file(disk_, part_path()).ok());
    part().seal = write_part(disk_, part_path(), manifest_.part_name(part()), {run}).value();
    rewrite_manifest();
    return read_part(disk_, part_path(), manifest_.part_name(part()), part().seal).status();
  }

  void rewrite_manifest() {
    EXPECT_TRUE(remove_file(disk_, "/data/" + file_name(CheckedKind::Manifest, 1)).ok());
    EXPECT_TRUE(write_manifest(disk_, "/data", manifest_).ok());
  }

  absl::Status load() {
    state_ = std::make_unique<StoreState>(StoreOptions{}, ErasedIds::Key{});
    return load_checkpoint(disk_, "/data", 1, *state_).status();
  }

  // What loading says once the part was changed in a way that only the state tells.
  absl::Status load_after(const std::function<void(EventRun&)>& change) {
    EXPECT_EQ(after(change), absl::OkStatus());
    return load();
  }

  // What loading says where these rows of the run are dead.
  absl::Status load_with_dead(std::vector<std::uint64_t> bits, std::size_t count,
                              std::size_t parts = 1) {
    auto dead = std::make_shared<const DeadRows>(DeadRows{std::move(bits), count});
    auto with_dead = std::make_shared<Part>();
    with_dead->runs.emplace_back(runs_[0], std::move(dead));
    return load_with(std::vector<std::shared_ptr<const Part>>(parts, with_dead), {});
  }

  // What loading says where the state has the dead rows of these parts, and these messages.
  absl::Status load_with(const std::vector<std::shared_ptr<const Part>>& parts,
                         const std::vector<MessageIds::OfDay>& days) {
    EXPECT_TRUE(remove_file(disk_, state_path()).ok());
    const auto copy = [&](std::size_t& shard) -> absl::StatusOr<std::vector<MessageIds::OfDay>> {
      shard = MessageIds::kShards;
      return days;
    };
    manifest_.state =
        write_state(disk_, state_path(), manifest_.state_name(), sound_->freeze(), parts, copy)
            .value();
    rewrite_manifest();
    return load();
  }

  // Replaces bytes of the state file and makes its checksums right.
  absl::Status load_with_bytes(const std::string& from, const std::string& to) {
    std::string& bytes = disk_.bytes(state_path());
    const std::size_t at = bytes.find(from);
    EXPECT_NE(at, std::string::npos);
    bytes.replace(at, to.size(), to);
    std::uint32_t checksum = crc32c(0, bytes.substr(0, CheckedFile::kHeaderBytes));
    for (std::size_t chunk = CheckedFile::kHeaderBytes; chunk < bytes.size();) {
      std::uint32_t length = 0;
      std::memcpy(&length, bytes.data() + chunk + 4, sizeof(length));
      const std::size_t end = chunk + CheckedFile::kChunkHeaderBytes + length;
      checksum = crc32c(checksum, bytes.substr(chunk + 4, end - chunk - 4));
      std::memcpy(bytes.data() + chunk, &checksum, sizeof(checksum));
      chunk = end;
    }
    manifest_.state.checksum = checksum;
    rewrite_manifest();
    return load();
  }

  SimulatedDisk disk_;
  Manifest manifest_;
  PartRuns runs_;
  std::unique_ptr<StoreState> sound_;  // As it was written.
  std::unique_ptr<StoreState> state_;  // What was loaded last.
};

void expect_damage(const absl::Status& status, const std::string& what) {
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(status.message()), HasSubstr("/data/"));
  EXPECT_THAT(std::string(status.message()), HasSubstr(what));
}

TextValues& texts_of(EventRun& run) {
  for (RunColumn& column : run.columns) {
    if (auto* texts = std::get_if<TextValues>(&column.values)) return *texts;
  }
  ADD_FAILURE() << "no texts";
  static TextValues none;
  return none;
}

TextValues compressed(const std::string& text) {
  TextWriter writer(TextWriter::Compression::Zstd);
  for (std::size_t i = 0; i < kRows; ++i) writer.add(text);
  return std::move(writer).finish();
}

TEST_F(Unsound, TextsThatAreNotThereAreRefused) {
  const std::string what = "rows that cannot be read";
  const std::vector<std::function<void(TextValues&)>> changes = {
      [](TextValues& t) { t.bytes.pop_back(); },
      [](TextValues& t) { t.bytes += 'x'; },
      [](TextValues& t) { t.bytes[0] = '\x7F'; },  // Longer than all there is.
      [](TextValues& t) { t.bytes.replace(0, 6, "\xFF\xFF\xFF\xFF\xFF\x7F"); },
      [](TextValues& t) { t.blocks[0].begin = 1; },
      [](TextValues& t) { t.blocks[0].first_row = 1; },
      [](TextValues& t) { ++t.blocks[0].plain_bytes; },
      [](TextValues& t) { t.blocks[0].compressed = true; },
      [](TextValues& t) { t.blocks.push_back(t.blocks[0]); },
      [](TextValues& t) { t.rows = kRows + 1; },
  };
  for (const auto& change : changes) {
    expect_damage(after([&](EventRun& run) { change(texts_of(run)); }), what);
    expect_damage(after([&](EventRun& run) { change(run.message_ids.texts); }), what);
  }
  expect_damage(after([](EventRun& run) { texts_of(run) = {}; }), what);
}

TEST_F(Unsound, CompressedTextsAreDecompressedOnce) {
  const std::string what = "rows that cannot be read";
  const std::vector<std::function<void(TextValues&)>> changes = {
      [](TextValues& t) { ++t.blocks[0].plain_bytes; },
      [](TextValues& t) { --t.blocks[0].plain_bytes; },
      [](TextValues& t) { t.blocks[0].plain_bytes = UINT32_MAX; },
      [](TextValues& t) { t.blocks[0].compressed = false; },
      [](TextValues& t) { t.bytes.resize(t.bytes.size() / 2); },
      [](TextValues& t) { t.bytes.clear(); },
  };
  const TextValues sound = compressed("again and again");
  ASSERT_TRUE(sound.blocks[0].compressed);
  EXPECT_EQ(after([&](EventRun& run) { texts_of(run) = sound; }), absl::OkStatus());
  for (const auto& change : changes) {
    expect_damage(after([&](EventRun& run) { change(texts_of(run) = sound); }), what);
  }
}

// 20 MiB of one letter take less than one, and no text that is stored is so long.
TEST_F(Unsound, AFewBytesDoNotAskForMuchMemory) {
  const TextValues bomb = compressed(std::string(20u << 20, 'x'));
  EXPECT_LT(bomb.bytes.size(), 1u << 20);
  expect_damage(after([&](EventRun& run) { texts_of(run) = bomb; }), "rows that cannot be read");
}

TEST_F(Unsound, RowsOutOfOrderAreRefused) {
  const auto stretches = [](std::vector<IdentityStretch> all) {
    return [all = std::move(all)](EventRun& run) { run.identities = all; };
  };
  constexpr CustomerId kFirst{0};
  const std::vector<std::function<void(EventRun&)>> changes = {
      [](EventRun& run) { run.first = 1; },
      [](EventRun& run) { run.last = kRows - 2; },
      [](EventRun& run) { run.columns.push_back(run.columns.back()); },
      [](EventRun& run) {
        std::vector<std::uint16_t> lows(run.customers.lows().begin(), run.customers.lows().end());
        std::swap(lows.front(), lows.back());
        run.customers = CustomerColumn({{0, 0}}, std::move(lows));
      },
      stretches({{0, 10, kFirst}, {5, 20, kFirst}}),
      stretches({{10, 20, kFirst}, {0, 5, kFirst}}),
      stretches({{0, kRows + 1, kFirst}}),
      stretches({{5, 5, kFirst}}),
  };
  for (const auto& change : changes) expect_damage(after(change), "rows that cannot be read");
}

TEST_F(Unsound, WhatTheStateDoesNotHaveIsRefused) {
  const auto code = [](std::uint64_t number) {
    return [number](EventRun& run) {
      for (RunColumn& column : run.columns) {
        auto* codes = std::get_if<CodeValues>(&column.values);
        if (codes != nullptr) codes->codes = PackedUints(std::vector<std::uint64_t>(kRows, number));
      }
    };
  };
  const auto customers = static_cast<std::uint32_t>(state_->customers());
  EXPECT_EQ(load_after(code(2)), absl::OkStatus());
  expect_damage(load_after(code(3)), "a value that no column has");
  expect_damage(load_after([](EventRun& run) { run.event = EventNameId(1000); }),
                "an event without a name");
  expect_damage(load_after([&](EventRun& run) {
                  run.customers =
                      CustomerColumn(std::vector<CustomerId>(kRows, CustomerId(customers)));
                }),
                "a row of no customer");
  expect_damage(load_after([&](EventRun& run) {
                  run.targets = PackedUints(std::vector<std::uint64_t>(kRows, customers + 1));
                }),
                "a target that is none");
  expect_damage(load_after([](EventRun& run) {
                  run.identities = {{0, 1, kNobody}};
                }),
                "a row of no external id");
  expect_damage(load_after([](EventRun& run) { run.columns.back().id = ColumnId(1000); }),
                "a column without a name");
  expect_damage(load_after([](EventRun& run) {  // A text where numbers are kept.
                  texts_of(run);
                  run.columns.back().id = column_id(CoreColumn::Longitude);
                }),
                "a value that no column has");
  EXPECT_EQ(load_after([](EventRun&) {}), absl::OkStatus());
}

TEST_F(Unsound, RowsThatAreNotCountedAreRefused) {
  ++part().rows;
  rewrite_manifest();
  expect_damage(load(), "not the rows of the manifest");
  --part().rows;
  rewrite_manifest();
  ASSERT_EQ(load(), absl::OkStatus());
  manifest_.parts.clear();
  rewrite_manifest();
  expect_damage(load(), "rows that no part has");
}

TEST_F(Unsound, DeadRowsThatAreNoneAreRefused) {
  EXPECT_EQ(load_with_dead({0, 0}, 0), absl::OkStatus());
  expect_damage(load_with_dead({1, 0}, 1), "rows that no part has");  // It is counted as alive.
  expect_damage(load_with_dead({1, 0}, 2), "dead rows that it does not have");
  expect_damage(load_with_dead({0, std::uint64_t{1} << 36}, 1), "dead rows that it does not have");
  expect_damage(load_with_dead({0, 0, 0}, 0), "dead rows that it does not have");
  expect_damage(load_with_dead({0, 0}, 0, 2), "dead rows of no part");
}

TEST_F(Unsound, MessagesOfMoreDaysThanAreRememberedAreRefused) {
  std::vector<MessageIds::OfDay> days(64);
  for (std::size_t d = 0; d < days.size(); ++d) days[d] = {static_cast<TimeMs>(d), {d, d}};
  EXPECT_EQ(load_with({}, days), absl::OkStatus());
  EXPECT_EQ(state_->message_ids().size(), 64u);
  days.push_back({64, {1, 1}});
  expect_damage(load_with({}, days), "messages of more days than are remembered");
}

TEST_F(Unsound, HalfAMessageIsRefused) {
  EXPECT_EQ(load_with({}, {{1, {1, 2}}}), absl::OkStatus());
  expect_damage(load_with({}, {{1, {1, 2, 3}}}), "half a message");
}

std::string entry(std::uint32_t person, std::uint32_t name, std::uint32_t own) {
  const std::uint32_t numbers[] = {person, name, own};
  return {reinterpret_cast<const char*>(numbers), sizeof(numbers)};
}

TEST_F(Unsound, APersonWithoutANameIsRefused) {
  expect_damage(load_with_bytes(entry(3, 3, 3), entry(3, index(kNobody), 3)),
                "a person that does not exist");
}

TEST_F(Unsound, APersonWhoIsNotCountedIsRefused) {
  expect_damage(load_with_bytes(entry(3, 3, 3), entry(index(kNobody), 3, 3)),
                "a person that does not exist");
}

TEST_F(Unsound, AnImportOfCustomersThatThereAreNotIsRefused) {
  const auto view = state_->publish();
  using Ranges = std::vector<std::pair<std::uint64_t, std::uint64_t>>;
  const auto what = [&](const Ranges& customers) {
    ImportRecord import;
    import.customers = customers;
    Imports imports;
    imports.restore("import", std::move(import));
    return std::string(misfit(*view, imports));
  };
  EXPECT_EQ(what(Ranges{{0, 2}, {3, 5}}), "");
  EXPECT_NE(what(Ranges{{0, state_->customers() + 1}}), "");
  EXPECT_NE(what(Ranges{{3, 5}, {0, 2}}), "");
  EXPECT_NE(what(Ranges{{3, 3}}), "");
}

}  // namespace
}  // namespace grapevine
