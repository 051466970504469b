#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>

#include "storage/store.hpp"
#include "tests/storage/batches.hpp"

namespace grapevine::testing {

/// How a random world is made: always the same one for the same seed.
struct WorldShape {
  std::size_t customers = 100;
  std::size_t events = 1000;
  std::size_t batches = 4;  ///< Rows come in so many batches, in no order of time.
  std::uint64_t seed = 1;
  TimeMs tick_ms = 1;      ///< Times are multiples of it: large ones make many the same.
  std::size_t erased = 0;  ///< So many of the customers are erased at the end.
};

/// A store in memory with customers c0, c1, ... of all types of traits, some without, and events of
/// all types of columns, one of which changes its type midway. However many batches they come in,
/// the rows are the same.
class RandomWorld {
 public:
  static constexpr TimeMs kBegin = 1'700'000'000'000;
  static constexpr TimeMs kSpan = TimeMs{30} * 86'400'000;

  explicit RandomWorld(const WorldShape& shape) : random_(shape.seed) {
    auto opened = Store::open({});
    if (!opened.ok()) throw std::runtime_error("no store");
    store_ = *std::move(opened);
    for (std::size_t b = 0; b < shape.batches; ++b) append(shape, b);
    for (std::size_t i = 0; i < shape.erased; ++i) {
      const std::string id = customer(i * shape.customers / shape.erased);
      if (!store_->erase(id, kBegin + kSpan).ok()) throw std::runtime_error("not erased");
    }
  }

  [[nodiscard]] Store& store() { return *store_; }
  [[nodiscard]] std::shared_ptr<const Snapshot> snapshot() const { return store_->snapshot(); }

 private:
  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

  void append(const WorldShape& shape, std::size_t number) {
    BatchOf batch;
    const std::size_t events = shape.events / shape.batches;
    for (std::size_t i = 0; i < events; ++i) add_event(shape, batch);
    if (number + 1 == shape.batches) {
      for (std::size_t i = 0; i < shape.customers; ++i) add_traits(i, batch);
    }
    if (!store_->append(std::move(batch.batch)).ok()) throw std::runtime_error("not stored");
  }

  std::string customer(std::uint64_t number) { return "c" + std::to_string(number); }

  void add_event(const WorldShape& shape, BatchOf& batch) {
    constexpr const char* kNames[] = {"Order Completed", "Page Viewed", "Something Else"};
    constexpr const char* kChannels[] = {"web", "app", "store", "phone"};
    const auto ticks = static_cast<std::uint64_t>(kSpan / shape.tick_ms);
    const auto time = kBegin + static_cast<TimeMs>(below(ticks)) * shape.tick_ms;
    batch.event(time, kNames[below(3)], customer(below(shape.customers)));
    if (below(4) != 0) batch.target(customer(below(shape.customers)));
    if (below(8) != 0) batch.with("value", static_cast<double>(below(100'000)) / 100 - 200);
    if (below(3) != 0) batch.with("channel", kChannels[below(4)]);
    if (below(3) == 0) batch.with("rating", static_cast<double>(below(50)) / 10);
    if (below(3) == 0) batch.with("text", below(2) == 0 ? "it died" : "it roared");
    if (below(2) == 0) batch.with("properties.quantity", static_cast<std::int64_t>(below(5)));
    if (below(2) == 0) batch.with("properties.gift", below(2) == 0);
    if (below(3) == 0) {  // Near Seoul, on the antimeridian, or nowhere on earth.
      const double latitude = static_cast<double>(below(1000)) / 500 + 36.5;
      const double longitude = static_cast<double>(below(1000)) / 500 + 126.0;
      const std::uint64_t where = below(8);
      batch.with("latitude", where == 0 ? latitude + 60 : latitude);
      if (where != 1) batch.with("longitude", where == 2 ? longitude + 53 : longitude);
    }
    if (below(2) == 0) {
      if (rows_++ < shape.events / 4) {  // About half of them: each has a chance of one half.
        batch.with("properties.size", static_cast<std::int64_t>(below(5)));
      } else {
        batch.with("properties.size", below(2) == 0 ? "3" : "large");
      }
    }
    add_times(shape, batch);
  }

  // Times in one column, and in another one until texts come, too. No draws: the other values stay.
  void add_times(const WorldShape& shape, BatchOf& batch) {
    const std::uint64_t number = events_++;
    const DateTime time{kBegin + static_cast<TimeMs>(number * 7919 % 1000) * 3'600'000};
    if (number % 3 != 0) batch.with("properties.starts", time);
    if (number % 5 == 0) return;
    if (number < shape.events / 2 || number % 2 == 0) {
      batch.with("properties.ends", time);
    } else {
      batch.with("properties.ends", "2023-12-01");
    }
  }

  void add_traits(std::size_t i, BatchOf& batch) {
    constexpr const char* kRegions[] = {"Seoul", "Busan", "Incheon"};
    batch.traits(kBegin, customer(i));
    if (below(5) != 0) batch.with("age", static_cast<std::int64_t>(below(80)) - 5);
    if (below(5) != 0) batch.with("spend", static_cast<double>(below(1000)) / 8 - 10);
    if (below(5) != 0) batch.with("vip", below(2) == 0);
    if (below(3) == 0) batch.with("latitude", static_cast<double>(below(1000)) / 500 + 36.5);
    if (below(3) == 0) batch.with("longitude", static_cast<std::int64_t>(below(400)) - 200);
    if (below(5) != 0) batch.with("region", kRegions[below(3)]);
    if (below(5) != 0) batch.with("phone", ("p" + std::to_string(below(20'000))).c_str());
    if (below(5) != 0) batch.with("email", ("m" + std::to_string(below(500)) + "@x").c_str());
    const DateTime joined{kBegin - static_cast<TimeMs>(i * 7919 % 1000) * 86'400'000};
    if (i % 5 != 0) batch.with("joined", joined);
  }

  std::mt19937_64 random_;
  std::size_t rows_ = 0;  // With a size so far.
  std::uint64_t events_ = 0;
  std::unique_ptr<Store> store_;
};

}  // namespace grapevine::testing
