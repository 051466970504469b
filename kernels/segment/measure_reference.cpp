#include "kernels/segment/measure_reference.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <type_traits>
#include <variant>
#include <vector>

#include "kernels/segment/window_reference.hpp"
#include "storage/canonical_text.hpp"

namespace grapevine {
namespace {

struct Row {
  const Run* run;
  std::size_t row;
  [[nodiscard]] auto when() const { return std::tuple(run->time(row), run->sequences.at(row)); }
};

struct Number {
  long double value;
  bool single;
};

std::vector<Number> numbers_of(const std::vector<Row>& rows, ColumnId of) {
  std::vector<Number> numbers;
  for (const Row& row : rows) {
    const RunColumn* column = row.run->column(of);
    if (column == nullptr || !column->has(row.row)) continue;
    if (const auto* whole = std::get_if<Int64Values>(&column->values)) {
      numbers.push_back({static_cast<long double>(whole->at(row.row)), false});
    }
    if (const auto* real = std::get_if<RealValues>(&column->values)) {
      numbers.push_back({static_cast<long double>(real->at(row.row)), real->single});
    }
  }
  return numbers;
}

// Every value as the text that it would be in a column of strings.
std::set<std::string> texts_of(const Snapshot& snapshot, const std::vector<Row>& rows,
                               const Measure& measure) {
  std::set<std::string> texts;
  for (const Row& row : rows) {
    if (measure.of_target) {
      const CustomerId target = snapshot.target(*row.run, row.row);
      if (target != kNobody) texts.insert(std::to_string(index(target)));
      continue;
    }
    const RunColumn* column = row.run->column(measure.of);
    if (column == nullptr || !column->has(row.row)) continue;
    texts.insert(std::visit(
        [&](const auto& kept) -> std::string {
          using Kept = std::decay_t<decltype(kept)>;
          if constexpr (std::is_same_v<Kept, CodeValues>) {
            const auto code = static_cast<std::uint32_t>(kept.codes.at(row.row));
            return std::string(snapshot.columns()[index(measure.of)].dictionary->at(code));
          } else if constexpr (std::is_same_v<Kept, TextValues>) {
            return std::string(TextReader(kept).at(row.row));
          } else if constexpr (std::is_same_v<Kept, BoolValues>) {
            return kept.at(row.row) ? "true" : "false";
          } else if constexpr (std::is_same_v<Kept, Int64Values>) {
            return std::to_string(kept.at(row.row));
          } else if constexpr (std::is_same_v<Kept, TimeValues>) {
            const auto ms = static_cast<std::uint64_t>(kept.at(row.row).ms);
            return canonical_text(ValueType::DateTime, ms);
          } else {
            const double number = kept.at(row.row) + 0.0;
            return canonical_text(ValueType::Float64, std::bit_cast<std::uint64_t>(number));
          }
        },
        column->values));
  }
  return texts;
}

bool is_meant(const Snapshot& snapshot, const std::vector<Row>& rows, const Measure& measure) {
  using enum Measure::Kind;
  const NumberBounds& bounds = measure.bounds;
  if (measure.kind == Count) return bounds.whole.has(static_cast<std::int64_t>(rows.size()));
  if (measure.kind == Distinct) {
    const auto values = static_cast<std::int64_t>(texts_of(snapshot, rows, measure).size());
    return bounds.whole.has(values);
  }
  std::vector<Number> numbers = numbers_of(rows, measure.of);
  if (measure.kind == Sum || measure.kind == Avg) {
    std::vector<double> parts;
    for (const Number& number : numbers) parts.push_back(static_cast<double>(number.value));
    const double sum = exact_sum_reference(parts);
    if (measure.kind == Sum) return bounds.real.has(sum);
    return !parts.empty() && bounds.real.has(sum / static_cast<double>(parts.size()));
  }
  if (numbers.empty()) return false;
  std::sort(numbers.begin(), numbers.end(),
            [](const Number& a, const Number& b) { return a.value < b.value; });
  const Number& extreme = measure.kind == Min ? numbers.front() : numbers.back();
  return extreme.single ? bounds.real32.has(static_cast<float>(extreme.value))
                        : bounds.exact.has(extreme.value);
}

}  // namespace

CustomerSet customers_by_measure_reference(const Snapshot& snapshot,
                                           const EventSelection& selection, const RowPick& pick,
                                           const Measure& measure) {
  std::map<std::size_t, std::vector<Row>> by_customer;
  for_each_row_reference(snapshot, [&](const Run& run, std::size_t row) {
    const bool named = std::find(selection.events.begin(), selection.events.end(), run.event) !=
                       selection.events.end();
    if (!named) return;
    if (pick.choice != RowChoice::Any && run.time(row) > pick.until) return;
    by_customer[index(run.customers[row])].push_back({&run, row});
  });
  CustomerSet set(snapshot.customers().count());
  for (std::size_t i = 0; i < set.customers(); ++i) {
    std::vector<Row>& rows = by_customer[i];
    std::sort(rows.begin(), rows.end(),
              [](const Row& a, const Row& b) { return a.when() < b.when(); });
    if (pick.choice == RowChoice::First && rows.size() > 1)
      rows.erase(rows.begin() + 1, rows.end());
    if (pick.choice == RowChoice::Last && rows.size() > 1) rows.erase(rows.begin(), rows.end() - 1);
    std::erase_if(rows, [&](const Row& row) {
      return !is_selected_reference(snapshot, *row.run, row.row, selection);
    });
    if (is_meant(snapshot, rows, measure)) set.add(CustomerId(static_cast<std::uint32_t>(i)));
  }
  return set;
}

}  // namespace grapevine
