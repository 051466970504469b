#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/query/column.hpp"
#include "kernels/query/functions/read_number.hpp"
#include "kernels/query/functions/read_time.hpp"

namespace grapevine::sql {

/// How texts are read.
struct ReadRules {
  bool exact = false;        ///< Integers that do not fit are refused rather than wrapped around.
  bool basic_times = false;  ///< Times in the one format, not in every known one.
  bool us_style = false;     ///< 01/02/2024 is in January.
};

/// Reads texts as values of a type and collects them. Not thread-safe.
class ValueReader {
 public:
  /// Errors  BadArguments (36): there is no such timezone.
  static absl::StatusOr<ValueReader> of(const DataType& type, const SessionFacts& facts,
                                        ReadRules rules);

  /// Adds the value that the whole text is. False: it is none, nothing was added, and `problem` says
  /// why.
  bool add(std::string_view text, ReadProblem& problem);
  /// Adds the type's default, which is NULL where it has that.
  void add_default();
  /// What was added.
  ColumnPtr finish() &&;

 private:
  ValueReader() = default;

  // Reads a value at the front of a text and adds it. Returns the bytes read, or kUnread.
  // `quoted`: as it stands in arrays and tuples.
  std::size_t read(std::string_view text, bool quoted, ReadProblem& problem);
  std::size_t read_fixed(std::string_view text, ReadProblem& problem);
  std::size_t read_time(std::string_view text, ReadProblem& problem);
  std::size_t read_array(std::string_view text, ReadProblem& problem);
  std::size_t read_tuple(std::string_view text, ReadProblem& problem);
  template <typename Value>
  void push(Value value) {
    fixed_.append(reinterpret_cast<const char*>(&value), sizeof(value));
  }
  void push_value();

  DataType type_;
  ReadRules rules_;
  ZonePtr zone_;
  std::shared_ptr<TimeReading> times_;
  std::size_t rows_ = 0;
  std::string fixed_;
  std::unique_ptr<TextBuilder> texts_;
  std::vector<std::uint64_t> ends_;
  std::vector<std::uint8_t> nulls_;
  std::vector<ValueReader> elements_;
};

}  // namespace grapevine::sql
