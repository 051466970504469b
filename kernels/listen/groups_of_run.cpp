#include "kernels/listen/groups_of_run.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace grapevine {
namespace {

std::uint32_t group_at(std::span<const std::uint32_t> groups, std::uint64_t i) {
  return i < groups.size() ? groups[i] : kNoGroup;
}

void add_once(std::uint32_t group, std::vector<std::uint32_t>& groups) {
  if (group == kNoGroup) return;
  if (std::find(groups.begin(), groups.end(), group) == groups.end()) groups.push_back(group);
}

}  // namespace

bool GroupsOfRun::Ready::is_by_code_alone() const {
  return dimension->of_customer.empty() && dimension->members.empty() && topics.empty() &&
         !texts.has_value();
}

GroupsOfRun::GroupsOfRun(const Run& run, std::span<const GroupDimension> dimensions) : run_(run) {
  ready_.reserve(dimensions.size());
  for (const GroupDimension& dimension : dimensions) {
    Ready by{.dimension = &dimension, .texts = {}, .topics = {}};
    if (dimension.column) by.column = run.column(*dimension.column);
    if (by.column != nullptr) {
      if (const auto* kept = std::get_if<CodeValues>(&by.column->values)) by.codes = &kept->codes;
      if (const auto* kept = std::get_if<TextValues>(&by.column->values)) by.texts.emplace(*kept);
      if (by.codes == nullptr && !by.texts) by.column = nullptr;
    }
    for (const auto& [group, rows] : dimension.topics) {
      if (const RowList* of_run = rows->of(run)) by.topics.emplace_back(group, of_run);
    }
    by.is_empty = by.column == nullptr && dimension.of_customer.empty() &&
                  dimension.members.empty() && by.topics.empty();
    ready_.push_back(std::move(by));
  }
}

void GroupsOfRun::divide(std::size_t dimension, std::size_t begin, std::vector<GroupedRow>& rows) {
  Ready& by = ready_[dimension];
  const auto groups = static_cast<std::uint32_t>(by.dimension->groups);
  if (by.is_by_code_alone()) return divide_by_code(by, begin, rows);
  divided_.clear();
  if (rows.empty()) return;
  const RowRange block{begin, begin + rows.back().row + 1};
  mark_topics(by, block);
  for (std::size_t i = 0, of = SIZE_MAX; i < rows.size(); ++i) {
    if (rows[i].row != of) {  // A row of several groups stands there several times.
      of = rows[i].row;
      find_groups(by, block, begin + of, groups_);
    }
    for (const std::uint32_t group : groups_) {
      divided_.push_back({rows[i].row, rows[i].group * groups + group});
    }
  }
  rows.swap(divided_);
}

void GroupsOfRun::divide_by_code(const Ready& by, std::size_t begin,
                                 std::vector<GroupedRow>& rows) {
  if (by.codes == nullptr) return rows.clear();
  const auto groups = static_cast<std::uint32_t>(by.dimension->groups);
  const std::span<const std::uint32_t> of_code = by.dimension->of_code;
  const std::uint64_t base = by.codes->base();
  const std::uint64_t* const present =
      by.column->present.empty() ? nullptr : by.column->present.data();
  std::size_t kept = 0;
  by.codes->visit([&](const auto codes) {
    GroupedRow* const into = rows.data();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const GroupedRow from = into[i];
      const std::size_t row = begin + from.row;
      std::uint32_t group = group_at(of_code, base + codes[row]);
      if (present != nullptr) {  // Without a branch: kNoGroup has every bit.
        group |= static_cast<std::uint32_t>((present[row / 64] >> (row % 64) & 1) - 1);
      }
      into[kept] = {from.row, from.group * groups + group};
      kept += group != kNoGroup ? 1 : 0;
    }
  });
  rows.resize(kept);
}

void GroupsOfRun::mark_topics(const Ready& by, RowRange block) {
  about_.resize(std::max(about_.size(), by.topics.size()));
  for (std::size_t t = 0; t < by.topics.size(); ++t) {
    about_[t].assign(block.end - block.begin, 0);
    by.topics[t].second->mark(block, about_[t]);
  }
}

void GroupsOfRun::find_groups(Ready& by, RowRange block, std::size_t row,
                              std::vector<std::uint32_t>& groups) const {
  groups.clear();
  const GroupDimension& dimension = *by.dimension;
  const bool has_value = by.column != nullptr && by.column->has(row);
  if (has_value) {
    if (by.codes != nullptr) {
      add_once(group_at(dimension.of_code, by.codes->at(row)), groups);
    } else if (const auto found = dimension.of_text.find(by.texts->at(row));
               found != dimension.of_text.end()) {
      add_once(found->second, groups);
    }
  }
  if (!dimension.of_customer.empty() || !dimension.members.empty()) {
    const CustomerId speaker = run_.customers[row];
    add_once(group_at(dimension.of_customer, index(speaker)), groups);
    for (const auto& [group, set] : dimension.members) {
      if (set->has(speaker)) add_once(group, groups);
    }
  }
  if (has_value) return;
  for (std::size_t t = 0; t < by.topics.size(); ++t) {
    if (about_[t][row - block.begin] != 0) add_once(by.topics[t].first, groups);
  }
}

}  // namespace grapevine
