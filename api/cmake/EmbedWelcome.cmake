# Builds the page for browsers into the api library: routes/welcome.html → welcome_html.cpp.
file(READ routes/welcome.html welcome_html)
file(CONFIGURE OUTPUT welcome_html.cpp @ONLY CONTENT [[
#include "api/routes/welcome_html.hpp"

namespace grapevine {

std::string_view welcome_html() {
  return R"html(@welcome_html@)html";
}

}  // namespace grapevine
]])
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS routes/welcome.html)
target_sources(api PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/welcome_html.cpp)
