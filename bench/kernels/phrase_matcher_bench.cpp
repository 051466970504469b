#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "kernels/text/phrase_matcher.hpp"
#include "kernels/text/phrase_matcher_reference.hpp"

namespace grapevine {
namespace {

// Names made of syllables, Latin and Hangul; a text of some 86 bytes holds one of them now and
// then.
std::string name_of(std::size_t i) {
  const std::vector<std::string> latin{"gra", "vin", "lo", "sta", "mi", "ko"};
  const std::vector<std::string> hangul{"가", "나", "포", "도", "별", "송", "미"};
  const auto& of = i % 2 == 0 ? latin : hangul;
  std::string name;
  for (std::size_t n = i + 7; n != 0; n /= of.size()) name += of[n % of.size()];
  return name;
}

// One thread; the bytes that are looked at.
void BM_MatchPhrases(benchmark::State& state) {
  std::vector<Phrase> phrases;
  for (std::size_t i = 0; i < static_cast<std::size_t>(state.range(0)); ++i) {
    phrases.push_back({name_of(i), static_cast<std::uint32_t>(i / 4), false});
  }
  const auto matcher = PhraseMatcher::build(phrases).value();
  std::vector<std::string> texts(10'000);
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    texts[i] = "정말 좋아요 the phone came late but 배송은 빨랐고 " +
               (i % 4 == 0 ? name_of(i % phrases.size()) : "that") + "는 맛있게 먹었습니다!";
    bytes += texts[i].size();
  }
  for (std::size_t i = 0; i < 100; ++i) {
    std::size_t found = 0;
    matcher.for_each_match(texts[i], [&](const PhraseMatch&) { ++found; });
    if (found != match_phrases_reference(phrases, texts[i]).size()) {
      return state.SkipWithError("finds other phrases than the reference");
    }
  }
  for (auto _ : state) {
    for (const std::string& text : texts) benchmark::DoNotOptimize(matcher.topics_of(text));
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * bytes));
}
BENCHMARK(BM_MatchPhrases)->ArgName("phrases")->Arg(20)->Arg(1'000)->Arg(4'000);

}  // namespace
}  // namespace grapevine
