#include "kernels/query/windows/position_functions.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "kernels/query/query_error.hpp"
#include "kernels/query/visit_stored.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

struct Name {
  std::string_view name;
  PositionFunction function;
  bool case_insensitive;
};

using enum PositionFunction;

constexpr Name kNames[] = {
    {"row_number", RowNumber, true},
    {"rank", Rank, true},
    {"dense_rank", DenseRank, true},
    {"denseRank", DenseRank, false},
    {"percent_rank", PercentRank, true},
    {"percentRank", PercentRank, false},
    {"cume_dist", CumeDist, false},
    {"ntile", Ntile, true},
    {"lag", Lag, true},
    {"lead", Lead, true},
    {"lagInFrame", LagInFrame, false},
    {"leadInFrame", LeadInFrame, false},
    {"first_value", FirstValue, true},
    {"last_value", LastValue, true},
    {"nth_value", NthValue, true},
};

bool same_in_lower_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

// Integers of an argument, one a position.
absl::StatusOr<std::vector<std::int64_t>> integers_of(const Column& column, std::size_t rows,
                                                      std::string_view function,
                                                      std::int64_t least) {
  if (!is_integer(column.type.id)) {
    return query_error(QueryErrorCode::BadArguments,
                       "Offset must be an integer, '" + name_of(column.type) + "' given");
  }
  std::vector<std::int64_t> result(rows);
  bool fits = true;
  std::int64_t wrong = 0;
  visit_stored(column.type.id, [&]<typename Value>(Value) {
    const std::span<const Value> values = column.fixed<Value>();
    for (std::size_t at = 0; at < rows; ++at) {
      result[at] = static_cast<std::int64_t>(values[column.slot(at)]);
      if (result[at] >= least && !column.is_null(at)) continue;
      fits = false;
      wrong = result[at];
    }
  });
  if (fits) return result;
  return query_error(QueryErrorCode::BadArguments,
                     "The offset for function " + std::string(function) + " must be in (" +
                         std::to_string(least) + ", 9223372036854775807], " +
                         std::to_string(wrong) + " given");
}

absl::StatusOr<ColumnPtr> ntiles(const WindowCall& call, const WindowRows& window) {
  const bool is_default = call.frame.begin == Frame::Bound::UnboundedPreceding &&
                          call.frame.unit == Frame::Unit::Range &&
                          call.frame.end == Frame::Bound::CurrentRow;
  const bool is_whole = call.frame.begin == Frame::Bound::UnboundedPreceding &&
                        call.frame.end == Frame::Bound::UnboundedFollowing;
  if (!is_default && !is_whole) {
    return query_error(QueryErrorCode::BadArguments,
                       "Unsupported window frame type for function 'ntile'");
  }
  const std::size_t rows = window.order.size();
  auto column = new_fixed(plain(TypeId::UInt64), rows);
  if (rows == 0) return column;
  GRAPEVINE_ASSIGN_OR_RETURN(const auto counts, integers_of(*call.arguments[0], 1, "ntile", 0));
  if (counts[0] == 0) {
    return query_error(QueryErrorCode::BadArguments,
                       "Argument of 'ntile' function must be greater than zero");
  }
  const auto tiles = static_cast<std::uint64_t>(counts[0]);
  for (std::uint32_t at = 0; at < rows; ++at) {
    const std::uint64_t size = window.end_of(at) - window.begin_of(at);
    const std::uint64_t number = at - window.begin_of(at);
    // The first tiles have one row more.
    const std::uint64_t longer = size % tiles;
    const std::uint64_t length = size / tiles;
    const std::uint64_t in_longer = longer * (length + 1);
    column->fixed<std::uint64_t>()[at] =
        number < in_longer ? number / (length + 1) + 1 : longer + (number - in_longer) / length + 1;
  }
  return column;
}

// The first position at or after each one that is not NULL, or the last one at or before it.
std::vector<std::uint32_t> next_known(const Column& column, std::size_t rows) {
  std::vector<std::uint32_t> next(rows);
  std::uint32_t known = kNoRow;
  for (std::size_t at = rows; at-- > 0;) {
    if (!column.is_null(at)) known = static_cast<std::uint32_t>(at);
    next[at] = known;
  }
  return next;
}
std::vector<std::uint32_t> last_known(const Column& column, std::size_t rows) {
  std::vector<std::uint32_t> last(rows);
  std::uint32_t known = kNoRow;
  for (std::uint32_t at = 0; at < rows; ++at) {
    if (!column.is_null(at)) known = at;
    last[at] = known;
  }
  return last;
}

