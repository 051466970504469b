#include "tests/fuzz/valid_batch.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include <simdjson.h>

#include "api/collect/limits.hpp"

namespace grapevine::fuzz {
namespace {

bool is_there(const Batch& batch, StringRef text) { return text < batch.strings.size(); }

bool is_none_or_there(const Batch& batch, StringRef text) {
  return text == kNoString || is_there(batch, text);
}

void check_id(const Batch& batch, StringRef id, std::size_t bytes_max) {
  require(is_there(batch, id), "an id is a string of the batch");
  const std::size_t bytes = batch.strings.at(id).size();
  require(bytes > 0 && bytes <= bytes_max, "an id has a length within its limit");
}

void check_optional_id(const Batch& batch, StringRef id, std::size_t bytes_max) {
  if (id != kNoString) check_id(batch, id, bytes_max);
}

void check_time(TimeMs time) {
  require(time >= kTimeMin && time < kTimeEnd, "a time is between 1900 and 2200");
}

void check_cells(const Batch& batch, std::size_t begin, std::size_t count) {
  require(begin + count <= batch.cells.size(), "the cells of a row are there");
  for (std::size_t i = begin; i < begin + count; ++i) {
    const Cell& cell = batch.cells[i];
    require(is_there(batch, cell.column), "a cell has a column");
    require(!batch.strings.at(cell.column).empty(), "a column has a name");
    if (cell.type == ValueType::String) {
      require(cell.bits < batch.strings.size(), "a cell's text is there");
    } else if (cell.type == ValueType::DateTime) {
      require(is_date_time(static_cast<TimeMs>(cell.bits)), "a time has a text");
    } else if (cell.type == ValueType::Float64) {
      require(std::isfinite(std::bit_cast<double>(cell.bits)), "a number is finite");
    }
    for (std::size_t j = begin; j < i; ++j) {
      require(batch.cells[j].column != cell.column, "a row has one cell of a column");
    }
  }
}

// The id of an item is its order's, and its number.
constexpr std::size_t kItemIdBytesMax = kMessageIdBytesMax + 8;

}  // namespace

void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

void check_batch(const Batch& batch) {
  for (StringRef i = 0; i < batch.strings.size(); ++i) {
    const std::string_view text = batch.strings.at(i);
    require(simdjson::validate_utf8(text.data(), text.size()), "a string is UTF-8");
    require(text.find('\0') == std::string_view::npos, "a string has no U+0000");
  }
  for (const EventRow& row : batch.events) {
    check_time(row.ts);
    check_id(batch, row.event, kEventNameBytesMax);
    check_id(batch, row.customer, kCustomerIdBytesMax);
    check_optional_id(batch, row.target, kCustomerIdBytesMax);
    check_optional_id(batch, row.message_id, kItemIdBytesMax);
    check_cells(batch, row.cells_begin, row.cells_count);
  }
  for (const TraitRow& row : batch.traits) {
    check_time(row.ts);
    check_id(batch, row.customer, kCustomerIdBytesMax);
    check_optional_id(batch, row.message_id, kMessageIdBytesMax);
    check_cells(batch, row.cells_begin, row.cells_count);
  }
  for (const IdentityLink& link : batch.links) {
    check_time(link.ts);
    check_id(batch, link.from, kCustomerIdBytesMax);
    check_id(batch, link.to, kCustomerIdBytesMax);
    require(is_none_or_there(batch, link.message_id), "a link's message id is there");
  }
}

}  // namespace grapevine::fuzz
