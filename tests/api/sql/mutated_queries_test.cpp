// Hostile SQL through parser, binder, planner and executor: queries that were cut off or changed by
// chance are answered, or refused with a code, in bounded time and memory.
//
// GRAPEVINE_MUTATE_SECONDS says how long by chance (3), GRAPEVINE_MUTATE_SEED where to begin (1), and
// GRAPEVINE_MUTATE_QUERY is one query to try alone.

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "api/encode/formats/format_writer.hpp"
#include "api/live/graph_view.hpp"
#include "api/result_cache.hpp"
#include "api/sql/run.hpp"
#include "kernels/query/query_error.hpp"
#include "tests/api/collecting.hpp"
#include "tests/api/sql/query_mutator.hpp"
#include "tests/api/sql/query_seeds.hpp"
#include "tests/api/sql/query_watch.hpp"

namespace grapevine::sql::tests {
namespace {

using Clock = std::chrono::steady_clock;

double environment(const char* name, double otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : std::atof(value);
}

// A query may hold 64 MiB, and the test itself some.
constexpr std::int64_t kGrowthMax = std::int64_t{768} << 20;

std::int64_t peak_bytes() {
  struct rusage usage = {};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss * 1024;
}

class MutatedQueries : public ::testing::Test {
 protected:
  void SetUp() override {
    std::ifstream file(std::string(GRAPEVINE_SOURCE_DIR) + "/tests/data/conformance.ndjson");
    const std::string calls = (std::stringstream() << file.rdbuf()).str();
    ASSERT_FALSE(calls.empty());
    const std::string answer = collecting_.import(calls, {{"table", "events"}});
    ASSERT_TRUE(answer.starts_with("200 ")) << answer;
    ASSERT_TRUE(collecting_.store()
                    .put_document("segment", "buyers",
                                  R"({"definition": {"event": "purchase"}, "description": ""})")
                    .ok());
  }

  // Empty where the query is answered or refused as it should be; else what is wrong.
  std::string fault(const QuerySeed& query) {
    // Settings that lift the limits of this test are none of its business.
    if (query.text.find("max_memory_usage") != std::string::npos) return "";
    if (query.text.find("max_execution_time") != std::string::npos) return "";
    watch_.begin(query.text);
    std::string wrong;
    try {
      wrong = fault_of_answer(query);
    } catch (const std::exception& thrown) {
      wrong = std::string("throws ") + thrown.what();
    }
    watch_.end();
    ++asked_;
#if !defined(__SANITIZE_ADDRESS__)
    if (wrong.empty() && peak_bytes() > peak_before_ + kGrowthMax) {
      wrong = "takes much memory";
      peak_before_ = peak_bytes();  // It never falls.
    }
#endif
    if (!wrong.empty()) wrong += ", of: " + query.text.substr(0, 5'000);
    return wrong;
  }

  [[nodiscard]] std::size_t asked() const { return asked_; }
  [[nodiscard]] std::size_t answered() const { return answered_; }

 private:
  std::string fault_of_answer(const QuerySeed& query) {
    QueryRequest request;
    request.text = query.text;
    request.parameters = query.parameters;
    request.settings = {{"max_execution_time", "1"},
                        {"max_memory_usage", "67108864"},
                        {"max_result_rows", "100000"}};
    request.query_id = "mutated";
    request.read_only = true;
    const Context context{collecting_.store(), graph_, results_, stop_, kReceived, "UTC"};
    const auto answer = begin_query(request, context);
    if (!answer.ok()) return fault_of(answer.status());
    const auto& columns = (*answer)->columns();
    // Every second answer is written as text, every other one as clients read it.
    const auto writer = make_writer(asked_ % 2 == 0 ? "JSON" : "Native", columns, {});
    if (!writer.ok()) return "cannot be written: " + std::string(writer.status().message());
    (*writer)->begin();
    while (true) {
      const auto block = (*answer)->next();
      if (!block.ok()) return fault_of(block.status());
      if (!*block) break;
      if (std::string wrong = fault_of(**block, columns); !wrong.empty()) return wrong;
      (*writer)->write(**block);
      (*writer)->take();
    }
    if ((*answer)->totals()) {
      if (std::string wrong = fault_of(*(*answer)->totals(), columns); !wrong.empty()) return wrong;
      (*writer)->write_totals(*(*answer)->totals());
    }
    (*writer)->end({});
    ++answered_;
    return "";
  }

  static std::string fault_of(const Block& block, const std::vector<ResultColumn>& columns) {
    if (block.rows == 0 || block.rows > kBlockRows) return std::to_string(block.rows) + " rows";
    if (block.columns.size() != columns.size()) return "other columns than were declared";
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const Column& column = *block.columns[c];
      if (column.rows != block.rows) return "a column of other length than its block";
      if (name_of(column.type) != name_of(columns[c].type)) {
        return "a column of " + name_of(column.type) + " declared as " + name_of(columns[c].type);
      }
    }
    return "";
  }

