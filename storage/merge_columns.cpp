#include "storage/merge_columns.hpp"

#include <algorithm>
#include <bit>
#include <optional>
#include <string>

#include "storage/canonical_text.hpp"
#include "storage/run_columns.hpp"

namespace grapevine {
namespace {

ValueType type_of(const RunColumn& column) {
  struct TypeOf {
    ValueType operator()(const CodeValues&) const { return ValueType::String; }
    ValueType operator()(const TextValues&) const { return ValueType::String; }
    ValueType operator()(const BoolValues&) const { return ValueType::Bool; }
    ValueType operator()(const Int64Values&) const { return ValueType::Int64; }
    ValueType operator()(const RealValues&) const { return ValueType::Float64; }
    ValueType operator()(const TimeValues&) const { return ValueType::DateTime; }
  };
  return std::visit(TypeOf{}, column.values);
}

bool all_exact_as_double(const RunColumn& column) {
  const auto* integers = std::get_if<Int64Values>(&column.values);
  if (integers == nullptr) return true;
  for (std::size_t row = 0; row < integers->numbers.size(); ++row) {
    if (column.has(row) && !exact_as_double(integers->at(row))) return false;
  }
  return true;
}

// The narrowest type that holds every input's values without losing any.
ValueType common_type(std::span<const RunColumn* const> columns) {
  ValueType type = ValueType::Null;
  for (const RunColumn* column : columns) {
    if (column != nullptr) type = wider(type, type_of(*column));
  }
  if (type != ValueType::Float64) return type;
  for (const RunColumn* column : columns) {
    if (column != nullptr && !all_exact_as_double(*column)) return ValueType::String;
  }
  return type;
}

// Calls `body(i, bits)` for every living row of one input that has a value, with the value as
// the bits of a DeltaCell.
template <typename Body>
struct ForEachBits {
  const MergeInputs& inputs;
  std::size_t input;
  const RunColumn& column;
  const Body& body;

  void operator()(const CodeValues& values) const {
    values.codes.visit([&](const auto offsets) {
      for_each([&](std::size_t row) { return values.codes.base() + offsets[row]; });
    });
  }
  void operator()(const BoolValues& values) const {
    for_each([&](std::size_t row) { return std::uint64_t{values.at(row)}; });
  }
  void operator()(const Int64Values& values) const { for_each_integer(values.numbers); }
  void operator()(const TimeValues& values) const { for_each_integer(values.times); }
  void operator()(const RealValues& values) const {
    for_each([&](std::size_t row) { return std::bit_cast<std::uint64_t>(values.at(row)); });
  }
  void operator()(const TextValues&) const {}  // Texts are merged as texts.

 private:
  template <typename BitsOf>
  void for_each(const BitsOf& bits_of) const {
    inputs.for_each_living(input, [&](std::size_t i, std::size_t row) {
      if (column.has(row)) body(i, bits_of(row));
    });
  }
  void for_each_integer(const PackedUints& numbers) const {
    numbers.visit([&](const auto offsets) {
      for_each([&](std::size_t row) {
        return static_cast<std::uint64_t>(Int64Values::number(numbers.base() + offsets[row]));
      });
    });
  }
};

// Reads one input's strings as texts, whatever they are kept as.
class StringReader {
 public:
  StringReader(const RunColumn& column, const ColumnStrings& strings)
      : column_(column), strings_(strings), type_(type_of(column)) {
    if (const auto* texts = std::get_if<TextValues>(&column.values)) reader_.emplace(*texts);
  }

  std::string_view at(std::size_t row) {
    if (reader_) return reader_->at(row);
    if (const auto* codes = std::get_if<CodeValues>(&column_.values)) {
      return strings_.text_of(column_.id, static_cast<std::uint32_t>(codes->codes.at(row)));
    }
    return text_ = canonical_text(type_, bits_at(row));
  }

 private:
  [[nodiscard]] std::uint64_t bits_at(std::size_t row) const {
    if (const auto* truths = std::get_if<BoolValues>(&column_.values)) return truths->at(row);
    if (const auto* reals = std::get_if<RealValues>(&column_.values)) {
      return std::bit_cast<std::uint64_t>(reals->at(row));
    }
    if (const auto* times = std::get_if<TimeValues>(&column_.values)) {
      return static_cast<std::uint64_t>(times->at(row).ms);
    }
    return static_cast<std::uint64_t>(std::get<Int64Values>(column_.values).at(row));
  }

