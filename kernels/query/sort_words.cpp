#include "kernels/query/sort_words.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string_view>
#include <type_traits>
#include <utility>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/parallel/sort.hpp"
#include "kernels/query/visit_stored.hpp"

namespace grapevine::sql {
namespace {

constexpr std::size_t kTaskRows = 64 * 1024;

// The order of a number among those of its type.
template <typename Value>
std::uint64_t rank_of(Value value) {
  if constexpr (std::is_floating_point_v<Value>) {
    using Bits = std::conditional_t<sizeof(Value) == 4, std::uint32_t, std::uint64_t>;
    constexpr Bits kSign = Bits{1} << (sizeof(Bits) * 8 - 1);
    const auto bits = std::bit_cast<Bits>(value + Value{0});  // -0.0 is 0.0 here.
    return (bits & kSign) != 0 ? static_cast<Bits>(~bits) : static_cast<Bits>(bits | kSign);
  } else if constexpr (std::is_signed_v<Value>) {
    using Bits = std::make_unsigned_t<Value>;
    constexpr auto kSign = static_cast<Bits>(Bits{1} << (sizeof(Bits) * 8 - 1));
    return static_cast<Bits>(static_cast<Bits>(value) ^ kSign);
  } else {
    return value;
  }
}

// Words with room for NaN and NULL at both ends: ranks lie between 2 and most - 2.
struct Places {
  std::uint64_t nan;
  std::uint64_t null;
};
Places places(const SortKey& key, std::uint64_t most) {
  return key.nulls_first ? Places{1, 0} : Places{most - 1, most};
}

// Words of numbers that leave room for NULL and NaN: all but integers of 64 bits.
template <typename Value>
SortWords roomy_words(const SortKey& key, std::size_t rows) {
  constexpr bool kIsWide = sizeof(Value) == 8;  // Doubles: their NaNs' ranks are free.
  const std::uint64_t ranks =
      kIsWide ? ~std::uint64_t{0} - 4 : (std::uint64_t{1} << (sizeof(Value) * 8 % 64)) - 1;
  SortWords result{std::vector<std::uint64_t>(rows), ranks + 4};
  const Places strange = places(key, result.most);
  const std::span<const Value> values = key.column->fixed<Value>();
  const std::vector<std::uint8_t>& nulls = key.column->nulls;
  for_each_block(rows, kTaskRows, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const Value value = values[i];
      // The least rank of a double is that of -inf, far above 2.
      const std::uint64_t rank = kIsWide ? rank_of(value) - 2 : rank_of(value);
      std::uint64_t word = (key.descending ? ranks - rank : rank) + 2;
      if constexpr (std::is_floating_point_v<Value>) word = value != value ? strange.nan : word;
      result.words[i] = !nulls.empty() && nulls[i] != 0 ? strange.null : word;
    }
  });
  return result;
}

// 1 for values where NULLs come first, 0 where they come last; the other one for NULLs.
SortWords null_words(const SortKey& key, std::size_t rows) {
  SortWords result{std::vector<std::uint64_t>(rows), 1};
  for (std::size_t i = 0; i < rows; ++i) {
    result.words[i] = (key.column->nulls[i] != 0) != key.nulls_first ? 1 : 0;
  }
  return result;
}

template <typename Value>
SortWords full_words(const SortKey& key, std::size_t rows) {
  SortWords result{std::vector<std::uint64_t>(rows), ~std::uint64_t{0}};
  const std::span<const Value> values = key.column->fixed<Value>();
  const std::vector<std::uint8_t>& nulls = key.column->nulls;
  for_each_block(rows, kTaskRows, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const std::uint64_t rank = rank_of(values[i]);
      const bool is_null = !nulls.empty() && nulls[i] != 0;
      result.words[i] = is_null ? 0 : (key.descending ? ~rank : rank);
    }
  });
  return result;
}

// The first bytes of a text as a number, which is in order as far as they differ.
std::uint64_t prefix_of(std::string_view text) {
  std::uint64_t word = 0;
  std::memcpy(&word, text.data(), std::min<std::size_t>(8, text.size()));
  return __builtin_bswap64(word);
}

struct TextAndCode {
  std::uint64_t prefix;
  std::string_view text;
  std::uint32_t code;
};

