#include "api/clickhouse/http_query.hpp"

#include <array>
#include <charconv>
#include <random>
#include <string_view>
#include <utility>

#include "api/clickhouse/credentials.hpp"
#include "api/clickhouse/multipart.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kQueryIdBytesMax = 512;
constexpr std::size_t kSessionIdBytesMax = 256;
constexpr std::uint64_t kSessionTimeoutMax_s = 3600;

absl::Status wrong(std::string_view what) {
  return sql::query_error(sql::QueryErrorCode::BadArguments, what);
}

// Random words of a thread's own. Not for secrets.
std::uint64_t random_word() {
  thread_local std::mt19937_64 words = [] {
    std::random_device device;
    std::seed_seq seeds{device(), device(), device(), device()};
    return std::mt19937_64(seeds);
  }();
  return words();
}

void append_hex(std::string& text, std::uint64_t word, int digits) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  for (int i = digits - 1; i >= 0; --i) text += kDigits[(word >> (4 * i)) & 15];
}

// A UUID of version 4, as ClickHouse makes them.
std::string make_query_id() {
  const std::uint64_t high = (random_word() & ~0xF000ULL) | 0x4000ULL;
  const std::uint64_t low = (random_word() & ~(3ULL << 62)) | (2ULL << 62);
  std::string id;
  id.reserve(36);
  append_hex(id, high >> 32, 8);
  id += '-';
  append_hex(id, high >> 16, 4);
  id += '-';
  append_hex(id, high, 4);
  id += '-';
  append_hex(id, low >> 48, 4);
  id += '-';
  append_hex(id, low, 12);
  return id;
}

bool is_true(std::string_view value) { return value == "1" || value == "true"; }

// What of the parameters is no setting of the engine, and says nothing here.
bool is_passed_over(std::string_view name) {
  constexpr std::array<std::string_view, 7> kNames = {
      "user", "password", "quota_key", "buffer_size", "stacktrace", "role", "http_method"};
  for (const std::string_view passed_over : kNames) {
    if (name == passed_over) return true;
  }
  return false;
}

absl::Status read_parameter(const std::string& name, const std::string& value, HttpQuery& read) {
  sql::QueryRequest& query = read.query;
  if (name == "query") {
    query.text = value;
  } else if (name.starts_with("param_")) {
    query.parameters.emplace_back(name.substr(6), value);
  } else if (name == "database") {
    query.database = value;
    read.database_said = !value.empty();
  } else if (name == "default_format") {
    read.format = value;
  } else if (name == "query_id") {
    query.query_id = value;
  } else if (name == "session_id") {
    read.session_id = value;
  } else if (name == "session_timeout") {
    const auto end = value.data() + value.size();
    const auto parsed = std::from_chars(value.data(), end, read.session_timeout_s);
    if (parsed.ec != std::errc() || parsed.ptr != end ||
        read.session_timeout_s > kSessionTimeoutMax_s) {
      return wrong("session_timeout must be a number of seconds up to " +
                   std::to_string(kSessionTimeoutMax_s));
    }
  } else if (name == "session_check") {
    read.session_must_exist = is_true(value);
  } else if (name == "wait_end_of_query") {
    read.wait_for_end = is_true(value);
  } else if (name == "send_progress_in_http_headers") {
    read.progress_in_headers = is_true(value);
  } else if (name == "enable_http_compression") {
    read.compress_as_accepted = is_true(value);
  } else if (name == "compress") {
    read.compress_always = is_true(value);
  } else if (name == "decompress") {
    if (is_true(value)) {
      return sql::query_error(
          sql::QueryErrorCode::NotImplemented,
          "decompress=1 is not supported: use Content-Encoding gzip, zstd or lz4");
    }
  } else if (name == "replace_running_query") {
    read.replace_running = is_true(value);
  } else if (!is_passed_over(name)) {
    query.settings.emplace_back(name, value);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<HttpQuery> read_http_query(const Request& request) {
  HttpQuery read;
  for (const auto& [name, value] : request.query) {
    if (absl::Status done = read_parameter(name, value, read); !done.ok()) return done;
  }
  const std::string* content_type = find_field(request.headers, "content-type");
  if (content_type != nullptr && is_multipart(*content_type)) {
    GRAPEVINE_ASSIGN_OR_RETURN(const Fields form, read_multipart(*content_type, request.body));
    for (const auto& [name, value] : form) {
      if (absl::Status done = read_parameter(name, value, read); !done.ok()) return done;
    }
  } else if (read.query.text.empty()) {
    read.query.text = request.body;
  } else if (!request.body.empty()) {
    read.query.text.append("\n").append(request.body);
  }

  if (const auto* header = find_field(request.headers, "x-clickhouse-format")) {
    read.format = *header;
  }
  if (read.format.empty()) read.format = "TabSeparated";
  const auto* database = find_field(request.headers, "x-clickhouse-database");
  if (database != nullptr && !read.database_said) {
    read.query.database = *database;
    read.database_said = !database->empty();
  }
  if (!read.database_said) read.query.database = "default";

  const auto* id = find_field(request.headers, "x-clickhouse-query-id");
  if (read.query.query_id.empty() && id != nullptr) read.query.query_id = *id;
  if (read.query.query_id.empty()) read.query.query_id = make_query_id();
  if (read.query.query_id.size() > kQueryIdBytesMax) {
    return wrong("query_id must not be longer than " + std::to_string(kQueryIdBytesMax) + " bytes");
  }
  if (read.session_id.size() > kSessionIdBytesMax) {
    return wrong("session_id must not be longer than " + std::to_string(kSessionIdBytesMax) +
                 " bytes");
  }
  read.query.read_only = request.method != "POST";
  GRAPEVINE_ASSIGN_OR_RETURN(read.query.user, user_of(request));
  return read;
}

std::string make_exception_tag() {
  std::string tag;
  append_hex(tag, random_word(), 16);
  return tag;
}

}  // namespace grapevine
