// Mentions by brand and hour over 30 days and the 30 before, with who speaks and whom they reach.
// "mentions/s" counts each mention of both periods once.

#include <cstdint>
#include <memory>
#include <random>
#include <string>

#include <benchmark/benchmark.h>
#include <tbb/global_control.h>

#include "kernels/listen/mention_rows.hpp"
#include "kernels/listen/voice.hpp"
#include "kernels/listen/voice_reference.hpp"
#include "storage/schema.hpp"
#include "storage/store.hpp"
#include "tests/storage/batches.hpp"

namespace grapevine {
namespace {

constexpr TimeMs kHour = 3'600'000;
constexpr TimeMs kBegin = 1'700'000'000'000 / kHour * kHour;
constexpr std::uint32_t kBrands = 10;

// Posts of 60 days by 100,000 people.
std::shared_ptr<const Snapshot> talk(std::size_t posts) {
  static const auto store = Store::open({}).value();
  std::mt19937_64 random(1);
  while (store->snapshot()->rows() < posts) {
    testing::BatchOf rows;
    for (int i = 0; i < 100'000; ++i) {
      const auto time = kBegin + static_cast<TimeMs>(random() % (1440 * kHour));
      rows.event(time, "Post Created", "c" + std::to_string(random() % 100'000));
      rows.with("brand", ("b" + std::to_string(random() % kBrands)).c_str());
      rows.with("sentiment", static_cast<double>(random() % 21) / 10 - 1.0);
    }
    if (!store->append(std::move(rows.batch)).ok()) std::abort();
  }
  return store->snapshot();
}

VoiceQuestion by_brand_and_hour(const Snapshot& snapshot) {
  VoiceQuestion question;
  question.lists_of_cells = false;
  question.mentions = select_mentions(snapshot, 0, 0);
  question.period = {{}, kBegin + 720 * kHour, kBegin + 1440 * kHour, 720 * kHour};
  for (TimeMs hour = 720; hour <= 1440; ++hour) {
    question.period.bounds.push_back(kBegin + hour * kHour);
  }
  GroupDimension brand{.groups = kBrands, .column = column_id(CoreColumn::Brand)};
  for (std::uint32_t code = 0; code < kBrands; ++code) brand.of_code.push_back(code);
  question.dimensions = {brand};
  return question;
}

void BM_CountVoice(benchmark::State& state) {
  const auto posts = static_cast<std::size_t>(state.range(0));
  const auto snapshot = talk(posts);
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(state.range(1)));
  const VoiceQuestion question = by_brand_and_hour(*snapshot);
  const Voice counted = count_voice(*snapshot, question, Stop()).value();
  const Voice expected = count_voice_reference(*snapshot, question);
  if (counted.cells != expected.cells || counted.people != expected.people) {
    return state.SkipWithError("the counts are wrong");
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(count_voice(*snapshot, question, Stop()));
  }
  state.counters["mentions/s"] =
      benchmark::Counter(static_cast<double>(posts), benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_CountVoice)
    ->ArgNames({"mentions", "threads"})
    ->ArgsProduct({{1'000'000}, {1, 2}})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace grapevine
