#include "api/sql/tables/event_table.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "api/sql/execute/query_context.hpp"
#include "api/sql/tables/chosen_customers.hpp"
#include "api/sql/tables/measured_customers.hpp"
#include "api/sql/tables/people_by_time.hpp"
#include "api/sql/tables/read_run.hpp"
#include "api/sql/tables/row_numbers.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/row_slices.hpp"
#include "storage/schema.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

DataType milliseconds() {
  DataType type = plain(TypeId::DateTime64);
  type.scale = 3;
  return type;
}

// Bytes that a value of a column takes, about: what read_bytes counts.
std::size_t bytes_of_value(const DataType& type) {
  return type.id == TypeId::String ? 4 : width_of(type.id);
}

class EventSource : public BlockSource {
 public:
  EventSource(QueryContext& context, EventConditions conditions, std::vector<EventColumn> columns,
              std::vector<DataType> types, std::shared_ptr<const RowNumbers> numbers = nullptr)
      : context_(context),
        conditions_(std::move(conditions)),
        filter_(*context.snapshot, conditions_.selection),
        columns_(std::move(columns)),
        types_(std::move(types)),
        numbers_(std::move(numbers)) {
    for (const DataType& type : types_) row_bytes_ += bytes_of_value(type);
    for (const EventConditions::Among& among : conditions_.among) {
      const auto known = among.set->of_pool(context.pools.people());
      const std::uint8_t flip = among.negated ? 1 : 0;
      if (among_.empty()) among_.assign(known->size(), 1);
      for (std::size_t i = 0; i < among_.size(); ++i) {
        among_[i] &= static_cast<std::uint8_t>((*known)[i] ^ flip);
      }
    }
    if (conditions_.customers) {
      find_rows_of_customers();
    } else {
      slices_ = slices_of(*context.snapshot, filter_);
    }
    for (const RowSlice& slice : slices_) rows_ += slice.rows.end - slice.rows.begin;
  }

  std::size_t morsels() const override { return slices_.size(); }
  std::uint64_t rows() const override { return rows_; }
  absl::Status read(std::size_t morsel, const Consume& consume) const override {
    return read_slice(slices_[morsel], consume);
  }

 protected:
  // The rows of a slice that are meant, as blocks.
  absl::Status read_slice(const RowSlice& slice, const Consume& consume) const {
    std::vector<std::uint8_t> scratch;
    std::vector<std::uint32_t> chosen(std::min(kBlockRows, slice.rows.end - slice.rows.begin));
    for (std::size_t begin = slice.rows.begin; begin < slice.rows.end; begin += kBlockRows) {
      const std::size_t end = std::min(begin + kBlockRows, slice.rows.end);
      RowsOfRun rows{begin, end};
      auto mask = filter_.meant(*slice.live, {begin, end}, scratch);
      if (!among_.empty()) mask = keep_among(**slice.live, rows, mask.empty(), scratch);
      if (!mask.empty()) {
        std::size_t count = 0;
        for (std::size_t i = 0; i < mask.size(); ++i) {
          chosen[count] = static_cast<std::uint32_t>(i);
          count += mask[i];
        }
        rows.chosen = std::span(chosen).first(count);
        rows.all = count == end - begin;
      }
      context_.progress.read_rows.fetch_add(end - begin, std::memory_order_relaxed);
      context_.progress.read_bytes.fetch_add((end - begin) * row_bytes_, std::memory_order_relaxed);
      if (rows.count() == 0) continue;
      Block block{rows.count(), {}};
      for (std::size_t c = 0; c < columns_.size(); ++c) {
        block.columns.push_back(read_column(*context_.snapshot, context_.pools, **slice.live,
                                            columns_[c], types_[c], rows));
      }
      if (numbers_ != nullptr) block.columns.push_back(numbers_->of(**slice.live, rows));
      GRAPEVINE_RETURN_IF_ERROR(consume(std::move(block)));
    }
    return absl::OkStatus();
  }

  // Of the rows marked in `mask`, or of all, those whose customers are in every set.
  std::span<const std::uint8_t> keep_among(const Run& run, const RowsOfRun& rows, bool all,
                                           std::vector<std::uint8_t>& mask) const {
    if (all) mask.assign(rows.end - rows.begin, 1);
    run.customers.for_each(rows.begin, rows.end, [&](std::size_t row, CustomerId customer) {
      mask[row - rows.begin] &= among_[index(customer)];
    });
    return mask;
  }

  void find_rows_of_customers() {
    for (const std::shared_ptr<const Part>& part : context_.snapshot->parts()) {
      for (const EventNameId event : conditions_.selection.events) {
        const LiveRun* live = part->run(event);
        if (live == nullptr || !filter_.may_have(**live)) continue;
        for (const CustomerId customer : *conditions_.customers) {
          const CustomerColumn::Rows rows = (*live)->customers.rows_of(customer);
          if (rows.begin < rows.end) slices_.push_back({live, {rows.begin, rows.end}});
        }
      }
    }
  }

