#include "server/cli/demo_data.hpp"

#include <chrono>
#include <iostream>
#include <memory>

#include "api/routes/collect.hpp"
#include "server/demo/generate.hpp"
#include "storage/status_macros.hpp"
#include "storage/store.hpp"

namespace grapevine {
namespace {

using std::chrono::floor;
using std::chrono::milliseconds;

std::int64_t now_ms() {
  return floor<milliseconds>(std::chrono::system_clock::now()).time_since_epoch().count();
}

std::int64_t coming_midnight_ms() {
  using std::chrono::days;
  const auto today = floor<days>(std::chrono::system_clock::now());
  return milliseconds((today + days(1)).time_since_epoch()).count();
}

// One table's import: the lines go where the body of POST /v1/import goes.
absl::StatusOr<std::unique_ptr<BodyReader>> begin_import(const char* table,
                                                         const Context& context) {
  Request request;
  request.method = "POST";
  request.path = "/v1/import";
  request.query = {{"table", table}, {"import_id", std::string("demo-") + table}};
  request.headers = {{"content-type", "application/x-ndjson"}};
  return import_history(request, context);
}

}  // namespace

absl::Status load_demo(const Services& services) {
  if (services.store.snapshot()->rows() > 0) {
    std::cerr << "the data folder has events already: the generated world is not added\n";
    return absl::OkStatus();
  }
  const auto begin = std::chrono::steady_clock::now();
  const Stop stop;
  // The world ends at the coming midnight, which lies ahead: its last hours are taken as they are.
  const Context context{services.store, services.graph, services.results, stop, now_ms()};
  GRAPEVINE_ASSIGN_OR_RETURN(const auto customers, begin_import("customers", context));
  GRAPEVINE_ASSIGN_OR_RETURN(const auto events, begin_import("events", context));
  const WorldSink to_customers = [&](std::string_view lines) { return customers->consume(lines); };
  // Customers come first and are stored first, so that they have the same numbers every time.
  bool customers_stored = false;
  const auto store_customers = [&] {
    if (customers_stored) return absl::OkStatus();
    customers_stored = true;
    return customers->finish().status();
  };
  const WorldSink to_events = [&](std::string_view lines) {
    if (absl::Status stored = store_customers(); !stored.ok()) return stored;
    return events->consume(lines);
  };
  WorldOptions options;
  options.until_ms = coming_midnight_ms();
  GRAPEVINE_RETURN_IF_ERROR(generate_world(options, to_events, &to_customers, nullptr));
  GRAPEVINE_RETURN_IF_ERROR(store_customers());
  GRAPEVINE_RETURN_IF_ERROR(events->finish().status());

  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  const auto snapshot = services.store.snapshot();
  std::cerr << "loaded " << snapshot->rows() << " events of " << snapshot->customers().people()
            << " customers in " << took.count() << " s\n";
  return absl::OkStatus();
}

std::string demo_hints(std::string_view url) {
  const std::string curl = "curl -s " + std::string(url);
  return R"(
Try first:

# Who looks at camping gear again and again, but buys nothing? And which condition costs whom?
)" + curl +
         R"(/v1/segments/preview -d '{"definition": {"all": [{"attribute": "age", "between": [28, 35]}, {"attribute": "hobby", "in": ["camping", "golf"]}, {"event": "Product Viewed", "within": "30d", "where": [{"column": "category", "eq": "camping"}], "count": {"gte": 3}}, {"not": {"event": "Order Completed", "within": "30d"}}]}, "sample": 3}'

# A camping stove is on fire, and people talk. Who of them is heard by most?
)" + curl +
         R"(/v1/segments/stove_talk -X PUT -d '{"definition": {"event": ["Post Created", "Post Shared"], "within": "14d", "where": [{"column": "product_id", "eq": "p0001"}]}}' && )" +
         curl +
         R"('/v1/segments/stove_talk/members?order_by=-influence.pagerank&fields=influence.pagerank,age,region&limit=5'

# Which five people should hear first that it is repaired for free, and how many will they reach?
)" + curl +
         R"(/v1/wom/seeds -d '{"k": 5}'

)";
}

}  // namespace grapevine
