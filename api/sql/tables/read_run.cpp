#include "api/sql/tables/read_run.hpp"

#include <array>
#include <bit>
#include <type_traits>

#include "api/encode/event_json.hpp"
#include "kernels/segment/bit_bytes.hpp"
#include "storage/canonical_text.hpp"

namespace grapevine::sql {
namespace {

constexpr std::uint64_t kSignBit = std::uint64_t{1} << 63;

// NULL as a byte a row; nothing where no row is NULL.
std::vector<std::uint8_t> nulls_of(const RunColumn& column, const RowsOfRun& rows) {
  if (column.present.empty()) return {};
  std::vector<std::uint8_t> nulls(rows.count());
  std::uint8_t any = 0;
  if (rows.all) {
    bytes_of_bits(column.present, rows.begin, nulls);
    for (std::uint8_t& null : nulls) any |= null ^= 1;
  } else {
    for (std::size_t i = 0; i < nulls.size(); ++i) {
      nulls[i] = column.has(rows.row(i)) ? 0 : 1;
      any |= nulls[i];
    }
  }
  if (any == 0) nulls.clear();
  return nulls;
}

// Calls `body(i, number)` for each row.
template <typename Body>
void for_each_packed(const PackedUints& numbers, const RowsOfRun& rows, const Body& body) {
  numbers.visit([&](const auto offsets) {
    const std::uint64_t base = numbers.base();
    if (rows.all) {
      const auto stretch = offsets.subspan(rows.begin, rows.end - rows.begin);
      for (std::size_t i = 0; i < stretch.size(); ++i) body(i, base + stretch[i]);
    } else {
      for (std::size_t i = 0; i < rows.chosen.size(); ++i) {
        body(i, base + offsets[rows.begin + rows.chosen[i]]);
      }
    }
  });
}

template <typename Value, typename Convert>
ColumnPtr packed_column(const PackedUints& numbers, const DataType& type, const RowsOfRun& rows,
                        std::vector<std::uint8_t> nulls, const Convert& convert) {
  auto column = new_fixed(type, rows.count());
  const auto values = column->fixed<Value>();
  for_each_packed(numbers, rows,
                  [&](std::size_t i, std::uint64_t number) { values[i] = convert(number); });
  column->nulls = std::move(nulls);
  return column;
}

ColumnPtr pooled_column(std::shared_ptr<const StringPool> pool, std::vector<std::uint32_t> codes,
                        std::vector<std::uint8_t> nulls, bool nullable) {
  auto column = std::make_shared<Column>();
  column->type = plain(TypeId::String);
  column->type.nullable = nullable;
  column->rows = codes.size();
  column->nulls = std::move(nulls);
  column->values = PooledValues{std::move(codes), std::move(pool)};
  return column;
}

ColumnPtr customer_column(StorePools& pools, const Run& run, const RowsOfRun& rows) {
  std::vector<std::uint32_t> codes(rows.end - rows.begin);
  run.customers.for_each(rows.begin, rows.end, [&](std::size_t row, CustomerId customer) {
    codes[row - rows.begin] = index(customer);
  });
  if (!rows.all) {
    for (std::size_t i = 0; i < rows.chosen.size(); ++i) codes[i] = codes[rows.chosen[i]];
    codes.resize(rows.chosen.size());
  }
  return pooled_column(pools.people(), std::move(codes), {}, false);
}

ColumnPtr target_column(const Snapshot& snapshot, StorePools& pools, const Run& run,
                        const RowsOfRun& rows) {
  std::vector<std::uint32_t> codes(rows.count());
  std::vector<std::uint8_t> nulls(rows.count());
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const CustomerId target = snapshot.target(run, rows.row(i));
    nulls[i] = target == kNobody ? 1 : 0;
    codes[i] = target == kNobody ? 0 : index(target);
  }
  return pooled_column(pools.people(), std::move(codes), std::move(nulls), true);
}

ColumnPtr event_id_column(const Run& run, const RowsOfRun& rows) {
  MessageIdReader ids(run.message_ids);
  TextBuilder texts(rows.count());
  for (std::size_t i = 0; i < rows.count(); ++i) {
    const std::string_view id = ids.at(rows.row(i));
    texts.add(id.empty() ? derived_event_id(run.sequences.at(rows.row(i))) : id);
  }
  return std::move(texts).finish(false);
}

// The values of a run as the texts that they become in a column of strings.
template <typename Values>
ColumnPtr canonical_column(const Values& values, const RowsOfRun& rows,
                           std::vector<std::uint8_t> nulls) {
  TextBuilder texts(rows.count());
  for (std::size_t i = 0; i < rows.count(); ++i) {
    if (!nulls.empty() && nulls[i] != 0) {
      texts.add_kept({});
      continue;
    }
    const auto value = values.at(rows.row(i));
    if constexpr (std::is_same_v<Values, BoolValues>) {
      texts.add(canonical_text(ValueType::Bool, value ? 1 : 0));
    } else if constexpr (std::is_same_v<Values, Int64Values>) {
      texts.add(canonical_text(ValueType::Int64, std::bit_cast<std::uint64_t>(value)));
    } else if constexpr (std::is_same_v<Values, TimeValues>) {
      texts.add(canonical_text(ValueType::DateTime, std::bit_cast<std::uint64_t>(value.ms)));
    } else {
      texts.add(canonical_text(ValueType::Float64, std::bit_cast<std::uint64_t>(value)));
    }
  }
  return std::move(texts).finish(true, std::move(nulls));
}

ColumnPtr stored_texts(const grapevine::TextValues& values, const RowsOfRun& rows,
                       std::vector<std::uint8_t> nulls) {
  TextReader reader(values);
  TextBuilder texts(rows.count());
  for (std::size_t i = 0; i < rows.count(); ++i) {
    if (!nulls.empty() && nulls[i] != 0) {
      texts.add_kept({});
    } else {
      texts.add(reader.at(rows.row(i)));
    }
  }
  return std::move(texts).finish(true, std::move(nulls));
}

template <typename Value>
ColumnPtr real_column(const RealValues& reals, const DataType& type, const RowsOfRun& rows,
                      std::vector<std::uint8_t> nulls) {
  auto column = new_fixed(type, rows.count());
  const auto values = column->fixed<Value>();
  std::array<double, RealValues::kReadTogether> block;
  for (std::size_t begin = 0; begin < values.size(); begin += block.size()) {
    const auto some = std::span(block).first(std::min(block.size(), values.size() - begin));
    if (rows.all) {
      reals.read(rows.begin + begin, some);
    } else {
      reals.read_some(rows.begin, rows.chosen.subspan(begin, some.size()), some);
    }
    for (std::size_t i = 0; i < some.size(); ++i) values[begin + i] = static_cast<Value>(some[i]);
  }
  column->nulls = std::move(nulls);
  return column;
}

// What a run keeps of a column, as the type that the column has in the whole store.
class StoredReader {
 public:
  StoredReader(const Snapshot& snapshot, StorePools& pools, const RunColumn& column,
               const DataType& type, const RowsOfRun& rows)
      : info_(snapshot.columns()[index(column.id)]),
        pools_(pools),
        type_(type),
        rows_(rows),
        nulls_(nulls_of(column, rows)) {}

