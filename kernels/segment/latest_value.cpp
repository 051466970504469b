#include <bit>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/aggregate.hpp"
#include "kernels/segment/column_builder.hpp"
#include "kernels/segment/people.hpp"
#include "kernels/segment/short_decimal.hpp"
#include "storage/canonical_text.hpp"
#include "storage/status_macros.hpp"
#include "storage/text_values.hpp"

namespace grapevine {
namespace {

using Column = std::shared_ptr<const AttributeColumn>;

// The latest row of a customer that has the value; `run` is nullptr where there is none.
struct Latest {
  const Run* run = nullptr;
  std::size_t row = 0;
  TimeMs ts = 0;
  std::uint64_t sequence = 0;
};

// Shows `rows` to the customers' latest ones. `has(row)`: whether a row has the value.
template <typename Has>
void note_latest(const Run& run, RowRange rows, std::span<const std::uint8_t> mask, const Has& has,
                 std::vector<Latest>& latest) {
  run.customers.for_each(rows.begin, rows.end, [&](std::size_t row, CustomerId customer) {
    if ((!mask.empty() && mask[row - rows.begin] == 0) || !has(row)) return;
    Latest& best = latest[index(customer)];
    const TimeMs ts = run.time(row);
    if (best.run != nullptr && ts < best.ts) return;
    const std::uint64_t sequence = run.sequences.at(row);
    if (best.run != nullptr && ts == best.ts && sequence < best.sequence) return;
    best = {&run, row, ts, sequence};
  });
}

absl::StatusOr<std::vector<Latest>> find_latest(const Snapshot& snapshot, const EventRows& events,
                                                const EventValue& value, const Stop& stop) {
  std::vector<Latest> latest(events.customers());
  WorkerLocal<EventRows::Scratch> scratch([] { return EventRows::Scratch{}; });
  for_each_block(latest.size(), kCustomersPerTask, [&](std::size_t first, std::size_t last) {
    if (stop.requested()) return;
    events.for_each_stretch(
        first, last, scratch.mine(),
        [&](const Run& run, RowRange rows, std::span<const std::uint8_t> mask) {
          if (value.of == EventValue::Of::Time) {
            return note_latest(
                run, rows, mask, [](std::size_t) { return true; }, latest);
          }
          if (value.of == EventValue::Of::Target) {
            return note_latest(
                run, rows, mask,
                [&](std::size_t row) { return snapshot.target(run, row) != kNobody; }, latest);
          }
          const RunColumn* column = run.column(value.column);
          if (column == nullptr) return;
          note_latest(
              run, rows, mask, [&](std::size_t row) { return column->has(row); }, latest);
        });
  });
  if (stop.requested()) return absl::CancelledError("stopped while looking for latest events");
  return latest;
}

// A number, or a time, as it stands in a row; what is none is 0.
template <typename Number>
Number number_at(const RunColumn& column, std::size_t row) {
  return std::visit(
      [&](const auto& values) -> Number {
        using Values = std::decay_t<decltype(values)>;
        if constexpr (std::is_same_v<Number, DateTime> || std::is_same_v<Values, TimeValues>) {
          if constexpr (std::is_same_v<Number, DateTime> && std::is_same_v<Values, TimeValues>) {
            return values.at(row);
          } else {
            return Number{};
          }
        } else if constexpr (std::is_same_v<Values, Int64Values>) {
          return static_cast<Number>(values.at(row));
        } else if constexpr (std::is_same_v<Values, RealValues>) {
          const double number = values.at(row);
          return static_cast<Number>(values.single ? short_decimal(static_cast<float>(number))
                                                   : number);
        } else if constexpr (std::is_same_v<Values, BoolValues>) {
          return static_cast<Number>(values.at(row));
        } else {
          return Number{};
        }
      },
      column.values);
}

template <typename Value>
Column number_column(const Snapshot& snapshot, const std::vector<Latest>& latest,
                     const EventValue& value, ValueType type) {
  ColumnBuilder<Value> column(latest.size());
  for (std::size_t i = 0; i < latest.size(); ++i) {
    const Latest& best = latest[i];
    if (best.run == nullptr) continue;
    if constexpr (std::is_same_v<Value, DateTime>) {
      if (value.of == EventValue::Of::Time) {
        column.set(i, DateTime{best.ts});
        continue;
      }
    }
    column.set(i, number_at<Value>(*best.run->column(value.column), best.row));
  }
  return std::move(column).finish(people(snapshot.customers()), type);
}

// Reads the texts of rows that come run by run, ascending: so a block of texts is read once.
class TextOfRows {
 public:
  TextOfRows(const Snapshot& snapshot, const EventValue& value)
      : snapshot_(snapshot), value_(value) {}

