#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "api/sql/tables/table.hpp"

namespace grapevine::sql {

/// A value of a table that is written out row by row: NULL, a number, a text, or a list of texts.
class Cell {
 public:
  Cell() = default;
  template <std::integral Number>
  Cell(Number number) : value_(static_cast<std::uint64_t>(number)) {}
  Cell(double number) : value_(number) {}
  Cell(std::string text) : value_(std::move(text)) {}
  Cell(std::string_view text) : value_(std::string(text)) {}
  Cell(const char* text) : value_(std::string(text)) {}
  Cell(std::vector<std::string> texts) : value_(std::move(texts)) {}

 private:
  friend class RowsBuilder;
  std::variant<std::monostate, std::uint64_t, double, std::string, std::vector<std::string>> value_;
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
  const std::vector<TableColumn>& columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace grapevine::sql
