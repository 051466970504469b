#include "kernels/query/functions/choose.hpp"

#include <bit>
#include <string_view>
#include <type_traits>
#include <utility>

#include "kernels/query/functions/numbers.hpp"
#include "kernels/query/functions/texts.hpp"

namespace grapevine::sql {
namespace {

std::vector<std::uint8_t> chosen_nulls(std::span<const ColumnPtr> branches,
                                       std::span<const std::uint16_t> choice) {
  bool any = false;
  for (const ColumnPtr& branch : branches) any |= !branch->nulls.empty();
  if (!any) return {};
  std::vector<std::uint8_t> nulls(choice.size());
  struct Branch {
    const std::uint8_t* nulls;
    std::size_t mask;
  };
  std::uint8_t* const to = nulls.data();
  constexpr std::uint8_t kNever = 0;
  std::vector<Branch> sources;
  for (const ColumnPtr& branch : branches) {
    const bool one_value = branch->constant || branch->nulls.empty();
    sources.push_back({branch->nulls.empty() ? &kNever : branch->nulls.data(),
                       one_value ? 0 : static_cast<std::size_t>(-1)});
  }
  std::uint8_t any_null = 0;
  if (sources.size() == 2 && sources[0].mask != 0 && sources[1].mask == 0) {
    // As of if(): the second one is a constant, or never NULL.
    const std::uint8_t* const first = sources[0].nulls;
    const std::uint8_t second = *sources[1].nulls;
    for (std::size_t row = 0; row < choice.size(); ++row) {
      const auto is_first = static_cast<std::uint8_t>(choice[row] == 0 ? 0xFF : 0);
      to[row] = static_cast<std::uint8_t>((first[row] & is_first) | (second & ~is_first));
      any_null |= to[row];
    }
  } else {
    const Branch* const source = sources.data();
    for (std::size_t row = 0; row < choice.size(); ++row) {
      const Branch& branch = source[choice[row]];
      to[row] = branch.nulls[row & branch.mask];
      any_null |= to[row];
    }
  }
  if (any_null == 0) nulls.clear();
  return nulls;
}

// Unsigned integers of each width.
template <typename Value>
using BitsOf = std::conditional_t<
    sizeof(Value) == 1, std::uint8_t,
    std::conditional_t<sizeof(Value) == 2, std::uint16_t,
                       std::conditional_t<sizeof(Value) == 4, std::uint32_t, std::uint64_t>>>;

// Two values and which of them, without a branch: nobody can guess which.
template <typename Value, typename First, typename Second>
void choose_of_two(const First& first, const Second& second, std::span<const std::uint16_t> choice,
                   Value* result) {
  using Bits = BitsOf<Value>;
  for (std::size_t row = 0; row < choice.size(); ++row) {
    const auto is_first = static_cast<Bits>(choice[row] == 0 ? ~Bits{0} : Bits{0});
    const auto a = static_cast<Bits>(std::bit_cast<Bits>(first(row)) & is_first);
    const auto b =
        static_cast<Bits>(std::bit_cast<Bits>(second(row)) & static_cast<Bits>(~is_first));
    result[row] = std::bit_cast<Value>(static_cast<Bits>(a | b));
  }
}

template <typename Value>
void choose_fixed(std::span<const ColumnPtr> branches, std::span<const std::uint16_t> choice,
                  Value* result) {
  struct Branch {
    const Value* values;
    std::size_t mask;
  };
  std::vector<Branch> sources;
  for (const ColumnPtr& branch : branches) {
    const std::size_t mask = branch->constant ? 0 : static_cast<std::size_t>(-1);
    sources.push_back({branch->fixed<Value>().data(), mask});
  }
  const Branch* const source = sources.data();
  if (sources.size() == 2) {
    const auto with_reader = [&](const Branch& branch, const auto& use) {
      if (branch.mask == 0) {
        use([value = branch.values[0]](std::size_t) { return value; });
      } else {
        use([values = branch.values](std::size_t row) { return values[row]; });
      }
    };
    with_reader(source[0], [&](const auto& first) {
      with_reader(source[1],
                  [&](const auto& second) { choose_of_two(first, second, choice, result); });
    });
    return;
  }
  for (std::size_t row = 0; row < choice.size(); ++row) {
    const Branch& branch = source[choice[row]];
    result[row] = branch.values[row & branch.mask];
  }
}

ColumnPtr choose_texts(const DataType& type, std::span<const ColumnPtr> branches,
                       std::span<const std::uint16_t> choice) {
  TextBuilder texts(choice.size());
  std::vector<std::unique_ptr<Texts>> sources;
  for (const ColumnPtr& branch : branches) {
    texts.keep_texts_of(branch);
    sources.push_back(std::make_unique<Texts>(branch));
  }
  for (std::size_t row = 0; row < choice.size(); ++row) {
    texts.add_kept((*sources[choice[row]])[row]);
  }
  return std::move(texts).finish(type.nullable, chosen_nulls(branches, choice));
}

// Codes of the one pool that all branches have; nullptr: they have not.
ColumnPtr choose_codes(const DataType& type, std::span<const ColumnPtr> branches,
                       std::span<const std::uint16_t> choice) {
  const PooledValues* first = branches[0]->pooled();
  for (const ColumnPtr& branch : branches) {
    const PooledValues* pooled = branch->pooled();
    if (pooled == nullptr || pooled->pool != first->pool) return nullptr;
  }
  auto result = std::make_shared<Column>();
  result->type = type;
  result->rows = choice.size();
  PooledValues values{{}, first->pool};
  values.codes.resize(choice.size());
  for (std::size_t row = 0; row < choice.size(); ++row) {
    const Column& branch = *branches[choice[row]];
    values.codes[row] = branch.pooled()->codes[branch.slot(row)];
  }
  result->values = std::move(values);
  result->nulls = chosen_nulls(branches, choice);
  return result;
}

ColumnPtr choose_constants(const DataType& type, std::span<const ColumnPtr> branches,
                           std::span<const std::uint16_t> choice, const ConstantTexts& constants) {
  auto result = std::make_shared<Column>();
  result->type = type;
  result->rows = choice.size();
  PooledValues values{{}, constants.pool};
  values.codes.resize(choice.size());
  for (std::size_t row = 0; row < choice.size(); ++row) {
    values.codes[row] = constants.codes[choice[row]];
  }
  result->values = std::move(values);
  result->nulls = chosen_nulls(branches, choice);
  return result;
}

}  // namespace

ConstantTexts constant_texts(std::span<const ColumnPtr> branches) {
  std::vector<std::string_view> texts;
  for (const ColumnPtr& branch : branches) {
    texts.push_back(branch->is_null(0) ? std::string_view() : branch->text(0));
  }
  MadePool made = make_pool(texts);
  return {std::move(made.pool), std::move(made.codes)};
}

ColumnPtr choose(const DataType& type, std::span<const ColumnPtr> branches,
                 std::span<const std::uint16_t> choice, const ConstantTexts* constants) {
  const std::size_t rows = choice.size();
  if (rows == 0) return full(constant_default(type, 0));
  if (constants != nullptr) return choose_constants(type, branches, choice, *constants);
  if (type.id == TypeId::String) {
    if (ColumnPtr result = choose_codes(type, branches, choice)) return result;
    return choose_texts(type, branches, choice);
  }
  if (width_of(type.id) > 0) {
    auto result = new_fixed(type, rows);
    with_value_type(type.id, [&](auto zero) {
      using Value = decltype(zero);
      choose_fixed<Value>(branches, choice, result->fixed<Value>().data());
    });
    result->nulls = chosen_nulls(branches, choice);
    return result;
  }
  std::vector<std::uint32_t> begins;
  std::uint32_t begin = 0;
  for (const ColumnPtr& branch : branches) {
    begins.push_back(begin);
    begin += static_cast<std::uint32_t>(branch->stored());
  }
  // A constant stands there once.
  std::vector<ColumnPtr> stored;
  for (const ColumnPtr& branch : branches) {
    stored.push_back(branch->constant ? full(resized(branch, 1)) : branch);
  }
  std::vector<std::uint32_t> places(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    places[row] =
        begins[choice[row]] + static_cast<std::uint32_t>(branches[choice[row]]->slot(row));
  }
  return gather(concatenate(type, stored), places);
}

}  // namespace grapevine::sql
