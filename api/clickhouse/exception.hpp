#pragma once

#include <string>
#include <string_view>

#include <absl/status/status.h>

#include "api/message.hpp"

namespace grapevine {

/// The HTTP status that ClickHouse answers with where a query failed: clients retry by it.
int http_status_of(const absl::Status& failed);

/// "Code: 60. DB::Exception: ... (UNKNOWN_TABLE) (version 25.8.1.1)" and a line break: clients take code and
/// name out of it.
std::string exception_text(const absl::Status& failed);

/// What ends an answer that had begun before its query failed, so that nobody takes it for whole.
/// `tag`: the one of the answer's header X-ClickHouse-Exception-Tag.
std::string exception_frame(const absl::Status& failed, std::string_view tag);

/// A query's failure that shows, where the Stop fired because of the server's deadline, that the time
/// ran out rather than that somebody cancelled.
absl::Status as_timeout(absl::Status failed, const Stop& stop);

}  // namespace grapevine
