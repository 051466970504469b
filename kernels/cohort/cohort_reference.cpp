#include "kernels/cohort/cohort_reference.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <type_traits>
#include <variant>

#include "kernels/segment/window_reference.hpp"

namespace grapevine {
namespace {

// Calls `body(run, row, customer, time)` for every selected row.
template <typename Body>
void for_each_selected(const Snapshot& snapshot, const EventSelection& selection,
                       const Body& body) {
  for_each_row_reference(snapshot, [&](const Run& run, std::size_t row) {
    if (is_selected_reference(snapshot, run, row, selection)) {
      body(run, row, run.customers[row], run.time(row));
    }
  });
}

// The bucket of a time; nullopt: none.
std::optional<std::size_t> bucket_of(const TimeBuckets& buckets, TimeMs time) {
  if (time < buckets.from || time >= buckets.to()) return std::nullopt;
  return static_cast<std::size_t>((time - buckets.from) / buckets.width_ms);
}

template <typename Value>
std::uint8_t group_of(const Value& value, const std::vector<Value>& all, std::size_t groups) {
  const auto below = static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [&](const Value& other) { return other < value; }));
  return static_cast<std::uint8_t>(1 + groups * below / all.size());
}

// What a customer has of a trait, as a text; nullopt: nothing.
std::optional<std::string> value_of(const LikenessTrait& trait, CustomerId customer) {
  const AttributeChunk* chunk = trait.column->chunk_of(customer);
  const std::size_t slot = index(customer) % AttributeChunk::kCustomers;
  if (chunk == nullptr || !chunk->has(slot)) return std::nullopt;
  return std::visit(
      [&](const auto& values) -> std::string {
        using Value = typename std::decay_t<decltype(values)>::value_type;
        if constexpr (std::is_same_v<Value, std::uint32_t>) {
          return std::string(trait.column->dictionary->at(values[slot]));
        } else if constexpr (std::is_same_v<Value, std::int64_t>) {
          const auto bands = static_cast<long double>(values[slot]) / trait.band;
          return std::to_string(static_cast<std::int64_t>(std::floor(bands)));
        } else if constexpr (std::is_same_v<Value, std::uint8_t>) {
          return values[slot] != 0 ? "true" : "false";
        } else {
          return "";  // Refused.
        }
      },
      chunk->values);
}

}  // namespace

Retention count_retention_reference(const Snapshot& snapshot, const EventSelection& active,
                                    const TimeBuckets& periods) {
  std::map<CustomerId, std::set<std::size_t>> seen;
  for_each_selected(snapshot, active,
                    [&](const Run&, std::size_t, CustomerId customer, TimeMs time) {
                      const auto period = bucket_of(periods, time);
                      if (period) seen[customer].insert(*period);
                    });
  Retention retention{periods.count, std::vector<std::uint64_t>(periods.count * periods.count)};
  for (const auto& [customer, active_in] : seen) {
    for (const std::size_t period : active_in) {
      ++retention.people[*active_in.begin() * periods.count + period - *active_in.begin()];
    }
  }
  return retention;
}

std::vector<std::uint64_t> count_active_people_reference(const Snapshot& snapshot,
                                                         const EventSelection& active,
                                                         const TimeBuckets& buckets,
                                                         const CustomerSet* among) {
  std::set<std::pair<std::size_t, CustomerId>> seen;
  for_each_selected(snapshot, active,
                    [&](const Run&, std::size_t, CustomerId customer, TimeMs time) {
                      const auto bucket = bucket_of(buckets, time);
                      if (among != nullptr && !among->has(customer)) return;
                      if (bucket) seen.emplace(*bucket, customer);
                    });
  std::vector<std::uint64_t> people(buckets.count);
  for (const auto& [bucket, customer] : seen) ++people[bucket];
  return people;
}

