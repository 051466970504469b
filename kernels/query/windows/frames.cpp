#include "kernels/query/windows/frames.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "kernels/query/query_error.hpp"
#include "kernels/query/visit_stored.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

using Bound = Frame::Bound;

bool has_offset(Bound bound) { return bound == Bound::Preceding || bound == Bound::Following; }

// Where a bound lies, as far as it can be said without rows: (kind, offset).
std::pair<int, double> place_of(Bound bound, double offset) {
  switch (bound) {
    case Bound::UnboundedPreceding: return {-2, 0};
    case Bound::Preceding: return {-1, -offset};
    case Bound::CurrentRow: return {0, 0};
    case Bound::Following: return {1, offset};
    default: return {2, 0};
  }
}

absl::Status check(const Frame& frame) {
  const auto is_offset = [](double offset) { return offset >= 0 && offset <= 4294967295.0; };
  if ((has_offset(frame.begin) && !is_offset(frame.begin_offset)) ||
      (has_offset(frame.end) && !is_offset(frame.end_offset))) {
    return query_error(QueryErrorCode::BadArguments,
                       "Frame offset must be a nonnegative 32-bit integer");
  }
  if (frame.begin == Bound::UnboundedFollowing || frame.end == Bound::UnboundedPreceding) {
    return query_error(
        QueryErrorCode::BadArguments,
        "Frame start cannot be UNBOUNDED FOLLOWING, nor its end UNBOUNDED PRECEDING");
  }
  const bool ordered =
      place_of(frame.begin, frame.begin_offset) <= place_of(frame.end, frame.end_offset);
  return ordered ? absl::OkStatus()
                 : query_error(QueryErrorCode::BadArguments,
                               "Frame start does not precede the frame end");
}

// Bounds in rows, or of peers.
std::uint32_t bound_of(Bound bound, double offset, bool is_end, bool by_rows,
                       const WindowRows& window, std::uint32_t at) {
  const std::int64_t begin = window.begin_of(at);
  const std::int64_t end = window.end_of(at);
  const auto rows = static_cast<std::int64_t>(offset);
  const auto clip = [&](std::int64_t place) {
    return static_cast<std::uint32_t>(std::clamp(place, begin, end));
  };
  const std::int64_t behind = is_end ? 1 : 0;
  switch (bound) {
    case Bound::UnboundedPreceding: return clip(begin);
    case Bound::Preceding: return clip(at - rows + behind);
    case Bound::CurrentRow:
      if (by_rows) return clip(at + behind);
      return is_end ? window.peers_end[at] : window.peers_begin[at];
    case Bound::Following: return clip(at + rows + behind);
    default: return clip(end);
  }
}

// Keys as numbers that grow from position to position.
template <typename Number>
struct Distances {
  std::vector<Number> key;
  std::vector<std::uint8_t> has_none;  // NULL or NaN.
};

template <typename Number>
Distances<Number> distances_of(const SortKey& key, const WindowRows& window) {
  const std::size_t rows = window.order.size();
  Distances<Number> result{std::vector<Number>(rows), std::vector<std::uint8_t>(rows)};
  const Column& column = *key.column;
  visit_stored(column.type.id, [&]<typename Value>(Value) {
    const std::span<const Value> values = column.fixed<Value>();
    for (std::size_t at = 0; at < rows; ++at) {
      const std::uint32_t row = window.order[at];
      const Value value = values[column.slot(row)];
      const auto number = static_cast<Number>(value);
      result.key[at] = key.descending ? -number : number;
      bool has_none = column.is_null(row);
      if constexpr (std::is_floating_point_v<Value>) has_none = has_none || std::isnan(value);
      result.has_none[at] = has_none ? 1 : 0;
    }
  });
  return result;
}

// Whether keys and offsets are integers so small that their sums are right in 64 bits.
bool are_whole_and_small(const SortKey& key, const Frame& frame) {
  const auto is_whole = [](double offset) { return offset == std::floor(offset); };
  if (!is_whole(frame.begin_offset) || !is_whole(frame.end_offset)) return false;
  return visit_stored(key.column->type.id, [&]<typename Value>(Value) {
    if constexpr (std::is_floating_point_v<Value>) {
      return false;
    } else if constexpr (sizeof(Value) < 8) {
      return true;
    } else {
      constexpr auto kMost = static_cast<Value>(std::int64_t{1} << 62);
      const std::span<const Value> values = key.column->fixed<Value>();
      return std::all_of(values.begin(), values.end(), [](Value value) {
        if constexpr (std::is_signed_v<Value>) return value <= kMost && value >= -kMost;
        return value <= kMost;
      });
    }
  });
}

// Positions of one partition whose distance from a position's key is at least, or at most, some
// number. The keys of a partition that have none stand at one of its ends. The type of numbers holds
// integers of 64 bits, or at least those that there are.
template <typename Number>
class RangeBounds {
 public:
  RangeBounds(const Frame& frame, const WindowRows& window, const SortKey& key)
      : frame_(frame), window_(window), distances_(distances_of<Number>(key, window)) {}

