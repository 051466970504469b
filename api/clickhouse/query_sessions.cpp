#include "api/clickhouse/query_sessions.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "api/sql/parse.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

std::string key_of(const HttpQuery& query) { return query.query.user + '\0' + query.session_id; }

// Whether the text begins with one of these words, which most queries do not. Nothing is looked for
// behind comments.
bool begins_with_set_or_use(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  std::string word;
  for (const char c : text.substr(0, 3)) word += static_cast<char>(c | 0x20);
  return word == "set" || word == "use";
}

std::string text_of(const sql::LiteralValue& value) {
  struct Visitor {
    std::string operator()(std::monostate) const { return {}; }
    std::string operator()(bool truth) const { return truth ? "1" : "0"; }
    std::string operator()(std::uint64_t number) const { return std::to_string(number); }
    std::string operator()(std::int64_t number) const { return std::to_string(number); }
    std::string operator()(double number) const {
      std::array<char, 32> digits{};
      const auto end = std::to_chars(digits.begin(), digits.end(), number).ptr;
      return {digits.begin(), end};
    }
    std::string operator()(const std::string& text) const { return text; }
  };
  return std::visit(Visitor{}, value);
}

void set_field(Fields& fields, const std::string& name, std::string value) {
  const auto found = std::ranges::find(fields, name, &Fields::value_type::first);
  if (found != fields.end()) {
    found->second = std::move(value);
  } else {
    fields.emplace_back(name, std::move(value));
  }
}

std::size_t bytes_of(const Fields& fields) {
  std::size_t bytes = 0;
  for (const auto& [name, value] : fields) bytes += name.size() + value.size();
  return bytes;
}

}  // namespace

QuerySessions::Session* QuerySessions::find(const std::string& key, std::int64_t now_ms) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  if (found->second->ends_ms < now_ms) {
    const auto ended = found->second;
    by_key_.erase(found);
    sessions_.erase(ended);
    return nullptr;
  }
  sessions_.splice(sessions_.begin(), sessions_, found->second);
  return &sessions_.front();
}

QuerySessions::Session& QuerySessions::begin(const std::string& key) {
  while (!sessions_.empty() && sessions_.size() >= limits_.sessions_max) {
    by_key_.erase(sessions_.back().key);
    sessions_.pop_back();
  }
  sessions_.emplace_front();
  sessions_.front().key = key;
  by_key_.emplace(sessions_.front().key, sessions_.begin());
  return sessions_.front();
}

absl::Status QuerySessions::join(HttpQuery& query, std::int64_t now_ms) {
  if (query.session_id.empty()) return absl::OkStatus();
  const std::string key = key_of(query);
  const std::lock_guard lock(mutex_);
  Session* session = find(key, now_ms);
  if (session == nullptr) {
    if (query.session_must_exist) {
      return sql::query_error(sql::QueryErrorCode::SessionNotFound, "Session not found");
    }
    session = &begin(key);
  }
  session->ends_ms = now_ms + static_cast<std::int64_t>(query.session_timeout_s) * 1000;
  for (const auto& [name, value] : session->settings) {
    if (find_field(query.query.settings, name) == nullptr) {
      query.query.settings.emplace_back(name, value);
    }
  }
  if (!query.database_said && !session->database.empty()) {
    query.query.database = session->database;
  }
  return absl::OkStatus();
}

absl::Status QuerySessions::note(const HttpQuery& query, std::int64_t now_ms) {
  if (query.session_id.empty() || !begins_with_set_or_use(query.query.text)) {
    return absl::OkStatus();
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const sql::Statement statement,
                             sql::parse_statement(query.query.text));
  const std::lock_guard lock(mutex_);
  Session* session = find(key_of(query), now_ms);
  if (session == nullptr) return absl::OkStatus();  // It ended meanwhile.
  if (statement.kind == sql::Statement::Kind::Use) session->database = statement.database;
  if (statement.kind != sql::Statement::Kind::Set) return absl::OkStatus();
  Fields settings = session->settings;
  for (const sql::Setting& setting : statement.settings) {
    set_field(settings, setting.name, text_of(setting.value));
  }
  if (settings.size() > limits_.settings_max || bytes_of(settings) > limits_.bytes_max) {
    return sql::query_error(sql::QueryErrorCode::BadArguments, "The session has too many settings");
  }
  session->settings = std::move(settings);
  return absl::OkStatus();
}

std::size_t QuerySessions::size() const {
  const std::lock_guard lock(mutex_);
  return sessions_.size();
}

}  // namespace grapevine
