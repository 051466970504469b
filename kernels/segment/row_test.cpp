#include "kernels/segment/row_test.hpp"

#include <algorithm>
#include <type_traits>
#include <variant>

namespace grapevine {

bool RowTest::accepts(const Snapshot& snapshot, const CustomerRow& row) {
  if (selection_->clock && !selection_->clock->accepts(row.ts)) return false;
  for (std::size_t i = 0; i < selection_->where.size(); ++i) {
    const ColumnRule& rule = selection_->where[i];
    const RunColumn* column = row.run->column(rule.column);
    const bool accepted = column != nullptr && column->has(row.row) &&
                          (rule.test.any || accepts_value(snapshot, *column, row.row, i));
    if (accepted == rule.negated) return false;
  }
  return true;
}

bool RowTest::accepts_value(const Snapshot& snapshot, const RunColumn& column, std::size_t row,
                            std::size_t rule) {
  const ValueTest& test = selection_->where[rule].test;
  return std::visit(
      [&](const auto& kept) {
        using Kept = std::decay_t<decltype(kept)>;
        if constexpr (std::is_same_v<Kept, CodeValues>) {
          const std::uint64_t code = kept.codes.at(row);
          std::vector<Known>& known = known_[rule];
          if (code >= known.size()) {
            known.resize(std::max<std::size_t>(code + 1, 2 * known.size()), Known::Not);
          }
          if (known[code] == Known::Not) {
            const Dictionary& strings = *snapshot.columns()[index(column.id)].dictionary;
            const bool holds = satisfies(test, strings.at(static_cast<std::uint32_t>(code)));
            known[code] = holds ? Known::Yes : Known::No;
          }
          return known[code] == Known::Yes;
        } else if constexpr (std::is_same_v<Kept, TextValues>) {
          return satisfies(test, TextReader(kept).at(row));
        } else if constexpr (std::is_same_v<Kept, RealValues>) {
          return kept.single ? satisfies(test, static_cast<float>(kept.at(row)))
                             : satisfies(test, kept.at(row));
        } else {
          return satisfies(test, kept.at(row));
        }
      },
      column.values);
}

}  // namespace grapevine
