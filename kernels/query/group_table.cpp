#include "kernels/query/group_table.hpp"

#include <algorithm>
#include <utility>

#include "kernels/query/key_codes.hpp"
#include "kernels/query/key_domain.hpp"
#include "kernels/query/key_layout.hpp"
#include "kernels/query/key_slots.hpp"

namespace grapevine::sql {
namespace {

// An array of so many groups stays in a near cache, so that it is worth its place for few of them.
constexpr std::uint64_t kSmallDomain = std::uint64_t{1} << 18;
// Beyond that an array may be as large as the hash table that it replaces.
constexpr std::uint64_t kEntriesPerGroup = 8;
// Rows whose slots are asked for ahead of time, once slots do not fit a near cache.
constexpr std::size_t kAhead = 16;
constexpr std::size_t kNearBytes = 256 * 1024;

}  // namespace

struct GroupTable::Impl {
  Impl(const std::vector<DataType>& types, std::size_t expected)
      : codes(types),
        layout(codes.parts()),
        domain(codes.parts()),
        keys(layout.words()),
        groups_expected(expected) {}

  [[nodiscard]] std::size_t size() const { return keys[0].size(); }

  std::uint32_t add_group(std::span<const std::uint64_t> words) {
    for (std::size_t w = 0; w < keys.size(); ++w) keys[w].push_back(words[w]);
    return static_cast<std::uint32_t>(size() - 1);
  }
  // Valid until the next call.
  std::span<const std::uint64_t> key_of(std::size_t group) {
    key.resize(keys.size());
    for (std::size_t w = 0; w < keys.size(); ++w) key[w] = keys[w][group];
    return key;
  }

  // How many entries an array may have by now.
  [[nodiscard]] std::uint64_t entries_max(std::size_t rows) const {
    return std::max(std::min(kSmallDomain, 16 * (rows_seen + rows)),
                    kEntriesPerGroup * std::max(size(), groups_expected));
  }

  // Makes the array fit all groups and `wider`.
  void rebuild_array(KeyDomain wider, std::uint64_t most) {
    domain = std::move(wider);
    domain.widen_ahead(most);
    const std::uint64_t entries = domain.size(most);
    domain.freeze();
    array.assign(entries, 0);
    for (std::size_t group = 0; group < size(); ++group) {
      array[domain.index_of(layout, key_of(group))] = static_cast<std::uint32_t>(group + 1);
    }
    slots.clear();
    wide_slots.clear();
    uses_array = true;
  }

  void leave_array() {
    array = {};
    uses_array = false;
    grow_slots();
    grown = false;
  }

  void grow_slots() {
    if (keys.size() == 1) {
      slots.grow(keys[0]);
    } else {
      wide_slots.grow(keys);
    }
    grown = true;
  }

  // The slots have grown: an array may be no larger by now.
  void consider_array() {
    grown = false;
    const std::uint64_t most = kEntriesPerGroup * size();
    KeyDomain of_groups(codes.parts());
    for (std::size_t group = 0; group < size(); ++group) {
      of_groups.widen(codes, layout, key_of(group));
    }
    if (of_groups.size(most) <= most) rebuild_array(std::move(of_groups), most);
  }

  void assign(std::span<const ColumnPtr> columns, std::size_t rows, std::uint32_t* groups) {
    const std::vector<KeyCodes::Numbers> numbers = codes.assign(columns, rows, scratch);
    const auto is_constant = [](const KeyCodes::Numbers& part) { return part.numbers == nullptr; };
    // A constant key is looked up once.
    const bool constant = std::all_of(numbers.begin(), numbers.end(), is_constant);
    const std::size_t looked_up = constant ? 1 : rows;
    if (!uses_array && grown) consider_array();
    if (uses_array || size() == 0) {
      KeyDomain wider = domain;
      const bool fits = wider.widen(codes, numbers, looked_up);
      if (!uses_array || !fits) {
        const std::uint64_t most = entries_max(rows);
        if (wider.size(most) <= most) {
          rebuild_array(std::move(wider), most);
        } else if (uses_array) {
          leave_array();
        }
      }
    }
    rows_seen += rows;
    if (uses_array) {
      assign_by_array(numbers, looked_up, groups);
    } else if (keys.size() == 1) {
      assign_by_slots(numbers, looked_up, groups);
    } else {
      assign_by_wide_slots(numbers, looked_up, groups);
    }
    if (constant) std::fill(groups, groups + rows, groups[0]);
  }