  const RunColumn& column_;
  const ColumnStrings& strings_;
  const ValueType type_;
  std::optional<TextReader> reader_;
  std::string text_;
};

}  // namespace

void ColumnMerge::merge(ColumnId id, std::vector<Run>& merged) {
  columns_.clear();
  bool any_text = strings_.keeps_text(id);
  for (const LiveRun* run : inputs_.runs) {
    const RunColumn* column = (*run)->column(id);
    columns_.push_back(column);
    any_text =
        any_text || (column != nullptr && std::holds_alternative<TextValues>(column->values));
  }
  const ValueType type = common_type(columns_);
  if (type == ValueType::String && any_text) return merge_texts(id, merged);
  merge_values(id, type, merged);
}

// Puts one input's values in their places, as values of `type`.
void ColumnMerge::place_values(const RunColumn& column, std::size_t input, ValueType type) {
  const std::uint32_t* const places = order_.places.data() + inputs_.begins[input];
  const ValueType from = type_of(column);
  const auto place_all = [&](const auto& converted) {
    const auto place = [&](std::size_t i, std::uint64_t bits) {
      bits_[places[i]] = converted(bits);
      present_[places[i]] = 1;
    };
    std::visit(ForEachBits<decltype(place)>{inputs_, input, column, place}, column.values);
  };
  if (from == type) {
    place_all([](std::uint64_t bits) { return bits; });
  } else if (type == ValueType::String) {
    place_all([&](std::uint64_t bits) {
      return std::uint64_t{strings_.code_of(column.id, canonical_text(from, bits))};
    });
  } else {
    place_all([](std::uint64_t bits) {
      return std::bit_cast<std::uint64_t>(static_cast<double>(static_cast<std::int64_t>(bits)));
    });
  }
}

void ColumnMerge::merge_values(ColumnId id, ValueType type, std::vector<Run>& merged) {
  bits_.resize(order_.rows.size());
  present_.assign(order_.rows.size(), 0);
  for (std::size_t k = 0; k < columns_.size(); ++k) {
    if (columns_[k] != nullptr) place_values(*columns_[k], k, type);
  }
  for (std::size_t output = 0; output < merged.size(); ++output) {
    const std::size_t begin = order_.begins[output];
    const std::size_t count = order_.begins[output + 1] - begin;
    const auto present = std::span(present_).subspan(begin, count);
    if (std::find(present.begin(), present.end(), 1) == present.end()) continue;
    merged[output].columns.push_back(
        make_column(id, type, std::span(bits_).subspan(begin, count), present));
  }
}

void ColumnMerge::merge_texts(ColumnId id, std::vector<Run>& merged) {
  std::vector<std::optional<StringReader>> readers(columns_.size());
  for (std::size_t k = 0; k < columns_.size(); ++k) {
    if (columns_[k] != nullptr) readers[k].emplace(*columns_[k], strings_);
  }
  for (std::size_t output = 0; output < merged.size(); ++output) {
    const std::size_t begin = order_.begins[output];
    const std::size_t end = order_.begins[output + 1];
    TextWriter texts(TextWriter::Compression::Zstd);
    std::vector<std::uint8_t> present(end - begin);
    bool any = false;
    for (std::size_t place = begin; place < end; ++place) {
      const MergeInputs::Row from = inputs_.find(order_.number(place));
      const bool has = columns_[from.run] != nullptr && columns_[from.run]->has(from.row);
      texts.add(has ? readers[from.run]->at(from.row) : std::string_view());
      present[place - begin] = has ? 1 : 0;
      any = any || has;
    }
    if (!any) continue;
    merged[output].columns.push_back({id, std::move(texts).finish(), presence_mask(present)});
  }
}

void ColumnMerge::merge_targets(std::vector<Run>& merged) {
  const auto has_targets = [](const LiveRun* run) { return (*run)->targets.size() > 0; };
  if (std::none_of(inputs_.runs.begin(), inputs_.runs.end(), has_targets)) return;
  bits_.assign(order_.rows.size(), 0);
  for (std::size_t k = 0; k < inputs_.runs.size(); ++k) {
    const PackedUints& targets = (*inputs_.runs[k])->targets;
    const std::uint32_t* const places = order_.places.data() + inputs_.begins[k];
    if (targets.size() == 0) continue;
    targets.visit([&](const auto offsets) {
      inputs_.for_each_living(k, [&](std::size_t i, std::size_t row) {
        bits_[places[i]] = targets.base() + offsets[row];
      });
    });
  }
  for (std::size_t output = 0; output < merged.size(); ++output) {
    const std::size_t begin = order_.begins[output];
    const auto numbers = std::span(bits_).subspan(begin, order_.begins[output + 1] - begin);
    const bool any = std::any_of(numbers.begin(), numbers.end(), [](auto n) { return n != 0; });
    if (any) merged[output].targets = PackedUints(numbers);
  }
}

void ColumnMerge::merge_message_ids(std::vector<Run>& merged) {
  const auto has_ids = [](const LiveRun* run) { return !(*run)->message_ids.empty(); };
  if (std::none_of(inputs_.runs.begin(), inputs_.runs.end(), has_ids)) return;
  std::vector<MessageIdReader> readers;
  readers.reserve(inputs_.runs.size());
  for (const LiveRun* run : inputs_.runs) readers.emplace_back((*run)->message_ids);
  for (std::size_t output = 0; output < merged.size(); ++output) {
    const std::size_t begin = order_.begins[output];
    const std::size_t end = order_.begins[output + 1];
    MessageIdWriter ids(end - begin, TextWriter::Compression::Zstd);
    for (std::size_t place = begin; place < end; ++place) {
      const MergeInputs::Row from = inputs_.find(order_.number(place));
      ids.add(readers[from.run], from.row);
    }
    merged[output].message_ids = std::move(ids).finish();
  }
}

void ColumnMerge::merge_identities(std::vector<Run>& merged, bool moved) {
  const auto has_identities = [](const LiveRun* run) { return !(*run)->identities.empty(); };
  if (!moved && std::none_of(inputs_.runs.begin(), inputs_.runs.end(), has_identities)) return;
  for (std::size_t output = 0; output < merged.size(); ++output) {
    const std::uint32_t begin = order_.begins[output];
    for (std::uint32_t place = begin; place < order_.begins[output + 1]; ++place) {
      const MergeInputs::Row from = inputs_.find(order_.number(place));
      add_identity(merged[output], place - begin, (*inputs_.runs[from.run])->identity(from.row));
    }
  }
}

}  // namespace grapevine
