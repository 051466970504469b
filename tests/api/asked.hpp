#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "api/error.hpp"
#include "api/live/graph_view.hpp"
#include "api/live/webhook_board.hpp"
#include "api/message.hpp"
#include "api/result_cache.hpp"
#include "api/routes.hpp"
#include "storage/store.hpp"
#include "tests/storage/batches.hpp"

namespace grapevine::testing {

/// A store in memory with the routes in front of it, and a clock that stands where a test puts it.
class AskedStore {
 public:
  explicit AskedStore(ResultCacheOptions options = {}, const StoreOptions& store = {})
      : results_(options) {
    auto opened = Store::open(store);
    if (!opened.ok()) throw std::runtime_error("no store");
    store_ = *std::move(opened);
  }

  [[nodiscard]] Store& store() { return *store_; }
  [[nodiscard]] Stop& stop() { return stop_; }
  void set_now(TimeMs now_ms) { now_ms_ = now_ms; }
  void append(BatchOf& batch) {
    if (!store_->append(std::move(batch.batch)).ok()) throw std::runtime_error("not stored");
  }

  /// What a handler is given.
  [[nodiscard]] Context context() {
    return {*store_, graph_, results_, stop_, now_ms_, "UTC", nullptr, &board_};
  }

  /// What a request is answered, failures as the problems that they become.
  Response ask(const std::string& method, const std::string& path, const std::string& body = {},
               Fields query = {}, Fields headers = {}) {
    Request request{method, path, {}, std::move(query), std::move(headers), body, {}};
    const auto route = find_route(request);
    if (!route.ok()) return to_response(route.status());
    const auto answer = (*route)->handle(request, context());
    return answer.ok() ? *answer : to_response(answer.status());
  }

 private:
  std::unique_ptr<Store> store_;
  GraphView graph_;
  ResultCache results_;
  WebhookBoard board_{{}};
  Stop stop_;
  TimeMs now_ms_ = 1'700'000'000'000;
};

}  // namespace grapevine::testing