  void assign_by_array(std::span<const KeyCodes::Numbers> numbers, std::size_t rows,
                       std::uint32_t* groups) {
    const std::uint32_t* index = nullptr;
    if (domain.is_identity() && numbers[0].numbers != nullptr && numbers[0].flip == 0) {
      index = static_cast<const std::uint32_t*>(numbers[0].numbers);
    } else {
      indices.resize(rows);
      domain.indices(numbers, false, indices);
      index = indices.data();
    }
    for (std::size_t i = 0; i < rows; ++i) {
      std::uint32_t group = array[index[i]];
      if (group == 0) [[unlikely]] {
        key.resize(keys.size());
        layout.pack_row(numbers, i, key);
        group = add_group(key) + 1;
        array[index[i]] = group;
      }
      groups[i] = group - 1;
    }
  }

  void assign_by_slots(std::span<const KeyCodes::Numbers> numbers, std::size_t rows,
                       std::uint32_t* groups) {
    layout.pack(numbers, rows, packed);
    const std::uint64_t* const words = packed[0].data();
    for (std::size_t i = 0; i < rows; ++i) {
      if (slots.bytes() > kNearBytes && i + kAhead < rows) slots.prefetch(words[i + kAhead]);
      std::uint32_t group = slots.find(words[i]);
      if (group == kNoRow) [[unlikely]] {
        if (!slots.has_room()) grow_slots();
        group = add_group({words + i, 1});
        slots.insert(words[i], group);
      }
      groups[i] = group;
    }
  }

  void assign_by_wide_slots(std::span<const KeyCodes::Numbers> numbers, std::size_t rows,
                            std::uint32_t* groups) {
    layout.pack(numbers, rows, packed);
    hashes.resize(rows);
    for (std::size_t i = 0; i < rows; ++i) hashes[i] = WordsSlots::hash(packed, i);
    for (std::size_t i = 0; i < rows; ++i) {
      if (wide_slots.bytes() > kNearBytes && i + kAhead < rows) {
        wide_slots.prefetch(hashes[i + kAhead]);
      }
      std::uint32_t group = wide_slots.find(packed, i, hashes[i], keys);
      if (group == kNoRow) [[unlikely]] {
        if (!wide_slots.has_room()) grow_slots();
        group = static_cast<std::uint32_t>(size());
        for (std::size_t w = 0; w < keys.size(); ++w) keys[w].push_back(packed[w][i]);
        wide_slots.insert(hashes[i], group);
      }
      groups[i] = group;
    }
  }

  void find(std::span<const ColumnPtr> columns, std::size_t rows, std::uint32_t* groups) const {
    KeyCodes::Scratch own;
    const std::vector<KeyCodes::Numbers> numbers = codes.find(columns, rows, own);
    if (uses_array) {
      std::vector<std::uint32_t> index(rows);
      domain.indices(numbers, true, index);
      // 0 - 1 is kNoRow. Without a branch: who is outside looks at the first entry.
      const std::size_t entries = array.size();
      if (entries == 0) std::fill(groups, groups + rows, kNoRow);
      for (std::size_t i = 0; i < rows && entries > 0; ++i) {
        const std::uint32_t outside = index[i] < entries ? 0 : UINT32_MAX;
        groups[i] = (array[index[i] & ~outside] - 1) | outside;
      }
    } else {
      WordsSlots::Words words(keys.size());
      layout.pack(numbers, rows, words);
      if (keys.size() == 1) {
        find_by_slots(words[0], groups);
      } else {
        for (std::size_t i = 0; i < rows; ++i) {
          groups[i] = wide_slots.find(words, i, WordsSlots::hash(words, i), keys);
        }
      }
    }
    for (const KeyCodes::Numbers& part : numbers) {
      if (!part.may_miss || part.is_null) continue;
      for (std::size_t i = 0; i < rows; ++i) {
        const bool is_null = part.nulls != nullptr && part.nulls[i] != 0;
        if (!is_null && number_of(part, i) == TextIds::kMissing) groups[i] = kNoRow;
      }
    }
    for (std::size_t i = 0; i < own.some_null.size(); ++i) {
      if (own.some_null[i] != 0) groups[i] = kNoRow;
    }
  }

