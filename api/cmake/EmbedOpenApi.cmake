# Builds the contract into the api library: openapi.yaml → openapi_json.cpp, by a small program of our
# own, because a build needs neither npm nor Python.
find_package(yaml-cpp REQUIRED)
add_executable(openapi_to_json openapi_to_json/main.cpp encode/json_writer.cpp
                               ${PROJECT_SOURCE_DIR}/storage/date_time.cpp)
target_include_directories(openapi_to_json PRIVATE ${PROJECT_SOURCE_DIR})
target_link_libraries(openapi_to_json PRIVATE yaml-cpp fmt::fmt)

set(openapi_source ${CMAKE_CURRENT_BINARY_DIR}/openapi_json.cpp)
add_custom_command(
  OUTPUT ${openapi_source}
  COMMAND openapi_to_json ${CMAKE_CURRENT_SOURCE_DIR}/openapi.yaml ${openapi_source}
  DEPENDS openapi_to_json openapi.yaml
  VERBATIM)
target_sources(api PRIVATE ${openapi_source})
