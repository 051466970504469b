#include "kernels/query/window.hpp"

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "kernels/query/query_error.hpp"
#include "kernels/query/value_bytes.hpp"
#include "tests/kernels/query/random_columns.hpp"

namespace grapevine::sql {
namespace {

using Bound = Frame::Bound;
using Unit = Frame::Unit;

std::vector<std::string> texts_of(const ColumnPtr& column) {
  std::vector<std::string> texts;
  for (std::size_t row = 0; row < column->rows; ++row) {
    std::string bytes;
    append_value(*column, row, bytes);
    texts.push_back(bytes);
  }
  return texts;
}

// The definitions, looked up row by row.
class Plainly {
 public:
  Plainly(std::span<const ColumnPtr> partition_by, std::span<const SortKey> order_by,
          std::size_t rows)
      : partition_by_(partition_by), order_by_(order_by), rows_(rows) {}

  // The rows of a row's partition, in order.
  std::vector<std::uint32_t> partition(std::uint32_t row) const {
    std::vector<std::uint32_t> all;
    for (std::uint32_t other = 0; other < rows_; ++other) {
      if (key(other) == key(row)) all.push_back(other);
    }
    std::stable_sort(all.begin(), all.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return order(a, b) < 0; });
    return all;
  }
  // The rows of a row's frame, in order.
  std::vector<std::uint32_t> frame(std::uint32_t row, const Frame& frame) const {
    const std::vector<std::uint32_t> all = partition(row);
    const auto own = std::find(all.begin(), all.end(), row) - all.begin();
    std::vector<std::uint32_t> inside;
    for (std::ptrdiff_t i = 0; i < static_cast<std::ptrdiff_t>(all.size()); ++i) {
      const std::uint32_t other = all[static_cast<std::size_t>(i)];
      const bool after_begin =
          compare(other, row, i - own, frame.begin, frame.begin_offset, frame.unit) >= 0;
      const bool before_end =
          compare(other, row, i - own, frame.end, frame.end_offset, frame.unit) <= 0;
      if (after_begin && before_end) inside.push_back(other);
    }
    return inside;
  }
  int order(std::uint32_t a, std::uint32_t b) const {
    for (const SortKey& key : order_by_) {
      const int difference = compare_keys(key, a, b);
      if (difference != 0) return difference;
    }
    return 0;
  }

 private:
  std::string key(std::uint32_t row) const {
    std::string bytes;
    for (const ColumnPtr& column : partition_by_) append_value(*column, row, bytes);
    return bytes;
  }
  // Where another row lies as seen from a bound of this row: before, at or after it.
  int compare(std::uint32_t other, std::uint32_t row, std::ptrdiff_t distance, Bound bound,
              double offset, Unit unit) const {
    if (bound == Bound::UnboundedPreceding) return 1;
    if (bound == Bound::UnboundedFollowing) return -1;
    const double shift =
        bound == Bound::CurrentRow ? 0 : (bound == Bound::Preceding ? -offset : offset);
    if (unit == Unit::Rows) {
      const double from_bound = static_cast<double>(distance) - shift;
      return (from_bound > 0) - (from_bound < 0);
    }
    if (bound == Bound::CurrentRow) return order(other, row);
    const SortKey& only = order_by_[0];
    if (only.column->is_null(row) || only.column->is_null(other)) return order(other, row);
    const auto value = [&](std::uint32_t r) {
      return static_cast<double>(only.column->fixed<std::int32_t>()[r]);
    };
    const double ahead = (value(other) - value(row)) * (only.descending ? -1 : 1) - shift;
    return (ahead > 0) - (ahead < 0);
  }