  void fill(Frames& frames) const {
    for (std::size_t p = 0; p + 1 < window_.begins.size(); ++p) {
      std::uint32_t first = window_.begins[p];
      std::uint32_t last = window_.begins[p + 1];
      const std::uint32_t begin = first;
      const std::uint32_t end = last;
      while (first < last && distances_.has_none[first] != 0) ++first;
      while (last > first && distances_.has_none[last - 1] != 0) --last;
      for (std::uint32_t at = begin; at < first; ++at) peers(at, frames);
      for (std::uint32_t at = last; at < end; ++at) peers(at, frames);
      fill_begins(first, last, frames);
      fill_ends(first, last, frames);
    }
  }

 private:
  void peers(std::uint32_t at, Frames& frames) const {
    const bool all_before = frame_.begin == Bound::UnboundedPreceding;
    const bool all_after = frame_.end == Bound::UnboundedFollowing;
    frames.begin[at] = all_before ? window_.begin_of(at) : window_.peers_begin[at];
    frames.end[at] = all_after ? window_.end_of(at) : window_.peers_end[at];
  }
  static Number shift(Bound bound, double offset) {
    return static_cast<Number>(bound == Bound::Preceding ? -offset : offset);
  }
  void fill_begins(std::uint32_t first, std::uint32_t last, Frames& frames) const {
    std::uint32_t begin = first;
    for (std::uint32_t at = first; at < last; ++at) {
      if (!has_offset(frame_.begin)) {
        frames.begin[at] = bound_of(frame_.begin, 0, false, false, window_, at);
        continue;
      }
      const Number least = distances_.key[at] + shift(frame_.begin, frame_.begin_offset);
      while (begin < last && distances_.key[begin] < least) ++begin;
      frames.begin[at] = begin;
    }
  }
  void fill_ends(std::uint32_t first, std::uint32_t last, Frames& frames) const {
    std::uint32_t end = first;
    for (std::uint32_t at = first; at < last; ++at) {
      if (!has_offset(frame_.end)) {
        frames.end[at] = bound_of(frame_.end, 0, true, false, window_, at);
        continue;
      }
      const Number most = distances_.key[at] + shift(frame_.end, frame_.end_offset);
      while (end < last && distances_.key[end] <= most) ++end;
      frames.end[at] = end;
    }
  }

  const Frame& frame_;
  const WindowRows& window_;
  Distances<Number> distances_;
};

absl::Status check_range_key(std::span<const SortKey> order_by) {
  if (order_by.size() != 1) {
    return query_error(QueryErrorCode::BadArguments,
                       "The RANGE OFFSET window frame requires exactly one ORDER BY column, " +
                           std::to_string(order_by.size()) + " given");
  }
  const TypeId type = order_by[0].column->type.id;
  if (is_numeric(type) || is_time(type)) return absl::OkStatus();
  return query_error(QueryErrorCode::NotImplemented,
                     "The RANGE OFFSET frame for an ORDER BY column of type " +
                         name_of(order_by[0].column->type) + " is not implemented");
}

}  // namespace

bool is_whole_partition(const Frame& frame, std::span<const SortKey> order_by) {
  const bool all_are_peers = frame.unit == Frame::Unit::Range && order_by.empty();
  const auto is_begin = frame.begin == Bound::UnboundedPreceding ||
                        (all_are_peers && frame.begin == Bound::CurrentRow);
  const auto is_end =
      frame.end == Bound::UnboundedFollowing || (all_are_peers && frame.end == Bound::CurrentRow);
  return is_begin && is_end;
}

absl::StatusOr<Frames> frames_of(const Frame& frame, const WindowRows& window,
                                 std::span<const SortKey> order_by) {
  GRAPEVINE_RETURN_IF_ERROR(check(frame));
  const auto rows = static_cast<std::uint32_t>(window.order.size());
  Frames frames{std::vector<std::uint32_t>(rows), std::vector<std::uint32_t>(rows)};
  const bool by_rows = frame.unit == Frame::Unit::Rows;
  if (!by_rows && (has_offset(frame.begin) || has_offset(frame.end))) {
    GRAPEVINE_RETURN_IF_ERROR(check_range_key(order_by));
    if (are_whole_and_small(order_by[0], frame)) {
      RangeBounds<std::int64_t>(frame, window, order_by[0]).fill(frames);
    } else {
      RangeBounds<long double>(frame, window, order_by[0]).fill(frames);
    }
  } else {
    for (std::uint32_t at = 0; at < rows; ++at) {
      frames.begin[at] = bound_of(frame.begin, frame.begin_offset, false, by_rows, window, at);
      frames.end[at] = bound_of(frame.end, frame.end_offset, true, by_rows, window, at);
    }
  }
  for (std::uint32_t at = 0; at < rows; ++at) {
    frames.end[at] = std::max(frames.end[at], frames.begin[at]);
  }
  return frames;
}

}  // namespace grapevine::sql
