#include "kernels/segment/distinct_values.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <numeric>
#include <type_traits>
#include <variant>

#include "kernels/segment/number_rows.hpp"
#include "kernels/segment/scan_lanes.hpp"
#include "storage/canonical_text.hpp"

namespace grapevine {
namespace {

constexpr unsigned kHashes = 56;  // Of 64 bits.

// How many different ones there are, or `enough` where there are more; changes their order.
std::uint32_t distinct(std::span<std::uint32_t> codes, std::uint64_t enough) {
  constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15;
  constexpr std::uint32_t kFew = 64;  // More are sorted.
  std::uint64_t seen = 0;  // A bit for each hash of those at the front, which are different.
  std::uint32_t found = 0;
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const std::uint32_t code = codes[i];
    const std::uint64_t bit = std::uint64_t{1} << (code * kGolden >> 58);
    const auto front = codes.begin() + found;
    if ((seen & bit) != 0 && std::find(codes.begin(), front, code) != front) continue;
    if (found == kFew) {
      std::sort(codes.begin(), codes.end());
      return static_cast<std::uint32_t>(std::unique(codes.begin(), codes.end()) - codes.begin());
    }
    seen |= bit;
    std::swap(codes[found++], codes[i]);
    if (found >= enough) break;
  }
  return found;
}

// Where the bounds say "at least so many".
std::uint64_t enough_of(Range<std::int64_t> bounds) {
  const bool at_least = bounds.least > 0 && bounds.most == std::numeric_limits<std::int64_t>::max();
  return at_least ? static_cast<std::uint64_t>(bounds.least)
                  : std::numeric_limits<std::uint64_t>::max();
}

}  // namespace

DistinctValues::DistinctValues(const Snapshot& snapshot, const Measure& measure,
                               Range<std::int64_t> bounds)
    : snapshot_(&snapshot),
      of_(measure.of),
      of_target_(measure.of_target),
      bounds_(bounds),
      enough_(enough_of(bounds)) {
  if (of_target_) return;
  const ColumnInfo& column = snapshot.columns()[index(of_)];
  as_text_ = column.type == ValueType::String;
  dictionary_ = column.dictionary.get();
}

void DistinctValues::reset(std::size_t customers) {
  customers_.clear();
  codes_.clear();
  kept_.clear();
  masks_.clear();
  few_.clear();
  values_.clear();
  other_texts_.clear();
  counts_.assign((customers + 63) / 64 * 64, 0);
}

void DistinctValues::add(const Run& run, RowRange rows, std::span<const std::uint8_t> mask,
                         std::size_t first) {
  if (of_target_) {
    run.customers.for_each(rows.begin, rows.end, [&](std::size_t row, CustomerId customer) {
      if (!mask.empty() && mask[row - rows.begin] == 0) return;
      const CustomerId target = snapshot_->target(run, row);
      if (target != kNobody) add_code(index(customer) - first, index(target));
    });
    return;
  }
  if (const RunColumn* column = run.column(of_)) add_column(run, *column, rows, mask, first);
}

void DistinctValues::add_column(const Run& run, const RunColumn& column, RowRange rows,
                                std::span<const std::uint8_t> mask, std::size_t first) {
  const auto for_each_row = [&](const auto& body) {
    run.customers.for_each(rows.begin, rows.end, [&](std::size_t row, CustomerId customer) {
      if (!mask.empty() && mask[row - rows.begin] == 0) return;
      if (column.has(row)) body(row, index(customer) - first);
    });
  };
  if (const auto* codes = std::get_if<CodeValues>(&column.values)) {
    if (enough_ <= kFew) return keep(run, column, rows, mask, first);
    codes->codes.visit([&](const auto offsets) {
      for_each_row([&](std::size_t row, std::size_t customer) {
        add_code(customer, static_cast<std::uint32_t>(codes->codes.base() + offsets[row]));
      });
    });
  } else if (const auto* texts = std::get_if<TextValues>(&column.values)) {
    TextReader reader(*texts);
    for_each_row(
        [&](std::size_t row, std::size_t customer) { add_text(customer, reader.at(row)); });
  } else if (const auto* truths = std::get_if<BoolValues>(&column.values)) {
    for_each_row([&](std::size_t row, std::size_t customer) {
      const std::uint64_t truth = truths->at(row) ? 1 : 0;
      if (as_text_) {
        add_text(customer, canonical_text(ValueType::Bool, truth));
      } else {
        add_value(customer, Source::Truth, truth);
      }
    });
  } else if (const auto* times = std::get_if<TimeValues>(&column.values)) {
    for_each_row([&](std::size_t row, std::size_t customer) {
      const auto ms = static_cast<std::uint64_t>(times->at(row).ms);
      if (as_text_) {
        add_text(customer, canonical_text(ValueType::DateTime, ms));
      } else {
        add_value(customer, Source::Number, ms);
      }
    });
  } else {
    for_each_number(run, rows, mask, of_, [&](CustomerId customer, auto number) {
      add_number(index(customer) - first, number);
    });
  }
}

