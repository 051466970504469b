// Which order of rows questions want: event-major (what a part keeps), customer-major (a second order
// of times and event names), or rollups. One thread; the answers of all are compared first.
#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "storage/store.hpp"
#include "storage/time_span.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kCustomersTogether = 4096;
constexpr TimeMs kHour = 3'600'000;
constexpr TimeMs kDay = 24 * kHour;
constexpr std::int64_t kUntil = 1'795'305'600'000;  // 2026-11-22T00:00:00Z
constexpr std::int64_t kFirstHour = (kUntil - 200 * kDay) / kHour;
constexpr std::size_t kHours = 200 * 24;
constexpr const char* kSteps[] = {"Product Viewed", "Product Added", "Order Completed"};
constexpr std::size_t kStepCount = std::size(kSteps);

// Visits of a few events, a minute or so apart; few customers come often. In order of time, nearly.
std::shared_ptr<const Snapshot> make_world() {
  constexpr std::size_t kEvents = 2'000'000;
  constexpr std::uint32_t kPeople = 100'000;
  constexpr const char* kNames[] = {"Page Viewed",    "Page Viewed",      "Page Viewed",
                                    "Product Viewed", "Product Viewed",   "Product Viewed",
                                    "Product Added",  "Order Completed",  "Post Liked",
                                    "Post Shared",    "Product Reviewed", "Customer Mentioned"};
  const auto store = Store::open({}).value();
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> part;
  for (std::size_t made = 0; made < kEvents;) {
    Batch batch;
    batch.received = kUntil;
    for (; batch.events.size() < 10'000; ++made) {
      const double who = part(random);
      const auto customer = static_cast<std::uint32_t>(who * who * who * kPeople);
      TimeMs time = kUntil - 180 * kDay +
                    static_cast<TimeMs>(static_cast<double>(made) / kEvents * 179 * double(kDay));
      for (std::size_t left = 1 + random() % 11; left > 0; --left, ++made) {
        EventRow row;
        row.ts = time += static_cast<TimeMs>(random() % 120'000);
        row.event = batch.strings.intern(kNames[random() % std::size(kNames)]);
        row.customer = batch.strings.intern("c" + std::to_string(customer));
        batch.events.push_back(row);
      }
    }
    store->append(std::move(batch)).IgnoreError();
  }
  for (std::size_t parts = 0; store->facts().parts != parts;) {  // Until merging is done.
    parts = store->facts().parts;
    std::this_thread::sleep_for(std::chrono::seconds(2));
  }
  return store->snapshot();
}

// Times and event names by customer, then time; and rollups of them.
struct Derived {
  std::vector<std::size_t> begins;  // By customer, and the end: rows of the following.
  std::vector<TimeMs> times;
  std::vector<std::uint8_t> events;

  struct OfDay {
    std::uint16_t day, count;
  };
  std::vector<std::size_t> day_begins;  // By customer: days with the first step.
  std::vector<OfDay> days;
  std::vector<std::size_t> hour_begins;  // By customer: hours with any event.
  std::vector<std::uint16_t> hours;
  std::vector<std::uint32_t> weeks;  // By customer: a bit for each week with any event.
};

struct World {
  std::shared_ptr<const Snapshot> snapshot = make_world();
  std::array<EventNameId, kStepCount> steps{};
  std::size_t customers = snapshot->customers().count();
  std::int64_t first_week = static_cast<std::int64_t>(span_of(kFirstHour * kHour));
  Derived derived;

  World() {
    for (std::size_t i = 0; i < kStepCount; ++i) steps[i] = snapshot->find_event(kSteps[i]);
    derive();
  }
  void derive();
};

template <typename Body>
void for_each_row(const Run& run, std::size_t first, std::size_t last, const Body& body) {
  const std::uint64_t base = run.times.base();
  const std::size_t begin = run.customers.lower_bound(first);
  const std::size_t end = run.customers.lower_bound(last);
  run.times.visit([&](const auto offsets) {
    run.customers.for_each(begin, end, [&](std::size_t row, CustomerId customer) {
      body(index(customer), static_cast<TimeMs>((base + offsets[row]) ^ Run::kSignBit));
    });
  });
}

void World::derive() {
  struct Row {
    std::uint32_t customer;
    TimeMs time;
    std::uint8_t event;
  };
  std::vector<Row> rows;
  for (const auto& part : snapshot->parts()) {
    for (const LiveRun& run : part->runs) {
      const auto event = static_cast<std::uint8_t>(index(run->event));
      for_each_row(*run, 0, customers, [&](std::uint32_t customer, TimeMs time) {
        rows.push_back({customer, time, event});
      });
    }
  }
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    return std::tie(a.customer, a.time, a.event) < std::tie(b.customer, b.time, b.event);
  });
  std::size_t at = 0;
  for (std::uint32_t customer = 0; customer < customers; ++customer) {
    derived.begins.push_back(at);
    derived.day_begins.push_back(derived.days.size());
    derived.hour_begins.push_back(derived.hours.size());
    std::uint32_t weeks = 0;
    for (; at < rows.size() && rows[at].customer == customer; ++at) {
      const Row& row = rows[at];
      derived.times.push_back(row.time);
      derived.events.push_back(row.event);
      weeks |= 1U << (static_cast<std::int64_t>(span_of(row.time)) - first_week);
      const auto hour = static_cast<std::uint16_t>(row.time / kHour - kFirstHour);
      if (derived.hours.size() == derived.hour_begins.back() || derived.hours.back() != hour) {
        derived.hours.push_back(hour);
      }
      if (row.event != index(steps[0])) continue;
      const auto day = static_cast<std::uint16_t>(row.time / kDay);
      if (derived.days.size() == derived.day_begins.back() || derived.days.back().day != day) {
        derived.days.push_back({day, 0});
      }
      ++derived.days.back().count;
    }
    derived.weeks.push_back(weeks);
  }
  derived.begins.push_back(at);
  derived.day_begins.push_back(derived.days.size());
  derived.hour_begins.push_back(derived.hours.size());
}

