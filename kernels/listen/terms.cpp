#include "kernels/listen/terms.hpp"

#include <algorithm>
#include <functional>
#include <span>
#include <string_view>
#include <utility>

#include <absl/container/flat_hash_map.h>

#include "kernels/listen/bounds_finder.hpp"
#include "kernels/listen/posts_with_words.hpp"
#include "kernels/listen/word_stems.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "kernels/parallel/sort.hpp"

namespace grapevine {
namespace {

using Post = PostsWithWords::Post;
using Stems = std::vector<std::uint32_t>;

// How many posts have a word or a pair. `last` is the number of the last one that was seen.
struct Seen {
  std::uint32_t selected = 0;
  std::uint32_t rest = 0;
  std::uint32_t last = 0;

  void note(std::uint32_t post, bool is_selected) {
    if (last == post) return;
    last = post;
    ++(is_selected ? selected : rest);
  }
};

// What a worker counts, and the number of the post that it is at.
template <typename Counts>
struct Counting {
  Counts counts;
  std::uint32_t post = 0;
};

// So many words ahead of the one that is counted the place of its count is asked for: counts of all
// words lie in no near cache.
constexpr std::size_t kAhead = 12;

// How often each word occurs.
std::vector<std::uint64_t> count_words(const PostsWithWords& posts, std::size_t words,
                                       const Stop& stop) {
  using Local = std::vector<std::uint64_t>;
  WorkerLocal<Local> locals([words] { return Local(words); });
  posts.for_each_post(false, locals, stop, [](Local& mine, const Post& post) {
    for (const std::uint32_t word : post.words()) ++mine[word];
  });
  Local counts(words);
  locals.for_each_made([&](const Local& mine) {
    for (std::size_t i = 0; i < words; ++i) counts[i] += mine[i];
  });
  counts[kWordGap] = 0;
  return counts;
}

// How many posts have each stem, by its code.
std::vector<TermCounts> count_stems(const PostsWithWords& posts, const Stems& stems,
                                    std::size_t codes, const Stop& stop) {
  using Local = Counting<std::vector<Seen>>;
  WorkerLocal<Local> locals([codes] { return Local{std::vector<Seen>(codes)}; });
  posts.for_each_post(false, locals, stop, [&](Local& mine, const Post& post) {
    ++mine.post;
    // Words of the next posts stand behind those of this one.
    const std::span<const std::uint32_t> all = post.of.words->words;
    const std::span<const std::uint32_t> words = post.words();
    const auto begin = static_cast<std::size_t>(words.data() - all.data());
    for (std::size_t i = begin; i < begin + words.size(); ++i) {
      if (i + kAhead < all.size()) __builtin_prefetch(&mine.counts[stems[all[i + kAhead]]]);
      mine.counts[stems[all[i]]].note(mine.post, post.is_selected);
    }
  });
  std::vector<TermCounts> counts(codes);
  locals.for_each_made([&](const Local& mine) {
    for (std::size_t i = 0; i < codes; ++i) {
      counts[i].selected += mine.counts[i].selected;
      counts[i].rest += mine.counts[i].rest;
    }
  });
  counts[kWordGap] = {};
  return counts;
}

using Pair = std::uint64_t;
constexpr Pair pair_of(std::uint32_t first, std::uint32_t second) {
  return Pair{first} << 32 | second;
}

// Calls `body(first, second)` for the neighbours in a post that `is_wanted` both.
template <typename IsWanted, typename Body>
void for_each_pair(const Post& post, const Stems& stems, const IsWanted& is_wanted,
                   const Body& body) {
  std::uint32_t before = kWordGap;
  for (const std::uint32_t word : post.words()) {
    const std::uint32_t stem = stems[word];
    const bool is_one = stem != kWordGap && is_wanted(stem);
    if (is_one && before != kWordGap) body(before, stem);
    before = is_one ? stem : kWordGap;
  }
}

// Counts of hashes, up to what a byte holds: none is less than a pair's own count.
class HashCounts {
 public:
  static constexpr unsigned kBits = 22;

