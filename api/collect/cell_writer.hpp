#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/status.h>

#include "api/collect/scalar.hpp"
#include "storage/batch.hpp"

namespace grapevine {

/// Where a member stands; it decides the name of its column.
enum class Family : std::uint8_t {
  Properties,  ///< "properties.NAME"
  Context,     ///< "context.NAME"
  Trait,       ///< "NAME", or "traits.NAME" where NAME is one that is derived.
  Account,     ///< "account.NAME": a trait of a group.
};

/// What happens when a row has a cell of that column already.
enum class Repeated : std::uint8_t { Replace, Keep };

/// Adds the cells of one row after another to a batch: at most one for each column of a row, and
/// none beyond the limits of an event. Not thread-safe.
class CellWriter {
 public:
  /// `batch` outlives the writer.
  explicit CellWriter(Batch& batch) : batch_(batch), names_(kNames) {}

  /// The cells that follow belong to a new row of the same event.
  void begin_row();
  /// The rows that follow are those of another event.
  void begin_event();

  /// Adds a cell to the row begun last. Errors  InvalidArgument: a rejection that names the column.
  absl::Status add(Family family, std::string_view name, const Scalar& value,
                   Repeated repeated = Repeated::Replace);
  /// The same for a column that the row is known not to have.
  absl::Status add_new(StringRef column, const Scalar& value);
  /// Whether the row begun last has a cell of that column.
  [[nodiscard]] bool has(Family family, std::string_view name);

  [[nodiscard]] std::uint32_t row_begin() const { return row_begin_; }
  [[nodiscard]] std::uint32_t row_count() const {
    return static_cast<std::uint32_t>(batch_.cells.size()) - row_begin_;
  }
  [[nodiscard]] Batch& batch() { return batch_; }

 private:
  // A small cache from names to columns, which spares building and hashing "properties.NAME".
  struct Name {
    std::string text;
    Family family = Family::Properties;
    StringRef column = kNoString;
  };
  static constexpr std::size_t kNames = 256;

  StringRef column_of(Family family, std::string_view name);  // kNoString: the name is too long.
  Cell* find(StringRef column);
  absl::Status count_bytes(const Scalar& value);

  Batch& batch_;
  std::vector<Name> names_;
  std::vector<std::uint32_t> cell_of_column_;  // By StringRef: where its last cell stands.
  std::string scratch_;
  std::uint32_t row_begin_ = 0;
  std::size_t event_bytes_ = 0;
};

}  // namespace grapevine
