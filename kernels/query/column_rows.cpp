#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

#include "kernels/query/column.hpp"

namespace grapevine::sql {
namespace {

// Calls `act` with a value of the integer that is as wide as the type.
template <typename Act>
void with_width(TypeId id, const Act& act) {
  switch (width_of(id)) {
    case 1: return act(std::uint8_t{});
    case 2: return act(std::uint16_t{});
    case 4: return act(std::uint32_t{});
    default: return act(std::uint64_t{});
  }
}

std::shared_ptr<Column> like(const Column& column, std::size_t rows) {
  auto copy = std::make_shared<Column>();
  copy->type = column.type;
  copy->rows = rows;
  return copy;
}

// Nothing is said of NULLs where there are none.
void set_nulls(Column& column, std::vector<std::uint8_t> nulls) {
  if (std::ranges::find_if(nulls, [](std::uint8_t null) { return null != 0; }) != nulls.end()) {
    column.nulls = std::move(nulls);
  }
}

// Copies the values whose mask is not 0. Eight at once where all or none of them go.
template <typename Value>
void filter_values(const Value* from, std::span<const std::uint8_t> mask, Value* to,
                   const Value* end) {
  std::size_t i = 0;
  for (; i + 8 <= mask.size(); i += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, mask.data() + i, 8);
    if (eight == 0) continue;
    if (eight == 0x0101'0101'0101'0101) {
      to = std::copy_n(from + i, 8, to);
      continue;
    }
    if (end - to >= 8) {  // Nobody can guess which ones: each is written, and some are kept.
      for (std::size_t k = i; k < i + 8; ++k) {
        *to = from[k];
        to += mask[k] != 0 ? 1 : 0;
      }
      continue;
    }
    for (std::size_t k = i; k < i + 8; ++k) {
      if (mask[k] != 0) *to++ = from[k];
    }
  }
  for (; i < mask.size(); ++i) {
    if (mask[i] != 0) *to++ = from[i];
  }
}

std::vector<std::uint32_t> rows_of(std::span<const std::uint8_t> mask, std::size_t count) {
  std::vector<std::uint32_t> rows(count);
  std::size_t filled = 0;
  for (std::size_t i = 0; i < mask.size(); ++i) {
    if (mask[i] != 0) rows[filled++] = static_cast<std::uint32_t>(i);
  }
  return rows;
}

// Below: `slots` are places of stored values, or kNoRow where `some_missing`.

template <typename Value>
void gather_values(const Value* from, std::span<const std::uint32_t> slots, bool some_missing,
                   Value missing, Value* to) {
  if (!some_missing) {
    for (std::size_t i = 0; i < slots.size(); ++i) to[i] = from[slots[i]];
    return;
  }
  // Without a branch, which nobody could guess: who is missing looks at the first value.
  std::size_t first = 0;
  while (first < slots.size() && slots[first] == kNoRow) to[first++] = missing;
  for (std::size_t i = first; i < slots.size(); ++i) {
    const bool is_missing = slots[i] == kNoRow;
    if constexpr (std::is_unsigned_v<Value>) {
      const Value kept = static_cast<Value>(Value{is_missing} - 1);
      const Value value = from[slots[i] & (std::uint32_t{is_missing} - 1)];
      to[i] = static_cast<Value>((value & kept) | (missing & ~kept));
    } else {
      to[i] = is_missing ? missing : from[slots[i]];
    }
  }
}

ArrayValues gather_arrays(const ArrayValues& from, std::span<const std::uint32_t> slots) {
  ArrayValues to;
  to.ends.resize(slots.size());
  std::vector<std::uint32_t> elements;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (slots[i] != kNoRow) {
      const std::uint64_t end = from.ends[slots[i]];
      assert(end < kNoRow);
      for (std::uint64_t k = slots[i] == 0 ? 0 : from.ends[slots[i] - 1]; k < end; ++k) {
        elements.push_back(static_cast<std::uint32_t>(k));
      }
    }
    to.ends[i] = elements.size();
  }
  to.elements = gather(from.elements, elements);
  return to;
}