  HashCounts() : counts_(std::size_t{1} << kBits) {}
  static std::size_t slot(Pair pair) {
    return static_cast<std::size_t>(pair * 0x9E37'79B9'7F4A'7C15U >> (64 - kBits));
  }
  void note(Pair pair) {
    std::uint8_t& count = counts_[slot(pair)];
    count = static_cast<std::uint8_t>(count + (count < UINT8_MAX ? 1 : 0));
  }
  [[nodiscard]] std::uint8_t of(Pair pair) const { return counts_[slot(pair)]; }
  void add(const HashCounts& other) {
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      counts_[i] =
          static_cast<std::uint8_t>(std::min(counts_[i] + other.counts_[i], UINT8_MAX + 0));
    }
  }

 private:
  std::vector<std::uint8_t> counts_;
};

struct PairCounts {
  std::vector<Pair> pairs;  // Ascending.
  std::vector<TermCounts> counts;
};

// The pairs that are in at least `least` selected posts.
class FrequentPairs {
 public:
  FrequentPairs(const PostsWithWords& posts, const Stems& stems,
                const std::vector<TermCounts>& of_stems, std::size_t least, const Stop& stop)
      : posts_(posts), stems_(stems), least_(least), stop_(stop) {
    frequent_.reserve(of_stems.size());
    for (const TermCounts& counts : of_stems) frequent_.push_back(counts.selected >= least ? 1 : 0);
  }

  PairCounts count() {
    find_candidates();
    count_rest();
    return std::move(found_);
  }

 private:
  [[nodiscard]] bool is_frequent(std::uint32_t stem) const { return frequent_[stem] != 0; }

  void find_candidates() {
    const auto wanted = [this](std::uint32_t stem) { return is_frequent(stem); };
    WorkerLocal<HashCounts> hashes([] { return HashCounts(); });
    posts_.for_each_post(true, hashes, stop_, [&](HashCounts& mine, const Post& post) {
      for_each_pair(post, stems_, wanted, [&](std::uint32_t first, std::uint32_t second) {
        mine.note(pair_of(first, second));
      });
    });
    HashCounts all;
    hashes.for_each_made([&](const HashCounts& mine) { all.add(mine); });

    using Local = Counting<absl::flat_hash_map<Pair, Seen>>;
    WorkerLocal<Local> locals([] { return Local(); });
    const std::size_t least = std::min<std::size_t>(least_, UINT8_MAX);
    posts_.for_each_post(true, locals, stop_, [&](Local& mine, const Post& post) {
      ++mine.post;
      for_each_pair(post, stems_, wanted, [&](std::uint32_t first, std::uint32_t second) {
        const Pair pair = pair_of(first, second);
        if (all.of(pair) >= least) mine.counts[pair].note(mine.post, true);
      });
    });
    std::vector<std::pair<Pair, std::uint32_t>> counts;  // Of each worker.
    locals.for_each_made([&](const Local& mine) {
      counts.reserve(counts.size() + mine.counts.size());
      for (const auto& [pair, seen] : mine.counts) counts.emplace_back(pair, seen.selected);
    });
    parallel_sort(std::span(counts), std::less<>());
    for (std::size_t i = 0; i < counts.size();) {
      const Pair pair = counts[i].first;
      std::uint64_t count = 0;
      for (; i < counts.size() && counts[i].first == pair; ++i) count += counts[i].second;
      if (count < least_) continue;
      found_.pairs.push_back(pair);
      found_.counts.push_back({.selected = count});
    }
  }

  void count_rest() {
    absl::flat_hash_map<Pair, std::uint32_t> number;
    number.reserve(found_.pairs.size());
    std::fill(frequent_.begin(), frequent_.end(), 0);
    for (std::size_t i = 0; i < found_.pairs.size(); ++i) {
      number[found_.pairs[i]] = static_cast<std::uint32_t>(i);
      frequent_[found_.pairs[i] >> 32] |= 1;
      frequent_[found_.pairs[i] & UINT32_MAX] |= 2;
    }
    struct Local : Counting<std::vector<Seen>> {
      std::vector<Pair> pairs;  // Of the post.
    };
    WorkerLocal<Local> locals([this] {
      Local made;
      made.counts.resize(found_.pairs.size());
      return made;
    });
    posts_.for_each_post(false, locals, stop_, [&](Local& mine, const Post& post) {
      if (post.is_selected) return;
      ++mine.post;
      mine.pairs.clear();
      const auto any = [](std::uint32_t) { return true; };
      for_each_pair(post, stems_, any, [&](std::uint32_t first, std::uint32_t second) {
        if ((frequent_[first] & 1) == 0 || (frequent_[second] & 2) == 0) return;
        mine.pairs.push_back(pair_of(first, second));
        number.prefetch(mine.pairs.back());
      });
      for (const Pair pair : mine.pairs) {
        const auto known = number.find(pair);
        if (known != number.end()) mine.counts[known->second].note(mine.post, false);
      }
    });
    locals.for_each_made([&](const Local& mine) {
      for (std::size_t i = 0; i < mine.counts.size(); ++i) {
        found_.counts[i].rest += mine.counts[i].rest;
      }
    });
  }

