#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace grapevine {

/// The known name that a misspelt one most likely meant: the fewest letters inserted, left out,
/// replaced or swapped with their neighbour, case aside. Empty: none is near (within a third of the
/// letters, rounded up). A family that was left out ("coupon" of "properties.coupon") counts as one
/// letter. Of equally near names the first in byte order. Where none is near, the shortest that begins or
/// ends with the wanted one as a word ("Seoul": "Asia/Seoul").
/// Cost    O(known × length²), for an error message.
std::string_view nearest_name(std::string_view wanted, const std::vector<std::string_view>& known);

/// "no such attribute: agee (did you mean age?)".
std::string no_such(std::string_view what, std::string_view wanted,
                    const std::vector<std::string_view>& known);

/// The same, and all that there are: "no such mood: angry; it is one of positive, neutral". For a few.
std::string no_such_of(std::string_view what, std::string_view wanted,
                       const std::vector<std::string_view>& known);

}  // namespace grapevine
