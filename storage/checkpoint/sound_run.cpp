#include "storage/checkpoint/sound_run.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include <zstd.h>

namespace grapevine {
namespace {

// A block ends at the text that makes it longer than 16 KiB, and no text is longer than a record
// that is sent (1 MiB): far below this, which bounds the memory that a few bytes can ask for.
constexpr std::size_t kPlainBytesMax = 16u << 20;

bool has_rows(const PackedUints& numbers, std::size_t rows) {
  return numbers.size() == rows && numbers.is_sound();
}

bool has_plain_rows(std::string_view plain, std::size_t rows) {
  std::size_t at = 0;
  std::size_t texts = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    std::size_t length = 0;
    for (unsigned shift = 0;; shift += 7) {
      if (at == plain.size() || shift > 21) return false;  // 4 bytes are 256 MiB.
      const auto byte = static_cast<std::uint8_t>(plain[at++]);
      length |= std::size_t{byte & 0x7Fu} << shift;
      if (byte < 0x80) break;
    }
    texts += length;
    if (texts > plain.size()) return false;
  }
  return texts == plain.size() - at;
}

// Decompresses blocks one after the other.
class BlockChecker {
 public:
  bool has_rows(const TextValues::Block& block, std::string_view kept, std::size_t rows) {
    if (block.plain_bytes > kPlainBytesMax) return false;
    if (!block.compressed) return block.plain_bytes == kept.size() && has_plain_rows(kept, rows);
    // Asked first, so that no memory is taken for less than it says.
    if (ZSTD_getFrameContentSize(kept.data(), kept.size()) != block.plain_bytes) return false;
    if (context_ == nullptr) context_.reset(ZSTD_createDCtx());
    plain_.resize(block.plain_bytes);
    return ZSTD_decompressDCtx(context_.get(), plain_.data(), plain_.size(), kept.data(),
                               kept.size()) == block.plain_bytes &&
           has_plain_rows(plain_, rows);
  }

 private:
  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };
  std::unique_ptr<ZSTD_DCtx, Free> context_;
  std::string plain_;
};

bool has_rows(const TextValues& texts, std::size_t rows) {
  const auto& blocks = texts.blocks;
  if (texts.rows != rows || blocks.empty() != (rows == 0)) return false;
  if (rows == 0) return texts.bytes.empty();
  if (blocks.front().first_row != 0 || blocks.front().begin != 0) return false;
  BlockChecker checker;
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    const bool last = b + 1 == blocks.size();
    const std::size_t end_row = last ? rows : blocks[b + 1].first_row;
    const std::size_t end = last ? texts.bytes.size() : blocks[b + 1].begin;
    if (blocks[b].first_row >= end_row || end_row > rows || blocks[b].begin > end ||
        end > texts.bytes.size()) {
      return false;
    }
    const auto kept = std::string_view(texts.bytes).substr(blocks[b].begin, end - blocks[b].begin);
    if (!checker.has_rows(blocks[b], kept, end_row - blocks[b].first_row)) return false;
  }
  return true;
}

bool has_rows(const RealValues& reals, std::size_t rows) {
  return has_rows(reals.numbers, rows) && reals.form <= RealValues::Form::Decimal &&
         reals.digits <= RealValues::kDigitsMax;
}

bool has_rows(const TimeValues& values, std::size_t rows) {
  if (!has_rows(values.times, rows)) return false;
  for (std::size_t row = 0; row < rows; ++row) {
    if (!is_date_time(values.at(row).ms)) return false;
  }
  return true;
}

bool has_rows(const RunColumn& column, std::size_t rows) {
  struct HasRows {
    std::size_t rows;
    bool operator()(const CodeValues& v) const { return has_rows(v.codes, rows); }
    bool operator()(const BoolValues& v) const { return v.bits.size() == (rows + 63) / 64; }
    bool operator()(const Int64Values& v) const { return has_rows(v.numbers, rows); }
    bool operator()(const RealValues& v) const { return has_rows(v, rows); }
    bool operator()(const TextValues& v) const { return has_rows(v, rows); }
    bool operator()(const TimeValues& v) const { return has_rows(v, rows); }
  };
  return (column.present.empty() || column.present.size() == (rows + 63) / 64) &&
         std::visit(HasRows{rows}, column.values);
}

bool ascend(const CustomerColumn& customers) {
  const auto blocks = customers.blocks();
  const auto lows = customers.lows();
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    const std::size_t end = b + 1 < blocks.size() ? blocks[b + 1].begin : lows.size();
    const auto first = lows.begin() + blocks[b].begin;
    if (!std::is_sorted(first, lows.begin() + static_cast<std::ptrdiff_t>(end))) return false;
  }
  return true;
}

bool are_within(const Run& run) {
  for (std::size_t row = 0; row < run.size(); ++row) {
    if (run.time(row) < run.first || run.time(row) > run.last) return false;
  }
  return true;
}

bool are_sound(const std::vector<IdentityStretch>& identities, std::size_t rows) {
  std::size_t end = 0;
  for (const IdentityStretch& stretch : identities) {
    if (stretch.begin < end || stretch.begin >= stretch.end || stretch.end > rows) return false;
    end = stretch.end;
  }
  return true;
}

}  // namespace

bool is_sound(const Run& run) {
  const std::size_t rows = run.size();
  const MessageIdColumn& ids = run.message_ids;
  const auto out_of_order = [](const RunColumn& a, const RunColumn& b) { return a.id >= b.id; };
  const auto& columns = run.columns;
  return rows > 0 && run.customers.is_sound() && ascend(run.customers) &&
         has_rows(run.times, rows) && are_within(run) && has_rows(run.sequences, rows) &&
         has_rows(run.targets, run.targets.size() == 0 ? 0 : rows) &&
         (ids.uuids.empty() || ids.uuids.size() == rows) &&
         has_rows(ids.texts, ids.texts.rows == 0 ? 0 : rows) && are_sound(run.identities, rows) &&
         std::adjacent_find(columns.begin(), columns.end(), out_of_order) == columns.end() &&
         std::all_of(columns.begin(), columns.end(),
                     [rows](const RunColumn& column) { return has_rows(column, rows); });
}

}  // namespace grapevine
