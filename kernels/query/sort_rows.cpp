#include "kernels/query/sort_rows.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <limits>
#include <utility>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/parallel/sort.hpp"
#include "kernels/query/query_error.hpp"
#include "kernels/query/radix_sort.hpp"
#include "kernels/query/sort_words.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

constexpr std::size_t kTaskRows = 64 * 1024;
constexpr std::size_t kFewRows = 2048;  // So many are sorted faster by comparing.

// A row with the first of its words.
struct Entry {
  std::uint64_t word;
  std::uint32_t row;
};

// Takes from words what all have in common: a number below them, and zero bits behind.
void compact(SortWords& words) {
  struct Seen {
    std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t most = 0;
    std::uint64_t differ = 0;
  };
  const std::size_t rows = words.words.size();
  if (rows == 0) return;
  std::vector<Seen> seen(blocks_of(rows, kTaskRows));
  const std::uint64_t first = words.words.front();
  for_each_block(rows, kTaskRows, [&](std::size_t begin, std::size_t end) {
    Seen mine;
    for (std::size_t i = begin; i < end; ++i) {
      const std::uint64_t word = words.words[i];
      mine.least = std::min(mine.least, word);
      mine.most = std::max(mine.most, word);
      mine.differ |= word ^ first;
    }
    seen[begin / kTaskRows] = mine;
  });
  Seen all;
  for (const Seen& some : seen) {
    all.least = std::min(all.least, some.least);
    all.most = std::max(all.most, some.most);
    all.differ |= some.differ;
  }
  const int zeros = all.differ == 0 ? 0 : std::countr_zero(all.differ);
  words.most = (all.most - all.least) >> zeros;
  if (all.least == 0 && zeros == 0) return;
  for_each_block(rows, kTaskRows, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      words.words[i] = (words.words[i] - all.least) >> zeros;
    }
  });
}

// All that decides the order of two rows: words, then columns where words are not enough.
class RowOrder {
 public:
  // `is_whole`: all rows are to be sorted, and short words are worth making.
  RowOrder(std::span<const SortKey> keys, std::size_t rows, bool is_whole) : keys_(keys) {
    for (const SortKey& key : keys) {
      for (SortWords& words : words_of(key, rows)) {
        if (is_whole && words.is_exact) compact(words);
        add(std::move(words), key);
      }
    }
    if (steps_.empty()) steps_.push_back({std::vector<std::uint64_t>(rows), 0, nullptr});
  }

  [[nodiscard]] Entry entry(std::size_t row) const {
    return {steps_[0].words[row], static_cast<std::uint32_t>(row)};
  }
  [[nodiscard]] bool operator()(const Entry& a, const Entry& b) const {
    if (a.word != b.word) return a.word < b.word;
    if (steps_[0].key != nullptr) {
      const int order = compare_keys(*steps_[0].key, a.row, b.row);
      if (order != 0) return order < 0;
    }
    for (std::size_t i = 1; i < steps_.size(); ++i) {
      const std::uint64_t word_a = steps_[i].words[a.row];
      const std::uint64_t word_b = steps_[i].words[b.row];
      if (word_a != word_b) return word_a < word_b;
      if (steps_[i].key == nullptr) continue;
      const int order = compare_keys(*steps_[i].key, a.row, b.row);
      if (order != 0) return order < 0;
    }
    return a.row < b.row;
  }
  // Whether all keys of two rows are the same.
  [[nodiscard]] bool ties(const Entry& a, const Entry& b) const {
    return std::all_of(steps_.begin(), steps_.end(), [&](const Step& step) {
      return step.words[a.row] == step.words[b.row] &&
             (step.key == nullptr || compare_keys(*step.key, a.row, b.row) == 0);
    });
  }
  // Whether words and rows are all there is.
  [[nodiscard]] bool is_one_word() const { return steps_.size() == 1 && !steps_[0].key; }
  // What the first words are below: 2^bits.
  [[nodiscard]] unsigned bits() const {
    return static_cast<unsigned>(std::bit_width(steps_[0].most));
  }

 private:
  struct Step {
    std::vector<std::uint64_t> words;
    std::uint64_t most;
    const SortKey* key;  // Decides where words are the same; nullptr: they are enough.
  };