// Codes that occur, each once.
std::vector<std::uint32_t> codes_used(const SortKey& key, std::size_t rows) {
  const PooledValues& pooled = *key.column->pooled();
  const std::vector<std::uint8_t>& nulls = key.column->nulls;
  std::vector<std::uint32_t> used;
  if (pooled.pool->size() > 32 * rows) {
    for (std::size_t i = 0; i < rows; ++i) {
      if (nulls.empty() || nulls[i] == 0) used.push_back(pooled.codes[i]);
    }
    std::sort(used.begin(), used.end());
    used.erase(std::unique(used.begin(), used.end()), used.end());
    return used;
  }
  std::vector<std::uint8_t> occurs(pooled.pool->size());
  for (std::size_t i = 0; i < rows; ++i) {
    if (nulls.empty() || nulls[i] == 0) occurs[pooled.codes[i]] = 1;
  }
  for (std::size_t code = 0; code < occurs.size(); ++code) {
    if (occurs[code] != 0) used.push_back(static_cast<std::uint32_t>(code));
  }
  return used;
}

// Ranks of the pool's texts among those that occur.
SortWords pooled_words(const SortKey& key, std::size_t rows) {
  const PooledValues& pooled = *key.column->pooled();
  const std::vector<std::uint8_t>& nulls = key.column->nulls;
  const std::vector<std::uint32_t> used = codes_used(key, rows);
  std::vector<TextAndCode> texts(used.size());
  for_each_block(used.size(), 4096, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const std::string_view text = pooled.pool->at(used[i]);
      texts[i] = {prefix_of(text), text, used[i]};
    }
  });
  parallel_sort(std::span(texts), [](const TextAndCode& a, const TextAndCode& b) {
    return a.prefix != b.prefix ? a.prefix < b.prefix : a.text < b.text;
  });
  SortWords result{std::vector<std::uint64_t>(rows), used.size() + 4};
  const Places strange = places(key, result.most);
  const auto rank = [&](std::size_t at) {
    return (key.descending ? used.size() - 1 - at : at) + 2;
  };
  const auto fill = [&](const auto& word_of) {
    for_each_block(rows, kTaskRows, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        const bool is_null = !nulls.empty() && nulls[i] != 0;
        result.words[i] = is_null ? strange.null : word_of(pooled.codes[i]);
      }
    });
  };
  if (pooled.pool->size() > 32 * rows) {
    // Few of many codes: ranks by their place among those used.
    std::vector<std::uint64_t> ranks(used.size());
    for (std::size_t at = 0; at < texts.size(); ++at) {
      const auto place = std::lower_bound(used.begin(), used.end(), texts[at].code);
      ranks[static_cast<std::size_t>(place - used.begin())] = rank(at);
    }
    fill([&](std::uint32_t code) {
      const auto place = std::lower_bound(used.begin(), used.end(), code);
      return ranks[static_cast<std::size_t>(place - used.begin())];
    });
  } else {
    std::vector<std::uint32_t> ranks(pooled.pool->size());
    for (std::size_t at = 0; at < texts.size(); ++at) {
      ranks[texts[at].code] = static_cast<std::uint32_t>(rank(at));
    }
    fill([&](std::uint32_t code) { return std::uint64_t{ranks[code]}; });
  }
  return result;
}

SortWords text_words(const SortKey& key, std::size_t rows) {
  const std::vector<std::string_view>& texts = std::get<TextValues>(key.column->values).texts;
  const std::vector<std::uint8_t>& nulls = key.column->nulls;
  SortWords result{std::vector<std::uint64_t>(rows), ~std::uint64_t{0}, false};
  for_each_block(rows, kTaskRows, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const bool is_null = !nulls.empty() && nulls[i] != 0;
      const std::uint64_t prefix = is_null ? 0 : prefix_of(texts[i]);
      result.words[i] = is_null ? 0 : (key.descending ? ~prefix : prefix);
    }
  });
  return result;
}

}  // namespace

std::vector<SortWords> words_of(const SortKey& key, std::size_t rows) {
  const Column& column = *key.column;
  std::vector<SortWords> all;
  if (column.constant || column.type.id == TypeId::Nothing) return all;
  if (column.type.id == TypeId::String && column.pooled() != nullptr) {
    all.push_back(pooled_words(key, rows));
  } else if (column.type.id == TypeId::String) {
    if (!column.nulls.empty()) all.push_back(null_words(key, rows));
    all.push_back(text_words(key, rows));
  } else if (width_of(column.type.id) == 0) {
    all.push_back({std::vector<std::uint64_t>(rows), 0, false});
  } else {
    visit_stored(column.type.id, [&]<typename Value>(Value) {
      if constexpr (sizeof(Value) == 8 && !std::is_floating_point_v<Value>) {
        if (!column.nulls.empty()) all.push_back(null_words(key, rows));
        all.push_back(full_words<Value>(key, rows));
      } else {
        all.push_back(roomy_words<Value>(key, rows));
      }
    });
  }
  return all;
}

}  // namespace grapevine::sql