  std::span<const ColumnPtr> partition_by_;
  std::span<const SortKey> order_by_;
  std::size_t rows_;
};

// What an aggregate answers for each row's frame, frame by frame.
std::vector<std::string> aggregated(const Plainly& plainly, const WindowCall& call,
                                    std::size_t rows) {
  std::vector<std::string> answers;
  for (std::uint32_t row = 0; row < rows; ++row) {
    const std::vector<std::uint32_t> inside = plainly.frame(row, call.frame);
    const auto states = call.aggregate->make_states();
    states->resize(1);
    std::vector<ColumnPtr> arguments;
    for (const ColumnPtr& argument : call.arguments) arguments.push_back(gather(argument, inside));
    const std::vector<std::uint32_t> groups(inside.size());
    EXPECT_TRUE(states->add(groups, arguments, {}).ok());
    answers.push_back(texts_of(*states->finish())[0]);
  }
  return answers;
}

Frame random_frame(RandomColumns& random, bool has_key) {
  const Bound bounds[] = {Bound::UnboundedPreceding, Bound::Preceding, Bound::CurrentRow,
                          Bound::Following, Bound::UnboundedFollowing};
  Frame frame;
  frame.unit = has_key && random.below(2) == 0 ? Unit::Range : Unit::Rows;
  do {
    frame.begin = bounds[random.below(4)];
    frame.end = bounds[1 + random.below(4)];
    frame.begin_offset = static_cast<double>(random.below(6));
    frame.end_offset = static_cast<double>(random.below(6));
  } while (frame.begin > frame.end ||
           (frame.begin == frame.end && frame.begin == Bound::Preceding &&
            frame.begin_offset < frame.end_offset) ||
           (frame.begin == frame.end && frame.begin == Bound::Following &&
            frame.begin_offset > frame.end_offset));
  return frame;
}

struct Input {
  std::size_t rows;
  std::vector<ColumnPtr> partition_by;
  std::vector<SortKey> order_by;
};

Input random_input(RandomColumns& random, std::size_t rows_max) {
  Input input{random.below(rows_max), {}, {}};
  const std::size_t rows = input.rows;
  if (random.below(3) > 0) {
    input.partition_by.push_back(random.column(nullable(plain(TypeId::String)), rows, 3));
  }
  if (random.below(5) > 0) {
    // Few numbers, close together.
    auto key =
        std::const_pointer_cast<Column>(random.column(nullable(plain(TypeId::Int32)), rows, 2));
    for (std::int32_t& value : key->fixed<std::int32_t>()) {
      value = static_cast<std::int32_t>(random.below(12));
    }
    input.order_by.push_back({key, random.below(2) == 0, random.below(2) == 0});
  }
  return input;
}

TEST(Window, AggregatesAgreeWithTheirFrames) {
  RandomColumns random(1);
  const DataType types[] = {plain(TypeId::Int32), nullable(plain(TypeId::Float64)),
                            nullable(plain(TypeId::String))};
  const std::string names[] = {"count",
                               "sum",
                               "avg",
                               "min",
                               "max",
                               "any",
                               "anyLast",
                               "groupArray",
                               "uniqExact",
                               "quantile",
                               "groupUniqArray",
                               "topK"};
  for (int round = 0; round < 250; ++round) {
    const Input input = random_input(random, 60);
    const bool numbers = random.below(2) == 0;
    const DataType& type = types[numbers ? random.below(2) : 2];
    std::string name = names[random.below(std::size(names))];
    if (!numbers && (name == "sum" || name == "avg" || name == "quantile")) name = "count";
    WindowCall call;
    call.name = name;
    call.aggregate = *make_aggregate(name, {}, {{type}}, false);
    call.arguments = {random.column(type, input.rows, 10)};
    call.frame = random_frame(random, !input.order_by.empty());
    SCOPED_TRACE(testing::Message() << round << ' ' << name << ' ' << input.rows);
    const auto answer = window_values(call, input.partition_by, input.order_by, input.rows, Stop());
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ((*answer)->type, call.aggregate->type());
    const Plainly plainly(input.partition_by, input.order_by, input.rows);
    ASSERT_EQ(texts_of(*answer), aggregated(plainly, call, input.rows));
  }
}

TEST(Window, FunctionsAgreeWithTheirDefinitions) {
  RandomColumns random(2);
  for (int round = 0; round < 100; ++round) {
    const Input input = random_input(random, 50);
    const std::size_t rows = input.rows;
    const Plainly plainly(input.partition_by, input.order_by, rows);
    const ColumnPtr value = random.column(nullable(plain(TypeId::Int32)), rows, 20);
    const ColumnPtr other = random.column(nullable(plain(TypeId::Int32)), rows, 20);
    const std::uint64_t distance = random.below(4);
    const ColumnPtr offset = constant_fixed<std::uint64_t>(plain(TypeId::UInt64), distance, rows);
    const Frame frame = random_frame(random, !input.order_by.empty());
    const auto expect = [&](const std::string& name, std::vector<ColumnPtr> arguments,
                            const Frame& of, const auto& definition) {
      SCOPED_TRACE(testing::Message() << round << ' ' << name);
      const auto answer = window_values({name, nullptr, std::move(arguments), of},
                                        input.partition_by, input.order_by, rows, Stop());
      ASSERT_TRUE(answer.ok()) << answer.status();
      for (std::uint32_t row = 0; row < rows; ++row) {
        const std::vector<std::uint32_t> all = plainly.partition(row);
        const auto at = std::find(all.begin(), all.end(), row) - all.begin();
        definition(**answer, row, all, at);
      }
    };
    const auto number = [](const Column& column, std::uint32_t row) {
      return column.fixed<std::uint64_t>()[row];
    };
    const auto peers_before = [&](std::uint32_t row, const auto& all) {
      return std::count_if(all.begin(), all.end(),
                           [&](std::uint32_t r) { return plainly.order(r, row) < 0; });
    };
    expect("row_number", {}, {}, [&](const Column& c, auto row, const auto&, auto at) {
      EXPECT_EQ(number(c, row), at + 1);
    });
    expect("rank", {}, {}, [&](const Column& c, auto row, const auto& all, auto) {
      EXPECT_EQ(number(c, row), peers_before(row, all) + 1);
    });
    expect("dense_rank", {}, {}, [&](const Column& c, auto row, const auto& all, auto at) {
      std::uint64_t rank = 1;
      for (std::ptrdiff_t i = 1; i <= at; ++i) {
        const auto k = static_cast<std::size_t>(i);
        if (plainly.order(all[k - 1], all[k]) < 0) ++rank;
      }
      EXPECT_EQ(number(c, row), rank);
    });
    expect("percent_rank", {}, {}, [&](const Column& c, auto row, const auto& all, auto) {
      const double rank = static_cast<double>(peers_before(row, all));
      const double most = static_cast<double>(all.size()) - 1;
      EXPECT_EQ(c.fixed<double>()[row], most == 0 ? 0 : rank / most);
    });
    expect("cume_dist", {}, {}, [&](const Column& c, auto row, const auto& all, auto) {
      const auto after = std::count_if(all.begin(), all.end(),
                                       [&](std::uint32_t r) { return plainly.order(r, row) > 0; });
      const auto size = static_cast<double>(all.size());
      EXPECT_EQ(c.fixed<double>()[row], (size - static_cast<double>(after)) / size);
    });
    // Tiles as they are dealt: the first ones have a row more.
    expect("ntile", {constant_fixed<std::uint8_t>(plain(TypeId::UInt8), 3, rows)}, {},
           [&](const Column& c, auto row, const auto& all, auto at) {
             std::vector<std::uint64_t> tiles;
             for (std::uint64_t tile = 0; tile < 3; ++tile) {
               const std::size_t size = all.size() / 3 + (tile < all.size() % 3 ? 1 : 0);
               tiles.insert(tiles.end(), size, tile + 1);
             }
             EXPECT_EQ(number(c, row), tiles[static_cast<std::size_t>(at)]);
           });
    // The value of some row, or the other column's of this row.
    const auto expect_value = [&](const Column& column, std::uint32_t row, std::ptrdiff_t there,
                                  const std::vector<std::uint32_t>& among) {
      const bool exists = there >= 0 && there < static_cast<std::ptrdiff_t>(among.size());
      const std::uint32_t from = exists ? among[static_cast<std::size_t>(there)] : row;
      std::string expected;
      std::string answer;
      append_value(exists ? *value : *other, from, expected);
      append_value(column, row, answer);
      EXPECT_EQ(answer, expected) << row;
    };
    const auto steps = static_cast<std::ptrdiff_t>(distance);
    expect("lag", {value, offset, other}, {}, [&](const Column& c, auto row, auto& all, auto at) {
      expect_value(c, row, at - steps, all);
    });
    expect("lead", {value, offset, other}, {}, [&](const Column& c, auto row, auto& all, auto at) {
      expect_value(c, row, at + steps, all);
    });
    for (const bool lag : {true, false}) {
      expect(lag ? "lagInFrame" : "leadInFrame", {value, offset, other}, frame,
             [&](const Column& c, auto row, auto& all, auto at) {
               const auto inside = plainly.frame(row, frame);
               const std::ptrdiff_t there = lag ? at - steps : at + steps;
               const bool exists = there >= 0 && there < static_cast<std::ptrdiff_t>(all.size());
               const auto found = exists ? std::find(inside.begin(), inside.end(),
                                                     all[static_cast<std::size_t>(there)])
                                         : inside.end();
               expect_value(c, row, found == inside.end() ? -1 : found - inside.begin(), inside);
             });
    }
    expect("nth_value",
           {value, constant_fixed<std::uint64_t>(plain(TypeId::UInt64), distance + 1, rows)}, frame,
           [&](const Column& c, auto row, auto&, auto) {
             const auto inside = plainly.frame(row, frame);
             if (distance >= inside.size()) {
               EXPECT_TRUE(c.is_null(row));
             } else {
               expect_value(c, row, steps, inside);
             }
           });
    for (const bool first : {true, false}) {
      expect(first ? "first_value" : "last_value", {value}, frame,
             [&](const Column& c, auto row, auto&, auto) {
               auto inside = plainly.frame(row, frame);
               std::erase_if(inside, [&](std::uint32_t r) { return value->is_null(r); });
               if (inside.empty()) {
                 EXPECT_TRUE(c.is_null(row));
               } else {
                 expect_value(c, row, first ? 0 : std::ssize(inside) - 1, inside);
               }
             });
    }
  }
}

TEST(Window, RefusesFramesThatEndBeforeTheyBegin) {
  const auto aggregate = *make_aggregate("count", {}, {}, false);
  const ColumnPtr key = constant_fixed<std::int32_t>(plain(TypeId::Int32), 1, 3);
  const ColumnPtr text = constant_text("x", 3);
  const auto code = [&](Frame frame, const ColumnPtr& order_key) {
    const SortKey keys[] = {{order_key}};
    return query_error_code(
        window_values({"", aggregate, {}, frame}, {}, keys, 3, Stop()).status());
  };
  const Frame wrong[] = {
      {Unit::Rows, Bound::CurrentRow, Bound::Preceding, 0, 1},
      {Unit::Rows, Bound::Following, Bound::CurrentRow, 1, 0},
      {Unit::Rows, Bound::Preceding, Bound::Preceding, 1, 3},
      {Unit::Rows, Bound::Following, Bound::Following, 3, 1},
      {Unit::Rows, Bound::UnboundedFollowing, Bound::UnboundedFollowing, 0, 0},
      {Unit::Rows, Bound::UnboundedPreceding, Bound::UnboundedPreceding, 0, 0},
      {Unit::Rows, Bound::Preceding, Bound::CurrentRow, -1, 0},
      {Unit::Range, Bound::Preceding, Bound::CurrentRow, std::nan(""), 0},
  };
  for (const Frame& frame : wrong) EXPECT_EQ(code(frame, key), QueryErrorCode::BadArguments);
  EXPECT_EQ(code({Unit::Range, Bound::Preceding, Bound::CurrentRow, 1, 0}, text),
            QueryErrorCode::NotImplemented);
}

TEST(Window, KnowsItsFunctions) {
  EXPECT_TRUE(is_window_function("row_number"));
  EXPECT_TRUE(is_window_function("ROW_NUMBER"));
  EXPECT_TRUE(is_window_function("lagInFrame"));
  EXPECT_FALSE(is_window_function("LAGINFRAME"));
  EXPECT_FALSE(is_window_function("sum"));
  EXPECT_EQ(query_error_code(window_function_type("nosuch", {}).status()),
            QueryErrorCode::UnknownFunction);
  EXPECT_EQ(query_error_code(window_function_type("lag", {}).status()),
            QueryErrorCode::NumberOfArgumentsDoesntMatch);
}

}  // namespace
}  // namespace grapevine::sql