  static std::string fault_of(const absl::Status& refused) {
    const QueryErrorCode code = query_error_code(refused);
    if (code == QueryErrorCode::LogicalError || name_of(code).empty() ||
        refused.message().empty()) {
      return "refused with " + refused.ToString();
    }
    return "";
  }

  Collecting collecting_;
  GraphView graph_;
  ResultCache results_{{}};
  Stop stop_;
  QueryWatch watch_{std::chrono::seconds(10)};
  std::size_t asked_ = 0;
  std::size_t answered_ = 0;
  std::int64_t peak_before_ = peak_bytes();
};

TEST_F(MutatedQueries, AreAnsweredOrRefusedWhereverTheyAreCutOff) {
  const std::vector<QuerySeed> seeds = query_seeds();
  ASSERT_GT(seeds.size(), 3'000U);
  std::set<std::string> tried;
  const double seconds = environment("GRAPEVINE_MUTATE_SECONDS", 3);
  const auto until = Clock::now() + std::chrono::duration<double>(seconds);
  // In an order that has some of every file, however long it lasts.
  constexpr std::size_t kStride = 1'009;
  for (std::size_t i = 0; i < seeds.size() && Clock::now() < until; ++i) {
    QuerySeed seed = seeds[i * kStride % seeds.size()];
    Tokens tokens = tokens_of(seed.text);
    while (!tokens.empty()) {
      tokens.pop_back();
      seed.text = joined(tokens);
      if (!tried.insert(seed.text).second) continue;
      const std::string wrong = fault(seed);
      ASSERT_EQ(wrong, "");
    }
  }
  EXPECT_GT(answered(), asked() / 100);
  RecordProperty("queries", std::to_string(asked()));
}

TEST_F(MutatedQueries, AreAnsweredOrRefusedWhateverIsChanged) {
  if (const char* text = std::getenv("GRAPEVINE_MUTATE_QUERY")) {
    ASSERT_EQ(fault({text, {}}), "");
    return;
  }
  const std::vector<QuerySeed> seeds = query_seeds();
  QueryMutator mutator(seeds, static_cast<std::uint64_t>(environment("GRAPEVINE_MUTATE_SEED", 1)));
  const double seconds = environment("GRAPEVINE_MUTATE_SECONDS", 3);
  const auto until = Clock::now() + std::chrono::duration<double>(seconds);
  std::size_t wrongs = 0;
  while (Clock::now() < until && wrongs < 20) {
    const std::string wrong = fault(mutator.next());
    EXPECT_EQ(wrong, "");
    if (!wrong.empty()) ++wrongs;
  }
  // What is refused by the parser alone would not test much.
  EXPECT_GT(answered(), asked() / 20);
  RecordProperty("queries", std::to_string(asked()));
}

}  // namespace
}  // namespace grapevine::sql::tests
