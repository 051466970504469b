#include "kernels/listen/term_posts.hpp"

#include <algorithm>
#include <cstddef>

#include <absl/container/flat_hash_map.h>

#include "kernels/listen/bounds_finder.hpp"
#include "kernels/listen/word_pairs.hpp"
#include "kernels/parallel/for_each_block.hpp"

namespace grapevine {
namespace {

using Post = PostsWithWords::Post;

// What a word may be of the terms, as bits.
constexpr std::uint8_t kIsTerm = 1, kBeginsPair = 2, kEndsPair = 4;

// The terms that are looked for.
class KnownTerms {
 public:
  KnownTerms(std::span<const Term> terms, std::span<const std::uint32_t> stems)
      : stems_(stems), roles_(stems.size()) {
    absl::flat_hash_map<std::uint32_t, std::uint8_t> roles;  // Of stems.
    for (std::uint32_t t = 0; t < terms.size(); ++t) {
      const auto& [word, second] = std::pair(terms[t].word, terms[t].second);
      numbers_[pair_of(word, second)] = t;
      roles[word] |= second == kWordGap ? kIsTerm : kBeginsPair;
      if (second != kWordGap) roles[second] |= kEndsPair;
    }
    for (std::size_t word = 0; word < stems.size(); ++word) {
      if (stems[word] == kWordGap) continue;
      if (const auto role = roles.find(stems[word]); role != roles.end()) {
        roles_[word] = role->second;
      }
    }
  }

  // Calls `body(number)` for each, as often as it is there.
  template <typename Body>
  void for_each_in(std::span<const std::uint32_t> words, const Body& body) const {
    std::uint32_t before = kWordGap;  // The stem of the word before, where it begins pairs.
    for (const std::uint32_t word : words) {
      const std::uint8_t role = roles_[word];
      if (role == 0) {
        before = kWordGap;
        continue;
      }
      const std::uint32_t stem = stems_[word];
      if ((role & kIsTerm) != 0) body(numbers_.find(pair_of(stem, kWordGap))->second);
      if ((role & kEndsPair) != 0 && before != kWordGap) {
        const auto pair = numbers_.find(pair_of(before, stem));
        if (pair != numbers_.end()) body(pair->second);
      }
      before = (role & kBeginsPair) != 0 ? stem : kWordGap;
    }
  }

 private:
  std::span<const std::uint32_t> stems_;
  std::vector<std::uint8_t> roles_;                   // By word.
  absl::flat_hash_map<Pair, std::uint32_t> numbers_;  // Of words alone, too: before a gap.
};

class PostFinder {
 public:
  // What a worker found.
  struct Found {
    std::uint32_t post = 0;
    std::vector<std::uint32_t> last;  // By term: the last post that has it.
    std::vector<std::vector<TermExample>> examples;
    std::vector<std::uint64_t> with_term;  // By term and bucket.
    std::vector<std::uint64_t> posts;      // By bucket.
  };

  PostFinder(std::span<const Term> terms, const TermQuestion& question,
             std::span<const std::uint32_t> stems)
      : question_(question), known_(terms, stems), terms_(terms.size()) {}

  [[nodiscard]] std::size_t buckets() const {
    return question_.bounds.empty() ? 0 : question_.bounds.size() - 1;
  }
  [[nodiscard]] Found nothing() const {
    return {.last = std::vector<std::uint32_t>(terms_),
            .examples = std::vector<std::vector<TermExample>>(terms_),
            .with_term = std::vector<std::uint64_t>(terms_ * buckets()),
            .posts = std::vector<std::uint64_t>(buckets())};
  }

  void note(const Post& post, Found& mine) const {
    ++mine.post;
    std::size_t bucket = 0;
    if (!mine.posts.empty()) {
      bucket = BoundsFinder(question_.bounds).of(post.of.run->time(post.row));
      ++mine.posts[bucket];
    }
    known_.for_each_in(post.words(), [&](std::uint32_t term) {
      if (mine.last[term] == mine.post) return;
      mine.last[term] = mine.post;
      if (!mine.posts.empty()) ++mine.with_term[term * mine.posts.size() + bucket];
      add_example(post, mine.examples[term]);
    });
  }

  void keep(const TermExample& example, std::vector<TermExample>& examples) const {
    examples.insert(std::ranges::upper_bound(examples, example, is_before), example);
    if (examples.size() > question_.examples_max) examples.pop_back();
  }

 private:
  static bool is_before(const TermExample& a, const TermExample& b) {
    return a.ts != b.ts ? a.ts > b.ts : a.sequence > b.sequence;
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

  const TermQuestion& question_;
  KnownTerms known_;
  std::size_t terms_;
};

}  // namespace

void find_posts_of(std::vector<Term>& terms, const TermQuestion& question,
                   const PostsWithWords& posts, std::span<const std::uint32_t> stems,
                   const Stop& stop) {
  using Found = PostFinder::Found;
  const PostFinder finder(terms, question, stems);
  WorkerLocal<Found> locals([&] { return finder.nothing(); });
  posts.for_each_post(true, locals, stop,
                      [&](Found& mine, const Post& post) { finder.note(post, mine); });
  const std::size_t buckets = finder.buckets();
  std::vector<std::uint64_t> with_term(terms.size() * buckets), in_bucket(buckets);
  locals.for_each_made([&](const Found& mine) {
    for (std::size_t i = 0; i < with_term.size(); ++i) with_term[i] += mine.with_term[i];
    for (std::size_t b = 0; b < buckets; ++b) in_bucket[b] += mine.posts[b];
    for (std::size_t t = 0; t < terms.size(); ++t) {
      for (const TermExample& example : mine.examples[t]) finder.keep(example, terms[t].examples);
    }
  });
  for (std::size_t t = 0; t < terms.size() && buckets > 0; ++t) {
    terms[t].bursts =
        find_term_bursts(std::span(with_term).subspan(t * buckets, buckets), in_bucket);
  }
}

}  // namespace grapevine