void DistinctValues::add_number(std::size_t customer, std::int64_t number) {
  constexpr std::int64_t kExact = std::int64_t{1} << 53;  // Doubles hold every integer up to it.
  if (as_text_) {
    add_text(customer, canonical_text(ValueType::Int64, static_cast<std::uint64_t>(number)));
  } else if (number >= -kExact && number <= kExact) {
    add_number(customer, static_cast<double>(number));
  } else {
    add_value(customer, Source::LargeInteger, static_cast<std::uint64_t>(number));
  }
}

void DistinctValues::add_number(std::size_t customer, double number) {
  constexpr double kExact = 0x1p53;
  constexpr double kIntegers = 0x1p63;
  if (as_text_) {
    return add_text(customer,
                    canonical_text(ValueType::Float64, std::bit_cast<std::uint64_t>(number)));
  }
  const bool is_large = number > kExact || number < -kExact;
  if (is_large && number < kIntegers && number >= -kIntegers) {  // Such doubles are integers.
    return add_value(customer, Source::LargeInteger,
                     static_cast<std::uint64_t>(static_cast<std::int64_t>(number)));
  }
  add_value(customer, Source::Number, std::bit_cast<std::uint64_t>(number + 0.0));  // No -0.
}

void DistinctValues::add_text(std::size_t customer, std::string_view text) {
  if (dictionary_ != nullptr) {
    const std::uint32_t code = dictionary_->find(text);
    if (code != Dictionary::kMissing) return add_code(customer, code);
  }
  const auto [found, is_new] = other_texts_.try_emplace(std::string(text), other_texts_.size());
  add_value(customer, Source::OtherText, found->second);
}

// Who has fewer rows than the least number of values that is meant is not looked at, and who has that
// many values not any more where more are as good.
void DistinctValues::count_codes() {
  ends_.assign(counts_.size() + 1, 0);
  for (const std::uint16_t customer : customers_) ++ends_[customer + std::size_t{1}];
  std::partial_sum(ends_.begin(), ends_.end(), ends_.begin());
  of_customer_.resize(codes_.size());
  for (std::size_t i = 0; i < codes_.size(); ++i) of_customer_[ends_[customers_[i]]++] = codes_[i];
  std::uint32_t begin = 0;
  for (std::size_t customer = 0; customer < counts_.size(); ++customer) {
    const std::uint32_t end = ends_[customer];
    const bool may_do = values_.empty() ? end - begin >= bounds_.least : true;
    if (end != begin && may_do) {
      counts_[customer] = distinct(std::span(of_customer_).subspan(begin, end - begin), enough_);
    }
    begin = end;
  }
}

void DistinctValues::accept(std::span<std::uint64_t> words) const {
  constexpr std::int64_t kMost = std::numeric_limits<std::uint32_t>::max();
  if (bounds_.least > kMost || bounds_.most < 0) {
    std::ranges::fill(words, 0);
    return;
  }
  accept_range(counts_,
               {static_cast<std::uint32_t>(std::max<std::int64_t>(bounds_.least, 0)),
                static_cast<std::uint32_t>(std::min(bounds_.most, kMost))},
               words);
}

void DistinctValues::keep(const Run& run, const RunColumn& column, RowRange rows,
                          std::span<const std::uint8_t> mask, std::size_t first) {
  first_low_ = static_cast<std::uint16_t>(first);
  kept_.push_back({&run, &column, rows, std::nullopt});
  if (!mask.empty()) kept_.back().mask = masks_.size();
  masks_.insert(masks_.end(), mask.begin(), mask.end());
}