  // Joins the words to those before, where both fit one word.
  void add(SortWords words, const SortKey& key) {
    const SortKey* const decides = words.is_exact ? nullptr : &key;
    if (!steps_.empty() && steps_.back().key == nullptr) {
      Step& last = steps_.back();
      const auto bits = static_cast<unsigned>(std::bit_width(words.most));
      if (static_cast<unsigned>(std::bit_width(last.most)) + bits <= 64 && bits < 64) {
        for_each_block(last.words.size(), kTaskRows, [&](std::size_t begin, std::size_t end) {
          for (std::size_t i = begin; i < end; ++i) {
            last.words[i] = last.words[i] << bits | words.words[i];
          }
        });
        last.most = last.most << bits | words.most;
        last.key = decides;
        return;
      }
    }
    steps_.push_back({std::move(words.words), words.most, decides});
  }

  std::span<const SortKey> keys_;
  std::vector<Step> steps_;
};

// Something small to copy, as sorting does.
auto by(const RowOrder& order) {
  return [&order](const Entry& a, const Entry& b) { return order(a, b); };
}

// The first `limit` of the entries that a range of rows has, in no order.
std::vector<Entry> first_entries(const RowOrder& order, std::size_t begin, std::size_t end,
                                 std::size_t limit) {
  std::vector<Entry> kept;
  const std::size_t room = std::max<std::size_t>(2 * limit, 1024);
  kept.reserve(std::min(room, end - begin));
  const auto cut = [&] {
    const auto last = kept.begin() + static_cast<std::ptrdiff_t>(limit);
    std::nth_element(kept.begin(), last, kept.end(), by(order));
    kept.resize(limit);
  };
  std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  for (std::size_t row = begin; row < end; ++row) {
    const Entry entry = order.entry(row);
    if (entry.word > most) continue;
    kept.push_back(entry);
    if (kept.size() < room) continue;
    cut();
    most = 0;
    for (const Entry& one : kept) most = std::max(most, one.word);
  }
  if (kept.size() > limit) cut();
  return kept;
}

absl::Status cancelled() {
  return query_error(QueryErrorCode::QueryWasCancelled, "Query was cancelled");
}

// Stretches of rows have candidates of their own: all that may be among the first `limit`.
std::vector<Entry> candidates_of(const RowOrder& order, std::size_t rows, std::size_t limit,
                                 const Stop& stop) {
  const std::size_t stretch = std::max(kTaskRows, 8 * limit);
  std::vector<std::vector<Entry>> candidates(blocks_of(rows, stretch));
  for_each_block(rows, stretch, [&](std::size_t begin, std::size_t end) {
    if (stop.requested()) return;
    candidates[begin / stretch] = first_entries(order, begin, end, limit);
  });
  std::vector<Entry> all;
  for (const std::vector<Entry>& some : candidates) {
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

// The rows that may be among the first `limit` by their first key's words alone, ascending.
std::vector<std::uint32_t> first_by_one_key(const SortKey& key, std::size_t rows, std::size_t limit,
                                            const Stop& stop) {
  const RowOrder order(std::span(&key, 1), rows, false);
  std::vector<Entry> entries = candidates_of(order, rows, limit, stop);
  std::vector<std::uint32_t> first;
  if (entries.size() < limit || limit == 0) return first;
  const auto last = entries.begin() + static_cast<std::ptrdiff_t>(limit - 1);
  std::nth_element(entries.begin(), last, entries.end(),
                   [](const Entry& a, const Entry& b) { return a.word < b.word; });
  const std::uint64_t most = last->word;
  for (std::size_t row = 0; row < rows; ++row) {
    if (order.entry(row).word <= most) first.push_back(static_cast<std::uint32_t>(row));
  }
  return first;
}

void sort_candidates(const RowOrder& order, std::vector<Entry>& entries) {
  if (order.is_one_word()) {
    parallel_sort(std::span(entries), [](const Entry& a, const Entry& b) {
      return a.word != b.word ? a.word < b.word : a.row < b.row;
    });
  } else {
    parallel_sort(std::span(entries), by(order));
  }
}

// Rows whose words leave room for the numbers of rows behind them.
SortedRows sort_packed(const RowOrder& order, std::size_t rows, unsigned row_bits) {
  std::vector<std::uint64_t> packed(rows);
  for_each_block(rows, kTaskRows, [&](std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) {
      packed[row] = order.entry(row).word << row_bits | row;
    }
  });
  if (rows <= kFewRows) {
    std::sort(packed.begin(), packed.end());
  } else {
    radix_sort(packed, row_bits, order.bits(), [](std::uint64_t word) { return word; });
  }
  SortedRows sorted{std::vector<std::uint32_t>(rows), std::vector<std::uint8_t>(rows)};
  const std::uint64_t mask = (std::uint64_t{1} << row_bits) - 1;
  for_each_block(rows, kTaskRows, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      sorted.rows[i] = static_cast<std::uint32_t>(packed[i] & mask);
      const bool is_new = i == 0 || packed[i] >> row_bits != packed[i - 1] >> row_bits;
      sorted.is_new[i] = is_new ? 1 : 0;
    }
  });
  return sorted;
}

