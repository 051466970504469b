#include "kernels/listen/terms.hpp"

#include <algorithm>
#include <numeric>
#include <span>
#include <utility>

#include "kernels/listen/pair_counts.hpp"
#include "kernels/listen/posts_with_words.hpp"
#include "kernels/listen/term_posts.hpp"
#include "kernels/listen/word_stems.hpp"
#include "kernels/parallel/for_each_block.hpp"

namespace grapevine {
namespace {

using Post = PostsWithWords::Post;
using Stems = std::vector<std::uint32_t>;

// How many posts have a word. `last` is the number of the last one that was seen.
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
struct Counting {
  std::vector<Seen> counts;
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
  WorkerLocal<Counting> locals([codes] { return Counting{std::vector<Seen>(codes)}; });
  posts.for_each_post(false, locals, stop, [&](Counting& mine, const Post& post) {
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
  locals.for_each_made([&](const Counting& mine) {
    for (std::size_t i = 0; i < codes; ++i) {
      counts[i].selected += mine.counts[i].selected;
      counts[i].rest += mine.counts[i].rest;
    }
  });
  counts[kWordGap] = {};
  return counts;
}

// What each word is counted as in pairs: those of which a word is in few selected posts are too.
Stems stems_of_pairs(Stems stems, const std::vector<TermCounts>& of_stems, std::size_t least) {
  for (std::uint32_t& stem : stems) {
    if (of_stems[stem].selected < least) stem = kWordGap;
  }
  return stems;
}

// A term that sets the selection apart.
struct Candidate {
  double z;
  PairCount term;
};

// Weighs terms against each other.
class TermChoice {
 public:
  TermChoice(const TermQuestion& question, const TermCounts& posts, const Dictionary& words)
      : question_(question), posts_(posts), words_(words) {}

  void weigh(const std::vector<TermCounts>& of_stems,
             const std::vector<std::vector<PairCount>>& pairs) {
    constexpr std::size_t kStemsTogether = std::size_t{1} << 14;
    const std::size_t blocks = blocks_of(of_stems.size(), kStemsTogether);
    candidates_.resize(blocks + pairs.size());
    compared_.resize(candidates_.size());
    for_each(candidates_.size(), [&](std::size_t list) {
      if (list >= blocks) {
        for (const PairCount& pair : pairs[list - blocks]) consider(pair, list);
        return;
      }
      const std::size_t end = std::min((list + 1) * kStemsTogether, of_stems.size());
      for (std::size_t stem = list * kStemsTogether; stem < end; ++stem) {
        const TermCounts& posts = of_stems[stem];
        if (posts.selected < question_.least) continue;
        consider({static_cast<std::uint32_t>(stem), kWordGap, posts}, list);
      }
    });
  }

  [[nodiscard]] std::size_t compared() const {
    return std::reduce(compared_.begin(), compared_.end(), std::size_t{0});
  }

  // Those that tell most, the first ones first.
  std::vector<Term> best() {
    std::vector<Candidate> all;
    for (std::vector<Candidate>& some : candidates_) {
      all.insert(all.end(), some.begin(), some.end());
    }
    const std::size_t told = std::min(question_.terms_max, all.size());
    std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(told), all.end(),
                      [this](const Candidate& a, const Candidate& b) { return is_before(a, b); });
    all.resize(told);
    std::vector<Term> terms;
    for (const auto& [z, term] : all) {
      terms.push_back({term.first, term.second, term.posts, z, {}, {}});
    }
    return terms;
  }

 private:
  void consider(const PairCount& term, std::size_t list) {
    ++compared_[list];
    const double z = log_odds_z(term.posts, posts_);
    if (z > 0) candidates_[list].push_back({z, term});
  }
  [[nodiscard]] bool is_before(const Candidate& a, const Candidate& b) const {
    if (a.z != b.z) return a.z > b.z;
    const int order = words_.at(a.term.first).compare(words_.at(b.term.first));
    return order != 0 ? order < 0 : words_.at(a.term.second) < words_.at(b.term.second);
  }

  const TermQuestion& question_;
  const TermCounts& posts_;
  const Dictionary& words_;
  std::vector<std::vector<Candidate>> candidates_;  // By list.
  std::vector<std::size_t> compared_;
};

}  // namespace

absl::StatusOr<Terms> find_terms(const Snapshot& snapshot, const TermQuestion& question,
                                 Vocabulary& vocabulary, const WordsOfRun& words_of,
                                 const Stop& stop) {
  const auto cancelled = [] { return absl::CancelledError("stopped while counting words"); };
  const auto posts = PostsWithWords::find(snapshot, question, words_of, stop);
  if (!posts.ok()) return posts.status();
  const Dictionary& words = vocabulary.words();
  Terms result;
  result.posts = posts->posts();
  const std::vector<std::uint64_t> counts = count_words(*posts, words.size(), stop);
  if (stop.requested()) return cancelled();
  const Stems stems = stem_words(vocabulary, counts);
  const std::vector<TermCounts> of_stems = count_stems(*posts, stems, words.size(), stop);
  if (stop.requested()) return cancelled();
  const Stems of_pairs = stems_of_pairs(stems, of_stems, question.least);
  const auto pairs = count_pairs(*posts, of_pairs, question.least, stop);
  if (stop.requested()) return cancelled();
  TermChoice choice(question, result.posts, words);
  choice.weigh(of_stems, pairs);
  result.compared = choice.compared();
  result.terms = choice.best();
  find_posts_of(result.terms, question, *posts, stems, stop);
  if (stop.requested()) return cancelled();
  return result;
}

}  // namespace grapevine
