#include "kernels/segment/member_order.hpp"

#include <algorithm>
#include <bit>
#include <string_view>
#include <type_traits>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/parallel/sort.hpp"
#include "kernels/segment/ascending_key.hpp"
#include "kernels/segment/quantile_groups.hpp"
#include "kernels/segment/seen.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kMembersPerBlock = 16'384;
constexpr std::size_t kWordsPerBlock = 256;

// Eight bytes of a text from `begin` on, the first one highest; zeros beyond its end.
std::uint64_t bytes_from(std::string_view text, std::size_t begin) {
  std::uint64_t bytes = 0;
  for (std::size_t i = begin; i < begin + 8; ++i) {
    bytes = bytes << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0U);
  }
  return bytes;
}

std::size_t common_length(std::string_view a, std::string_view b, std::size_t most) {
  std::size_t length = 0;
  const std::size_t end = std::min({a.size(), b.size(), most});
  while (length < end && a[length] == b[length]) ++length;
  return length;
}

// The place of every used code when their strings are sorted. Shapes: used, by code.
std::vector<std::uint32_t> ranks_of(const Dictionary& dictionary,
                                    const std::vector<std::uint8_t>& used) {
  struct Entry {
    std::uint64_t bytes;
    std::uint32_t code;
  };
  std::vector<Entry> entries;
  for (std::uint32_t code = 0; code < used.size(); ++code) {
    if (used[code] != 0) entries.push_back({bytes_from(dictionary.at(code), 0), code});
  }
  parallel_sort(std::span(entries), [&](const Entry& a, const Entry& b) {
    if (a.bytes != b.bytes) return a.bytes < b.bytes;
    return dictionary.at(a.code) < dictionary.at(b.code);
  });
  std::vector<std::uint32_t> ranks(used.size());
  for (std::uint32_t rank = 0; rank < entries.size(); ++rank) ranks[entries[rank].code] = rank;
  return ranks;
}

}  // namespace

MemberOrder::MemberOrder(const CustomerTable& customers, const CustomerSet& members,
                         const OrderBy& order_by)
    : customers_(customers) {
  list_members(members);
  const bool ids_are_key = std::holds_alternative<std::monostate>(order_by.key);
  ids_descend_ = ids_are_key && order_by.descending;
  if (ids_are_key) note_ids(0, members_.size());
  ids_noted_ = ids_are_key;
  if (const auto* column = std::get_if<const AttributeColumn*>(&order_by.key)) {
    note_keys(**column, order_by.descending);
  } else if (const auto* times = std::get_if<std::span<const TimeMs>>(&order_by.key)) {
    note_keys(*times, order_by.descending);
  }
}

// Each block of words writes to its own place, which the counts of those before it give.
void MemberOrder::list_members(const CustomerSet& members) {
  const std::span<const std::uint64_t> words = members.words();
  std::vector<std::size_t> begins{0};
  for (std::size_t begin = 0; begin < words.size(); begin += kWordsPerBlock) {
    std::size_t count = 0;
    for (std::size_t w = begin; w < std::min(begin + kWordsPerBlock, words.size()); ++w) {
      count += static_cast<std::size_t>(std::popcount(words[w]));
    }
    begins.push_back(begins.back() + count);
  }
  members_.resize(begins.back());
  for_each_block(words.size(), kWordsPerBlock, [&](std::size_t begin, std::size_t end) {
    std::size_t place = begins[begin / kWordsPerBlock];
    for (std::size_t w = begin; w < end; ++w) {
      for (std::uint64_t rest = words[w]; rest != 0; rest &= rest - 1) {
        const auto bit = static_cast<std::uint32_t>(std::countr_zero(rest));
        members_[place++].customer = CustomerId(static_cast<std::uint32_t>(w * 64) + bit);
      }
    }
  });
}

// Ids often begin alike; the eight bytes kept are those that follow what all of the range have in common.
void MemberOrder::note_ids(std::size_t range_begin, std::size_t range_end) {
  if (range_begin == range_end) return;
  const std::size_t count = range_end - range_begin;
  const std::string_view first = customers_.external_id(members_[range_begin].customer);
  std::vector<std::size_t> common(blocks_of(count, kMembersPerBlock), first.size());
  for_each_block(count, kMembersPerBlock, [&](std::size_t begin, std::size_t end) {
    std::size_t& shared = common[begin / kMembersPerBlock];
    for (std::size_t i = range_begin + begin; i < range_begin + end; ++i) {
      shared = common_length(first, customers_.external_id(members_[i].customer), shared);
    }
  });
  const std::size_t skipped = *std::min_element(common.begin(), common.end());
  for_each_block(count, kMembersPerBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = range_begin + begin; i < range_begin + end; ++i) {
      const std::string_view id = customers_.external_id(members_[i].customer);
      members_[i].id_bytes = bytes_from(id, skipped);
    }
  });
}

