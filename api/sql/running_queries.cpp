#include "api/sql/running_queries.hpp"

#include <chrono>
#include <utility>

#include "api/sql/execute/query_context.hpp"
#include "kernels/query/query_error.hpp"

namespace grapevine::sql {

RunningQueries::Place::~Place() {
  if (list_ == nullptr) return;
  const std::scoped_lock lock(list_->mutex_);
  list_->running_.erase(id_);
}

absl::StatusOr<RunningQueries::Place> RunningQueries::add(const std::string& query_id,
                                                          std::string text,
                                                          std::shared_ptr<QueryContext> context) {
  const std::scoped_lock lock(mutex_);
  const bool added =
      running_.emplace(query_id, Running{std::move(text), std::move(context)}).second;
  if (!added) {
    return query_error(QueryErrorCode::QueryWithSameIdIsAlreadyRunning,
                       "Query with id = " + query_id + " is already running");
  }
  return Place(*this, query_id);
}

std::vector<RunningQueries::Shown> RunningQueries::all() const {
  const std::scoped_lock lock(mutex_);
  std::vector<Shown> shown;
  for (const auto& [id, query] : running_) {
    const QueryContext& context = *query.context;
    const std::chrono::duration<double> elapsed = QueryContext::Clock::now() - context.started;
    shown.push_back({id, context.facts.user, query.text, elapsed.count(),
                     context.progress.read_rows, context.progress.read_bytes,
                     context.progress.total_rows_to_read, context.progress.memory_bytes,
                     context.killed});
  }
  return shown;
}

bool RunningQueries::kill(std::string_view query_id) {
  const std::scoped_lock lock(mutex_);
  const auto found = running_.find(query_id);
  if (found == running_.end()) return false;
  found->second.context->killed.store(true, std::memory_order_relaxed);
  return true;
}

}  // namespace grapevine::sql
