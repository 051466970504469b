#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace grapevine {

/// The known name that a misspelt one most likely meant: the fewest letters inserted, left out,
/// replaced or swapped with their neighbour, case aside. Empty: none is near (within a third of the
/// letters, rounded up). A family that was left out ("coupon" of "properties.coupon") counts as one
/// letter. Of equally near names the first in byte order.
/// Cost    O(known × length²), for an error message.
std::string_view nearest_name(std::string_view wanted, const std::vector<std::string_view>& known);

/// "no such attribute: agee (did you mean age?)".
std::string no_such(std::string_view what, std::string_view wanted,
                    const std::vector<std::string_view>& known);

}  // namespace grapevine
