#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/status.h>

#include "api/collect/call_head.hpp"
#include "api/collect/limits.hpp"
#include "api/collect/row_sink.hpp"
#include "api/sql/insert/sent_value.hpp"
#include "storage/batch.hpp"

namespace grapevine::sql {

/// Makes batches of rows that are set value by value. Not thread-safe.
class RowInserter {
 public:
  /// Rows of a batch, which are stored together or not at all.
  static constexpr std::size_t kBatchRows = kBatchEventsMax;

  /// `zone`: IANA, of times that name none.
  RowInserter(InsertTable table, std::string zone, TimeMs received)
      : table_(table), zone_(std::move(zone)), received_(received) {}

  void begin_row();
  /// Errors  what value_of_kind says, and IncorrectData (117) of what no event may have.
  absl::Status set(const InsertColumn& column, const SentValue& value);
  /// The same for JSON: objects become values of their members, arrays texts.
  absl::Status set(const InsertColumn& column, JsonElement element);
  /// Errors  IncorrectData (117): a column that every row needs is missing.
  absl::Status end_row();

  [[nodiscard]] std::uint64_t rows() const { return rows_; }
  /// Nothing is added after it.
  std::vector<std::unique_ptr<Batch>> take() && { return std::move(batches_); }

 private:
  absl::Status add_value(const InsertColumn& column, std::string_view member, const Scalar& value);
  absl::Status set_text(const InsertColumn& column, const SentValue& value);
  absl::Status end_event();
  void end_customer();

  const InsertTable table_;
  const std::string zone_;
  const TimeMs received_;
  std::vector<std::unique_ptr<Batch>> batches_;
  std::unique_ptr<RowSink> sink_;  // Of the last batch.
  CallHead head_;
  std::string_view event_;
  bool has_time_ = false;
  std::uint64_t rows_ = 0;
};

}  // namespace grapevine::sql
