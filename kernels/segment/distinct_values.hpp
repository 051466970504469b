#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <absl/container/flat_hash_map.h>

#include "kernels/segment/measure.hpp"
#include "kernels/segment/run_range.hpp"
#include "storage/part.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// How many different values each customer of a block has: a State of `customers_by_state`. Values
/// are the same where they are equal, whatever type they are kept in: 3 and 3.0; in a column of
/// strings where their texts are. Not thread-safe.
///
/// Cost    Of strings and targets a pass over the rows of the block where the bounds say "at least" a
///         few, and one over those of the few customers whom hashes do not decide; else two counting passes and a comparison of a customer's codes; of numbers, 16 bytes a row and a sort of them. Texts
///         that no dictionary has are kept once.
class DistinctValues {
 public:
  /// `snapshot` outlives it.
  DistinctValues(const Snapshot& snapshot, const Measure& measure, Range<std::int64_t> bounds);

  static constexpr std::size_t kCustomersTogether = 4 * kCustomersPerTask;

  void reset(std::size_t customers);
  void add(const Run& run, RowRange rows, std::span<const std::uint8_t> mask, std::size_t first);
  void finish();
  /// Where the bounds leave out some numbers: one that they have where they have the true one.
  [[nodiscard]] std::int64_t value(std::size_t i) const { return counts_[i]; }
  void accept(std::span<std::uint64_t> words) const;

 private:
  // What keeps numbers from different sources apart.
  enum class Source : std::uint32_t { Number, LargeInteger, Truth, OtherText };
  struct Value {
    std::uint32_t customer;  // Of the block.
    Source source;
    std::uint64_t bits;
    friend auto operator<=>(const Value&, const Value&) = default;
  };

  void add_column(const Run& run, const RunColumn& column, RowRange rows,
                  std::span<const std::uint8_t> mask, std::size_t first);
  void add_number(std::size_t customer, std::int64_t number);
  void add_number(std::size_t customer, double number);
  void add_text(std::size_t customer, std::string_view text);
  void add_value(std::size_t customer, Source source, std::uint64_t bits) {
    values_.push_back({static_cast<std::uint32_t>(customer), source, bits});
  }
  void add_code(std::size_t customer, std::uint32_t code) {
    if (enough_ <= kFew) {
      if (few_.empty()) few_.assign(counts_.size(), kNoCodes);
      return add_to_few(customer, few_[customer], code);
    }
    customers_.push_back(static_cast<std::uint16_t>(customer));
    codes_.push_back(code);
  }
  using Few = std::array<std::uint32_t, 8>;  // Codes, each once, then kNoCode.
  void add_to_few(std::size_t customer, Few& few, std::uint32_t code) {
    std::uint32_t& count = counts_[customer];
    if (count >= enough_) return;
    std::uint32_t known = 0;
    for (const std::uint32_t other : few) known |= other == code ? 1U : 0U;
    few[count] = known != 0 ? few[count] : code;
    count += known ^ 1U;
  }
  void count_codes();

  // Rows with codes, which are looked at once all are known.
  struct Stretch {
    const Run* run;
    const RunColumn* column;
    RowRange rows;
    std::optional<std::size_t> mask;  // Where theirs begins, if not all are meant.
  };
  void keep(const Run& run, const RunColumn& column, RowRange rows,
            std::span<const std::uint8_t> mask, std::size_t first);
  void mark(const Stretch& stretch);
  void choose_candidates();
  void add_kept(const Stretch& stretch);

  static constexpr std::size_t kFew = std::tuple_size_v<Few>;
  static constexpr std::uint32_t kNoCode = 0xFFFF'FFFF;
  static constexpr Few kNoCodes{kNoCode, kNoCode, kNoCode, kNoCode,
                                kNoCode, kNoCode, kNoCode, kNoCode};

  const Snapshot* snapshot_;
  ColumnId of_;
  bool of_target_;
  bool as_text_ = false;                    // The column's widest type is String.
  const Dictionary* dictionary_ = nullptr;  // Of the column.
  Range<std::int64_t> bounds_;
  std::uint64_t enough_;  // So many values are as good as more.
  // Where few values are enough:
  std::vector<Stretch> kept_;
  std::vector<std::uint8_t> masks_;  // Theirs.
  std::uint16_t first_low_ = 0;      // The lower half of the block's first customer.
  std::vector<std::uint64_t>
      marks_;  // By customer: a bit for each hash of a code, and how many rows.
  std::vector<std::uint8_t> is_candidate_;
  std::vector<std::uint32_t> number_;  // Of a candidate.
  std::vector<Few> few_;  // By number; by customer, where not all rows have codes. Else:
  std::vector<std::uint16_t> customers_;  // Of the block, whose `codes_` those are.
  std::vector<std::uint32_t> codes_;      // Of the dictionary; or numbers of targets.
  std::vector<std::uint32_t> of_customer_,
      ends_;                   // The codes by customer, and where each one's end.
  std::vector<Value> values_;  // Others.
  std::vector<std::uint32_t> counts_;
  absl::flat_hash_map<std::string, std::uint64_t> other_texts_;
};

}  // namespace grapevine
