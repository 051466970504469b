#include "kernels/listen/row_groups_reference.hpp"

#include <string>
#include <utility>
#include <variant>

namespace grapevine {
namespace {

// The groups of one dimension that a row is in.
std::set<std::size_t> groups_of(const Run& run, std::size_t row, const GroupDimension& dimension) {
  std::set<std::size_t> groups;
  const auto add = [&](std::uint32_t group) {
    if (group != kNoGroup) groups.insert(group);
  };
  const RunColumn* column = dimension.column ? run.column(*dimension.column) : nullptr;
  if (column != nullptr && column->has(row)) {
    if (const auto* kept = std::get_if<CodeValues>(&column->values)) {
      const std::uint64_t code = kept->codes.at(row);
      if (code < dimension.of_code.size()) add(dimension.of_code[code]);
    } else if (const auto* texts = std::get_if<TextValues>(&column->values)) {
      const auto found = dimension.of_text.find(std::string(TextReader(*texts).at(row)));
      if (found != dimension.of_text.end()) add(found->second);
    }
  }
  const CustomerId speaker = run.customers[row];
  if (index(speaker) < dimension.of_customer.size()) add(dimension.of_customer[index(speaker)]);
  for (const auto& [group, set] : dimension.members) {
    if (set->has(speaker)) add(group);
  }
  if (column != nullptr && column->has(row)) return groups;
  for (const auto& [group, topic] : dimension.topics) {
    if (const RowList* rows = topic->of(run)) {
      rows->for_each([&, of = group](std::uint32_t about) {
        if (about == row) add(of);
      });
    }
  }
  return groups;
}

}  // namespace

std::set<std::size_t> row_groups_reference(const Run& run, std::size_t row,
                                           std::span<const GroupDimension> dimensions,
                                           std::size_t first, std::size_t last) {
  std::set<std::size_t> product{0};
  for (std::size_t d = first; d < last; ++d) {
    std::set<std::size_t> next;
    for (const std::size_t of : product) {
      for (const std::size_t group : groups_of(run, row, dimensions[d])) {
        next.insert(of * dimensions[d].groups + group);
      }
    }
    product = std::move(next);
  }
  return product;
}

}  // namespace grapevine
