#include <cmath>
#include <fstream>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "bench/text/labelled_reviews.hpp"
#include "kernels/text/english_sentiment_reference.hpp"
#include "kernels/text/sentiment.hpp"

namespace grapevine {
namespace {

using benchmark::Counter;

// Real texts where they stand beside the source tree; else as long ones of made-up sentences.
std::vector<std::string> made_up(const std::vector<std::string>& parts) {
  std::vector<std::string> texts(2'000);
  std::size_t next = 1;
  for (std::string& text : texts) {
    while (text.size() < 86) text += parts[(next = next * 48'271 % 2'147'483'647) % parts.size()];
  }
  return texts;
}

std::vector<std::string> tweets(benchmark::State& state) {
  std::ifstream file(GRAPEVINE_SOURCE_DIR "/../shared/data/vader/golden_tweets.tsv");
  std::vector<std::string> texts;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) texts.push_back(line.substr(line.rfind('\t') + 1));
  if (!texts.empty()) return texts;
  state.SetLabel("made-up text");
  return made_up({"I love my new phone! ", "not so good, ", "the delivery was VERY late ",
                  "but support helped, ", "meh. ", "see you at the store tomorrow ", ":) "});
}

std::vector<std::string> reviews(benchmark::State& state) {
  std::vector<std::string> texts;
  for (const auto& review :
       bench::read_labelled_reviews(GRAPEVINE_SOURCE_DIR "/../shared/data/nsmc/train_0.tsv")) {
    texts.push_back(review.text);
  }
  if (!texts.empty()) return texts;
  state.SetLabel("made-up text");
  return made_up({"배송이 정말 빨라요 ", "품질은 그저 그래요. ", "다시는 안 사요!! ",
                  "직원분이 친절해요 ", "ㅋㅋㅋ ", "추천합니다 "});
}

void time_texts(benchmark::State& state, const std::vector<std::string>& texts) {
  std::size_t bytes = 0;
  for (const std::string& text : texts) bytes += text.size();
  for (auto _ : state) {
    for (const std::string& text : texts) benchmark::DoNotOptimize(sentiment(text));
  }
  state.counters["posts/s"] =
      Counter(static_cast<double>(texts.size()), Counter::kIsIterationInvariantRate);
  state.counters["bytes/post"] = static_cast<double>(bytes) / static_cast<double>(texts.size());
}

// One thread, texts into scores.
void BM_EnglishSentiment(benchmark::State& state) {
  const auto texts = tweets(state);
  for (const std::string& text : texts) {
    if (sentiment(text).score != english_sentiment_reference(text)) {
      return state.SkipWithError("a score differs from the reference's");
    }
  }
  time_texts(state, texts);
}
BENCHMARK(BM_EnglishSentiment)->Unit(benchmark::kMillisecond);

// The model has no other truth than labels: nine in ten must be right of what it was trained on.
void BM_KoreanSentiment(benchmark::State& state) {
  const auto texts = reviews(state);
  std::size_t right = 0;
  const auto labelled =
      bench::read_labelled_reviews(GRAPEVINE_SOURCE_DIR "/../shared/data/nsmc/train_0.tsv");
  for (const auto& review : labelled) {
    right += (sentiment(review.text).score.value_or(0) > 0) == review.praises ? 1 : 0;
  }
  if (right * 10 < labelled.size() * 9) return state.SkipWithError("too many are wrong");
  time_texts(state, texts);
}
BENCHMARK(BM_KoreanSentiment)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace grapevine
