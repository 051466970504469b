#include "api/parse/profile_request.hpp"

#include <algorithm>
#include <limits>

#include "api/parse/query_reader.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {

absl::StatusOr<ProfileRequest> parse_profile_request(const Request& request) {
  Mistakes mistakes;
  QueryReader query(request.query, mistakes);
  ProfileRequest profile;
  if (const auto names = query.take_list("attributes")) {
    for (const std::string& name : *names) {
      const auto& known = profile.attributes;
      if (std::find(known.begin(), known.end(), name) == known.end()) {
        profile.attributes.push_back(name);
      }
    }
    if (profile.attributes.empty()) query.wrong("attributes", "wants names of attributes");
    if (profile.attributes.size() > kProfiledMax) {
      query.wrong("attributes", "more than 50 attributes");
    }
  }
  profile.as_of = query.take_as_of().value_or(AsOf{});
  const auto snapshot = query.take_whole("snapshot", 0, std::numeric_limits<std::int64_t>::max());
  if (snapshot) profile.snapshot = static_cast<std::uint64_t>(*snapshot);
  query.refuse_others();
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  return profile;
}

}  // namespace grapevine
