#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/frame.hpp"

namespace grapevine::sql {
namespace {

std::string lowered(std::string_view name) {
  std::string lower(name);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return lower;
}

struct Named {
  const Definition* definition = nullptr;
  std::string_view alias_to;  // Empty: it is no alias.
  bool case_insensitive = false;
};

struct Registry {
  std::map<std::string, Named, std::less<>> by_name;
  std::map<std::string, const Definition*, std::less<>> by_lower_name;

  Registry() {
    const std::span<const Definition> families[] = {arithmetic_functions(),
                                                    division_functions(),
                                                    bit_functions(),
                                                    extremum_functions(),
                                                    comparison_functions(),
                                                    logic_functions(),
                                                    null_functions(),
                                                    conditional_functions(),
                                                    cast_functions(),
                                                    time_conversion_functions(),
                                                    time_part_functions(),
                                                    time_rounding_functions(),
                                                    time_shift_functions(),
                                                    time_difference_functions(),
                                                    time_text_functions(),
                                                    clock_functions(),
                                                    string_functions(),
                                                    string_building_functions(),
                                                    string_search_functions(),
                                                    string_split_functions(),
                                                    string_extract_functions(),
                                                    encoding_functions(),
                                                    url_functions(),
                                                    maths_functions(),
                                                    rounding_functions(),
                                                    array_functions(),
                                                    array_set_functions(),
                                                    array_order_functions(),
                                                    array_mask_functions(),
                                                    array_running_functions(),
                                                    array_group_functions(),
                                                    tuple_functions(),
                                                    session_functions(),
                                                    readable_functions(),
                                                    json_functions(),
                                                    simple_json_functions(),
                                                    hash_functions(),
                                                    geo_functions(),
                                                    reinterpret_functions(),
                                                    time_parsing_functions()};
    for (const std::span<const Definition> family : families) {
      for (const Definition& definition : family) {
        by_name[std::string(definition.name)].definition = &definition;
      }
    }
    for (const Alias& alias : function_aliases()) {
      const auto found = by_name.find(alias.to);
      if (found == by_name.end()) continue;
      by_name[std::string(alias.name)] = {found->second.definition, alias.to, false};
    }
    for (const std::string_view name : case_insensitive_names()) {
      const auto found = by_name.find(name);
      if (found == by_name.end()) continue;
      found->second.case_insensitive = true;
      by_lower_name[lowered(name)] = found->second.definition;
    }
  }

  const Definition* find(std::string_view name) const {
    if (const auto found = by_name.find(name); found != by_name.end()) {
      return found->second.definition;
    }
    const auto found = by_lower_name.find(lowered(name));
    return found == by_lower_name.end() ? nullptr : found->second;
  }
};

const Registry& registry() {
  static const Registry& only = *new Registry();
  return only;
}

// Insertions, removals and exchanges of letters that make one name of the other, capitals aside.
std::size_t distance_of(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  for (std::size_t j = 0; j <= right.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= left.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t exchanged = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({exchanged, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[right.size()];
}

absl::Status unknown_function(std::string_view name) {
  std::string message = joined({"Function with name `", name.substr(0, 100), "` does not exist."});
  const std::string lower = lowered(name.substr(0, 100));
  std::size_t nearest = 3;
  std::string_view found;
  for (const auto& [known, named] : registry().by_name) {
    const std::size_t distance = distance_of(lower, lowered(known));
    if (distance < nearest) {
      nearest = distance;
      found = known;
    }
  }
  if (!found.empty()) message += joined({" Maybe you meant: ['", found, "']"});
  return query_error(QueryErrorCode::UnknownFunction, message);
}

}  // namespace

absl::StatusOr<FunctionPtr> make_function(std::string_view name,
                                          std::span<const Argument> arguments,
                                          const SessionFacts& facts) {
  const Definition* definition = registry().find(name);
  if (definition == nullptr) return unknown_function(name);
  return resolve_framed(*definition, Call{definition->name, arguments, facts});
}

bool is_function(std::string_view name) { return registry().find(name) != nullptr; }

std::vector<FunctionInfo> scalar_functions() {
  std::vector<FunctionInfo> functions;
  for (const auto& [name, named] : registry().by_name) {
    functions.push_back({name, false, named.case_insensitive, std::string(named.alias_to)});
  }
  return functions;
}

}  // namespace grapevine::sql
