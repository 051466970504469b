#include "kernels/listen/terms.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "kernels/listen/pair_counts.hpp"
#include "kernels/listen/posts_with_words.hpp"
#include "kernels/listen/terms_reference.hpp"
#include "kernels/listen/word_stems.hpp"
#include "storage/schema.hpp"
#include "storage/store.hpp"
#include "storage/text_values.hpp"
#include "tests/storage/batches.hpp"

namespace grapevine {
namespace {

constexpr TimeMs kHour = 3'600'000;
constexpr TimeMs kBegin = 1'700'000'000'000 / kHour * kHour;

// Posts in two languages about brands; those about the first one are often about a delivery.
class TalkWorld {
 public:
  explicit TalkWorld(std::size_t events) : store_(Store::open({}).value()) {
    for (std::size_t batch = 0; batch < 3; ++batch) {
      testing::BatchOf rows;
      for (std::size_t i = 0; i < events / 3; ++i) add(rows);
      EXPECT_TRUE(store_->append(std::move(rows.batch)).ok());
    }
    if (events > 100) {
      EXPECT_TRUE(store_->erase("c7", kBegin + 1000 * kHour).ok());
    }
  }
  [[nodiscard]] std::shared_ptr<const Snapshot> snapshot() const { return store_->snapshot(); }

 private:
  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

  std::string some_text(bool about_delivery) {
    constexpr const char* kWords[] = {"tent", "Stove", "the",  "camping", "great", "chair", "配送",
                                      "텐트", "의자",  "캠핑", "정말",    "가격",  "색상",  "lamp"};
    constexpr const char* kParticles[] = {"", "이", "은", "에서", "를"};
    std::string text;
    for (std::size_t i = 0, words = below(8); i < words; ++i) {
      const std::string word = kWords[below(14)];
      text += word;
      if (word.size() == 6 && word[0] != '\xE9') text += kParticles[below(5)];
      text += below(8) == 0 ? ". " : " ";
    }
    if (about_delivery) {
      text += below(2) == 0 ? "delivery was Late" : "배송";
      if (text.ends_with("배송")) (text += kParticles[below(5)]) += " 지연";
    }
    return text;
  }

  void add(testing::BatchOf& rows) {
    const std::uint64_t brand = below(4);
    const auto hour = static_cast<TimeMs>(below(200));
    rows.event(kBegin + hour * kHour + static_cast<TimeMs>(below(kHour)),
               below(3) == 0 ? "Product Reviewed" : "Post Created",
               "c" + std::to_string(below(30)));
    if (below(8) != 0) rows.with("brand", ("b" + std::to_string(brand)).c_str());
    const bool in_burst = hour > 60 && hour < 70;
    const bool about_delivery = brand == 0 && below(in_burst ? 2 : 6) == 0;
    if (below(10) != 0) rows.with("text", some_text(about_delivery).c_str());
    if (below(4) != 0) rows.with("sentiment", static_cast<double>(below(21)) / 10 - 1.0);
  }