  std::string_view at(const Run& run, std::size_t row) {
    if (value_.of == EventValue::Of::Target) {
      return snapshot_.customers().external_id(snapshot_.target(run, row));
    }
    const RunColumn& column = *run.column(value_.column);
    if (&run != run_) {
      run_ = &run;
      reader_.reset();
      if (const auto* texts = std::get_if<TextValues>(&column.values)) reader_.emplace(*texts);
    }
    if (reader_) return reader_->at(row);
    if (const auto* codes = std::get_if<CodeValues>(&column.values)) {
      const auto code = static_cast<std::uint32_t>(codes->codes.at(row));
      return snapshot_.columns()[index(value_.column)].dictionary->at(code);
    }
    made_ = canonical(column, row);
    return made_;
  }

 private:
  static std::string canonical(const RunColumn& column, std::size_t row) {
    if (std::holds_alternative<BoolValues>(column.values)) {
      return canonical_text(ValueType::Bool, number_at<std::uint64_t>(column, row));
    }
    if (std::holds_alternative<Int64Values>(column.values)) {
      const auto number = number_at<std::int64_t>(column, row);
      return canonical_text(ValueType::Int64, static_cast<std::uint64_t>(number));
    }
    if (std::holds_alternative<TimeValues>(column.values)) {
      const auto time = number_at<DateTime>(column, row);
      return canonical_text(ValueType::DateTime, static_cast<std::uint64_t>(time.ms));
    }
    const auto number = number_at<double>(column, row);
    return canonical_text(ValueType::Float64, std::bit_cast<std::uint64_t>(number));
  }

  const Snapshot& snapshot_;
  const EventValue& value_;
  const Run* run_ = nullptr;
  std::optional<TextReader> reader_;
  std::string made_;
};

Column text_column(const Snapshot& snapshot, const std::vector<Latest>& latest,
                   const EventValue& value) {
  std::map<const Run*, std::vector<std::size_t>> by_run;  // Customers, and so rows, ascending.
  for (std::size_t i = 0; i < latest.size(); ++i) {
    if (latest[i].run != nullptr) by_run[latest[i].run].push_back(i);
  }
  auto dictionary = std::make_shared<Dictionary>();
  ColumnBuilder<std::uint32_t> column(latest.size());
  TextOfRows texts(snapshot, value);
  for (const auto& [run, customers] : by_run) {
    for (const std::size_t i : customers) {
      column.set(i, dictionary->intern(texts.at(*run, latest[i].row)));
    }
  }
  return std::move(column).finish(people(snapshot.customers()), ValueType::String,
                                  std::move(dictionary));
}

}  // namespace

absl::StatusOr<Column> latest_values(const Snapshot& snapshot, const EventSelection& selection,
                                     const RowPick& pick, const EventValue& value,
                                     const Stop& stop) {
  const EventRows events(snapshot, selection, pick, {});
  GRAPEVINE_ASSIGN_OR_RETURN(const auto latest, find_latest(snapshot, events, value, stop));
  if (value.of == EventValue::Of::Target) return text_column(snapshot, latest, value);
  const ValueType type = value.of == EventValue::Of::Time
                             ? ValueType::DateTime
                             : snapshot.columns()[index(value.column)].type;
  switch (type) {
    case ValueType::Bool: return number_column<std::uint8_t>(snapshot, latest, value, type);
    case ValueType::Int64: return number_column<std::int64_t>(snapshot, latest, value, type);
    case ValueType::DateTime: return number_column<DateTime>(snapshot, latest, value, type);
    case ValueType::Float64: return number_column<double>(snapshot, latest, value, type);
    default: return text_column(snapshot, latest, value);
  }
}

}  // namespace grapevine
