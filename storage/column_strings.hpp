#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "storage/dictionary.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// How the strings of the columns are kept at one moment, for those who merge runs: a column that
/// keeps texts now may have runs with codes from before. Any number of threads may use it.
class ColumnStrings {
 public:
  struct Column {
    std::shared_ptr<Dictionary> dictionary;  ///< nullptr: no run has codes.
    bool keeps_text = false;                 ///< New runs have texts.
  };
  explicit ColumnStrings(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// The code of a text, which may be added.
  [[nodiscard]] std::uint32_t code_of(ColumnId column, std::string_view text) const {
    return columns_[index(column)].dictionary->intern(text);
  }
  [[nodiscard]] std::string_view text_of(ColumnId column, std::uint32_t code) const {
    return columns_[index(column)].dictionary->at(code);
  }
  [[nodiscard]] bool keeps_text(ColumnId column) const {
    return columns_[index(column)].keeps_text;
  }

 private:
  std::vector<Column> columns_;
};

}  // namespace grapevine
