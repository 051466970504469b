#include "api/encode/query_problem.hpp"

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "api/encode/json_writer.hpp"
#include "api/error.hpp"
#include "kernels/query/query_error.hpp"

namespace grapevine {
namespace {

ErrorCode error_code(sql::QueryErrorCode code) {
  switch (code) {
    case sql::QueryErrorCode::TimeoutExceeded:
    case sql::QueryErrorCode::QueryWasCancelled: return ErrorCode::Timeout;
    case sql::QueryErrorCode::LogicalError: return ErrorCode::Internal;
    default: return ErrorCode::Unprocessable;
  }
}

std::string_view pointer_of(sql::QueryErrorCode code) {
  switch (code) {
    case sql::QueryErrorCode::UnknownFormat: return "/format";
    case sql::QueryErrorCode::UnknownQueryParameter:
    case sql::QueryErrorCode::BadQueryParameter: return "/parameters";
    default: return "/query";
  }
}

// The number behind a word, where the text begins with both.
std::optional<std::uint64_t> take_number(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return std::nullopt;
  std::uint64_t number = 0;
  const auto read = std::from_chars(text.data() + word.size(), text.data() + text.size(), number);
  if (read.ec != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
  return number;
}

// "(line 2, col 7)", as the parser tells where it stopped.
void write_position(JsonWriter& json, std::string_view message) {
  const std::size_t at = message.find("(line ");
  if (at == std::string_view::npos) return;
  std::string_view rest = message.substr(at + 1);
  const auto line = take_number(rest, "line ");
  const auto column = take_number(rest, ", col ");
  if (!line || !column) return;
  json.member("line", *line);
  json.member("column", *column);
}

}  // namespace

absl::Status query_problem(const absl::Status& failed) {
  const sql::QueryErrorCode code = sql::query_error_code(failed);
  const std::string message(failed.message());
  JsonWriter json;
  json.begin_object();
  json.member("code", static_cast<int>(code));
  json.member("name", sql::name_of(code));
  write_position(json, message);
  json.end_object();
  std::vector<FieldError> errors;
  if (error_code(code) == ErrorCode::Unprocessable) {
    errors.push_back({std::string(pointer_of(code)), message});
  }
  return with_members(problem(error_code(code), message, std::move(errors)),
                      std::move(json).take());
}

}  // namespace grapevine
