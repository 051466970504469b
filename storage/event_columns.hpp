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
#include "storage/column_strings.hpp"
#include "storage/delta.hpp"
#include "storage/dictionary.hpp"
#include "storage/schema.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// How the values of a column are kept.
struct ColumnFlags {
  bool has_large_integers = false;  ///< Some that no double holds.
  bool keeps_text = false;
  bool shall_keep_text = false;  ///< From the next block on.
  std::uint64_t strings = 0;     ///< Rows that brought one, while it has a dictionary.
};

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
  /// kMissing. Where the column keeps texts, `block` does.
  DeltaCell take(ColumnId column, const Cell& cell, std::string_view text, std::uint32_t code,
                 DeltaBlock& block);
  /// What follows goes to a new block: columns whose strings hardly repeat keep texts from now on.
  void begin_block();

  /// nullptr: a column of numbers.
  [[nodiscard]] Dictionary* dictionary(ColumnId column) {
    return columns_[index(column)].dictionary.get();
  }
  [[nodiscard]] ColumnStrings strings() const;
  [[nodiscard]] std::shared_ptr<const std::vector<ColumnInfo>> publish();

  /// What writes the columns as they stand, later; a new EventColumns loads them.
  SaveLater freeze();
  void load(FieldReader& in);

 private:
  struct Column {
    std::shared_ptr<Dictionary> dictionary;
    ColumnFlags flags;
  };
  // Not one that another column has, and shares.
  [[nodiscard]] bool has_own_dictionary(std::size_t column) const;
  void note_string(Column& column);
  [[nodiscard]] ValueType type_with(ColumnId column, const Cell& cell) const;

  std::vector<ColumnInfo> infos_;
  std::vector<Column> columns_;  // By ColumnId, as infos_.
  std::unordered_map<std::string, std::uint32_t> by_name_;
  std::shared_ptr<const std::vector<ColumnInfo>> published_;
};

}  // namespace grapevine