SortedRows sort_all(const RowOrder& order, std::size_t rows) {
  const auto row_bits = static_cast<unsigned>(std::bit_width(rows));
  const bool one_word = order.is_one_word();
  if (one_word && order.bits() + row_bits <= 64) return sort_packed(order, rows, row_bits);
  std::vector<Entry> entries(rows);
  for_each_block(rows, kTaskRows, [&](std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) entries[row] = order.entry(row);
  });
  if (one_word) {
    radix_sort(entries, 0, order.bits(), [](const Entry& entry) { return entry.word; });
  } else {
    parallel_sort(std::span(entries), by(order));
  }
  SortedRows sorted{std::vector<std::uint32_t>(rows), std::vector<std::uint8_t>(rows)};
  for_each_block(rows, kTaskRows, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      sorted.rows[i] = entries[i].row;
      const bool ties = i > 0 && (one_word ? entries[i].word == entries[i - 1].word
                                           : order.ties(entries[i - 1], entries[i]));
      sorted.is_new[i] = ties ? 0 : 1;
    }
  });
  return sorted;
}

}  // namespace

absl::StatusOr<std::vector<std::uint32_t>> sort_rows(std::span<const SortKey> keys,
                                                     std::size_t rows, std::size_t limit,
                                                     const Stop& stop) {
  if (stop.requested()) return cancelled();
  limit = std::min(limit, rows);
  const bool wants_some = limit < rows / 4;
  if (wants_some && keys.size() > 1) {
    // Words of later keys, the order of texts above all, are made for those alone that need them.
    const std::vector<std::uint32_t> first = first_by_one_key(keys[0], rows, limit, stop);
    if (stop.requested()) return cancelled();
    if (first.size() < rows / 2) {
      std::vector<SortKey> of_first(keys.begin(), keys.end());
      for (SortKey& key : of_first) {
        if (!key.column->constant) key.column = gather_present(key.column, first);
      }
      GRAPEVINE_ASSIGN_OR_RETURN(std::vector<std::uint32_t> order,
                                 sort_rows(of_first, first.size(), limit, stop));
      for (std::uint32_t& row : order) row = first[row];
      return order;
    }
  }
  const RowOrder order(keys, rows, !wants_some);
  if (stop.requested()) return cancelled();
  std::vector<std::uint32_t> result;
  if (wants_some) {
    std::vector<Entry> entries = candidates_of(order, rows, limit, stop);
    if (stop.requested()) return cancelled();
    sort_candidates(order, entries);
    result.reserve(limit);
    for (std::size_t i = 0; i < limit; ++i) result.push_back(entries[i].row);
  } else {
    result = sort_all(order, rows).rows;
    result.resize(limit);
  }
  if (stop.requested()) return cancelled();
  return result;
}

absl::StatusOr<SortedRows> sort_rows_and_ties(std::span<const SortKey> keys, std::size_t rows,
                                              const Stop& stop) {
  if (stop.requested()) return cancelled();
  const RowOrder order(keys, rows, true);
  if (stop.requested()) return cancelled();
  SortedRows sorted = sort_all(order, rows);
  if (stop.requested()) return cancelled();
  return sorted;
}

}  // namespace grapevine::sql