  QueryContext& context_;
  EventConditions conditions_;
  RowFilter filter_;
  std::vector<RowSlice> slices_;
  std::vector<EventColumn> columns_;
  std::vector<DataType> types_;

 private:
  std::shared_ptr<const RowNumbers> numbers_;  // A column more; nullptr: none.
  std::vector<std::uint8_t> among_;            // By customer, whether all sets want the row.
  std::uint64_t rows_ = 0;
  std::size_t row_bytes_ = 0;
};

// Puts blocks of few rows together, so that what is done with each block is done for many rows.
class SmallBlocks {
 public:
  SmallBlocks(const std::vector<DataType>& types, const BlockSource::Consume& consume)
      : types_(types), consume_(consume) {}

  absl::Status add(Block block) {
    if (rows_ + block.rows > kBlockRows) GRAPEVINE_RETURN_IF_ERROR(flush());
    rows_ += block.rows;
    held_.push_back(std::move(block));
    return rows_ < kEnough ? absl::OkStatus() : flush();
  }
  absl::Status flush() {
    std::vector<Block> held = std::exchange(held_, {});
    const std::size_t rows = std::exchange(rows_, 0);
    if (held.empty()) return absl::OkStatus();
    if (held.size() == 1) return consume_(std::move(held[0]));
    Block whole{rows, {}};
    std::vector<ColumnPtr> parts(held.size());
    for (std::size_t c = 0; c < types_.size(); ++c) {
      for (std::size_t i = 0; i < held.size(); ++i) parts[i] = std::move(held[i].columns[c]);
      whole.columns.push_back(concatenate(types_[c], parts));
    }
    return consume_(std::move(whole));
  }

 private:
  static constexpr std::size_t kEnough = kBlockRows / 2;

  const std::vector<DataType>& types_;
  const BlockSource::Consume& consume_;
  std::vector<Block> held_;
  std::size_t rows_ = 0;
};

// The same rows, a stretch of customers after the other.
class CustomerEventSource final : public EventSource {
 public:
  CustomerEventSource(QueryContext& context, EventConditions conditions,
                      std::vector<EventColumn> columns, std::vector<DataType> types)
      : EventSource(context, std::move(conditions), std::move(columns), std::move(types)) {
    const std::size_t customers = context_.snapshot->customers().count();
    // Enough stretches for all threads, few enough that a run has many rows in each.
    constexpr std::size_t kStretches = 32;
    per_morsel_ = std::clamp<std::size_t>(customers / kStretches / 64 * 64, 1024, 65'536);
    morsels_ = blocks_of(customers, per_morsel_);
    for (const EventColumn& column : columns_) {
      reads_names_ = reads_names_ || column.of == EventColumn::Of::Event;
    }
    for (const RowSlice& slice : slices_) {
      if (runs_.empty() || runs_.back() != slice.live) runs_.push_back(slice.live);
    }
  }

  [[nodiscard]] std::size_t customers_per_morsel() const { return per_morsel_; }
  std::size_t morsels() const override { return morsels_; }
  absl::Status read(std::size_t morsel, const Consume& consume) const override {
    const std::size_t first = morsel * per_morsel_;
    SmallBlocks together(types_, consume);
    for (const LiveRun* live : runs_) {
      const RowRange rows = rows_of_customers(**live, first, first + per_morsel_);
      if (rows.begin == rows.end) continue;
      GRAPEVINE_RETURN_IF_ERROR(read_slice({live, rows}, [&](Block block) {
        // The name of a run's events is one for all of its rows, which is worth more.
        return reads_names_ ? consume(std::move(block)) : together.add(std::move(block));
      }));
    }
    return together.flush();
  }

 private:
  std::vector<const LiveRun*> runs_;
  bool reads_names_ = false;
  std::size_t per_morsel_ = 0;
  std::size_t morsels_ = 0;
};

}  // namespace

DataType type_of_stored(ValueType type) {
  switch (type) {
    case ValueType::Bool: return nullable(plain(TypeId::Bool));
    case ValueType::Int64: return nullable(plain(TypeId::Int64));
    case ValueType::Float64: return nullable(plain(TypeId::Float64));
    case ValueType::DateTime: return nullable(milliseconds());
    default: return nullable(plain(TypeId::String));
  }
}

