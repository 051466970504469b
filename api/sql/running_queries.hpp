#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "api/sql/run.hpp"

namespace grapevine::sql {

struct QueryContext;

/// The queries that are being answered: what system.processes shows and KILL QUERY ends. Thread-safe.
class RunningQueries {
 public:
  /// A query as it stands now.
  struct Shown {
    std::string query_id;
    std::string user;
    std::string text;
    double elapsed_s = 0;
    std::uint64_t read_rows = 0;
    std::uint64_t read_bytes = 0;
    std::uint64_t total_rows = 0;
    std::uint64_t memory_bytes = 0;
    bool killed = false;
  };

  /// A query's place in the list, which it leaves when this goes.
  class Place {
   public:
    Place(RunningQueries& list, std::string query_id) : list_(&list), id_(std::move(query_id)) {}
    Place(Place&& other) noexcept : list_(std::exchange(other.list_, nullptr)), id_(other.id_) {}
    Place& operator=(Place&&) = delete;
    ~Place();

   private:
    RunningQueries* list_;
    std::string id_;
  };

  /// Lists a query. `context` outlives the place.
  /// Errors  QueryWithSameIdIsAlreadyRunning (216).
  absl::StatusOr<Place> add(const std::string& query_id, std::string text,
                            std::shared_ptr<QueryContext> context);

  [[nodiscard]] std::vector<Shown> all() const;
  /// Asks it to end soon; false: there is none of that id.
  bool kill(std::string_view query_id);

 private:
  struct Running {
    std::string text;
    std::shared_ptr<QueryContext> context;
  };
  mutable std::mutex mutex_;
  std::map<std::string, Running, std::less<>> running_;
};

}  // namespace grapevine::sql
