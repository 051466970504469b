#include "bench/segments/world.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "api/execute/segment_executor.hpp"
#include "api/parse/json_reader.hpp"
#include "api/parse/parse_definition.hpp"
#include "api/plan/segment_planner.hpp"
#include "api/result_cache.hpp"
#include "api/routes/collect.hpp"
#include "server/demo/generate.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::bench {
namespace {

[[noreturn]] void fail(std::string_view what) {
  std::fprintf(stderr, "segments_suite: %.*s\n", static_cast<int>(what.size()), what.data());
  std::exit(1);
}

absl::StatusOr<std::unique_ptr<BodyReader>> begin_import(const char* table,
                                                         const Context& context) {
  Request request;
  request.method = "POST";
  request.path = "/v1/import";
  request.query = {{"table", table}, {"import_id", std::string("bench-") + table}};
  request.headers = {{"content-type", "application/x-ndjson"}};
  return import_history(request, context);
}

// Until small parts are merged and weeks are tidy: nothing changed for a while.
void wait_until_tidy(const Store& store) {
  for (int quiet = 0, parts = -1; quiet < 10; ++quiet) {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    const int now = static_cast<int>(store.facts().parts);
    if (now != parts) quiet = 0;
    parts = now;
  }
}

}  // namespace

absl::Status make_world(const std::string& folder, const WorldSize& size) {
  StoreOptions options;
  options.folder = folder;
  GRAPEVINE_ASSIGN_OR_RETURN(const std::unique_ptr<Store> store, Store::open(options));
  if (store->snapshot()->rows() > 0) return absl::AlreadyExistsError("the folder has data");
  GraphView graph;
  ResultCache results;
  const Stop stop;
  const Context context{*store, graph, results, stop, kUntil};
  GRAPEVINE_ASSIGN_OR_RETURN(const auto customers, begin_import("customers", context));
  GRAPEVINE_ASSIGN_OR_RETURN(const auto events, begin_import("events", context));
  const WorldSink to_customers = [&](std::string_view lines) { return customers->consume(lines); };
  bool customers_stored = false;
  const WorldSink to_events = [&](std::string_view lines) {
    if (!customers_stored) {
      customers_stored = true;
      GRAPEVINE_RETURN_IF_ERROR(customers->finish().status());
    }
    return events->consume(lines);
  };
  WorldOptions world;
  world.customers = size.customers;
  world.events = size.events;
  world.until_ms = kUntil;
  world.sentiment = true;
  GRAPEVINE_RETURN_IF_ERROR(generate_world(world, to_events, &to_customers, nullptr));
  GRAPEVINE_RETURN_IF_ERROR(events->finish().status());
  wait_until_tidy(*store);
  return store->checkpoint();
}

World::World(const std::string& folder) {
  StoreOptions options;
  options.folder = folder;
  auto opened = Store::open(options);
  if (!opened.ok()) fail(opened.status().ToString());
  store_ = *std::move(opened);
  wait_until_tidy(*store_);
  snapshot_ = store_->snapshot();
  if (snapshot_->rows() == 0) fail("no such world");
}

CustomerSet World::members(std::string_view definition) const {
  const auto json = read_json(definition);
  if (!json.ok()) fail(json.status().ToString());
  Mistakes mistakes;
  const auto condition = parse_definition(*json, "", mistakes);
  SegmentPlanner planner(*snapshot_, {kUntil, "UTC"}, mistakes);
  const Plan plan = condition ? planner.plan(*condition) : nullptr;
  if (!mistakes.empty()) fail(mistakes.status().ToString());
  auto found = SegmentExecutor({*snapshot_, kUntil, graph_, stop_}).evaluate(plan);
  if (!found.ok()) fail(found.status().ToString());
  return *std::move(found);
}

EventSelection World::events(const std::vector<std::string_view>& names, TimeMs from,
                             TimeMs to) const {
  EventSelection selection;
  for (const std::string_view name : names) selection.events.push_back(snapshot_->find_event(name));
  selection.from = from;
  selection.to = to;
  return selection;
}

EventSelection World::events_but(const std::vector<std::string_view>& names) const {
  std::vector<std::string_view> others;
  for (std::uint32_t i = 0; i < snapshot_->event_counts().size(); ++i) {
    const std::string_view name = snapshot_->event_names().at(i);
    if (std::find(names.begin(), names.end(), name) == names.end()) others.push_back(name);
  }
  return events(others);
}

EventSelection World::mentions() const {
  return events({"Post Created", "Post Shared", "Post Replied", "Customer Mentioned",
                 "Product Reviewed", "Ticket Opened"});
}

ColumnId World::column(std::string_view name) const {
  ColumnId id{};
  if (snapshot_->find_column(name, id) == nullptr) fail(name);
  return id;
}

std::string_view World::text(ColumnId column, std::uint32_t code) const {
  return snapshot_->columns()[index(column)].dictionary->at(code);
}

}  // namespace grapevine::bench
