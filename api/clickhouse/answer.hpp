#pragma once

#include <chrono>
#include <memory>
#include <string_view>

#include "api/clickhouse/http_query.hpp"
#include "api/message.hpp"
#include "api/sql/run.hpp"

namespace grapevine {

/// What a query answers, with the headers that ClickHouse's clients read. A small answer is in one
/// piece; of a larger one the first piece leaves before the last row is known, and a failure after
/// that ends it with an exception frame.
Response answer_result(std::unique_ptr<sql::QueryAnswer> answer, const HttpQuery& query,
                       std::chrono::steady_clock::time_point started, const Context& context);

/// A failure before the first byte.
Response answer_exception(const absl::Status& failed, std::string_view query_id,
                          const Context& context);

}  // namespace grapevine
