#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <absl/status/statusor.h>

#include "api/message.hpp"
#include "api/sql/run.hpp"

namespace grapevine {

/// A query as a request to ClickHouse's HTTP interface states it.
struct HttpQuery {
  sql::QueryRequest query = {};
  bool database_said = false;   ///< Not just the default one.
  std::string format = {};      ///< Where the text has none; never empty.
  std::string session_id = {};  ///< Empty: without a session.
  std::uint64_t session_timeout_s = 60;
  bool session_must_exist = false;    ///< session_check=1
  bool wait_for_end = false;          ///< wait_end_of_query=1: nothing is sent before.
  bool progress_in_headers = false;   ///< send_progress_in_http_headers=1
  bool compress_as_accepted = false;  ///< enable_http_compression=1
  bool compress_always = false;       ///< compress=1
  bool replace_running = false;       ///< replace_running_query=1
};

/// Reads the request: parameters, headers, and the body, which follows the parameter `query` after a
/// line break. A query id is made up where none is given.
///
/// Errors  AuthenticationFailed (516); NotImplemented (48) for `decompress=1`, whose blocks are
///         ClickHouse's own (Content-Encoding will do); those of `read_multipart`; BadArguments (36).
absl::StatusOr<HttpQuery> read_http_query(const Request& request);

/// 16 hexadecimal digits that nobody can foresee an answer to have.
std::string make_exception_tag();

}  // namespace grapevine
