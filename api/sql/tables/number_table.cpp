#include "api/sql/tables/number_table.hpp"

#include <algorithm>

#include "api/sql/execute/query_context.hpp"

namespace grapevine::sql {
namespace {

class NumberSource final : public BlockSource {
 public:
  NumberSource(std::uint64_t first, std::uint64_t count, bool wanted, QueryContext& context)
      : first_(first), count_(count), wanted_(wanted), context_(context) {}

  std::size_t morsels() const override { return count_ / kBlockRows + (count_ % kBlockRows != 0); }
  std::uint64_t rows() const override { return count_; }
  absl::Status read(std::size_t morsel, const Consume& consume) const override {
    const std::uint64_t begin = morsel * kBlockRows;
    const auto rows = static_cast<std::size_t>(std::min<std::uint64_t>(kBlockRows, count_ - begin));
    context_.progress.read_rows.fetch_add(rows, std::memory_order_relaxed);
    context_.progress.read_bytes.fetch_add(rows * 8, std::memory_order_relaxed);
    if (!wanted_) return consume({rows, {}});
    auto column = new_fixed(plain(TypeId::UInt64), rows);
    const auto numbers = column->fixed<std::uint64_t>();
    for (std::size_t i = 0; i < rows; ++i) numbers[i] = first_ + begin + i;
    return consume({rows, {std::move(column)}});
  }

 private:
  std::uint64_t first_;
  std::uint64_t count_;
  bool wanted_;
  QueryContext& context_;
};

class NumberTable final : public Table {
 public:
  NumberTable(std::uint64_t first, std::uint64_t count, std::string column)
      : first_(first), count_(count), columns_{{std::move(column), plain(TypeId::UInt64)}} {}

  const std::vector<TableColumn>& columns() const override { return columns_; }
  absl::StatusOr<Scan> scan(const ScanRequest& request, QueryContext& context) const override {
    return Scan{std::make_shared<NumberSource>(first_, count_, !request.columns.empty(), context),
                request.conditions,
                {}};
  }

 private:
  std::uint64_t first_;
  std::uint64_t count_;
  std::vector<TableColumn> columns_;
};

}  // namespace

TablePtr number_table(std::uint64_t first, std::uint64_t count, std::string column) {
  return std::make_shared<NumberTable>(first, count, std::move(column));
}

}  // namespace grapevine::sql