// The texts of codes; '' where there is no row.
TextValues gather_texts(const PooledValues& from, std::span<const std::uint32_t> slots) {
  TextValues to{.texts = std::vector<std::string_view>(slots.size()), .keep = {from.pool}};
  for (std::size_t i = 0; i < slots.size(); ++i) {
    to.texts[i] = slots[i] == kNoRow ? std::string_view("") : from.pool->at(from.codes[slots[i]]);
  }
  return to;
}

ColumnPtr gather_slots(const Column& column, std::span<const std::uint32_t> slots,
                       bool some_missing) {
  auto result = like(column, slots.size());
  if (const auto* fixed = std::get_if<FixedValues>(&column.values)) {
    FixedValues values(slots.size() * width_of(column.type.id));
    with_width(column.type.id, [&]<typename Value>(Value zero) {
      gather_values(fixed->data<Value>(), slots, some_missing, zero, values.data<Value>());
    });
    result->values = std::move(values);
  } else if (const auto* texts = std::get_if<TextValues>(&column.values)) {
    TextValues values{.texts = std::vector<std::string_view>(slots.size()), .keep = texts->keep};
    gather_values(texts->texts.data(), slots, some_missing, std::string_view(""),
                  values.texts.data());
    result->values = std::move(values);
  } else if (const auto* pooled = std::get_if<PooledValues>(&column.values)) {
    PooledValues values{.codes = std::vector<std::uint32_t>(slots.size()), .pool = pooled->pool};
    // Where NULL cannot say that there is no row, it is '', which the pool may not have.
    std::optional<std::uint32_t> missing = 0;
    if (some_missing && !column.type.nullable) missing = pooled->pool->find("");
    if (missing) {
      gather_values(pooled->codes.data(), slots, some_missing, *missing, values.codes.data());
      result->values = std::move(values);
    } else {
      result->values = gather_texts(*pooled, slots);
    }
  } else if (const auto* array = std::get_if<ArrayValues>(&column.values)) {
    result->values = gather_arrays(*array, slots);
  } else {
    TupleValues values;
    for (const ColumnPtr& element : std::get<TupleValues>(column.values).elements) {
      values.elements.push_back(gather(element, slots));
    }
    result->values = std::move(values);
  }
  if (column.type.nullable && (some_missing || !column.nulls.empty())) {
    std::vector<std::uint8_t> nulls(slots.size());
    std::uint8_t* const to = nulls.data();
    const std::uint8_t* const from = column.nulls.empty() ? nullptr : column.nulls.data();
    if (from == nullptr) {
      for (std::size_t i = 0; i < slots.size(); ++i) to[i] = slots[i] == kNoRow ? 1 : 0;
    } else {
      for (std::size_t i = 0; i < slots.size(); ++i) {
        const std::uint8_t is_missing = slots[i] == kNoRow ? 1 : 0;
        to[i] = is_missing | from[is_missing != 0 ? 0 : slots[i]];
      }
    }
    set_nulls(*result, std::move(nulls));
  }
  return result;
}

}  // namespace

ColumnPtr value_at(const ColumnPtr& column, std::size_t row, std::size_t rows) {
  if (column->constant) return resized(column, rows);
  const auto slot = static_cast<std::uint32_t>(row);
  auto value = std::const_pointer_cast<Column>(gather_slots(*column, {&slot, 1}, false));
  value->constant = true;  // It is not shared yet.
  value->rows = rows;
  return value;
}

ColumnPtr full(const ColumnPtr& column) {
  if (!column->constant) return column;
  const std::vector<std::uint32_t> slots(column->rows, 0);
  return gather_slots(*column, slots, false);
}

