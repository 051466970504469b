#include "api/sql/tables/people_scan.hpp"

#include <algorithm>
#include <bit>
#include <type_traits>

#include "api/sql/execute/query_context.hpp"
#include "api/sql/tables/value_condition.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "kernels/segment/people.hpp"
#include "kernels/segment/scan.hpp"
#include "kernels/segment/seen.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

constexpr std::size_t kChunk = AttributeChunk::kCustomers;
static_assert(kChunk <= kBlockRows);

class PeopleSource final : public BlockSource {
 public:
  PeopleSource(std::vector<PeopleColumn> columns, CustomerSet people, QueryContext& context)
      : context_(context),
        people_(std::move(people)),
        count_(people_.count()),
        columns_(std::move(columns)) {}

  std::size_t morsels() const override {
    return blocks_of(context_.snapshot->customers().count(), kChunk);
  }
  std::uint64_t rows() const override { return count_; }

  absl::Status read(std::size_t morsel, const Consume& consume) const override {
    const auto first = static_cast<std::uint32_t>(morsel * kChunk);
    std::vector<std::uint32_t> slots;  // Of persons, in the chunk.
    slots.reserve(kChunk);
    const auto words = people_.words();
    for (std::size_t w = first / 64; w < std::min(words.size(), (first + kChunk) / 64); ++w) {
      for (std::uint64_t rest = words[w]; rest != 0; rest &= rest - 1) {
        slots.push_back(static_cast<std::uint32_t>(w * 64) +
                        static_cast<std::uint32_t>(std::countr_zero(rest)) - first);
      }
    }
    if (slots.empty()) return absl::OkStatus();
    if (columns_.empty()) return consume({slots.size(), {}});
    Block block{slots.size(), {}};
    for (const PeopleColumn& column : columns_) {
      block.columns.push_back(read_column(column, first, slots));
      context_.progress.read_bytes.fetch_add(
          slots.size() * std::max<std::size_t>(width_of(column.type.id), 4),
          std::memory_order_relaxed);
    }
    context_.progress.read_rows.fetch_add(slots.size(), std::memory_order_relaxed);
    return consume(std::move(block));
  }

 private:
  using Slots = std::vector<std::uint32_t>;

  ColumnPtr read_column(const PeopleColumn& column, std::uint32_t first, const Slots& slots) const {
    switch (column.of) {
      case PeopleColumn::Of::Id: {
        auto made = std::make_shared<Column>();
        made->type = column.type;
        made->rows = slots.size();
        std::vector<std::uint32_t> codes(slots.size());
        for (std::size_t i = 0; i < slots.size(); ++i) codes[i] = first + slots[i];
        made->values = PooledValues{std::move(codes), context_.pools.people()};
        return made;
      }
      case PeopleColumn::Of::Times: {
        auto made = new_fixed(column.type, slots.size());
        const auto values = made->fixed<std::int64_t>();
        made->nulls.resize(slots.size());
        for (std::size_t i = 0; i < slots.size(); ++i) {
          values[i] = (*column.times)[first + slots[i]];
          made->nulls[i] = values[i] == kNever ? 1 : 0;
        }
        return made;
      }
      case PeopleColumn::Of::Unread: return constant_default(column.type, slots.size());
      case PeopleColumn::Of::Attribute: break;
    }
    const AttributeChunk* chunk =
        column.attribute == nullptr ? nullptr : column.attribute->chunk_of(CustomerId(first));
    if (chunk == nullptr) return constant_null(column.type, slots.size());
    return read_chunk(column, *chunk, slots);
  }

  ColumnPtr read_chunk(const PeopleColumn& column, const AttributeChunk& chunk,
                       const Slots& slots) const {
    std::vector<std::uint8_t> nulls(slots.size());
    std::uint8_t any = 0;
    for (std::size_t i = 0; i < slots.size(); ++i) {
      nulls[i] = chunk.has(slots[i]) ? 0 : 1;
      any |= nulls[i];
    }
    if (any == 0) nulls.clear();
    const bool are_all = slots.back() + 1 == slots.size();  // Of the first ones of the chunk.
    const auto copy = [&](const auto& from, auto to) {
      if (are_all) {
        std::copy_n(from.begin(), slots.size(), to);
      } else {
        for (std::size_t i = 0; i < slots.size(); ++i) to[i] = from[slots[i]];
      }
    };
    return std::visit(
        [&](const auto& values) -> ColumnPtr {
          using Value = typename std::decay_t<decltype(values)>::value_type;
          if constexpr (std::is_same_v<Value, std::uint32_t>) {
            auto made = std::make_shared<Column>();
            made->type = column.type;
            made->rows = slots.size();
            std::vector<std::uint32_t> codes(slots.size());
            copy(values, codes.begin());
            made->values =
                PooledValues{std::move(codes), context_.pools.of(column.attribute->dictionary)};
            made->nulls = std::move(nulls);
            return made;
          } else {
            auto made = new_fixed(column.type, slots.size());
            if constexpr (std::is_same_v<Value, DateTime>) {
              const auto into = made->template fixed<std::int64_t>();
              for (std::size_t i = 0; i < slots.size(); ++i) into[i] = values[slots[i]].ms;
            } else {
              const auto into = made->template fixed<Value>();
              copy(values, into.begin());
            }
            made->nulls = std::move(nulls);
            return made;
          }
        },
        chunk.values);
  }

  QueryContext& context_;
  CustomerSet people_;
  std::uint64_t count_;
  std::vector<PeopleColumn> columns_;
};

// Leaves those people for whom a condition on an attribute holds; false: it is none, and must be asked
// of rows.
absl::StatusOr<bool> keep_where(const Bound& condition, const std::vector<PeopleColumn>& columns,
                                const QueryContext& context, CustomerSet& among) {
  const auto found = value_condition(condition, [&](std::size_t i) -> std::optional<ValueType> {
    if (columns[i].of != PeopleColumn::Of::Attribute || columns[i].attribute == nullptr) {
      return std::nullopt;
    }
    return columns[i].attribute->type;
  });
  if (!found) return false;
  GRAPEVINE_ASSIGN_OR_RETURN(const CustomerSet having,
                             scan_attribute(*columns[found->column].attribute, among.customers(),
                                            found->test, context.api.stop));
  const auto words = among.words();
  for (std::size_t i = 0; i < words.size(); ++i) {
    words[i] &= found->negated ? ~having.words()[i] : having.words()[i];
  }
  return true;
}

}  // namespace

absl::StatusOr<Scan> scan_people(std::vector<PeopleColumn> columns, const ScanRequest& request,
                                 QueryContext& context) {
  Scan scan;
  CustomerSet among = people(context.snapshot->customers());
  for (const BoundPtr& condition : request.conditions) {
    GRAPEVINE_ASSIGN_OR_RETURN(const bool taken, keep_where(*condition, columns, context, among));
    if (taken) {
      scan.notes += (scan.notes.empty() ? "" : ", ") + condition->name;
    } else {
      scan.left.push_back(condition);
    }
  }
  const std::vector<std::size_t> asked = columns_of(scan.left);
  for (std::size_t i = request.shown; i < columns.size(); ++i) {
    if (!std::binary_search(asked.begin(), asked.end(), i))
      columns[i].of = PeopleColumn::Of::Unread;
  }
  if (request.shown == 0 && asked.empty()) columns.clear();
  scan.source = std::make_shared<PeopleSource>(std::move(columns), std::move(among), context);
  return scan;
}

}  // namespace grapevine::sql