  ColumnPtr operator()(const grapevine::CodeValues& values) {
    std::vector<std::uint32_t> codes(rows_.count());
    for_each_packed(values.codes, rows_, [&](std::size_t i, std::uint64_t code) {
      codes[i] = static_cast<std::uint32_t>(code);
    });
    for (std::size_t i = 0; i < nulls_.size(); ++i) {
      if (nulls_[i] != 0) codes[i] = 0;
    }
    return pooled_column(pools_.of(info_.dictionary), std::move(codes), std::move(nulls_), true);
  }
  ColumnPtr operator()(const grapevine::TextValues& values) {
    return stored_texts(values, rows_, std::move(nulls_));
  }
  ColumnPtr operator()(const BoolValues& values) {
    if (type_.id == TypeId::String) return canonical_column(values, rows_, std::move(nulls_));
    auto column = new_fixed(type_, rows_.count());
    const auto truths = column->fixed<std::uint8_t>();
    for (std::size_t i = 0; i < truths.size(); ++i) truths[i] = values.at(rows_.row(i)) ? 1 : 0;
    column->nulls = std::move(nulls_);
    return column;
  }
  ColumnPtr operator()(const Int64Values& values) {
    if (type_.id == TypeId::String) return canonical_column(values, rows_, std::move(nulls_));
    if (type_.id == TypeId::Float64) {
      return packed_column<double>(
          values.numbers, type_, rows_, std::move(nulls_),
          [](std::uint64_t kept) { return static_cast<double>(Int64Values::number(kept)); });
    }
    return packed_column<std::int64_t>(values.numbers, type_, rows_, std::move(nulls_),
                                       Int64Values::number);
  }
  ColumnPtr operator()(const TimeValues& values) {
    if (type_.id == TypeId::String) return canonical_column(values, rows_, std::move(nulls_));
    return packed_column<std::int64_t>(values.times, type_, rows_, std::move(nulls_),
                                       Int64Values::number);
  }
  ColumnPtr operator()(const RealValues& values) {
    if (type_.id == TypeId::String) return canonical_column(values, rows_, std::move(nulls_));
    if (type_.id == TypeId::Float32) {
      return real_column<float>(values, type_, rows_, std::move(nulls_));
    }
    return real_column<double>(values, type_, rows_, std::move(nulls_));
  }

 private:
  const ColumnInfo& info_;
  StorePools& pools_;
  const DataType& type_;
  const RowsOfRun& rows_;
  std::vector<std::uint8_t> nulls_;
};

}  // namespace

ColumnPtr read_column(const Snapshot& snapshot, StorePools& pools, const Run& run,
                      const EventColumn& column, const DataType& type, const RowsOfRun& rows) {
  switch (column.of) {
    case EventColumn::Of::Time:
      return packed_column<std::int64_t>(run.times, type, rows, {}, [](std::uint64_t kept) {
        return static_cast<std::int64_t>(kept ^ kSignBit);
      });
    case EventColumn::Of::Event: {
      auto made = std::make_shared<Column>();
      made->type = plain(TypeId::String);
      made->rows = rows.count();
      made->constant = true;
      made->values = PooledValues{{index(run.event)}, pools.event_names()};
      return made;
    }
    case EventColumn::Of::Customer: return customer_column(pools, run, rows);
    case EventColumn::Of::Target: return target_column(snapshot, pools, run, rows);
    case EventColumn::Of::EventId: return event_id_column(run, rows);
    case EventColumn::Of::Unread: return constant_default(type, rows.count());
    case EventColumn::Of::Stored: break;
  }
  const RunColumn* stored = run.column(column.id);
  if (stored == nullptr) return constant_null(type, rows.count());
  return std::visit(StoredReader(snapshot, pools, *stored, type, rows), stored->values);
}

}  // namespace grapevine::sql