const World& world() {
  static const World made;
  return made;
}

using Answer = std::vector<std::uint64_t>;

// How many customers did the first step so many times in the last 30 days: 0, 1, ... 9 or more.
void add_count(std::uint32_t count, Answer& histogram) { ++histogram[std::min(count, 9U)]; }
constexpr TimeMs kFrom = kUntil - 30 * kDay;

Answer count_by_event(const World& w) {
  Answer histogram(10);
  std::vector<std::uint32_t> counts;
  for (std::size_t first = 0; first < w.customers; first += kCustomersTogether) {
    const std::size_t last = std::min(w.customers, first + kCustomersTogether);
    counts.assign(last - first, 0);
    for (const auto& part : w.snapshot->parts()) {
      const LiveRun* run = part->last < kFrom ? nullptr : part->run(w.steps[0]);
      if (run == nullptr) continue;
      for_each_row(**run, first, last, [&](std::uint32_t customer, TimeMs time) {
        counts[customer - first] += time >= kFrom && time < kUntil ? 1 : 0;
      });
    }
    for (const std::uint32_t count : counts) add_count(count, histogram);
  }
  return histogram;
}

Answer count_by_customer(const World& w) {
  Answer histogram(10);
  const auto wanted = static_cast<std::uint8_t>(index(w.steps[0]));
  for (std::size_t customer = 0; customer < w.customers; ++customer) {
    std::uint32_t count = 0;
    for (std::size_t row = w.derived.begins[customer]; row < w.derived.begins[customer + 1];
         ++row) {
      const TimeMs time = w.derived.times[row];
      count += (w.derived.events[row] == wanted) & (time >= kFrom) & (time < kUntil) ? 1 : 0;
    }
    add_count(count, histogram);
  }
  return histogram;
}