ColumnPtr filter(const ColumnPtr& column, std::span<const std::uint8_t> mask, std::size_t count) {
  if (column->constant) return resized(column, count);
  if (count == column->rows) return column;
  const auto filtered = [&]<typename Value>(const std::vector<Value>& from) {
    std::vector<Value> to(count);
    filter_values(from.data(), mask, to.data(), to.data() + count);
    return to;
  };
  auto result = like(*column, count);
  if (const auto* fixed = std::get_if<FixedValues>(&column->values)) {
    FixedValues values(count * width_of(column->type.id));
    with_width(column->type.id, [&]<typename Value>(Value) {
      Value* const to = values.data<Value>();
      filter_values(fixed->data<Value>(), mask, to, to + count);
    });
    result->values = std::move(values);
  } else if (const auto* texts = std::get_if<TextValues>(&column->values)) {
    result->values = TextValues{.texts = filtered(texts->texts), .keep = texts->keep};
  } else if (const auto* pooled = column->pooled()) {
    result->values = PooledValues{.codes = filtered(pooled->codes), .pool = pooled->pool};
  } else {
    return gather_slots(*column, rows_of(mask, count), false);
  }
  if (!column->nulls.empty()) set_nulls(*result, filtered(column->nulls));
  return result;
}

ColumnPtr gather(const ColumnPtr& column, std::span<const std::uint32_t> rows) {
  const bool some_missing = std::ranges::find(rows, kNoRow) != rows.end();
  if (!column->constant) return gather_slots(*column, rows, some_missing);
  if (!some_missing) return resized(column, rows.size());
  std::vector<std::uint32_t> slots(rows.size());
  std::ranges::transform(rows, slots.begin(),
                         [](std::uint32_t row) { return row == kNoRow ? kNoRow : 0; });
  return gather_slots(*column, slots, true);
}

ColumnPtr gather_present(const ColumnPtr& column, std::span<const std::uint32_t> rows) {
  return column->constant ? resized(column, rows.size()) : gather_slots(*column, rows, false);
}

ColumnPtr slice(const ColumnPtr& column, std::size_t begin, std::size_t end) {
  assert(begin <= end && end <= column->rows);
  if (column->constant) return resized(column, end - begin);
  if (end - begin == column->rows) return column;
  const auto sliced = [&]<typename Value>(const std::vector<Value>& from) {
    return std::vector<Value>(from.begin() + static_cast<std::ptrdiff_t>(begin),
                              from.begin() + static_cast<std::ptrdiff_t>(end));
  };
  auto result = like(*column, end - begin);
  if (const auto* fixed = std::get_if<FixedValues>(&column->values)) {
    const std::size_t width = width_of(column->type.id);
    FixedValues values((end - begin) * width);
    if (end > begin) {
      std::memcpy(values.data<std::byte>(), fixed->data<std::byte>() + begin * width,
                  (end - begin) * width);
    }
    result->values = std::move(values);
  } else if (const auto* texts = std::get_if<TextValues>(&column->values)) {
    result->values = TextValues{.texts = sliced(texts->texts), .keep = texts->keep};
  } else if (const auto* pooled = column->pooled()) {
    result->values = PooledValues{.codes = sliced(pooled->codes), .pool = pooled->pool};
  } else if (const auto* array = std::get_if<ArrayValues>(&column->values)) {
    const std::uint64_t first = begin == 0 ? 0 : array->ends[begin - 1];
    ArrayValues values{.ends = sliced(array->ends), .elements = nullptr};
    for (std::uint64_t& row_end : values.ends) row_end -= first;
    const std::uint64_t count = values.ends.empty() ? 0 : values.ends.back();
    values.elements = slice(array->elements, first, first + count);
    result->values = std::move(values);
  } else {
    TupleValues values;
    for (const ColumnPtr& element : column->tuple().elements) {
      values.elements.push_back(slice(element, begin, end));
    }
    result->values = std::move(values);
  }
  if (!column->nulls.empty()) set_nulls(*result, sliced(column->nulls));
  return result;
}

}  // namespace grapevine::sql
