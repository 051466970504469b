#include "api/sql/tables/people_by_time.hpp"

#include <algorithm>
#include <utility>

#include "api/sql/bind/quarter_hour_moments.hpp"
#include "api/sql/execute/query_context.hpp"
#include "api/sql/tables/measured_rows.hpp"
#include "api/sql/tables/quarters_read.hpp"
#include "kernels/cohort/active_people.hpp"
#include "kernels/query/group_table.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// Equal stretches of time, each with a key of its own.
struct KeyedBuckets {
  TimeBuckets buckets;
  ColumnPtr keys;  // A row a bucket.
};

// The stretches that a key has from `first` to `last`; nullopt: they are not of one length (months, a
// day on which clocks are changed), or come again (hours of the day).
std::optional<KeyedBuckets> buckets_of(const BoundPtr& key, TimeMs first, TimeMs last) {
  const auto by_quarter = by_quarter_hour(key, first, last);
  if (!by_quarter) return std::nullopt;
  const std::size_t quarters = by_quarter->values->rows;
  std::vector<std::uint32_t> groups(quarters);
  GroupTable table({key->type});
  table.assign(std::span(&by_quarter->values, 1), quarters, groups);
  std::vector<std::uint32_t> begins;  // Of each stretch, by quarter.
  for (std::size_t i = 0; i < quarters; ++i) {
    if (i > 0 && groups[i] == groups[i - 1]) continue;
    if (groups[i] != begins.size()) return std::nullopt;  // It was there before.
    begins.push_back(static_cast<std::uint32_t>(i));
  }
  // The first and the last stretch may begin before, or go on behind, what was looked at.
  const std::size_t stretches = begins.size();
  const std::size_t width = stretches > 2 ? begins[2] - begins[1]
                            : stretches == 2
                                ? std::max<std::size_t>(begins[1], quarters - begins[1])
                                : quarters;
  if (stretches > 1 && (begins[1] > width || quarters - begins.back() > width)) return std::nullopt;
  for (std::size_t i = 2; i < stretches; ++i) {
    if (begins[i] - begins[i - 1] != width) return std::nullopt;
  }
  KeyedBuckets made;
  made.buckets.width_ms = static_cast<TimeMs>(width) * kQuarterHourMs;
  const std::size_t first_end = stretches > 1 ? begins[1] : quarters;
  made.buckets.from =
      by_quarter->from + static_cast<TimeMs>(first_end) * kQuarterHourMs - made.buckets.width_ms;
  made.buckets.count = stretches;
  made.keys = gather(by_quarter->values, begins);
  if (!made.buckets.valid().ok()) return std::nullopt;
  return made;
}

ColumnPtr counts_column(const std::vector<std::uint64_t>& counts) {
  auto column = new_fixed(plain(TypeId::UInt64), counts.size());
  std::copy(counts.begin(), counts.end(), column->fixed<std::uint64_t>().begin());
  return column;
}

class PeopleByTime final : public BlockSource {
 public:
  PeopleByTime(EventConditions rows, std::vector<EventSelection> counted, KeyedBuckets keyed,
               QueryContext& context)
      : rows_(std::move(rows)),
        counted_(std::move(counted)),
        keyed_(std::move(keyed)),
        among_(people_among(rows_.among, context)),
        context_(context) {}

  std::size_t morsels() const override { return 1; }
  std::uint64_t rows() const override { return keyed_.buckets.count; }
  absl::Status read(std::size_t, const Consume& consume) const override {
    std::vector<std::uint8_t> has_rows(keyed_.buckets.count, 0);
    Block groups{0, {keyed_.keys}};
    for (const EventSelection& selection : counted_) {
      GRAPEVINE_ASSIGN_OR_RETURN(const auto people, count(selection));
      for (std::size_t i = 0; i < people.size(); ++i) {
        if (people[i] > 0) has_rows[i] = 1;
      }
      groups.columns.push_back(counts_column(people));
    }
    if (std::find(has_rows.begin(), has_rows.end(), 0) != has_rows.end()) {
      // A stretch has a group also where none of its rows counts.
      GRAPEVINE_ASSIGN_OR_RETURN(const auto people, count(rows_.selection));
      for (std::size_t i = 0; i < people.size(); ++i) has_rows[i] = people[i] > 0 ? 1 : 0;
    }
    groups.rows = static_cast<std::size_t>(std::count(has_rows.begin(), has_rows.end(), 1));
    if (groups.rows == 0) return absl::OkStatus();
    for (ColumnPtr& column : groups.columns) column = filter(column, has_rows, groups.rows);
    return consume(std::move(groups));
  }

 private:
  absl::StatusOr<std::vector<std::uint64_t>> count(const EventSelection& selection) const {
    GRAPEVINE_RETURN_IF_ERROR(context_.check());
    context_.progress.read_rows += rows_read(*context_.snapshot, selection).rows;
    return count_active_people(*context_.snapshot, selection, keyed_.buckets,
                               among_ ? &*among_ : nullptr, context_.api.stop);
  }

  EventConditions rows_;
  std::vector<EventSelection> counted_;  // By measure.
  KeyedBuckets keyed_;
  std::optional<CustomerSet> among_;
  QueryContext& context_;
};

}  // namespace

absl::StatusOr<std::shared_ptr<const BlockSource>> count_people_by_time(
    const std::vector<BoundPtr>& conditions, const BoundPtr& key,
    std::span<const CustomerMeasure> counts, std::span<const EventColumn> columns,
    QueryContext& context) {
  const Snapshot& snapshot = *context.snapshot;
  auto rows = select_rows(conditions, columns, snapshot, context.facts);
  const Bound* const moments = quarter_hour_moments(*key);
  if (!rows || moments == nullptr || columns[moments->column].of != EventColumn::Of::Time) {
    return nullptr;
  }
  std::vector<EventSelection> counted;
  for (const CustomerMeasure& count : counts) {
    const MeasuredRows measured = measured_rows(count.function, count.of);
    const bool counts_people = (measured.function == "uniqExact" || measured.function == "uniq") &&
                               measured.of.size() == 1 &&
                               measured.of[0]->kind == Bound::Kind::Column &&
                               columns[measured.of[0]->column].of == EventColumn::Of::Customer;
    if (!counts_people || count.type.id != TypeId::UInt64) return nullptr;
    std::vector<BoundPtr> all = conditions;
    if (measured.condition != nullptr) all.push_back(measured.condition);
    auto selected = select_rows(all, columns, snapshot, context.facts);
    if (!selected || selected->among.size() != rows->among.size()) return nullptr;
    counted.push_back(std::move(selected->selection));
  }
  const RowsRead read = rows_read(snapshot, rows->selection);
  if (read.first > read.last) return blocks_source({});
  auto keyed = buckets_of(key, read.first, read.last);
  if (!keyed) return nullptr;
  return std::make_shared<PeopleByTime>(*std::move(rows), std::move(counted), *std::move(keyed),
                                        context);
}

}  // namespace grapevine::sql
