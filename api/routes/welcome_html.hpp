#pragma once

#include <string_view>

namespace grapevine {

/// The page for a browser that was pointed at the server: what it is, and links into it. Built from
/// welcome.html.
std::string_view welcome_html();

}  // namespace grapevine
