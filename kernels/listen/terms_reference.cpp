#include "kernels/listen/terms_reference.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>

#include "kernels/listen/mood_lanes.hpp"
#include "kernels/segment/window_reference.hpp"
#include "kernels/text/name_boundary.hpp"
#include "kernels/text/stop_words.hpp"
#include "kernels/text/words.hpp"
#include "storage/schema.hpp"

namespace grapevine {
namespace {

// A post, its words ("": a gap).
struct PostText {
  TimeMs ts;
  std::uint64_t sequence;
  bool selected;
  bool hidden;
  std::string text;
  std::vector<std::string> words;
};

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> words;
  WordSplitter().split(
      text, [&](std::string_view word) { words.emplace_back(word); },
      [&] { words.emplace_back(); });
  return words;
}

bool is_in(const Run& run, std::size_t row, const GroupDimension& filter) {
  const RunColumn* column = filter.column ? run.column(*filter.column) : nullptr;
  if (column == nullptr || !column->has(row)) return false;
  const std::uint64_t code = std::get<CodeValues>(column->values).codes.at(row);
  return code < filter.of_code.size() && filter.of_code[code] != kNoGroup;
}

int mood_of(const Run& run, std::size_t row) {
  const RunColumn* column = run.column(column_id(CoreColumn::Sentiment));
  if (column == nullptr || !column->has(row)) return 0;
  const double score = std::get<RealValues>(column->values).at(row);
  return score > kMoodScore ? 2 : score < -kMoodScore ? 3 : 1;
}

bool is_listed(const RowList* rows, std::size_t row) {
  bool is_there = false;
  if (rows == nullptr) return false;
  rows->for_each([&](std::uint32_t listed) { is_there |= listed == row; });
  return is_there;
}

std::vector<PostText> read_posts(const Snapshot& snapshot, const TermQuestion& question) {
  std::vector<PostText> posts;
  for_each_row_reference(snapshot, [&](const Run& run, std::size_t row) {
    const RunColumn* texts = run.column(column_id(CoreColumn::Text));
    const TimeMs time = run.time(row);
    if (texts == nullptr || !texts->has(row) || time >= question.until) return;
    if (question.among != nullptr && !is_listed(question.among->of(run), row)) return;
    const bool is_apart = question.apart != nullptr && question.apart->has(run.customers[row]);
    if (question.apart != nullptr && !counts(question.counted, is_apart)) return;
    const bool selected =
        time >= question.from && time < question.to &&
        (question.moods >> mood_of(run, row) & 1) != 0 &&
        std::ranges::all_of(question.filters, [&](const auto& f) { return is_in(run, row, f); });
    const std::string text(TextReader(std::get<TextValues>(texts->values)).at(row));
    const bool hidden = question.is_hidden && question.is_hidden(run.customers[row]);
    posts.push_back({time, run.sequences.at(row), selected, hidden, text, split(text)});
  });
  return posts;
}

using Counts = std::map<std::string, std::uint64_t>;

bool is_korean(const std::string& word) { return word >= "\uAC00" && word <= "\uD7A3\xFF"; }

std::string stem_of(const std::string& word, const Counts& counts) {
  if (word.empty() || is_stop_word(word)) return {};
  if (!is_korean(word)) return word.size() > 1 ? word : std::string();
  if (word.size() == 3) return {};
  // Words that begin with each beginning, counted one by one.
  std::vector<std::uint64_t> beginning;
  for (std::size_t bytes = 3; bytes <= word.size(); bytes += 3) {
    std::uint64_t count = 0;
    for (const auto& [other, times] : counts) {
      const bool is_counted = !is_stop_word(other);
      if (is_counted && other.starts_with(word.substr(0, bytes))) count += times;
    }
    beginning.push_back(count);
  }
  std::size_t best = 2;
  double score = -INFINITY;
  for (std::size_t l = 2; l <= beginning.size(); ++l) {
    const double of_l = (std::log(static_cast<double>(beginning[l - 1])) -
                         std::log(static_cast<double>(beginning[0]))) /
                        static_cast<double>(l - 1);
    if (of_l >= score) std::tie(best, score) = std::pair(l, of_l);
  }
  std::string stem = word.substr(0, best * 3);
  for (std::size_t l = 2; l < best; ++l) {
    if (beginning[l - 1] > beginning[best - 1] && ends_name(stem, l * 3)) {
      stem.resize(l * 3);
      break;
    }
  }
  return is_stop_word(stem) ? std::string() : stem;
}

std::set<std::string> terms_of(const PostText& post,
                               const std::map<std::string, std::string>& stems) {
  std::set<std::string> terms;
  std::string before;
  for (const std::string& word : post.words) {
    const std::string& stem = stems.at(word);
    if (!stem.empty()) terms.insert(stem);
    if (!stem.empty() && !before.empty()) terms.insert(before + ' ' + stem);
    before = stem;
  }
  return terms;
}

}  // namespace

std::vector<TermReference> count_terms_reference(const Snapshot& snapshot,
                                                 const TermQuestion& question) {
  std::vector<PostText> posts = read_posts(snapshot, question);
  Counts counts;
  for (const PostText& post : posts) {
    for (const std::string& word : post.words) ++counts[word];
  }
  counts.erase("");
  std::map<std::string, std::string> stems{{"", ""}};
  for (const auto& [word, times] : counts) stems[word] = stem_of(word, counts);
  std::ranges::sort(posts, [](const PostText& a, const PostText& b) {
    return std::tie(a.ts, a.sequence) > std::tie(b.ts, b.sequence);
  });
  std::map<std::string, TermReference> terms;
  const std::size_t buckets = question.bounds.empty() ? 0 : question.bounds.size() - 1;
  for (const PostText& post : posts) {
    for (const std::string& text : terms_of(post, stems)) {
      TermReference& term = terms[text];
      term.text = text;
      term.with_term.resize(buckets);
      ++(post.selected ? term.posts.selected : term.posts.rest);
      if (!post.selected) continue;
      if (!post.hidden && term.examples.size() < question.examples_max) {
        term.examples.push_back(post.text);
      }
      for (std::size_t b = 0; b < buckets; ++b) {
        const bool is_there = post.ts >= question.bounds[b] && post.ts < question.bounds[b + 1];
        term.with_term[b] += is_there ? 1 : 0;
      }
    }
  }
  std::vector<TermReference> result;
  for (auto& [text, term] : terms) {
    if (term.posts.selected >= question.least) result.push_back(std::move(term));
  }
  return result;
}

}  // namespace grapevine