std::vector<RfmGroups> group_by_rfm_reference(const Snapshot& snapshot,
                                              const EventSelection& orders, ColumnId money,
                                              std::size_t groups) {
  std::map<CustomerId, TimeMs> last;
  for_each_selected(snapshot, orders,
                    [&](const Run&, std::size_t, CustomerId customer, TimeMs time) {
                      const auto [known, is_new] = last.emplace(customer, time);
                      if (!is_new) known->second = std::max(known->second, time);
                    });
  const auto counts = count_events_reference(snapshot, orders);
  const auto sums = sum_events_reference(snapshot, orders, money);
  std::vector<TimeMs> all_last;
  std::vector<std::int64_t> all_counts;
  std::vector<double> all_sums;
  for (const auto& [customer, time] : last) {
    all_last.push_back(time);
    all_counts.push_back(counts[index(customer)]);
    all_sums.push_back(sums[index(customer)]);
  }
  std::vector<RfmGroups> result;
  for (const auto& [customer, time] : last) {
    result.push_back({customer, group_of(time, all_last, groups),
                      group_of(counts[index(customer)], all_counts, groups),
                      group_of(sums[index(customer)], all_sums, groups)});
  }
  return result;
}

LastTouches count_last_touches_reference(const Snapshot& snapshot, const EventSelection& goals,
                                         const EventSelection& touches, ColumnId by,
                                         TimeMs within_ms) {
  using Moment = std::tuple<TimeMs, std::uint64_t>;  // The store's order.
  struct Touch {
    Moment when;
    const Run* run;
    std::size_t row;
  };
  std::map<CustomerId, std::vector<Touch>> all;
  for_each_selected(snapshot, touches,
                    [&](const Run& run, std::size_t row, CustomerId customer, TimeMs time) {
                      all[customer].push_back({{time, run.sequences.at(row)}, &run, row});
                    });
  LastTouches counts;
  counts.goals_by_code.resize(snapshot.columns()[index(by)].dictionary->size());
  for_each_selected(snapshot, goals,
                    [&](const Run& run, std::size_t row, CustomerId customer, TimeMs time) {
                      const Moment goal{time, run.sequences.at(row)};
                      const Touch* best = nullptr;
                      for (const Touch& touch : all[customer]) {
                        if (touch.when >= goal) continue;
                        if (best == nullptr || best->when < touch.when) best = &touch;
                      }
                      if (best == nullptr || time - std::get<0>(best->when) > within_ms) {
                        ++counts.goals_without_touch;
                        return;
                      }
                      const RunColumn* column = best->run->column(by);
                      if (column == nullptr || !column->has(best->row)) {
                        ++counts.goals_without_value;
                        return;
                      }
                      const auto& codes = std::get<CodeValues>(column->values).codes;
                      ++counts.goals_by_code[codes.at(best->row)];
                    });
  return counts;
}

std::vector<Lookalike> find_lookalikes_reference(std::span<const LikenessTrait> traits,
                                                 const CustomerSet& members,
                                                 const CustomerSet& population, std::size_t most) {
  std::map<CustomerId, std::int64_t> scores;
  population.for_each_member([&](CustomerId customer) {
    if (!members.has(customer)) scores[customer] = 0;
  });
  for (const LikenessTrait& trait : traits) {
    std::map<std::string, std::pair<double, double>> counts;  // Members and others, by value.
    double all_members = 0, all_others = 0;
    population.for_each_member([&](CustomerId customer) {
      const auto value = value_of(trait, customer);
      if (!value) return;
      const bool is_member = members.has(customer);
      (is_member ? counts[*value].first : counts[*value].second) += 1;
      (is_member ? all_members : all_others) += 1;
    });
    const auto values = static_cast<double>(counts.size());
    for (auto& [customer, score] : scores) {
      const auto value = value_of(trait, customer);
      if (!value) continue;
      const auto& [with, without] = counts[*value];
      score += std::llround(1e6 * (std::log((with + 1) / (all_members + values)) -
                                   std::log((without + 1) / (all_others + values))));
    }
  }
  std::vector<Lookalike> found;
  for (const auto& [customer, score] : scores) found.push_back({customer, score});
  std::stable_sort(found.begin(), found.end(),
                   [](const Lookalike& a, const Lookalike& b) { return a.score > b.score; });
  found.resize(std::min(most, found.size()));
  return found;
}

}  // namespace grapevine
