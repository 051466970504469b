#include "api/clickhouse/credentials.hpp"

#include <algorithm>
#include <string_view>

#include "api/collect/base64.hpp"
#include "kernels/query/query_error.hpp"

namespace grapevine {
namespace {

absl::Status refused(std::string_view why) {
  return sql::query_error(sql::QueryErrorCode::AuthenticationFailed,
                          "Invalid authentication: " + std::string(why));
}

bool equal_ignoring_case(std::string_view a, std::string_view lower) {
  return std::ranges::equal(a, lower, [](char x, char y) {
    return (x >= 'A' && x <= 'Z' ? static_cast<char>(x | 0x20) : x) == y;
  });
}

absl::StatusOr<std::string> user_of_authorization(std::string_view header) {
  const std::size_t space = std::min(header.find(' '), header.size());
  const std::string_view scheme = header.substr(0, space);
  if (equal_ignoring_case(scheme, "bearer")) return std::string();
  if (!equal_ignoring_case(scheme, "basic")) {
    return refused("the Authorization scheme must be Basic or Bearer");
  }
  std::string_view digits = header.substr(space);
  digits.remove_prefix(std::min(digits.find_first_not_of(' '), digits.size()));
  const auto pair = from_base64(digits);
  if (!pair) return refused("the credentials of Basic authorization are no base64");
  return pair->substr(0, pair->find(':'));
}

}  // namespace

absl::StatusOr<std::string> user_of(const Request& request) {
  const std::string* authorization = find_field(request.headers, "authorization");
  const std::string* header_user = find_field(request.headers, "x-clickhouse-user");
  const std::string* header_key = find_field(request.headers, "x-clickhouse-key");
  const std::string* user = find_field(request.query, "user");
  const std::string* password = find_field(request.query, "password");
  const int ways = (authorization != nullptr) + (header_user != nullptr || header_key != nullptr) +
                   (user != nullptr || password != nullptr);
  if (ways > 1) {
    return refused(
        "it is not allowed to use Authorization, the headers X-ClickHouse-User and "
        "X-ClickHouse-Key "
        "and the parameters user and password at the same time");
  }
  absl::StatusOr<std::string> name = std::string();
  if (authorization != nullptr) name = user_of_authorization(*authorization);
  if (header_user != nullptr) name = *header_user;
  if (user != nullptr) name = *user;
  if (name.ok() && name->empty()) return std::string("default");
  return name;
}

}  // namespace grapevine