  std::mt19937_64 random_{5};
  std::unique_ptr<Store> store_;
};

GroupDimension of_brand(const Snapshot& snapshot, const char* brand) {
  GroupDimension filter{.groups = 1, .column = column_id(CoreColumn::Brand)};
  const std::uint32_t code =
      snapshot.columns()[index(column_id(CoreColumn::Brand))].dictionary->find(brand);
  if (code != Dictionary::kMissing) filter.of_code.resize(code + 1, kNoGroup);
  if (code != Dictionary::kMissing) filter.of_code[code] = 0;
  return filter;
}

// Of some runs, and of the others none.
std::shared_ptr<const TopicRows> every_third_row(const Snapshot& snapshot) {
  auto some = std::make_shared<TopicRows>();
  std::size_t runs = 0;
  for (const auto& part : snapshot.parts()) {
    for (const LiveRun& live : part->runs) {
      if (++runs % 4 == 0) continue;
      std::vector<std::uint32_t> rows;
      for (std::uint32_t row = 0; row < live->size(); row += 3) rows.push_back(row);
      some->add(*live, std::make_shared<const RowList>(rows, live->size()));
    }
  }
  return some;
}

std::vector<TermQuestion> questions(const Snapshot& snapshot) {
  TermQuestion first;
  first.until = kBegin + 190 * kHour;
  first.from = kBegin + 20 * kHour;
  first.to = kBegin + 180 * kHour;
  first.filters = {of_brand(snapshot, "b0")};
  first.terms_max = 10'000;
  for (TimeMs hour = 20; hour <= 180; hour += 2) first.bounds.push_back(kBegin + hour * kHour);
  TermQuestion complaints = first;
  complaints.moods = 1 << 3 | 1 << 0;
  complaints.least = 2;
  complaints.examples_max = 1;
  complaints.is_hidden = [](CustomerId customer) { return index(customer) % 3 == 0; };
  TermQuestion everything = first;
  everything.filters.clear();
  everything.bounds.clear();
  TermQuestion nothing = first;
  nothing.filters = {of_brand(snapshot, "nobody's")};
  TermQuestion some = first;
  some.among = every_third_row(snapshot);
  static const CustomerSet apart = [] {
    CustomerSet set(1000);
    for (std::uint32_t customer = 0; customer < 1000; customer += 3) set.add(CustomerId(customer));
    return set;
  }();
  TermQuestion others = first, theirs = first;
  others.apart = theirs.apart = &apart;
  theirs.counted = CountedVoices::Apart;
  return {first, complaints, everything, nothing, others, theirs, some};
}

// A snapshot's texts as words, read for each question anew.
class ReadWords {
 public:
  explicit ReadWords(const Snapshot& snapshot, const TopicRows* among = nullptr) {
    std::vector<const Run*> runs;
    for (const auto& part : snapshot.parts()) {
      for (const LiveRun& live : part->runs) runs.push_back(&*live);
    }
    auto read = read_words(runs, vocabulary.words(), Stop(), among).value();
    for (std::size_t i = 0; i < runs.size(); ++i) {
      if (!read[i].begins.empty()) streams.emplace(runs[i], std::move(read[i]));
    }
  }
  [[nodiscard]] const WordStream* of(const Run& run) const {
    const auto found = streams.find(&run);
    return found == streams.end() ? nullptr : &found->second;
  }
  [[nodiscard]] Terms ask(const Snapshot& snapshot, const TermQuestion& question) {
    return find_terms(
               snapshot, question, vocabulary, [this](const Run& run) { return of(run); }, Stop())
        .value();
  }
  [[nodiscard]] PostsWithWords posts(const Snapshot& snapshot, const TermQuestion& question) const {
    return PostsWithWords::find(
               snapshot, question, [this](const Run& run) { return of(run); }, Stop())
        .value();
  }
  [[nodiscard]] std::string text(const Term& term) const {
    const Dictionary& words = vocabulary.words();
    std::string text(words.at(term.word));
    return term.second == kWordGap ? text : text + ' ' + std::string(words.at(term.second));
  }