Answer count_by_rollup(const World& w) {
  Answer histogram(10);
  const auto from = static_cast<std::uint16_t>(kFrom / kDay);
  for (std::size_t customer = 0; customer < w.customers; ++customer) {
    std::uint32_t count = 0;
    for (std::size_t i = w.derived.day_begins[customer]; i < w.derived.day_begins[customer + 1];
         ++i) {
      count += w.derived.days[i].day >= from ? w.derived.days[i].count : 0;
    }
    add_count(count, histogram);
  }
  return histogram;
}

// How many customers came how far: the steps in order of time, each after the one before.
// Events stand by name: the earliest time of a step behind that of the step before is a minimum over
// its rows in any order.
Answer funnel_by_event(const World& w) {
  Answer reached(kStepCount);
  std::vector<TimeMs> before;
  std::vector<TimeMs> reached_at;
  for (std::size_t first = 0; first < w.customers; first += kCustomersTogether) {
    const std::size_t last = std::min(w.customers, first + kCustomersTogether);
    before.assign(last - first, std::numeric_limits<TimeMs>::min());
    for (std::size_t step = 0; step < kStepCount; ++step) {
      reached_at.assign(last - first, std::numeric_limits<TimeMs>::max());
      for (const auto& part : w.snapshot->parts()) {
        const LiveRun* run = part->run(w.steps[step]);
        if (run == nullptr) continue;
        for_each_row(**run, first, last, [&](std::uint32_t customer, TimeMs time) {
          TimeMs& earliest = reached_at[customer - first];
          earliest = time > before[customer - first] ? std::min(earliest, time) : earliest;
        });
      }
      for (const TimeMs at : reached_at) {
        reached[step] += at != std::numeric_limits<TimeMs>::max() ? 1 : 0;
      }
      std::swap(before, reached_at);
    }
  }
  return reached;
}

Answer funnel_by_customer(const World& w) {
  Answer reached(kStepCount);
  for (std::size_t customer = 0; customer < w.customers; ++customer) {
    std::size_t step = 0;
    TimeMs before = std::numeric_limits<TimeMs>::min();
    for (std::size_t row = w.derived.begins[customer];
         row < w.derived.begins[customer + 1] && step < kStepCount; ++row) {
      if (w.derived.events[row] != index(w.steps[step]) || w.derived.times[row] <= before) continue;
      before = w.derived.times[row];
      ++step;
    }
    for (std::size_t i = 0; i < step; ++i) ++reached[i];
  }
  return reached;
}

// Of those who were active in week i how many were in week j, as one table.
void add_weeks(std::uint32_t weeks, Answer& table) {
  for (std::uint32_t a = weeks; a != 0; a &= a - 1) {
    for (std::uint32_t b = weeks; b != 0; b &= b - 1) {
      ++table[static_cast<std::size_t>(std::countr_zero(a) * 32 + std::countr_zero(b))];
    }
  }
}

Answer retention_by_event(const World& w) {
  Answer table(32 * 32);
  std::vector<std::uint32_t> weeks;
  for (std::size_t first = 0; first < w.customers; first += kCustomersTogether) {
    const std::size_t last = std::min(w.customers, first + kCustomersTogether);
    weeks.assign(last - first, 0);
    for (const auto& part : w.snapshot->parts()) {
      for (const LiveRun& run : part->runs) {
        for_each_row(*run, first, last, [&](std::uint32_t customer, TimeMs time) {
          weeks[customer - first] |= 1U
                                     << (static_cast<std::int64_t>(span_of(time)) - w.first_week);
        });
      }
    }
    for (const std::uint32_t mask : weeks) add_weeks(mask, table);
  }
  return table;
}

