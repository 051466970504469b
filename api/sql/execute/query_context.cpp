#include "api/sql/execute/query_context.hpp"

#include <charconv>
#include <cmath>

#include <absl/time/time.h>

#include "kernels/query/query_error.hpp"

namespace grapevine::sql {
namespace {

absl::Status bad_setting(const std::string& name, const std::string& value,
                         std::string_view wanted) {
  return query_error(QueryErrorCode::BadArguments,
                     "setting " + name + " = '" + value + "': it must be " + std::string(wanted));
}

template <typename Number>
absl::Status read_number(const std::string& name, const std::string& value, Number& number) {
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc{} || end != value.data() + value.size() ||
      !std::isfinite(static_cast<double>(number)) || number < 0) {
    return bad_setting(name, value, "a number that is not below 0");
  }
  return absl::OkStatus();
}

absl::Status read_bool(const std::string& name, const std::string& value, bool& truth) {
  if (value != "0" && value != "1" && value != "true" && value != "false") {
    return bad_setting(name, value, "0 or 1");
  }
  truth = value == "1" || value == "true";
  return absl::OkStatus();
}

absl::Status read_setting(const std::string& name, const std::string& value,
                          QuerySettings& settings) {
  if (name == "join_use_nulls") return read_bool(name, value, settings.join_use_nulls);
  if (name == "max_result_rows") return read_number(name, value, settings.max_result_rows);
  if (name == "max_execution_time") return read_number(name, value, settings.max_execution_time_s);
  if (name == "max_memory_usage") return read_number(name, value, settings.max_memory_usage);
  if (name == "limit") return read_number(name, value, settings.limit);
  if (name == "offset") return read_number(name, value, settings.offset);
  if (name == "result_overflow_mode") {
    if (value != "throw" && value != "break") return bad_setting(name, value, "throw or break");
    settings.result_overflow_break = value == "break";
  } else if (name == "readonly") {
    if (value != "0" && value != "1" && value != "2") return bad_setting(name, value, "0, 1 or 2");
    settings.read_only = value != "0";
  } else if (name == "session_timezone") {
    absl::TimeZone zone;
    if (!value.empty() && !absl::LoadTimeZone(value, &zone)) {
      return bad_setting(name, value, "the name of a time zone, such as Europe/Berlin");
    }
    settings.session_timezone = value;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<QuerySettings> read_settings(const Fields& settings) {
  QuerySettings read;
  for (const auto& [name, value] : settings) {
    if (absl::Status status = read_setting(name, value, read); !status.ok()) return status;
  }
  if (read.max_memory_usage == 0 || read.max_memory_usage > QuerySettings::kMemoryMax) {
    read.max_memory_usage = QuerySettings::kMemoryMax;
  }
  return read;
}

QueryContext::QueryContext(const Context& services, std::shared_ptr<const Snapshot> newest,
                           QuerySettings query_settings, SessionFacts session)
    : api(services),
      snapshot(std::move(newest)),
      settings(std::move(query_settings)),
      facts(std::move(session)),
      memory(settings.max_memory_usage, &progress.memory_bytes),
      pools(snapshot) {}

absl::Status QueryContext::check() const {
  if (killed.load(std::memory_order_relaxed)) {
    return query_error(QueryErrorCode::QueryWasCancelled, "Query was cancelled");
  }
  if (api.stop.requested()) {
    return query_error(QueryErrorCode::TimeoutExceeded,
                       "Timeout exceeded, or the client hung up: the query was stopped");
  }
  if (settings.max_execution_time_s > 0) {
    const std::chrono::duration<double> elapsed = Clock::now() - started;
    if (elapsed.count() > settings.max_execution_time_s) {
      return query_error(QueryErrorCode::TimeoutExceeded,
                         "Timeout exceeded: elapsed " + std::to_string(elapsed.count()) +
                             " seconds, maximum: " + std::to_string(settings.max_execution_time_s));
    }
  }
  return absl::OkStatus();
}

}  // namespace grapevine::sql
