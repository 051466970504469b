#include "api/sql/tables/number_table.hpp"

#include <algorithm>

#include "api/sql/execute/query_context.hpp"

namespace grapevine::sql {
namespace {

struct Numbers {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  std::uint64_t step = 1;
  TypeId type = TypeId::UInt64;  // UInt8: all are 0.
};

class NumberSource final : public BlockSource {
 public:
  NumberSource(const Numbers& numbers, std::size_t columns, QueryContext& context)
      : numbers_(numbers), columns_(columns), context_(context) {}

  std::size_t morsels() const override {
    return numbers_.count / kBlockRows + (numbers_.count % kBlockRows != 0);
  }
  std::uint64_t rows() const override { return numbers_.count; }
  absl::Status read(std::size_t morsel, const Consume& consume) const override {
    const std::uint64_t begin = morsel * kBlockRows;
    const auto rows =
        static_cast<std::size_t>(std::min<std::uint64_t>(kBlockRows, numbers_.count - begin));
    context_.progress.read_rows.fetch_add(rows, std::memory_order_relaxed);
    context_.progress.read_bytes.fetch_add(rows * width_of(numbers_.type),
                                           std::memory_order_relaxed);
    if (columns_ == 0) return consume({rows, {}});
    return consume({rows, std::vector<ColumnPtr>(columns_, column(begin, rows))});
  }

 private:
  ColumnPtr column(std::uint64_t begin, std::size_t rows) const {
    auto made = new_fixed(plain(numbers_.type), rows);
    if (numbers_.type == TypeId::UInt8) {
      const auto zeros = made->fixed<std::uint8_t>();
      std::fill(zeros.begin(), zeros.end(), std::uint8_t{0});
      return made;
    }
    const auto values = made->fixed<std::uint64_t>();
    for (std::size_t i = 0; i < rows; ++i) {
      values[i] = numbers_.first + (begin + i) * numbers_.step;
    }
    return made;
  }

  Numbers numbers_;
  std::size_t columns_;
  QueryContext& context_;
};

class NumberTable final : public Table {
 public:
  NumberTable(const Numbers& numbers, std::string column)
      : numbers_(numbers), columns_{{std::move(column), plain(numbers.type)}} {}

  const std::vector<TableColumn>& columns() const override { return columns_; }
  absl::StatusOr<Scan> scan(const ScanRequest& request, QueryContext& context) const override {
    return Scan{std::make_shared<NumberSource>(numbers_, request.columns.size(), context),
                request.conditions,
                {}};
  }

 private:
  Numbers numbers_;
  std::vector<TableColumn> columns_;
};

}  // namespace

TablePtr number_table(std::uint64_t first, std::uint64_t count, std::string column,
                      std::uint64_t step) {
  return std::make_shared<NumberTable>(Numbers{first, count, step}, std::move(column));
}

TablePtr zero_table(std::uint64_t count, std::string column) {
  return std::make_shared<NumberTable>(Numbers{0, count, 1, TypeId::UInt8}, std::move(column));
}

}  // namespace grapevine::sql