Answer retention_by_customer(const World& w) {
  Answer table(32 * 32);
  for (std::size_t customer = 0; customer < w.customers; ++customer) {
    std::uint32_t weeks = 0;
    for (std::size_t row = w.derived.begins[customer]; row < w.derived.begins[customer + 1];
         ++row) {
      weeks |= 1U << (static_cast<std::int64_t>(span_of(w.derived.times[row])) - w.first_week);
    }
    add_weeks(weeks, table);
  }
  return table;
}

Answer retention_by_rollup(const World& w) {
  Answer table(32 * 32);
  for (const std::uint32_t weeks : w.derived.weeks) add_weeks(weeks, table);
  return table;
}

// How many customers were active in each hour.
Answer hours_by_event(const World& w) {
  constexpr std::size_t kWords = (kHours + 63) / 64;
  constexpr std::size_t kTogether = 2048;  // Fewer fit a cache better, but cost more searches.
  Answer actives(kHours);
  std::vector<std::uint64_t> bits(kTogether * kWords);
  for (std::size_t first = 0; first < w.customers; first += kTogether) {
    std::fill(bits.begin(), bits.end(), 0);
    for (const auto& part : w.snapshot->parts()) {
      for (const LiveRun& run : part->runs) {
        for_each_row(*run, first, std::min(w.customers, first + kTogether),
                     [&](std::uint32_t customer, TimeMs time) {
                       const auto hour = static_cast<std::size_t>(time / kHour - kFirstHour);
                       bits[(customer - first) * kWords + hour / 64] |= std::uint64_t{1}
                                                                        << hour % 64;
                     });
      }
    }
    for (std::size_t i = 0; i < bits.size(); ++i) {
      for (std::uint64_t rest = bits[i]; rest != 0; rest &= rest - 1) {
        ++actives[i % kWords * 64 + static_cast<std::size_t>(std::countr_zero(rest))];
      }
    }
  }
  return actives;
}

Answer hours_by_customer(const World& w) {
  Answer actives(kHours);
  for (std::size_t customer = 0; customer < w.customers; ++customer) {
    std::int64_t previous = -1;
    for (std::size_t row = w.derived.begins[customer]; row < w.derived.begins[customer + 1];
         ++row) {
      const std::int64_t hour = w.derived.times[row] / kHour - kFirstHour;
      if (hour != previous) ++actives[static_cast<std::size_t>(hour)];
      previous = hour;
    }
  }
  return actives;
}

Answer hours_by_rollup(const World& w) {
  Answer actives(kHours);
  for (const std::uint16_t hour : w.derived.hours) ++actives[hour];
  return actives;
}

void ask(benchmark::State& state, Answer (*question)(const World&), Answer (*other)(const World&)) {
  const World& w = world();
  if (question(w) != other(w)) return state.SkipWithError("two orders give two answers");
  for (auto _ : state) benchmark::DoNotOptimize(question(w));
  const double rows = double(w.snapshot->rows());
  state.counters["events/s"] =
      benchmark::Counter(rows, benchmark::Counter::kIsIterationInvariantRate);
  state.counters["days B/event"] = double(w.derived.days.size() * 4) / rows;
  state.counters["hours B/event"] = double(w.derived.hours.size() * 2) / rows;
}

BENCHMARK_CAPTURE(ask, Count / event_major, count_by_event, count_by_customer)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ask, Count / customer_major, count_by_customer, count_by_event)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ask, Count / rollup, count_by_rollup, count_by_event)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ask, Funnel / event_major, funnel_by_event, funnel_by_customer)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ask, Funnel / customer_major, funnel_by_customer, funnel_by_event)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ask, Retention / event_major, retention_by_event, retention_by_customer)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ask, Retention / customer_major, retention_by_customer, retention_by_event)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ask, Retention / rollup, retention_by_rollup, retention_by_event)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ask, Hours / event_major, hours_by_event, hours_by_customer)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ask, Hours / customer_major, hours_by_customer, hours_by_event)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ask, Hours / rollup, hours_by_rollup, hours_by_event)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace grapevine