  const PostsWithWords& posts_;
  const Stems& stems_;
  std::size_t least_;
  const Stop& stop_;
  std::vector<std::uint8_t> frequent_;  // By stem.
  PairCounts found_;
};

// Those that tell most, the first ones first.
std::vector<Term> choose_terms(const std::vector<TermCounts>& stems, const PairCounts& pairs,
                               const TermQuestion& question, const Dictionary& words,
                               Terms& result) {
  std::vector<Term> terms;
  const auto consider = [&](std::uint32_t word, std::uint32_t second, const TermCounts& counts) {
    if (counts.selected < question.least) return;
    ++result.compared;
    Term term{word, second, counts, log_odds_z(counts, result.posts), {}, {}};
    if (term.z > 0) terms.push_back(std::move(term));
  };
  for (std::uint32_t stem = 0; stem < stems.size(); ++stem) {
    consider(stem, kWordGap, stems[stem]);
  }
  for (std::size_t i = 0; i < pairs.pairs.size(); ++i) {
    consider(static_cast<std::uint32_t>(pairs.pairs[i] >> 32),
             static_cast<std::uint32_t>(pairs.pairs[i]), pairs.counts[i]);
  }
  const auto is_before = [&](const Term& a, const Term& b) {
    if (a.z != b.z) return a.z > b.z;
    if (const int order = words.at(a.word).compare(words.at(b.word)); order != 0) return order < 0;
    return words.at(a.second) < words.at(b.second);
  };
  const std::size_t told = std::min(question.terms_max, terms.size());
  std::partial_sort(terms.begin(), terms.begin() + static_cast<std::ptrdiff_t>(told), terms.end(),
                    is_before);
  terms.resize(told);
  return terms;
}

// Finds the posts of the chosen terms: their examples, and how many there are in each bucket.
class TermPosts {
 public:
  TermPosts(std::vector<Term>& terms, const TermQuestion& question, const Stems& stems,
            std::size_t codes)
      : terms_(terms),
        question_(question),
        stems_(stems),
        of_stem_(codes, kNone),
        in_pair_(codes, 0) {
    for (std::uint32_t t = 0; t < terms.size(); ++t) {
      if (terms[t].second == kWordGap) {
        of_stem_[terms[t].word] = t;
      } else {
        of_pair_[pair_of(terms[t].word, terms[t].second)] = t;
        in_pair_[terms[t].word] |= 1;
        in_pair_[terms[t].second] |= 2;
      }
    }
  }

  void find(const PostsWithWords& posts, const Stop& stop) {
    const std::size_t buckets = question_.bounds.empty() ? 0 : question_.bounds.size() - 1;
    WorkerLocal<Local> locals([&] {
      return Local{.last = std::vector<std::uint32_t>(terms_.size()),
                   .examples = std::vector<std::vector<TermExample>>(terms_.size()),
                   .with_term = std::vector<std::uint64_t>(terms_.size() * buckets),
                   .posts = std::vector<std::uint64_t>(buckets)};
    });
    posts.for_each_post(true, locals, stop,
                        [&](Local& mine, const Post& post) { note(post, mine); });
    std::vector<std::uint64_t> with_term(terms_.size() * buckets), in_bucket(buckets);
    locals.for_each_made([&](const Local& mine) {
      for (std::size_t i = 0; i < with_term.size(); ++i) with_term[i] += mine.with_term[i];
      for (std::size_t b = 0; b < buckets; ++b) in_bucket[b] += mine.posts[b];
      for (std::size_t t = 0; t < terms_.size(); ++t) {
        for (const TermExample& example : mine.examples[t]) keep(example, terms_[t].examples);
      }
    });
    for (std::size_t t = 0; t < terms_.size() && buckets > 0; ++t) {
      terms_[t].bursts =
          find_term_bursts(std::span(with_term).subspan(t * buckets, buckets), in_bucket);
    }
  }

