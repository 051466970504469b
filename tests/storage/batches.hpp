#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "storage/batch.hpp"

namespace grapevine::testing {

/// Fills a batch row by row, as the collecting calls do.
class BatchOf {
 public:
  explicit BatchOf(TimeMs received = 1'000'000) { batch.received = received; }

  BatchOf& event(TimeMs ts, std::string_view name, std::string_view customer) {
    EventRow row;
    row.ts = ts;
    row.event = batch.strings.intern(name);
    row.customer = batch.strings.intern(customer);
    row.source = source_++;
    row.cells_begin = static_cast<std::uint32_t>(batch.cells.size());
    batch.events.push_back(row);
    return *this;
  }
  BatchOf& target(std::string_view customer) {
    batch.events.back().target = batch.strings.intern(customer);
    return *this;
  }
  BatchOf& id(std::string_view message_id) {
    batch.events.back().message_id = batch.strings.intern(message_id);
    batch.events.back().once = true;
    return *this;
  }
  BatchOf& traits(TimeMs ts, std::string_view customer, std::string_view message_id = {}) {
    TraitRow row;
    row.ts = ts;
    row.customer = batch.strings.intern(customer);
    if (!message_id.empty()) row.message_id = batch.strings.intern(message_id);
    row.source = source_++;
    row.cells_begin = static_cast<std::uint32_t>(batch.cells.size());
    batch.traits.push_back(row);
    in_traits_ = true;
    return *this;
  }
  template <typename Value>
  BatchOf& with(std::string_view column, Value value) {
    batch.add(batch.strings.intern(column), value);
    return count_cell();
  }
  BatchOf& with(std::string_view column, const char* text) {
    const StringRef name = batch.strings.intern(column);
    batch.add_string(name, batch.strings.intern(text));
    return count_cell();
  }
  BatchOf& with_null(std::string_view column) {
    batch.cells.push_back({batch.strings.intern(column), ValueType::Null, 0});
    return count_cell();
  }

  Batch batch;

 private:
  BatchOf& count_cell() {
    if (in_traits_) {
      ++batch.traits.back().cells_count;
    } else {
      ++batch.events.back().cells_count;
    }
    return *this;
  }
  std::uint32_t source_ = 0;
  bool in_traits_ = false;  // Events first, then traits.
};

}  // namespace grapevine::testing
