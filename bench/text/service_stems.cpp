#include "bench/text/service_stems.hpp"

#include <cstddef>
#include <fstream>
#include <sstream>
#include <string_view>

namespace grapevine::bench {
namespace {

std::vector<std::string> parts_of(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

class Posts {
 public:
  std::vector<LabelledReview> all;

  void say_stem(const std::string& entry, bool praises, bool held_out) {
    const std::size_t colon = entry.find(':');
    std::string stem = entry.substr(0, colon), polite;
    if (colon != std::string::npos) {
      polite = entry.substr(colon + 1);
    } else {
      polite = stem.substr(0, stem.size() - kHa.size()) + "해요";
    }
    for (const char* adverb : {"", "정말 ", "너무 "}) add(adverb + polite, praises, held_out);
    add(stem + "네요", praises, held_out);
    const std::size_t space = stem.rfind(' ');  // 안 stands before the last word: 때가 안 타요.
    const auto negated_before = [&](const std::string& form, const char* negation) {
      const std::size_t at = space == std::string::npos ? 0 : space + 1;
      return form.substr(0, at) + negation + form.substr(at);
    };
    for (const char* negation : {"안 ", "별로 안 ", "안"}) {
      add(negated_before(polite, negation), !praises, held_out);
    }
    add(negated_before(stem + "네요", "안 "), !praises, held_out);
    for (const char* ending : {"지 않아요", "지 않네요", "지 않습니다", "지 않았어요",
                               "지가 않아요", "지는 않네요", "지도 않아요"}) {
      add(stem + ending, !praises, held_out);
    }
    add("전혀 " + stem + "지 않아요", !praises, held_out);
    add("그다지 " + stem + "지 않네요", !praises, held_out);
  }

  void say_noun(const std::string& noun, bool praises, bool held_out) {
    const std::string bare = noun.substr(0, noun.size() - kGa.size());
    for (const char* ending : {" 있어요", " 있네요", " 많아요"}) {
      add(noun + ending, praises, held_out);
    }
    for (const char* ending : {" 없어요", " 없네요", " 없습니다", " 전혀 없어요"}) {
      add(noun + ending, !praises, held_out);
    }
    for (const char* ending : {" 없어요", "도 없네요", "은 없었어요"}) {
      add(bare + ending, !praises, held_out);
    }
  }

 private:
  static constexpr std::string_view kHa = "하", kGa = "가";

  void add(std::string text, bool praises, bool held_out) {
    all.push_back({std::move(text), praises, held_out});
  }
};

}  // namespace

std::vector<LabelledReview> read_service_stems(const std::string& path) {
  constexpr std::size_t kHeldOutOf = 5;
  Posts posts;
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  std::size_t place = 0;
  while (std::getline(file, line)) {
    const auto columns = parts_of(line, '\t');
    if (columns.size() != 3) continue;
    for (const bool praises : {false, true}) {
      for (const std::string& entry : parts_of(columns[praises ? 2 : 1], '|')) {
        const bool held_out = place++ % kHeldOutOf == 0;
        columns[0] == "noun" ? posts.say_noun(entry, praises, held_out)
                             : posts.say_stem(entry, praises, held_out);
      }
    }
  }
  return std::move(posts.all);
}

}  // namespace grapevine::bench