// The position a fixed distance away, as far as it lies between two others.
std::uint32_t shifted(std::uint32_t at, std::int64_t by, bool back, std::uint32_t begin,
                      std::uint32_t end) {
  if (back) {
    const std::int64_t there = std::int64_t{at} - std::min<std::int64_t>(by, kNoRow);
    return there >= begin && there < end ? static_cast<std::uint32_t>(there) : kNoRow;
  }
  const std::int64_t there = std::int64_t{at} + std::min<std::int64_t>(by, kNoRow);
  return there >= begin && there < end ? static_cast<std::uint32_t>(there) : kNoRow;
}

}  // namespace

std::optional<PositionFunction> position_function(std::string_view name) {
  for (const Name& known : kNames) {
    if (known.name == name || (known.case_insensitive && same_in_lower_case(known.name, name))) {
      return known.function;
    }
  }
  return std::nullopt;
}

absl::StatusOr<ColumnPtr> numbers_in_partition(PositionFunction function, const WindowCall& call,
                                               const WindowRows& window) {
  if (function == Ntile) return ntiles(call, window);
  const auto rows = static_cast<std::uint32_t>(window.order.size());
  const bool is_share = function == PercentRank || function == CumeDist;
  auto column = new_fixed(plain(is_share ? TypeId::Float64 : TypeId::UInt64), rows);
  std::uint64_t dense = 0;
  for (std::uint32_t at = 0; at < rows; ++at) {
    const std::uint32_t begin = window.begin_of(at);
    const std::uint32_t size = window.end_of(at) - begin;
    const std::uint32_t rank = window.peers_begin[at] - begin;
    if (at == begin) dense = 0;
    if (at == window.peers_begin[at]) ++dense;
    if (function == PercentRank) {
      column->fixed<double>()[at] = size == 1 ? 0.0 : static_cast<double>(rank) / (size - 1);
    } else if (function == CumeDist) {
      column->fixed<double>()[at] = static_cast<double>(window.peers_end[at] - begin) / size;
    } else {
      column->fixed<std::uint64_t>()[at] =
          function == RowNumber ? at - begin + 1 : (function == Rank ? rank + 1 : dense);
    }
  }
  return column;
}

absl::StatusOr<ColumnPtr> values_elsewhere(PositionFunction function,
                                           std::span<const ColumnPtr> arguments,
                                           const WindowRows& window, const Frames& frames) {
  const auto rows = static_cast<std::uint32_t>(window.order.size());
  const ColumnPtr value = full(arguments[0]);
  std::vector<std::uint32_t> from(rows, kNoRow);
  if (function == FirstValue) {
    const std::vector<std::uint32_t> known = next_known(*value, rows);
    for (std::uint32_t at = 0; at < rows; ++at) {
      if (frames.begin[at] == frames.end[at]) continue;
      const std::uint32_t first = known[frames.begin[at]];
      if (first < frames.end[at]) from[at] = first;
    }
    return gather(value, from);
  }
  if (function == LastValue) {
    const std::vector<std::uint32_t> known = last_known(*value, rows);
    for (std::uint32_t at = 0; at < rows; ++at) {
      if (frames.begin[at] == frames.end[at]) continue;
      const std::uint32_t last = known[frames.end[at] - 1];
      if (last != kNoRow && last >= frames.begin[at]) from[at] = last;
    }
    return gather(value, from);
  }
  std::vector<std::int64_t> offsets(rows, 1);
  if (arguments.size() > 1) {
    const std::string_view name =
        std::find_if(std::begin(kNames), std::end(kNames), [&](const Name& known) {
          return known.function == function;
        })->name;
    GRAPEVINE_ASSIGN_OR_RETURN(
        offsets, integers_of(*arguments[1], rows, name, function == NthValue ? 1 : 0));
  }
  const bool back = function == Lag || function == LagInFrame;
  const bool in_frame = function == LagInFrame || function == LeadInFrame;
  for (std::uint32_t at = 0; at < rows; ++at) {
    if (function == NthValue) {
      from[at] =
          shifted(frames.begin[at], offsets[at] - 1, false, frames.begin[at], frames.end[at]);
    } else if (in_frame) {
      from[at] = shifted(at, offsets[at], back, frames.begin[at], frames.end[at]);
    } else {
      from[at] = shifted(at, offsets[at], back, window.begin_of(at), window.end_of(at));
    }
  }
  if (arguments.size() < 3) return gather(value, from);
  // Defaults stand behind the values.
  const ColumnPtr both[] = {value, full(arguments[2])};
  for (std::uint32_t at = 0; at < rows; ++at) {
    if (from[at] == kNoRow) from[at] = rows + at;
  }
  return gather(concatenate(value->type, both), from);
}

}  // namespace grapevine::sql