  Vocabulary vocabulary;
  std::map<const Run*, WordStream> streams;
};

std::string text_of(const TermExample& example) {
  const RunColumn* texts = example.run->column(column_id(CoreColumn::Text));
  return std::string(TextReader(std::get<TextValues>(texts->values)).at(example.row));
}

TEST(Terms, AreCountedAsByReadingEachText) {
  for (const std::size_t rows : {3, 300, 3000}) {
    const TalkWorld world(rows);
    const auto snapshot = world.snapshot();
    for (const TermQuestion& question : questions(*snapshot)) {
      ReadWords read(*snapshot);
      const Terms found = read.ask(*snapshot, question);
      const auto expected = count_terms_reference(*snapshot, question);
      EXPECT_EQ(found.compared, expected.size());
      std::size_t told = 0;
      for (const TermReference& term : expected) {
        const double z = log_odds_z(term.posts, found.posts);
        const auto it = std::ranges::find_if(
            found.terms, [&](const Term& of) { return read.text(of) == term.text; });
        ASSERT_EQ(it != found.terms.end(), z > 0) << term.text;
        if (z <= 0) continue;
        ++told;
        EXPECT_EQ(it->posts, term.posts) << term.text;
        EXPECT_EQ(it->z, z);
        std::vector<std::string> examples;
        for (const TermExample& example : it->examples) examples.push_back(text_of(example));
        EXPECT_EQ(examples, term.examples) << term.text;
      }
      EXPECT_EQ(told, found.terms.size());
      EXPECT_TRUE(std::ranges::is_sorted(found.terms,
                                         [](const Term& a, const Term& b) { return a.z > b.z; }));
    }
  }
}

// Whoever reads the words of some rows alone counts the same of them.
TEST(Terms, OfSomeRowsNeedNoWordsOfOthers) {
  const TalkWorld world(3000);
  const auto snapshot = world.snapshot();
  const TermQuestion question = questions(*snapshot).back();
  ReadWords all(*snapshot), some(*snapshot, question.among.get());
  const Terms expected = all.ask(*snapshot, question), found = some.ask(*snapshot, question);
  EXPECT_EQ(found.posts, expected.posts);
  EXPECT_GT(expected.posts.rest, 0U);
  ASSERT_EQ(found.terms.size(), expected.terms.size());
  ASSERT_FALSE(found.terms.empty());
  for (std::size_t i = 0; i < found.terms.size(); ++i) {
    EXPECT_EQ(some.text(found.terms[i]), all.text(expected.terms[i]));
    EXPECT_EQ(found.terms[i].z, expected.terms[i].z);
    EXPECT_EQ(found.terms[i].posts, expected.terms[i].posts);
  }
}

TEST(Terms, SetASelectionApart) {
  const TalkWorld world(9000);
  const auto snapshot = world.snapshot();
  TermQuestion question = questions(*snapshot).front();
  question.terms_max = 5;
  ReadWords read(*snapshot);
  const Terms found = read.ask(*snapshot, question);
  std::set<std::string> texts;
  for (const Term& term : found.terms) texts.insert(read.text(term));
  // Particles are trimmed, and "was" stands between the words of the English complaint.
  EXPECT_EQ(texts, (std::set<std::string>{"delivery", "late", "배송", "지연", "배송 지연"}));
  for (const Term& term : found.terms) {
    ASSERT_FALSE(term.bursts.empty()) << read.text(term);
    const auto strongest = std::ranges::max_element(
        term.bursts, [](const auto& a, const auto& b) { return a.weight < b.weight; });
    // Hours 61 to 69, in buckets of two hours from 20 on, are in it.
    EXPECT_LE(strongest->first, 21U) << read.text(term);
    EXPECT_GE(strongest->last, 24U) << read.text(term);
    EXPECT_LE(strongest->last - strongest->first, 20U) << read.text(term);
  }
}

TEST(Terms, SameAnswerForAnyNumberOfThreads) {
  const TalkWorld world(60'000);
  const auto snapshot = world.snapshot();
  using Told = std::vector<std::tuple<std::string, double, std::uint64_t, std::vector<TermExample>,
                                      std::vector<TermBurst>>>;
  const auto answers = [&](std::size_t threads) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    Told told;
    for (const TermQuestion& question : questions(*snapshot)) {
      ReadWords read(*snapshot);
      for (const Term& term : read.ask(*snapshot, question).terms) {
        told.emplace_back(read.text(term), term.z, term.posts.rest, term.examples, term.bursts);
      }
    }
    return told;
  };
  const auto expected = answers(1);
  EXPECT_FALSE(expected.empty());
  EXPECT_EQ(answers(2), expected);
  EXPECT_EQ(answers(8), expected);
}

// Little memory, more rounds: the same counts.
TEST(PairCounts, AreTheSameInAnyNumberOfRounds) {
  const TalkWorld world(3000);
  const auto snapshot = world.snapshot();
  const TermQuestion question = questions(*snapshot).front();
  ReadWords read(*snapshot);
  const PostsWithWords posts = read.posts(*snapshot, question);
  std::vector<std::uint32_t> stems(read.vocabulary.words().size());
  std::iota(stems.begin(), stems.end(), 0);
  const auto count = [&](std::size_t bytes_max) {
    std::map<std::pair<std::uint32_t, std::uint32_t>, TermCounts> counts;
    for (const auto& some : count_pairs(posts, stems, 2, Stop(), bytes_max)) {
      for (const PairCount& pair : some) {
        EXPECT_TRUE(counts.emplace(std::pair(pair.first, pair.second), pair.posts).second);
      }
    }
    return counts;
  };
  const auto expected = count(std::size_t{1} << 28);
  EXPECT_GT(expected.size(), 100U);
  EXPECT_EQ(count(1000), expected);
  EXPECT_EQ(count(50'000), expected);
}

TEST(PairCounts, APostCountsOnceHoweverLong) {
  const auto store = Store::open({}).value();
  testing::BatchOf rows;
  std::string twice = "red tent red tent", long_text;
  for (std::size_t i = 0; i < 40; ++i) long_text += "red tent ";
  for (const std::string& text : {twice, long_text, std::string("red tent")}) {
    rows.event(kBegin, "Post Created", "c1").with("text", text.c_str());
  }
  EXPECT_TRUE(store->append(std::move(rows.batch)).ok());
  const auto snapshot = store->snapshot();
  TermQuestion question;
  question.until = question.to = kBegin + kHour;
  question.least = 2;
  ReadWords read(*snapshot);
  const PostsWithWords posts = read.posts(*snapshot, question);
  std::vector<std::uint32_t> stems(read.vocabulary.words().size());
  std::iota(stems.begin(), stems.end(), 0);
  std::map<std::string, std::uint64_t> found;
  for (const auto& some : count_pairs(posts, stems, 2, Stop())) {
    for (const PairCount& pair : some) {
      const Term term{pair.first, pair.second, pair.posts, 0.0, {}, {}};
      found[read.text(term)] = pair.posts.selected;
    }
  }
  EXPECT_EQ(found, (std::map<std::string, std::uint64_t>{{"red tent", 3}, {"tent red", 2}}));
}

// What is known of old words is kept when new ones come between them.
TEST(WordOrder, GrowsAsIfMadeAtOnce) {
  Vocabulary vocabulary;
  std::mt19937_64 random(8);
  constexpr const char* kSyllables[] = {"가", "나", "이", "은", "에서", "배", "송", "x"};
  for (std::size_t round = 0; round < 20; ++round) {
    for (std::size_t i = 0; i < 1U << round % 8; ++i) {
      std::string word;
      for (std::size_t l = 0; l <= random() % 5; ++l) word += kSyllables[random() % 8];
      vocabulary.words().intern(word);
    }
    const auto grown = vocabulary.order();
    const WordOrder whole(vocabulary.words(), WordOrder());
    ASSERT_EQ(grown->size(), vocabulary.words().size());
    ASSERT_EQ(grown->korean().size(), whole.korean().size());
    for (std::size_t i = 0; i < whole.korean().size(); ++i) {
      EXPECT_EQ(grown->korean()[i].text, whole.korean()[i].text);
      EXPECT_EQ(grown->korean()[i].shared, whole.korean()[i].shared);
      EXPECT_EQ(grown->korean()[i].names, whole.korean()[i].names);
    }
    EXPECT_TRUE(std::ranges::equal(grown->begins(), whole.begins()));
  }
}

TEST(WordStems, CutKoreanWordsWithoutADictionary) {
  Vocabulary vocabulary;
  Dictionary& words = vocabulary.words();
  const std::pair<const char*, std::uint64_t> counted[] = {
      {"배송", 50},    {"배송이", 20},   {"배송은", 10},  {"배송지연", 5},   {"배우", 8},
      {"텐트", 30},    {"텐트에서", 12}, {"노르베인", 9}, {"노르베인은", 3}, {"바나나", 7},
      {"바나나가", 2}, {"정말", 40},     {"꽝", 3},       {"tent", 4},       {"the", 90}};
  std::vector<std::uint64_t> counts{0};
  for (const auto& [word, count] : counted) {
    words.intern(word);
    counts.push_back(count);
  }
  const auto stems = stem_words(vocabulary, counts);
  std::map<std::string, std::string> found;
  for (std::uint32_t code = 1; code < counts.size(); ++code) {
    found[std::string(words.at(code))] = words.at(stems[code]);
  }
  EXPECT_EQ(found, (std::map<std::string, std::string>{{"배송", "배송"},
                                                       {"배송이", "배송"},
                                                       {"배송은", "배송"},
                                                       {"배송지연", "배송"},
                                                       {"배우", "배우"},
                                                       {"텐트", "텐트"},
                                                       {"텐트에서", "텐트"},
                                                       {"노르베인", "노르베인"},
                                                       {"노르베인은", "노르베인"},
                                                       {"바나나", "바나나"},
                                                       {"바나나가", "바나나"},
                                                       {"정말", ""},
                                                       {"꽝", ""},
                                                       {"tent", "tent"},
                                                       {"the", ""}}));
}

TEST(LogOdds, AreThoseOfTheSource) {
  // By hand: 500 posts of prior, of which 500 x 40 / 1100 have the term.
  const double prior = 500.0 * 40 / 1100;
  const double selected = std::log((30 + prior) / (100 + 500 - 30 - prior));
  const double rest = std::log((10 + prior) / (1000 + 500 - 10 - prior));
  const double z = (selected - rest) / std::sqrt(1 / (30 + prior) + 1 / (10 + prior));
  EXPECT_DOUBLE_EQ(log_odds_z({30, 10}, {100, 1000}), z);
  EXPECT_GT(z, 3);
  EXPECT_EQ(log_odds_z({100, 1000}, {100, 1000}), 0.0);
  EXPECT_DOUBLE_EQ(log_odds_z({5, 3}, {50, 20}), -log_odds_z({3, 5}, {20, 50}));
}

}  // namespace
}  // namespace grapevine
