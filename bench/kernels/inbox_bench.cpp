// The inbox of half a million posts and tickets, some answered; the signs of one text alone. "posts/s"
// counts each post once.

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <tbb/global_control.h>

#include "kernels/listen/inbox.hpp"
#include "storage/store.hpp"
#include "tests/storage/batches.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kPosts = 500'000;
constexpr TimeMs kBegin = 1'700'000'000'000;
constexpr const char* kTexts[] = {
    "아이 간식 샀는데 배송이 일주일째 안 와요. 문의해도 답이 없네요",
    "where is my parcel? I ordered ten days ago and nothing has arrived so far",
    "brilliant tent, light and sturdy, would buy it again for the summer",
    "오늘 캠핑 의자 도착! 생각보다 훨씬 튼튼하고 색도 예뻐요",
    "the charger got so hot that it burned my hand, please help",
    "this week's weather in the mountains was quite something, more pictures to come",
};

std::shared_ptr<const Snapshot> posts() {
  static const auto store = [] {
    auto made = Store::open({}).value();
    std::mt19937_64 random(1);
    for (std::size_t rows = 0; rows < kPosts;) {
      testing::BatchOf batch;
      for (int i = 0; i < 50'000; ++i, ++rows) {
        const bool replies = random() % 10 == 0;
        batch.event(kBegin + static_cast<TimeMs>(rows), replies ? "Post Replied" : "Post Created",
                    "c" + std::to_string(random() % 100'000));
        batch.with("content_id", ("m" + std::to_string(rows)).c_str());
        if (replies) batch.with("parent_id", ("m" + std::to_string(random() % (rows + 1))).c_str());
        batch.with("sentiment", static_cast<double>(random() % 21) / 10 - 1.0);
        const std::string text = kTexts[random() % 6] + std::to_string(rows);
        batch.with("text", text.c_str());
      }
      if (!made->append(std::move(batch.batch)).ok()) std::abort();
    }
    return made;
  }();
  return store->snapshot();
}

void BM_FindInbox(benchmark::State& state) {
  const auto snapshot = posts();
  CustomerSet voices(snapshot->customers().count());
  for (std::uint32_t i = 0; i < 1000; ++i) voices.add(CustomerId(i));
  const InboxQuestion question{.from = kBegin, .to = kBegin + TimeMs{kPosts}, .voices = voices};
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    const auto read = Conversations::read(*snapshot, {voices}, Stop());
    const auto items = find_inbox(*snapshot, question, *read, Stop());
    if (items->size() < kPosts / 2) state.SkipWithError("items are missing");
  }
  state.counters["posts/s"] = benchmark::Counter(static_cast<double>(kPosts),
                                                 benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_FindInbox)
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

void BM_FindServiceSigns(benchmark::State& state) {
  std::vector<FoundSign> signs;
  std::int64_t bytes = 0;
  for (auto _ : state) {
    for (const char* text : kTexts) {
      find_service_signs(text, signs);
      bytes += static_cast<std::int64_t>(std::string_view(text).size());
      benchmark::DoNotOptimize(signs.data());
    }
  }
  state.SetBytesProcessed(bytes);
  state.SetItemsProcessed(state.iterations() * std::int64_t{6});
}
BENCHMARK(BM_FindServiceSigns);

}  // namespace
}  // namespace grapevine
