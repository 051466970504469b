#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/sql/tables/table.hpp"

namespace grapevine::sql {

/// A value of a table that is written out row by row: NULL, a number, a text, or a list of texts.
class Cell {
 public:
  Cell() = default;
  template <std::integral Number>
  Cell(Number number) : null_(false), number_(static_cast<std::uint64_t>(number)) {}
  Cell(double number) : null_(false), real_(number) {}
  Cell(std::string text) : null_(false), text_(std::move(text)) {}
  Cell(std::string_view text) : null_(false), text_(text) {}
  Cell(const char* text) : null_(false), text_(text) {}
  Cell(std::vector<std::string> texts) : null_(false), texts_(std::move(texts)) {}

 private:
  friend class RowsBuilder;
  bool null_ = true;
  std::uint64_t number_ = 0;
  double real_ = 0;
  std::string text_;
  std::vector<std::string> texts_;
};

/// Makes small tables, such as those of `system`, a row at a time. Not thread-safe.
class RowsBuilder {
 public:
  /// `columns` outlive it. Types: numbers, times, String, and arrays of String.
  explicit RowsBuilder(const std::vector<TableColumn>& columns) : columns_(columns) {}

  /// A row; columns that are not said have their type's default (0, '', [], or NULL).
  /// Precondition: the columns are there, and the cells are of their types.
  void add(std::initializer_list<std::pair<std::string_view, Cell>> cells);
  [[nodiscard]] std::size_t rows() const { return rows_.size(); }
  Block finish() &&;

 private:
  template <typename Value>
  ColumnPtr numbers(std::size_t column) const;
  ColumnPtr numbers_of_type(std::size_t column) const;
  ColumnPtr texts(std::size_t column) const;
  ColumnPtr lists(std::size_t column) const;
  std::vector<std::uint8_t> nulls(std::size_t column) const;

  const std::vector<TableColumn>& columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace grapevine::sql
