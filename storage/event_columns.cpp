#include "storage/event_columns.hpp"

#include <bit>

#include "storage/canonical_text.hpp"
#include "storage/checkpoint/fields.hpp"
#include "storage/run_columns.hpp"

namespace grapevine {
namespace {

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
    dictionaries_.push_back(std::move(dictionary));
  }
  widenings_.resize(infos_.size());
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
    dictionaries_.emplace_back();
    widenings_.emplace_back();
  }
  return ColumnId(entry->second);
}

ValueType EventColumns::type_with(ColumnId column, const Cell& cell) const {
  const ValueType type = wider(infos_[index(column)].type, cell.type);
  const bool large = widenings_[index(column)].has_large_integers || is_large(cell);
  return type == ValueType::Float64 && large ? ValueType::String : type;
}

bool EventColumns::becomes_string(ColumnId column, const Cell& cell) const {
  const ValueType type = infos_[index(column)].type;
  return !is_core(column) && type != ValueType::Null && type != ValueType::String &&
         type_with(column, cell) == ValueType::String;
}

DeltaCell EventColumns::take(ColumnId column, const Cell& cell, std::string_view text,
                             std::uint32_t code) {
  ColumnInfo& info = infos_[index(column)];
  if (!is_core(column)) {
    const ValueType type = type_with(column, cell);
    if (is_large(cell)) widenings_[index(column)].has_large_integers = true;
    if (type != info.type) {
      published_ = nullptr;
      info.type = type;
      if (type == ValueType::String) {
        info.dictionary = dictionaries_[index(column)] = std::make_shared<Dictionary>();
      }
    }
  }
  if (info.type == ValueType::String) {
    if (Dictionary* dictionary = dictionaries_[index(column)].get();
        dictionary != nullptr && code == kMissing) {
      code = dictionary->intern(
          cell.type == ValueType::String ? text : canonical_text(cell.type, cell.bits));
    }
    return {column, ValueType::String, code};
  }
  if (is_core(column) && cell.type == ValueType::Int64) {  // Core numbers are doubles.
    const auto number = static_cast<double>(static_cast<std::int64_t>(cell.bits));
    return {column, ValueType::Float64, std::bit_cast<std::uint64_t>(number)};
  }
  if (is_core(column) && cell.type != ValueType::Float64) return {column, ValueType::Null, 0};
  return {column, cell.type, cell.bits};
}

CodeOfText EventColumns::code_of_text() const {
  return [dictionaries = dictionaries_](ColumnId column, std::string_view text) {
    return dictionaries[index(column)]->intern(text);
  };
}

SaveLater EventColumns::freeze() {
  std::vector<std::uint8_t> large;
  std::vector<SaveLater> strings(infos_.size());
  for (std::size_t c = 0; c < infos_.size(); ++c) {
    large.push_back(widenings_[c].has_large_integers ? 1 : 0);
    if (has_own_dictionary(c)) strings[c] = Dictionary::freeze(dictionaries_[c]);
  }
  return [columns = publish(), large = std::move(large),
          strings = std::move(strings)](FieldWriter& out) {
    out.section("columns", 1);
    out(std::uint64_t{columns->size()});
    for (std::size_t c = 0; c < columns->size(); ++c) {
      out((*columns)[c].name, (*columns)[c].type, large[c]);
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
    std::uint8_t large = 0;
    in(name, type, large);
    in.require(type <= ValueType::String && large <= 1, "no type of a column");
    in.require(index(find_or_add(name)) == c, "a column in another's place");
    if (!in.ok()) return;
    in.require(!is_core(ColumnId(c)) || type == infos_[c].type, "no type of a core column");
    infos_[c].type = type;
    widenings_[c].has_large_integers = large != 0;
    if (type == ValueType::String && !is_core(ColumnId(c))) {
      infos_[c].dictionary = dictionaries_[c] = std::make_shared<Dictionary>();
    }
  }
  in.section("values", 1);
  for (std::size_t c = 0; c < columns && in.ok(); ++c) {
    if (has_own_dictionary(c)) dictionaries_[c]->load(in);
  }
}

bool EventColumns::has_own_dictionary(std::size_t column) const {
  constexpr std::size_t kContents = index(column_id(CoreColumn::ContentId));
  return dictionaries_[column] != nullptr &&
         (column == kContents || dictionaries_[column] != dictionaries_[kContents]);
}

std::shared_ptr<const std::vector<ColumnInfo>> EventColumns::publish() {
  if (published_ == nullptr) published_ = std::make_shared<const std::vector<ColumnInfo>>(infos_);
  return published_;
}

}  // namespace grapevine