 private:
  static constexpr std::uint32_t kNone = UINT32_MAX;

  struct Local {
    std::uint32_t post = 0;
    std::vector<std::uint32_t> last;  // By term: the last post that has it.
    std::vector<std::vector<TermExample>> examples;
    std::vector<std::uint64_t> with_term;  // By term and bucket.
    std::vector<std::uint64_t> posts;      // By bucket.
  };

  void note(const Post& post, Local& mine) const {
    ++mine.post;
    std::size_t bucket = 0;
    if (!question_.bounds.empty()) {
      bucket = BoundsFinder(question_.bounds).of(post.of.run->time(post.row));
      ++mine.posts[bucket];
    }
    const auto note_term = [&](std::uint32_t term) {
      if (mine.last[term] == mine.post) return;
      mine.last[term] = mine.post;
      if (!mine.posts.empty()) ++mine.with_term[term * mine.posts.size() + bucket];
      add_example(post, mine.examples[term]);
    };
    for (const std::uint32_t word : post.words()) {
      if (of_stem_[stems_[word]] != kNone) note_term(of_stem_[stems_[word]]);
    }
    if (of_pair_.empty()) return;
    const auto any = [](std::uint32_t) { return true; };
    for_each_pair(post, stems_, any, [&](std::uint32_t first, std::uint32_t second) {
      if ((in_pair_[first] & 1) == 0 || (in_pair_[second] & 2) == 0) return;
      const auto found = of_pair_.find(pair_of(first, second));
      if (found != of_pair_.end()) note_term(found->second);
    });
  }

  void add_example(const Post& post, std::vector<TermExample>& examples) const {
    const Run& run = *post.of.run;
    const TermExample example{run.time(post.row), run.sequences.at(post.row), &run, post.row};
    const bool is_late = examples.size() < question_.examples_max ||
                         (!examples.empty() && is_before(example, examples.back()));
    if (!is_late) return;
    if (question_.is_hidden && question_.is_hidden(run.customers[post.row])) return;
    keep(example, examples);
  }

  static bool is_before(const TermExample& a, const TermExample& b) {
    return a.ts != b.ts ? a.ts > b.ts : a.sequence > b.sequence;
  }
  void keep(const TermExample& example, std::vector<TermExample>& examples) const {
    examples.insert(std::ranges::upper_bound(examples, example, is_before), example);
    if (examples.size() > question_.examples_max) examples.pop_back();
  }

  std::vector<Term>& terms_;
  const TermQuestion& question_;
  const Stems& stems_;
  std::vector<std::uint32_t> of_stem_;
  std::vector<std::uint8_t> in_pair_;  // By stem: 1, some pair begins with it; 2, ends with it.
  absl::flat_hash_map<Pair, std::uint32_t> of_pair_;
};

}  // namespace

absl::StatusOr<Terms> find_terms(const Snapshot& snapshot, const TermQuestion& question,
                                 Dictionary& words, const WordsOfRun& words_of, const Stop& stop) {
  const auto cancelled = [] { return absl::CancelledError("stopped while counting words"); };
  const auto posts = PostsWithWords::find(snapshot, question, words_of, stop);
  if (!posts.ok()) return posts.status();
  Terms result;
  result.posts = posts->posts();
  const std::vector<std::uint64_t> counts = count_words(*posts, words.size(), stop);
  if (stop.requested()) return cancelled();
  const Stems stems = stem_words(words, counts);
  const std::size_t codes = words.size();
  const std::vector<TermCounts> of_stems = count_stems(*posts, stems, codes, stop);
  if (stop.requested()) return cancelled();
  const PairCounts pairs = FrequentPairs(*posts, stems, of_stems, question.least, stop).count();
  if (stop.requested()) return cancelled();
  result.terms = choose_terms(of_stems, pairs, question, words, result);
  TermPosts(result.terms, question, stems, codes).find(*posts, stop);
  if (stop.requested()) return cancelled();
  return result;
}

}  // namespace grapevine
