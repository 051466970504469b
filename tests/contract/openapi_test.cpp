// Holds api/openapi.yaml and the code against each other: every operation has a route, every route
// an operation, every error a type that the file lists.

#include <algorithm>
#include <cctype>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "api/error.hpp"
#include "api/openapi_json.hpp"
#include "api/routes.hpp"
#include "server/http/operating.hpp"

namespace grapevine {
namespace {

using Json = nlohmann::json;

const Json& contract() {
  static const Json json = Json::parse(openapi_json());
  return json;
}

std::string operation(std::string_view method, std::string_view path, std::string_view id) {
  return std::string(method) + " " + std::string(path) + " is " + std::string(id);
}

bool is_method(const std::string& name) {
  static const std::set<std::string> kMethods{"get", "put", "post", "delete", "patch"};
  return kMethods.contains(name);
}

std::set<std::string> operations_in_contract() {
  std::set<std::string> operations;
  for (const auto& [path, item] : contract().at("paths").items()) {
    for (const auto& [name, described] : item.items()) {
      if (!is_method(name)) continue;
      std::string method = name;
      std::transform(name.begin(), name.end(), method.begin(),
                     [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
      operations.insert(operation(method, path, described.at("operationId").get<std::string>()));
    }
  }
  return operations;
}

std::set<std::string> operations_in_code() {
  std::set<std::string> operations;
  for (const Route& route : routes()) {
    operations.insert(operation(route.method, route.path, route.operation_id));
  }
  for (const OperatingRoute& route : operating_routes()) {
    operations.insert(operation("GET", route.path, route.operation_id));
  }
  return operations;
}

// Each code up to the last one; shape_of aborts on a number that is none.
std::set<std::string> types_in_code() {
  std::set<std::string> types;
  for (int code = 0; code <= int(ErrorCode::Internal); ++code) {
    types.insert(std::string(shape_of(static_cast<ErrorCode>(code)).type));
  }
  return types;
}

TEST(OpenApi, EveryOperationHasARouteAndEveryRouteAnOperation) {
  EXPECT_THAT(operations_in_code(), testing::ContainerEq(operations_in_contract()));
}

TEST(OpenApi, OperationIdsAreDistinct) {
  std::set<std::string_view> ids;
  for (const Route& route : routes()) {
    EXPECT_TRUE(ids.insert(route.operation_id).second) << route.operation_id;
  }
}

TEST(OpenApi, EveryRouteHasOneHandler) {
  for (const Route& route : routes()) {
    EXPECT_NE(route.handle == nullptr, route.stream == nullptr) << route.operation_id;
  }
}

TEST(OpenApi, ListsEveryProblemType) {
  const Json& problem = contract().at("components").at("schemas").at("Problem");
  const auto listed = problem.at("properties").at("type").at("enum").get<std::set<std::string>>();
  EXPECT_THAT(types_in_code(), testing::ContainerEq(listed));
}

TEST(OpenApi, PathParametersAreDescribed) {
  for (const auto& [path, item] : contract().at("paths").items()) {
    if (path.find('{') == std::string::npos) continue;
    EXPECT_TRUE(item.contains("parameters")) << path;
  }
}

}  // namespace
}  // namespace grapevine
