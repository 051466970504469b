#include "api/live/segments/person_measure.hpp"

#include <bit>
#include <cmath>
#include <type_traits>
#include <variant>

#include "storage/canonical_text.hpp"

namespace grapevine {
namespace {

// Values that are the same are the same text, whatever type a run keeps them in.
std::string same_text(const ColumnInfo& info, const RunColumn& column, std::size_t row) {
  return std::visit(
      [&](const auto& kept) -> std::string {
        using Kept = std::decay_t<decltype(kept)>;
        if constexpr (std::is_same_v<Kept, CodeValues>) {
          return std::string(info.dictionary->at(static_cast<std::uint32_t>(kept.codes.at(row))));
        } else if constexpr (std::is_same_v<Kept, TextValues>) {
          return std::string(TextReader(kept).at(row));
        } else if constexpr (std::is_same_v<Kept, BoolValues>) {
          return canonical_text(ValueType::Bool, kept.at(row) ? 1 : 0);
        } else if constexpr (std::is_same_v<Kept, Int64Values>) {
          return canonical_text(ValueType::Int64, static_cast<std::uint64_t>(kept.at(row)));
        } else if constexpr (std::is_same_v<Kept, TimeValues>) {
          return canonical_text(ValueType::DateTime, static_cast<std::uint64_t>(kept.at(row).ms));
        } else {
          double number = kept.at(row);
          if (info.type != ValueType::String) number += 0.0;  // Of the two zeros it makes one.
          return canonical_text(ValueType::Float64, std::bit_cast<std::uint64_t>(number));
        }
      },
      column.values);
}

}  // namespace

void PersonMeasure::reset() {
  count_ = 0;
  if (measure_.kind == Measure::Kind::Sum || measure_.kind == Measure::Kind::Avg) {
    sum_.reset(1);
  }
  distinct_.clear();
}

void PersonMeasure::add(const Snapshot& snapshot, const CustomerRow& row) {
  if (measure_.kind == Measure::Kind::Count) {
    ++count_;
    return;
  }
  if (measure_.of_target) {
    const CustomerId target = snapshot.target(*row.run, row.row);
    if (target != kNobody) distinct_.insert(std::to_string(index(target)));
    return;
  }
  const RunColumn* column = row.run->column(measure_.of);
  if (column == nullptr || !column->has(row.row)) return;
  if (measure_.kind == Measure::Kind::Distinct) {
    distinct_.insert(same_text(snapshot.columns()[index(measure_.of)], *column, row.row));
  } else if (const auto* whole = std::get_if<Int64Values>(&column->values)) {
    add_whole(whole->at(row.row));
  } else if (const auto* real = std::get_if<RealValues>(&column->values)) {
    add_real(real->at(row.row), real->single);
  }
}

void PersonMeasure::add_whole(std::int64_t number) {
  if (measure_.kind == Measure::Kind::Min || measure_.kind == Measure::Kind::Max) {
    return add_number(static_cast<long double>(number), measure_.bounds.whole.has(number));
  }
  sum_.add(0, number);
  ++count_;
}

void PersonMeasure::add_real(double number, bool single) {
  if (!std::isfinite(number)) return;
  if (measure_.kind == Measure::Kind::Min || measure_.kind == Measure::Kind::Max) {
    return add_number(number, single ? measure_.bounds.real32.has(static_cast<float>(number))
                                     : measure_.bounds.real.has(number));
  }
  sum_.add(0, number);
  ++count_;
}

void PersonMeasure::add_number(long double number, bool in_bounds) {
  const bool is_better = measure_.kind == Measure::Kind::Min ? number < best_ : number > best_;
  if (count_++ > 0 && !is_better) return;
  best_ = number;
  best_in_bounds_ = in_bounds;
}

bool PersonMeasure::in_bounds() const {
  switch (measure_.kind) {
    case Measure::Kind::Count: return measure_.bounds.whole.has(count_);
    case Measure::Kind::Distinct:
      return measure_.bounds.whole.has(static_cast<std::int64_t>(distinct_.size()));
    case Measure::Kind::Sum: return measure_.bounds.real.has(sum_.divided_by(0, 1));
    case Measure::Kind::Avg:
      return count_ > 0 && measure_.bounds.real.has(sum_.divided_by(0, count_));
    case Measure::Kind::Min:
    case Measure::Kind::Max: return count_ > 0 && best_in_bounds_;
  }
  return false;
}

}  // namespace grapevine
