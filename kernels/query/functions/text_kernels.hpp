#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kernels/query/functions/call.hpp"
#include "kernels/query/functions/numbers.hpp"
#include "kernels/query/functions/texts.hpp"

namespace grapevine::sql {

/// Fails unless the first `count` arguments are Strings. Errors  IllegalTypeOfArgument (43).
inline absl::Status check_strings(const Call& call, std::size_t count) {
  for (std::size_t i = 0; i < count && i < call.size(); ++i) {
    if (call.id(i) != TypeId::String) return illegal_type(call, i);
  }
  return absl::OkStatus();
}

/// result[row] = compute(text).
template <typename Value, typename Compute>
Resolved number_of_text(TypeId id, Compute compute) {
  return {plain(id), [id, compute](std::span<const ColumnPtr> arguments, std::size_t rows) {
            const Texts texts(arguments[0]);
            auto result = new_fixed(plain(id), rows);
            Value* to = result->template fixed<Value>().data();
            for (std::size_t row = 0; row < rows; ++row) {
              to[row] = static_cast<Value>(compute(texts[row]));
            }
            return absl::StatusOr<ColumnPtr>(std::move(result));
          }};
}

/// result[row] = compute(a text, another).
template <typename Value, typename Compute>
Resolved number_of_texts(TypeId id, Compute compute) {
  return {plain(id), [id, compute](std::span<const ColumnPtr> arguments, std::size_t rows) {
            const Texts a(arguments[0]);
            const Texts b(arguments[1]);
            auto result = new_fixed(plain(id), rows);
            Value* to = result->template fixed<Value>().data();
            for (std::size_t row = 0; row < rows; ++row) {
              to[row] = static_cast<Value>(compute(a[row], b[row]));
            }
            return absl::StatusOr<ColumnPtr>(std::move(result));
          }};
}

/// What `write(text, result)` adds to the empty result.
template <typename Write>
Resolved text_of_text(Write write) {
  return {plain(TypeId::String), [write](std::span<const ColumnPtr> arguments, std::size_t rows) {
            const Texts texts(arguments[0]);
            ResultTexts results(rows);
            std::string result;
            for (std::size_t row = 0; row < rows && !results.failed(); ++row) {
              result.clear();
              write(texts[row], result);
              results.add(result);
            }
            return std::move(results).finish();
          }};
}

/// A part of each text: part(text). No bytes are copied.
template <typename Part>
Resolved part_of_text(Part part) {
  return {plain(TypeId::String), [part](std::span<const ColumnPtr> arguments, std::size_t rows) {
            const Texts texts(arguments[0]);
            ResultTexts results(rows);
            results.keep(arguments[0]);
            for (std::size_t row = 0; row < rows; ++row) results.add_kept(part(texts[row]));
            return std::move(results).finish();
          }};
}

/// Collects lists of texts that are parts of texts of a column.
class TextLists {
 public:
  TextLists(const ColumnPtr& column, std::size_t rows) : texts_(rows) {
    texts_.keep_texts_of(column);
    ends_.reserve(rows);
  }
  void add(std::string_view text) { texts_.add_kept(text); }
  /// Adds a text that stands nowhere else.
  void add_copy(std::string_view text) { texts_.add(text); }
  void end_row() { ends_.push_back(texts_.size()); }
  [[nodiscard]] ColumnPtr finish() && {
    auto column = std::make_shared<Column>();
    column->type = array_of(plain(TypeId::String));
    column->rows = ends_.size();
    column->values = ArrayValues{std::move(ends_), std::move(texts_).finish(false)};
    return column;
  }

 private:
  TextBuilder texts_;
  std::vector<std::uint64_t> ends_;
};

/// List of parts of each text: split(text, lists).
template <typename Split>
Resolved list_of_text(std::size_t argument, Split split) {
  return {array_of(plain(TypeId::String)),
          [argument, split](std::span<const ColumnPtr> arguments, std::size_t rows) {
            const Texts texts(arguments[argument]);
            TextLists lists(arguments[argument], rows);
            for (std::size_t row = 0; row < rows; ++row) {
              split(texts[row], lists);
              lists.end_row();
            }
            return absl::StatusOr<ColumnPtr>(std::move(lists).finish());
          }};
}

}  // namespace grapevine::sql