// Codes of different hashes are different: so many bits are as many values at least.
void DistinctValues::mark(const Stretch& stretch) {
  const std::uint16_t* const lows = stretch.run->customers.lows().data();
  const std::uint8_t* const mask = stretch.mask ? masks_.data() + *stretch.mask : nullptr;
  const PackedUints& codes = std::get<CodeValues>(stretch.column->values).codes;
  const auto base = static_cast<std::uint32_t>(codes.base());
  std::uint64_t* const marks = marks_.data();
  codes.visit([&](const auto offsets) {
    const auto mark_all = [&](const auto& is_meant) {
      for (std::size_t row = stretch.rows.begin; row < stretch.rows.end; ++row) {
        const std::uint32_t hash = (base + static_cast<std::uint32_t>(offsets[row])) * 0x9E3779B9U;
        const std::uint64_t meant = is_meant(row);
        std::uint64_t& mark = marks[lows[row] - first_low_];
        mark += (meant & (mark >> 63 ^ 1)) << kHashes;  // Up to 128 rows are counted.
        mark |= meant << (std::uint64_t{hash} * kHashes >> 32);
      }
    };
    if (mask == nullptr && stretch.column->present.empty()) {
      mark_all([](std::size_t) { return std::uint64_t{1}; });
    } else {
      mark_all([&](std::size_t row) {
        const bool is_meant = mask == nullptr || mask[row - stretch.rows.begin] != 0;
        return std::uint64_t{is_meant && stretch.column->has(row) ? 1U : 0U};
      });
    }
  });
}

// Those of whom hashes do not say whether they have enough. Where others have values that are no codes,
// everyone is one.
void DistinctValues::choose_candidates() {
  const std::size_t customers = counts_.size();
  is_candidate_.assign(customers, 1);
  number_.resize(customers);
  if (!few_.empty()) return std::iota(number_.begin(), number_.end(), 0U);
  marks_.assign(customers, 0);
  for (const Stretch& stretch : kept_) mark(stretch);
  constexpr std::uint64_t kHashBits = (std::uint64_t{1} << kHashes) - 1;
  const std::span<const std::uint64_t> marks =
      marks_;  // Spans: bytes that are written hide nothing.
  const std::span<std::uint32_t> counts = counts_, number = number_;
  const std::span<std::uint8_t> is_candidate = is_candidate_;
  const auto enough = static_cast<std::uint32_t>(enough_);
  std::uint32_t candidates = 0;
  for (std::size_t i = 0; i < customers; ++i) {
    const auto known = static_cast<std::uint32_t>(std::popcount(marks[i] & kHashBits));
    const std::uint32_t is_enough = known >= enough ? 1 : 0;
    const std::uint32_t may_have = marks[i] >> kHashes >= enough ? 1 : 0;
    counts[i] = is_enough * enough;
    number[i] = candidates;
    is_candidate[i] = static_cast<std::uint8_t>(may_have & (is_enough ^ 1U));
    candidates += may_have & (is_enough ^ 1U);
  }
  few_.assign(candidates, kNoCodes);
}

// Rows of candidates are gathered without a branch: nobody could guess who is one.
void DistinctValues::add_kept(const Stretch& stretch) {
  const std::uint16_t* const lows = stretch.run->customers.lows().data();
  const std::uint8_t* const mask = stretch.mask ? masks_.data() + *stretch.mask : nullptr;
  const PackedUints& codes = std::get<CodeValues>(stretch.column->values).codes;
  const auto base = static_cast<std::uint32_t>(codes.base());
  codes.visit([&](const auto offsets) {
    std::array<std::uint32_t, 512> gathered;
    for (std::size_t begin = stretch.rows.begin; begin < stretch.rows.end;) {
      const std::size_t end = std::min(begin + gathered.size(), stretch.rows.end);
      std::size_t size = 0;
      for (std::size_t row = begin; row < end; ++row) {
        const std::uint8_t is_meant = mask == nullptr ? 1 : mask[row - stretch.rows.begin];
        gathered[size] = static_cast<std::uint32_t>(row);
        size += is_candidate_[lows[row] - std::size_t{first_low_}] & is_meant;
      }
      for (std::size_t i = 0; i < size; ++i) {
        const std::size_t row = gathered[i];
        if (!stretch.column->has(row)) continue;
        const std::size_t customer = lows[row] - std::size_t{first_low_};
        add_to_few(customer, few_[number_[customer]],
                   base + static_cast<std::uint32_t>(offsets[row]));
      }
      begin = end;
    }
  });
}

void DistinctValues::finish() {
  if (!kept_.empty()) choose_candidates();
  for (const Stretch& stretch : kept_) add_kept(stretch);
  if (!codes_.empty()) count_codes();
  std::sort(values_.begin(), values_.end());
  values_.erase(std::unique(values_.begin(), values_.end()), values_.end());
  for (const Value& value : values_) ++counts_[value.customer];
}

}  // namespace grapevine
