#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "storage/customers.hpp"
#include "storage/dictionary.hpp"
#include "storage/ids.hpp"
#include "storage/memberships.hpp"
#include "storage/part.hpp"
#include "storage/value.hpp"

namespace grapevine {

struct DeltaView;

/// A column of `events` beside those that every row has.
struct ColumnInfo {
  std::string name;                  ///< "value", "properties.coupon", "context.campaign.source".
  ValueType type = ValueType::Null;  ///< The widest type of any run.
  std::shared_ptr<const Dictionary> dictionary;  ///< For runs that keep codes. `text` has none.
};

/// Small things that are kept whole, by (kind, name): ("segment", "vip") → its definition as JSON.
using Documents = std::map<std::pair<std::string, std::string>, std::string>;

/// Who wrote a content: chunks of customers by code of the content dictionary.
struct ContentAuthors {
  static constexpr std::size_t kContents = 8192;
  std::vector<std::shared_ptr<const std::vector<CustomerId>>> chunks;

  /// kNobody: no event with that content_id came yet.
  [[nodiscard]] CustomerId of(std::uint64_t content) const {
    const std::size_t chunk = content / kContents;
    return chunk < chunks.size() && chunks[chunk] ? (*chunks[chunk])[content % kContents] : kNobody;
  }
};

/// One immutable view of everything stored. A request takes one and answers from it alone.
/// Thread safety: any number of threads may read; it stays valid as long as it is held.
class Snapshot {
 public:
  ~Snapshot();

  [[nodiscard]] std::uint64_t number() const { return number_; }       ///< Grows with each write.
  [[nodiscard]] std::size_t rows() const { return rows_; }             ///< Events stored.
  [[nodiscard]] TimeMs newest_event() const { return newest_event_; }  ///< INT64_MIN: no event.

  /// Every row of `events` stands in exactly one of these. What came last is sorted into a part of
  /// its own when someone asks first (at most Store's delta, some thousand rows).
  [[nodiscard]] std::span<const std::shared_ptr<const Part>> parts() const;

  [[nodiscard]] const CustomerTable& customers() const { return customers_; }

  [[nodiscard]] const Dictionary& event_names() const { return *event_names_; }
  /// Rows by EventNameId; a known event that never happened has 0.
  [[nodiscard]] const std::vector<std::uint64_t>& event_counts() const { return *event_counts_; }
  /// Dictionary::kMissing as an id: no such event in this snapshot.
  [[nodiscard]] EventNameId find_event(std::string_view name) const;

  /// By ColumnId; the first are the CoreColumns.
  [[nodiscard]] const std::vector<ColumnInfo>& columns() const { return *columns_; }
  /// nullptr: no such column.
  [[nodiscard]] const ColumnInfo* find_column(std::string_view name, ColumnId& id) const;

  /// The person whom a row is directed at: its target_id, else the author of its parent_id, else
  /// kNobody.
  [[nodiscard]] CustomerId target(const Run& run, std::size_t row) const;
  [[nodiscard]] const ContentAuthors& content_authors() const { return *authors_; }

  /// Grows when, and only when, an event with a target or a parent, or a content's author, was
  /// stored: what is derived from who reacted to whom is current as long as this stands still.
  [[nodiscard]] std::uint64_t social_version() const { return social_version_; }

  [[nodiscard]] const Documents& documents() const { return *documents_; }

  /// What was told of live segments.
  [[nodiscard]] const MembershipStreams& memberships() const { return *memberships_; }

 private:
  friend class StoreState;
  Snapshot();

  std::uint64_t number_ = 0;
  std::size_t rows_ = 0;
  TimeMs newest_event_ = INT64_MIN;
  std::uint64_t social_version_ = 0;
  CustomerTable customers_;
  std::shared_ptr<const Dictionary> event_names_;
  std::shared_ptr<const std::vector<std::uint64_t>> event_counts_;
  std::shared_ptr<const std::vector<ColumnInfo>> columns_;
  std::shared_ptr<const ContentAuthors> authors_;
  std::shared_ptr<const Documents> documents_;
  std::shared_ptr<const MembershipStreams> memberships_;

  mutable std::vector<std::shared_ptr<const Part>>
      parts_;  // The last one is the delta's, once built.
  std::unique_ptr<const DeltaView> delta_;
  mutable std::once_flag delta_sorted_;
};

}  // namespace grapevine