  void find_by_slots(std::span<const std::uint64_t> words, std::uint32_t* groups) const {
    const bool far = slots.bytes() > kNearBytes;
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (far && i + kAhead < words.size()) slots.prefetch(words[i + kAhead]);
      groups[i] = slots.find(words[i]);
    }
  }

  KeyCodes codes;
  KeyLayout layout;
  KeyDomain domain;
  WordsSlots::Words keys;  // keys[word][group].
  std::size_t groups_expected;
  std::uint64_t rows_seen = 0;
  bool uses_array = false;
  bool grown = false;                // The slots have, since an array was considered.
  std::vector<std::uint32_t> array;  // Group + 1 by number in the domain.
  WordSlots slots;
  WordsSlots wide_slots;
  // Of one block.
  KeyCodes::Scratch scratch;
  WordsSlots::Words packed{keys.size()};
  std::vector<std::uint32_t> indices;
  std::vector<std::uint64_t> key;
  std::vector<std::uint64_t> hashes;
};

GroupTable::GroupTable(std::vector<DataType> keys, std::size_t groups_expected)
    : impl_(std::make_unique<Impl>(keys, groups_expected)) {}
GroupTable::~GroupTable() = default;
GroupTable::GroupTable(GroupTable&&) noexcept = default;

void GroupTable::assign(std::span<const ColumnPtr> keys, std::size_t rows,
                        std::span<std::uint32_t> groups) {
  if (rows > 0) impl_->assign(keys, rows, groups.data());
}

void GroupTable::find(std::span<const ColumnPtr> keys, std::size_t rows,
                      std::span<std::uint32_t> groups) const {
  if (rows > 0) impl_->find(keys, rows, groups.data());
}

std::size_t GroupTable::size() const { return impl_->size(); }

std::vector<ColumnPtr> GroupTable::keys() const {
  const std::size_t parts = impl_->codes.parts().size();
  std::vector<std::vector<std::uint64_t>> numbers(parts);
  std::vector<std::vector<std::uint8_t>> nulls(parts);
  for (std::size_t part = 0; part < parts; ++part) {
    numbers[part].resize(size());
    if (impl_->codes.parts()[part].nullable) nulls[part].resize(size());
  }
  std::vector<std::uint64_t> key(impl_->keys.size());
  for (std::size_t group = 0; group < size(); ++group) {
    for (std::size_t w = 0; w < key.size(); ++w) key[w] = impl_->keys[w][group];
    for (std::size_t part = 0; part < parts; ++part) {
      numbers[part][group] = impl_->layout.number(key, part);
      if (!nulls[part].empty()) nulls[part][group] = impl_->layout.is_null(key, part) ? 1 : 0;
    }
  }
  return impl_->codes.values(numbers, nulls, size());
}

std::size_t GroupTable::bytes() const {
  const Impl& impl = *impl_;
  std::size_t sum = impl.codes.bytes() + impl.array.size() * sizeof(std::uint32_t) +
                    impl.slots.bytes() + impl.wide_slots.bytes();
  for (const std::vector<std::uint64_t>& word : impl.keys) sum += word.capacity() * sizeof(word[0]);
  return sum;
}

}  // namespace grapevine::sql
