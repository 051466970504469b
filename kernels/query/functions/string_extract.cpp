// What a pattern finds in strings.
#include <utility>
#include <vector>

#include "kernels/query/functions/families.hpp"
#include "kernels/query/functions/regex.hpp"
#include "kernels/query/functions/text_kernels.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {
namespace {

// The part of a match that is meant: the first group, or all where there is none.
struct Extraction {
  RegexPtr regex;
  int group = 0;
};

absl::StatusOr<Extraction> extraction(const Call& call) {
  GRAPEVINE_RETURN_IF_ERROR(check_strings(call, 2));
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string pattern, constant_string(call, 1));
  GRAPEVINE_ASSIGN_OR_RETURN(RegexPtr regex, compile_regex(pattern));
  const int group = regex->NumberOfCapturingGroups() > 0 ? 1 : 0;
  return Extraction{std::move(regex), group};
}

absl::StatusOr<Resolved> extract(const Call& call) {
  GRAPEVINE_ASSIGN_OR_RETURN(const Extraction found, extraction(call));
  return part_of_text([found](std::string_view text) -> std::string_view {
    re2::StringPiece groups[2];
    if (!found.regex->Match(piece(text), 0, text.size(), re2::RE2::UNANCHORED, groups, 2))
      return {};
    return view(groups[found.group]);
  });
}

absl::StatusOr<Resolved> extract_all(const Call& call) {
  GRAPEVINE_ASSIGN_OR_RETURN(const Extraction found, extraction(call));
  return list_of_text(0, [found](std::string_view text, TextLists& lists) {
    re2::StringPiece groups[2];
    std::size_t at = 0;
    while (at <= text.size() &&
           found.regex->Match(piece(text), at, text.size(), re2::RE2::UNANCHORED, groups, 2) &&
           !groups[0].empty()) {
      lists.add(view(groups[found.group]));
      const auto end = static_cast<std::size_t>(groups[0].data() - text.data()) + groups[0].size();
      at = end;
    }
  });
}

absl::StatusOr<Resolved> extract_groups(const Call& call) {
  GRAPEVINE_ASSIGN_OR_RETURN(const Extraction found, extraction(call));
  const int count = found.regex->NumberOfCapturingGroups();
  if (count == 0) {
    return query_error(QueryErrorCode::BadArguments,
                       joined({"There are no groups in regexp of function ", call.name}));
  }
  return list_of_text(0, [found, count](std::string_view text, TextLists& lists) {
    std::vector<re2::StringPiece> groups(static_cast<std::size_t>(count) + 1);
    if (!found.regex->Match(piece(text), 0, text.size(), re2::RE2::UNANCHORED, groups.data(),
                            count + 1)) {
      return;
    }
    for (std::size_t i = 1; i < groups.size(); ++i) lists.add(view(groups[i]));
  });
}

absl::StatusOr<Resolved> count_matches(const Call& call) {
  GRAPEVINE_ASSIGN_OR_RETURN(const Extraction found, extraction(call));
  return number_of_text<std::uint64_t>(TypeId::UInt64, [found](std::string_view text) {
    re2::StringPiece whole;
    std::uint64_t count = 0;
    std::size_t at = 0;
    while (at < text.size() &&
           found.regex->Match(piece(text), at, text.size(), re2::RE2::UNANCHORED, &whole, 1)) {
      const auto end = static_cast<std::size_t>(whole.data() - text.data()) + whole.size();
      if (!whole.empty()) ++count;
      at = whole.empty() ? end + 1 : end;
    }
    return count;
  });
}

constexpr Definition kDefinitions[] = {
    {"countMatches", count_matches, 2, 2},
    {"extract", extract, 2, 2},
    {"extractAll", extract_all, 2, 2},
    {"extractGroups", extract_groups, 2, 2},
};

}  // namespace

std::span<const Definition> string_extract_functions() { return kDefinitions; }

}  // namespace grapevine::sql
