// The terms of half of a million posts, and the words of all of them before that. "posts/s" counts
// each post once.

#include <cmath>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <tbb/global_control.h>

#include "kernels/listen/terms.hpp"
#include "storage/schema.hpp"
#include "storage/store.hpp"
#include "tests/storage/batches.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kPosts = 1'000'000;
constexpr TimeMs kBegin = 1'700'000'000'000;

// Words as often as their rank says (Zipf), of 200,000; every tenth post of brand b1 has "zipper".
std::shared_ptr<const Snapshot> talk() {
  static const auto store = [] {
    auto made = Store::open({}).value();
    std::mt19937_64 random(1);
    for (std::size_t rows = 0; rows < kPosts;) {
      testing::BatchOf batch;
      for (int i = 0; i < 50'000; ++i, ++rows) {
        const bool first = random() % 2 == 0;
        std::string text = first && random() % 10 == 0 ? "zipper " : "";
        for (int word = 0; word < 10; ++word) {
          const double share = static_cast<double>(random() >> 11) * 0x1p-53;
          text += "word" + std::to_string(std::llround(std::pow(200'000.0, share))) + ' ';
        }
        batch.event(kBegin + static_cast<TimeMs>(rows), "Post Created",
                    "c" + std::to_string(random() % 100'000));
        batch.with("brand", first ? "b1" : "b2").with("text", text.c_str());
      }
      if (!made->append(std::move(batch.batch)).ok()) std::abort();
    }
    return made;
  }();
  return store->snapshot();
}

struct ReadTalk {
  std::shared_ptr<const Snapshot> snapshot = talk();
  Vocabulary vocabulary;
  std::vector<const Run*> runs;
  std::vector<WordStream> streams;
  std::map<const Run*, const WordStream*> of_run;

  ReadTalk() {
    for (const auto& part : snapshot->parts()) {
      for (const LiveRun& live : part->runs) runs.push_back(&*live);
    }
    streams = read_words(runs, vocabulary.words(), Stop()).value();
    for (std::size_t i = 0; i < runs.size(); ++i) of_run[runs[i]] = &streams[i];
  }
};

void BM_ReadWords(benchmark::State& state) {
  ReadTalk talk;
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    Vocabulary vocabulary;
    benchmark::DoNotOptimize(read_words(talk.runs, vocabulary.words(), Stop()));
  }
  state.counters["posts/s"] = benchmark::Counter(static_cast<double>(kPosts),
                                                 benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_ReadWords)
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

void BM_FindTerms(benchmark::State& state) {
  ReadTalk talk;
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(state.range(0)));
  TermQuestion question;
  question.until = question.to = kBegin + static_cast<TimeMs>(kPosts);
  question.from = kBegin;
  GroupDimension filter{.groups = 1, .column = column_id(CoreColumn::Brand)};
  const auto& brands = *talk.snapshot->columns()[index(column_id(CoreColumn::Brand))].dictionary;
  filter.of_code.assign(brands.size(), kNoGroup);
  filter.of_code[brands.find("b1")] = 0;
  question.filters = {filter};
  const auto ask = [&] {
    return find_terms(
               *talk.snapshot, question, talk.vocabulary,
               [&](const Run& run) { return talk.of_run.at(&run); }, Stop())
        .value();
  };
  const Terms found = ask();
  if (found.terms.empty() || talk.vocabulary.words().at(found.terms.front().word) != "zipper" ||
      found.posts.selected + found.posts.rest != kPosts) {
    return state.SkipWithError("the terms are wrong");
  }
  for (auto _ : state) benchmark::DoNotOptimize(ask());
  state.counters["posts/s"] = benchmark::Counter(static_cast<double>(kPosts),
                                                 benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_FindTerms)
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace grapevine
