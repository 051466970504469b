#include "storage/event_columns.hpp"

#include <bit>
#include <utility>

#include "storage/canonical_text.hpp"
#include "storage/checkpoint/fields.hpp"
#include "storage/run_columns.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kContentColumn = index(column_id(CoreColumn::ContentId));

bool is_core(ColumnId column) { return index(column) < kCoreColumns.size(); }

bool is_large(const Cell& cell) {
  return cell.type == ValueType::Int64 && !exact_as_double(static_cast<std::int64_t>(cell.bits));
}

}  // namespace

EventColumns::EventColumns() {
  const auto contents = std::make_shared<Dictionary>();
  for (const CoreColumnShape& core : kCoreColumns) {
    std::shared_ptr<Dictionary> dictionary;
    if (core.kept == CoreColumnShape::Kept::Content) dictionary = contents;
    if (core.kept == CoreColumnShape::Kept::Dictionary) dictionary = std::make_shared<Dictionary>();
    by_name_.emplace(core.name, static_cast<std::uint32_t>(infos_.size()));
    infos_.push_back({std::string(core.name), type_of(core), dictionary});
    columns_.emplace_back().dictionary = std::move(dictionary);
    columns_.back().flags.keeps_text = core.kept == CoreColumnShape::Kept::Text;
  }
}

std::uint32_t EventColumns::find(std::string_view name) const {
  const auto found = by_name_.find(std::string(name));
  return found == by_name_.end() ? kMissing : found->second;
}

ColumnId EventColumns::find_or_add(std::string_view name) {
  const auto [entry, added] =
      by_name_.try_emplace(std::string(name), static_cast<std::uint32_t>(infos_.size()));
  if (added) {
    published_ = nullptr;
    infos_.push_back({std::string(name), ValueType::Null, nullptr});
    columns_.emplace_back();
  }
  return ColumnId(entry->second);
}

ValueType EventColumns::type_with(ColumnId column, const Cell& cell) const {
  const ValueType type = wider(infos_[index(column)].type, cell.type);
  const bool large = columns_[index(column)].flags.has_large_integers || is_large(cell);
  return type == ValueType::Float64 && large ? ValueType::String : type;
}

bool EventColumns::becomes_string(ColumnId column, const Cell& cell) const {
  const ValueType type = infos_[index(column)].type;
  return !is_core(column) && type != ValueType::Null && type != ValueType::String &&
         type_with(column, cell) == ValueType::String;
}

DeltaCell EventColumns::take(ColumnId column, const Cell& cell, std::string_view text,
                             std::uint32_t code, DeltaBlock& block) {
  ColumnInfo& info = infos_[index(column)];
  Column& kept = columns_[index(column)];
  if (!is_core(column)) {
    const ValueType type = type_with(column, cell);
    if (is_large(cell)) kept.flags.has_large_integers = true;
    if (type != info.type) {
      published_ = nullptr;
      info.type = type;
      if (type == ValueType::String) {
        info.dictionary = kept.dictionary = std::make_shared<Dictionary>();
      }
    }
  }
  if (info.type == ValueType::String) {
    const bool is_text = cell.type == ValueType::String;
    if (kept.flags.keeps_text) {
      const std::uint64_t bits = block.keep_cell_text(
          is_text ? text : std::string_view(canonical_text(cell.type, cell.bits)));
      return {column, ValueType::String, true, bits};
    }
    if (code == kMissing) {
      code = kept.dictionary->intern(is_text ? text : canonical_text(cell.type, cell.bits));
    }
    note_string(kept);
    return {column, ValueType::String, false, code};
  }
  if (is_core(column) && cell.type == ValueType::Int64) {  // Core numbers are doubles.
    const auto number = static_cast<double>(static_cast<std::int64_t>(cell.bits));
    return {column, ValueType::Float64, false, std::bit_cast<std::uint64_t>(number)};
  }
  if (is_core(column) && cell.type != ValueType::Float64)
    return {column, ValueType::Null, false, 0};
  return {column, cell.type, false, cell.bits};
}

// Every entry of a dictionary takes some 40 bytes beside the codes of its rows. Contents keep
// theirs: who wrote one is looked up by its code.
void EventColumns::note_string(Column& column) {
  constexpr std::uint64_t kLarge = 65'536;
  constexpr std::uint64_t kRowsAnEntryMin = 4;
  ++column.flags.strings;
  const std::uint64_t entries = column.dictionary->size();
  if (entries <= kLarge || entries * kRowsAnEntryMin <= column.flags.strings) return;
  column.flags.shall_keep_text = column.dictionary != columns_[kContentColumn].dictionary;
}

void EventColumns::begin_block() {
  for (Column& column : columns_)
    column.flags.keeps_text = column.flags.keeps_text || column.flags.shall_keep_text;
}

ColumnStrings EventColumns::strings() const {
  std::vector<ColumnStrings::Column> columns;
  columns.reserve(columns_.size());
  for (const Column& column : columns_)
    columns.push_back({column.dictionary, column.flags.keeps_text});
  return ColumnStrings(std::move(columns));
}

void fields(auto& archive, Is<ColumnFlags> auto& flags) {
  archive(flags.has_large_integers, flags.keeps_text, flags.shall_keep_text, flags.strings);
}

SaveLater EventColumns::freeze() {
  std::vector<ColumnFlags> flags;
  std::vector<SaveLater> strings(columns_.size());
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    flags.push_back(columns_[c].flags);
    if (has_own_dictionary(c)) strings[c] = Dictionary::freeze(columns_[c].dictionary);
  }
  return [columns = publish(), flags = std::move(flags),
          strings = std::move(strings)](FieldWriter& out) {
    out.section("columns", 1);
    out(std::uint64_t{columns->size()});
    for (std::size_t c = 0; c < columns->size(); ++c) {
      out((*columns)[c].name, (*columns)[c].type, flags[c]);
    }
    out.section("values", 1);
    for (const SaveLater& dictionary : strings) {
      if (dictionary) dictionary(out);
    }
  };
}

void EventColumns::load(FieldReader& in) {
  in.section("columns", 1);
  const std::size_t columns = in.count(sizeof(std::uint64_t));
  in.require(columns >= kCoreColumns.size(), "fewer columns than every store has");
  for (std::size_t c = 0; c < columns && in.ok(); ++c) {
    std::string name;
    ValueType type = ValueType::Null;
    ColumnFlags flags;
    in(name, type, flags);
    in.require(is_type(type), "no type of a column");
    in.require(index(find_or_add(name)) == c, "a column in another's place");
    if (!in.ok()) return;
    in.require(!is_core(ColumnId(c)) || type == infos_[c].type, "no type of a core column");
    infos_[c].type = type;
    columns_[c].flags = flags;
    if (type == ValueType::String && !is_core(ColumnId(c))) {
      infos_[c].dictionary = columns_[c].dictionary = std::make_shared<Dictionary>();
    }
  }
  in.section("values", 1);
  for (std::size_t c = 0; c < columns && in.ok(); ++c) {
    if (has_own_dictionary(c)) columns_[c].dictionary->load(in);
  }
}

bool EventColumns::has_own_dictionary(std::size_t column) const {
  const auto& dictionary = columns_[column].dictionary;
  return dictionary != nullptr &&
         (column == kContentColumn || dictionary != columns_[kContentColumn].dictionary);
}

std::shared_ptr<const std::vector<ColumnInfo>> EventColumns::publish() {
  if (published_ == nullptr) published_ = std::make_shared<const std::vector<ColumnInfo>>(infos_);
  return published_;
}

}  // namespace grapevine
