#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "storage/store.hpp"
#include "tests/storage/batches.hpp"

namespace grapevine::testing {

/// Batches of everything that a store keeps, the same for the same seed: every kind of column and
/// attribute, columns that widen, nulls, texts, targets, parents before and after their contents,
/// message ids that come again, late traits, removed traits, links, merges undone,
/// persons erased, imports and imports undone, documents.
class RandomLoad {
 public:
  explicit RandomLoad(std::uint64_t seed) : random_(seed) {}

  /// Stores one more; whether it was acknowledged.
  bool store_next(Store& store) {
    ++batches_;
    if (below(20) == 0) {  // Whom to erase, and which merge to undo, may not exist.
      store.erase(customer(), time()).IgnoreError();
      store.unmerge(customer(), static_cast<std::uint32_t>(below(20)), time()).IgnoreError();
      store.undo_import("import" + number(below(9))).IgnoreError();
      return true;
    }
    if (below(10) == 0) {
      return store
          .put_document("segment", "s" + number(below(5)), below(3) == 0 ? "" : number(batches_))
          .ok();
    }
    return store.append(next()).ok();
  }

  Batch next() {
    BatchOf rows(1'700'000'000'000 + static_cast<TimeMs>(batches_) * 3'600'000);
    for (std::uint64_t left = below(40); left > 0; --left) add_event(rows);
    for (std::uint64_t left = below(6); left > 0; --left) add_traits(rows);
    Batch& batch = rows.batch;
    for (std::uint64_t left = below(3); left > 0; --left) add_link(batch);
    batch.deduplicate_by = "key" + number(below(2));
    if (below(5) == 0) {
      batch.import_id = "import" + number(below(3));
      batch.import_offset = batches_ * 100;
    }
    return std::move(batch);
  }

 private:
  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  static std::string number(std::uint64_t n) { return std::to_string(n); }
  TimeMs time() { return 1'699'000'000'000 + static_cast<TimeMs>(below(1'000'000) * 1000); }
  std::string customer() { return "c" + number(below(300)); }

  void add_event(BatchOf& rows) {
    static constexpr const char* kNames[] = {"Order Completed", "Post Shared", "Mine", "Yours"};
    rows.event(time(), kNames[below(4)], customer());
    if (below(2) == 0) rows.id(("m" + number(below(3000))).c_str());
    if (below(4) == 0) rows.target(customer());
    if (below(3) == 0) rows.with("value", static_cast<double>(below(1000)) / 8);
    if (below(3) == 0) rows.with("rating", static_cast<double>(below(5)));
    if (below(3) == 0) rows.with("category", ("k" + number(below(20))).c_str());
    if (below(3) == 0) rows.with("content_id", ("p" + number(below(200))).c_str());
    if (below(3) == 0) rows.with("parent_id", ("p" + number(below(200))).c_str());
    if (below(5) == 0) rows.with("text", std::string(below(50), 'x').c_str());
    if (below(3) == 0) rows.with("properties.flag", below(2) == 0);
    if (below(3) == 0)
      rows.with("properties.whole", static_cast<std::int64_t>(random_()) >> below(60));
    if (below(3) == 0) add_widening(rows, "properties.mixed");
    if (below(3) == 0) rows.with("properties.when", moment(below(1'000'000)));
    if (below(3) == 0) add_time(rows, "properties.mixed_when");
  }

  void add_link(Batch& batch) {
    IdentityLink link;
    link.kind = below(2) == 0 ? IdentityLink::Kind::Identify : IdentityLink::Kind::Alias;
    link.ts = time();
    link.from = batch.strings.intern(customer());
    link.to = batch.strings.intern(customer());
    link.message_id = batch.strings.intern("l" + number(below(1000)));
    batch.links.push_back(link);
  }

  void add_traits(BatchOf& rows) {
    rows.traits(time(), customer(), "t" + number(below(1000)));
    if (below(2) == 0) rows.with("age", static_cast<std::int64_t>(below(90)));
    if (below(3) == 0) rows.with("city", ("city" + number(below(30))).c_str());
    if (below(3) == 0) rows.with("vip", below(2) == 0);
    if (below(3) == 0) rows.with("score", static_cast<double>(below(100)) / 3);
    if (below(5) == 0) rows.with_null("age");
    if (below(9) == 0) rows.with("kind", "friend");
    if (below(9) == 0) rows.with_null("kind");
    if (below(3) == 0) add_widening(rows, "mixed");
    if (below(3) == 0) rows.with("signed_up", moment(below(1'000'000)));
    if (below(3) == 0) add_time(rows, "mixed_when");
  }

  static DateTime moment(std::uint64_t n) { return {1'600'000'000'000 + static_cast<TimeMs>(n)}; }

  // First times, then texts, too.
  void add_time(BatchOf& rows, const char* column) {
    if (batches_ > 40 && below(3) == 0) {
      rows.with(column, ("w" + number(below(9))).c_str());
    } else {
      rows.with(column, moment(random_() >> 30));
    }
  }

  // First whole numbers, then any, at last texts.
  void add_widening(BatchOf& rows, const char* column) {
    if (batches_ > 60 && below(2) == 0) {
      rows.with(column, ("w" + number(below(9))).c_str());
    } else if (batches_ > 30 && below(2) == 0) {
      rows.with(column, static_cast<double>(below(100)) / 4);
    } else {
      rows.with(column, static_cast<std::int64_t>(below(100)));
    }
  }

  std::mt19937_64 random_;
  std::uint64_t batches_ = 0;
};

}  // namespace grapevine::testing
