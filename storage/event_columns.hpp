#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "storage/batch.hpp"
#include "storage/checkpoint/save_later.hpp"
#include "storage/delta.hpp"
#include "storage/dictionary.hpp"
#include "storage/part_builder.hpp"
#include "storage/schema.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// The columns of `events` while they are written: names, types and dictionaries. Not thread-safe.
class EventColumns {
 public:
  static constexpr std::uint32_t kMissing = 0xFFFF'FFFF;

  EventColumns();

  [[nodiscard]] std::size_t count() const { return infos_.size(); }
  /// The ColumnId of that name, or kMissing.
  [[nodiscard]] std::uint32_t find(std::string_view name) const;
  ColumnId find_or_add(std::string_view name);

  /// Whether a value of this type needs the column to become one of strings first. Rows of the
  /// delta that have numbers in it must be in a part by then.
  [[nodiscard]] bool becomes_string(ColumnId column, const Cell& cell) const;

  /// The cell as the delta holds it, after the column has been widened for it.
  /// Null: a text for a core column of numbers, which none of the collecting calls sends.
  /// `text` is a String's; `code` is its dictionary code where the caller knows it already, else
  /// kMissing.
  DeltaCell take(ColumnId column, const Cell& cell, std::string_view text, std::uint32_t code);

  /// nullptr: a column of numbers.
  [[nodiscard]] Dictionary* dictionary(ColumnId column) {
    return dictionaries_[index(column)].get();
  }
  [[nodiscard]] CodeOfText code_of_text() const;
  [[nodiscard]] std::shared_ptr<const std::vector<ColumnInfo>> publish();

  /// What writes the columns as they stand, later; a new EventColumns loads them.
  SaveLater freeze();
  void load(FieldReader& in);

 private:
  struct Widening {
    bool has_large_integers = false;  // Some that no double holds.
  };
  // Not one that another column has, and shares.
  [[nodiscard]] bool has_own_dictionary(std::size_t column) const;
  [[nodiscard]] ValueType type_with(ColumnId column, const Cell& cell) const;

  std::vector<ColumnInfo> infos_;
  std::vector<std::shared_ptr<Dictionary>> dictionaries_;
  std::vector<Widening> widenings_;
  std::unordered_map<std::string, std::uint32_t> by_name_;
  std::shared_ptr<const std::vector<ColumnInfo>> published_;
};

}  // namespace grapevine