void MemberOrder::note_keys(const AttributeColumn& column, bool descending) {
  std::vector<std::uint32_t> ranks;
  if (column.dictionary != nullptr) {
    std::vector<std::uint8_t> used(column.dictionary->size());
    for (const Member& member : members_) {
      const AttributeChunk* chunk = column.chunk_of(member.customer);
      const std::size_t slot = index(member.customer) % AttributeChunk::kCustomers;
      if (chunk == nullptr || !chunk->has(slot)) continue;
      if (const auto* codes = std::get_if<std::vector<std::uint32_t>>(&chunk->values)) {
        used[(*codes)[slot]] = 1;
      }
    }
    ranks = ranks_of(*column.dictionary, used);
  }
  for_each_block(members_.size(), kMembersPerBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      Member& member = members_[i];
      const AttributeChunk* chunk = column.chunk_of(member.customer);
      const std::size_t slot = index(member.customer) % AttributeChunk::kCustomers;
      member.without_key = chunk == nullptr || !chunk->has(slot) ? 1 : 0;
      if (member.without_key != 0) continue;
      std::visit(
          [&](const auto& values) {
            using Value = typename std::decay_t<decltype(values)>::value_type;
            if constexpr (std::is_same_v<Value, std::uint32_t>) {
              member.key = ranks[values[slot]];
            } else if constexpr (std::is_same_v<Value, std::uint8_t>) {
              member.key = values[slot];
            } else {
              member.key = ascending_key(values[slot]);
            }
          },
          chunk->values);
      if (descending) member.key = ~member.key;
    }
  });
}

void MemberOrder::note_keys(std::span<const TimeMs> times, bool descending) {
  for_each_block(members_.size(), kMembersPerBlock, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      Member& member = members_[i];
      const TimeMs time = times[index(member.customer)];
      member.without_key = time == kNever ? 1 : 0;
      if (member.without_key != 0) continue;
      member.key = descending ? ~ascending_key(time) : ascending_key(time);
    }
  });
}

bool MemberOrder::before(const Member& a, const Member& b) const {
  if (a.without_key != b.without_key) return a.without_key < b.without_key;
  if (a.key != b.key) return a.key < b.key;
  if (a.id_bytes != b.id_bytes) return (a.id_bytes < b.id_bytes) != ids_descend_;
  if (a.customer == b.customer) return false;
  return (customers_.external_id(a.customer) < customers_.external_id(b.customer)) != ids_descend_;
}

// Sorts at least twice as much as before, so that reading every page costs O(n log n) in all.
void MemberOrder::sort_until(std::size_t end) {
  constexpr std::size_t kAtLeast = 1024;
  if (end <= sorted_) return;
  const std::size_t target = std::min(std::max({end, 2 * sorted_, kAtLeast}), members_.size());
  if (!ids_noted_ && sort_by_key_until(target)) return;
  const auto less = [this](const Member& a, const Member& b) { return before(a, b); };
  if (target < members_.size()) {
    std::nth_element(place(sorted_), place(target), members_.end(), less);
  }
  std::sort(place(sorted_), place(target), less);
  sorted_ = target;
}

// The first key after which at least `count` of those that are not sorted come; nullopt: so many have
// none.
std::optional<std::uint64_t> MemberOrder::key_of_rest(std::size_t count) const {
  std::vector<std::uint64_t> keys;
  keys.reserve(members_.size() - sorted_);
  for (std::size_t i = sorted_; i < members_.size(); ++i) {
    if (members_[i].without_key == 0) keys.push_back(members_[i].key);
  }
  if (count == 0 || keys.size() < count) return std::nullopt;
  return keys_of_ranks(keys, {count - 1}).front();
}

// Looking an id up costs a miss or two of the cache, and few are needed: those of the members up to
// `target` and of who ties with the last of them. Where very many do, notes all ids and says false.
bool MemberOrder::sort_by_key_until(std::size_t target) {
  const auto last = target < members_.size() ? key_of_rest(target - sorted_) : std::nullopt;
  const auto is_wanted = [&](const Member& member) {
    return member.without_key == 0 && member.key <= *last;
  };
  const auto tie_end =
      last ? std::partition(place(sorted_), members_.end(), is_wanted) : members_.end();
  const auto end = static_cast<std::size_t>(tie_end - members_.begin());
  if (end - sorted_ > 4 * (target - sorted_)) {
    note_ids(sorted_, members_.size());
    ids_noted_ = true;
    return false;
  }
  note_ids(sorted_, end);
  std::sort(place(sorted_), tie_end,
            [this](const Member& a, const Member& b) { return before(a, b); });
  sorted_ = end;
  return true;
}

std::vector<CustomerId> MemberOrder::page(std::size_t begin, std::size_t end) {
  end = std::min(end, members_.size());
  begin = std::min(begin, end);
  sort_until(end);
  std::vector<CustomerId> customers;
  customers.reserve(end - begin);
  for (std::size_t i = begin; i < end; ++i) customers.push_back(members_[i].customer);
  return customers;
}

}  // namespace grapevine
