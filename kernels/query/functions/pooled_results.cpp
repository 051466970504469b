#include "kernels/query/functions/pooled_results.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace grapevine::sql {
namespace {

ColumnPtr texts_of(const PooledValues& values, std::span<const std::uint32_t> codes) {
  TextValues texts;
  texts.texts.reserve(codes.size());
  for (const std::uint32_t code : codes) texts.texts.push_back(values.pool->at(code));
  texts.keep.push_back(values.pool);
  auto column = std::make_shared<Column>();
  column->type = plain(TypeId::String);
  column->rows = codes.size();
  column->values = std::move(texts);
  return column;
}

// Strings become codes, so that later steps may profit from them too.
ColumnPtr pooled(const ColumnPtr& results) {
  const auto* texts = std::get_if<TextValues>(&results->values);
  if (results->type.id != TypeId::String || texts == nullptr || results->constant) return results;
  MadePool made = make_pool(texts->texts);
  auto column = std::make_shared<Column>();
  column->type = results->type;
  column->rows = results->rows;
  column->nulls = results->nulls;
  column->values = PooledValues{std::move(made.codes), std::move(made.pool)};
  return column;
}

// The strings that a block has, each once, and which of them a row has.
struct Distinct {
  std::vector<std::uint32_t> codes;
  std::vector<std::uint32_t> row_of;
};

Distinct distinct_codes(std::span<const std::uint32_t> codes, std::size_t pool_size) {
  // Where a code stands among the distinct ones, and in which call that was: so that nothing has to
  // be cleared.
  struct Mark {
    std::uint32_t call = 0;
    std::uint32_t place = 0;
  };
  thread_local std::vector<Mark> marks;
  thread_local std::uint32_t call = 0;
  if (marks.size() < pool_size) marks.resize(pool_size);
  if (++call == 0) {
    std::fill(marks.begin(), marks.end(), Mark{});
    call = 1;
  }
  Distinct distinct;
  distinct.row_of.reserve(codes.size());
  for (const std::uint32_t code : codes) {
    Mark& mark = marks[code];
    if (mark.call != call) {
      mark = {call, static_cast<std::uint32_t>(distinct.codes.size())};
      distinct.codes.push_back(code);
    }
    distinct.row_of.push_back(mark.place);
  }
  return distinct;
}

}  // namespace

std::shared_ptr<const PooledResults::Known> PooledResults::known(const PooledValues& texts,
                                                                 std::size_t codes_wanted,
                                                                 const Compute& compute) {
  // Others wait: they would compute the same.
  const std::lock_guard lock(mutex_);
  if (known_ && known_->pool == texts.pool && known_->codes >= codes_wanted) return known_;
  auto known = std::make_shared<Known>();
  known->pool = texts.pool;
  known->codes = texts.pool->size();
  std::vector<std::uint32_t> codes(known->codes);
  for (std::uint32_t code = 0; code < codes.size(); ++code) codes[code] = code;
  if (auto results = compute(texts_of(texts, codes)); results.ok()) {
    known->results = pooled(full(*results));
  }
  known_ = known;
  return known;
}

absl::StatusOr<ColumnPtr> PooledResults::of(const ColumnPtr& texts, const Compute& compute) {
  const PooledValues& values = *texts->pooled();
  const std::size_t size = values.pool->size();
  if (values.codes.empty() || size == 0 || size > kMarkedPoolMax) return ColumnPtr();
  const std::size_t wanted = *std::max_element(values.codes.begin(), values.codes.end()) + 1;
  if (wanted > size) return ColumnPtr();
  if (size <= kPoolMax) {
    const auto all = known(values, wanted, compute);
    if (all->results) return gather(all->results, values.codes);
  }
  const Distinct distinct = distinct_codes(values.codes, size);
  if (distinct.codes.size() == values.codes.size()) return ColumnPtr();
  auto results = compute(texts_of(values, distinct.codes));
  if (!results.ok()) return results;
  return gather(pooled(full(*results)), distinct.row_of);
}

}  // namespace grapevine::sql