EventTable::EventTable(const Snapshot& snapshot) {
  using Of = EventColumn::Of;
  const auto add = [&](std::string name, DataType type, EventColumn kept, std::string comment) {
    columns_.push_back({std::move(name), std::move(type), std::move(comment)});
    kept_.push_back(kept);
  };
  const DataType text = plain(TypeId::String);
  add("ts", milliseconds(), {Of::Time}, "When it happened");
  add("event", text, {Of::Event}, "What happened: the event's name");
  add("customer_id", text, {Of::Customer}, "Who did it");
  add("target_id", nullable(text), {Of::Target}, "Whom it was directed at");
  add("event_id", text, {Of::EventId}, "The message's id, or one made of its place");
  const auto& stored = snapshot.columns();
  for (std::uint32_t i = 0; i < stored.size(); ++i) {
    DataType type = type_of_stored(stored[i].type);
    if (i < kCoreColumns.size()) {
      using Kept = CoreColumnShape::Kept;
      const Kept kept = kCoreColumns[i].kept;
      type = nullable(plain(kept == Kept::Float64   ? TypeId::Float64
                            : kept == Kept::Float32 ? TypeId::Float32
                                                    : TypeId::String));
    }
    add(stored[i].name, std::move(type), {Of::Stored, ColumnId(i)}, "");
  }
}

CustomerChoice EventTable::choose_customers(const ScanRequest& request,
                                            std::span<const CustomerTest> tests,
                                            QueryContext& context) const {
  return sql::choose_customers(request.conditions, tests, columns_of(request), context);
}

absl::StatusOr<std::shared_ptr<const BlockSource>> EventTable::measure_customers(
    const ScanRequest& request, std::span<const CustomerMeasure> measures,
    QueryContext& context) const {
  return sql::measure_customers(request.conditions, measures, columns_of(request), context);
}

absl::StatusOr<std::shared_ptr<const BlockSource>> EventTable::count_people(
    const ScanRequest& request, const BoundPtr& key, std::span<const CustomerMeasure> counts,
    QueryContext& context) const {
  return count_people_by_time(request.conditions, key, counts, columns_of(request), context);
}

std::vector<EventColumn> EventTable::columns_of(const ScanRequest& request) const {
  std::vector<EventColumn> columns;
  for (const std::size_t column : request.columns) columns.push_back(kept_[column]);
  return columns;
}

absl::StatusOr<NumberedScan> EventTable::scan_numbered(const ScanRequest& request,
                                                       std::span<const BoundPtr> keys,
                                                       std::span<const BoundPtr> read,
                                                       QueryContext& context) const {
  std::vector<EventColumn> columns = columns_of(request);
  EventConditions conditions =
      take_conditions(request.conditions, columns, *context.snapshot, context.facts);
  if (conditions.customers) return NumberedScan();
  auto numbers = RowNumbers::make(keys, columns, conditions.selection, context);
  if (numbers == nullptr) return NumberedScan();
  std::vector<BoundPtr> all(read.begin(), read.end());
  all.insert(all.end(), conditions.left.begin(), conditions.left.end());
  const std::vector<std::size_t> asked = sql::columns_of(all);
  std::vector<DataType> types;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    types.push_back(columns_[request.columns[i]].type);
    if (!std::binary_search(asked.begin(), asked.end(), i)) columns[i].of = EventColumn::Of::Unread;
  }
  NumberedScan numbered;
  numbered.count = numbers->count();
  numbered.keys = [numbers](std::span<const std::uint32_t> some) { return numbers->keys(some); };
  numbered.scan.left = conditions.left;
  numbered.scan.source = std::make_shared<EventSource>(
      context, std::move(conditions), std::move(columns), std::move(types), std::move(numbers));
  return numbered;
}

absl::StatusOr<Scan> EventTable::scan(const ScanRequest& request, QueryContext& context) const {
  std::vector<EventColumn> columns;
  std::vector<DataType> types;
  for (const std::size_t column : request.columns) {
    columns.push_back(kept_[column]);
    types.push_back(columns_[column].type);
  }
  EventConditions conditions =
      take_conditions(request.conditions, columns, *context.snapshot, context.facts);
  Scan scan;
  scan.left = std::move(conditions.left);
  // What only conditions ask that the store has seen to need not be decoded.
  const std::vector<std::size_t> asked = sql::columns_of(scan.left);
  for (std::size_t i = request.shown; i < columns.size(); ++i) {
    if (!std::binary_search(asked.begin(), asked.end(), i)) columns[i].of = EventColumn::Of::Unread;
  }
  for (const std::string& name : conditions.taken)
    scan.notes += (scan.notes.empty() ? "" : ", ") + name;
  if (request.by_customer && !conditions.customers) {
    auto source = std::make_shared<CustomerEventSource>(context, std::move(conditions),
                                                        std::move(columns), std::move(types));
    scan.customers_per_morsel = source->customers_per_morsel();
    scan.source = std::move(source);
  } else {
    scan.source = std::make_shared<EventSource>(context, std::move(conditions), std::move(columns),
                                                std::move(types));
  }
  return scan;
}

}  // namespace grapevine::sql
