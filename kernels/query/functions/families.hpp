#pragma once

#include <span>
#include <string_view>

#include "kernels/query/functions/call.hpp"

namespace grapevine::sql {

// What each family of functions adds to the registry.
std::span<const Definition> arithmetic_functions();
std::span<const Definition> division_functions();
std::span<const Definition> bit_functions();
std::span<const Definition> extremum_functions();
std::span<const Definition> comparison_functions();
std::span<const Definition> logic_functions();
std::span<const Definition> null_functions();
std::span<const Definition> conditional_functions();
std::span<const Definition> cast_functions();
std::span<const Definition> time_conversion_functions();
std::span<const Definition> time_part_functions();
std::span<const Definition> time_rounding_functions();
std::span<const Definition> time_shift_functions();
std::span<const Definition> time_difference_functions();
std::span<const Definition> time_text_functions();
std::span<const Definition> clock_functions();
std::span<const Definition> string_functions();
std::span<const Definition> string_building_functions();
std::span<const Definition> string_search_functions();
std::span<const Definition> string_split_functions();
std::span<const Definition> string_extract_functions();
std::span<const Definition> encoding_functions();
std::span<const Definition> url_functions();
std::span<const Definition> maths_functions();
std::span<const Definition> rounding_functions();
std::span<const Definition> array_functions();
std::span<const Definition> array_set_functions();
std::span<const Definition> array_order_functions();
std::span<const Definition> array_mask_functions();
std::span<const Definition> array_running_functions();
std::span<const Definition> array_group_functions();
std::span<const Definition> tuple_functions();
std::span<const Definition> session_functions();
std::span<const Definition> readable_functions();
std::span<const Definition> json_functions();
std::span<const Definition> simple_json_functions();
std::span<const Definition> hash_functions();
std::span<const Definition> geo_functions();
std::span<const Definition> reinterpret_functions();
std::span<const Definition> time_parsing_functions();

/// Another name of a function.
struct Alias {
  std::string_view name;
  std::string_view to;
};
std::span<const Alias> function_aliases();
/// Names, of functions and aliases, whose case does not count.
std::span<const std::string_view> case_insensitive_names();

}  // namespace grapevine::sql
