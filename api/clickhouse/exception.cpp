#include "api/clickhouse/exception.hpp"

#include "kernels/query/function.hpp"
#include "kernels/query/query_error.hpp"

namespace grapevine {
namespace {

// So that a frame stays small enough to come in one piece, which a client needs to find its length.
constexpr std::size_t kMessageBytesMax = 16u << 10;

}  // namespace

int http_status_of(const absl::Status& failed) {
  switch (sql::query_error_code(failed)) {
    using enum sql::QueryErrorCode;
    case SyntaxError:
    case BadArguments:
    case TypeMismatch:
    case IncorrectData:
    case DuplicateColumn:
    case IllegalColumn:
    case CannotParseText:
    case CannotParseInputAssertionFailed:
    case CannotParseDate:
    case CannotParseDateTime:
    case CannotParseNumber:
    case BadQueryParameter:
    case UnknownQueryParameter: return 400;
    case UnknownUser:
    case WrongPassword:
    case AccessDenied:
    case AuthenticationFailed: return 403;
    case UnknownTable:
    case UnknownIdentifier:
    case UnknownFunction:
    case UnknownAggregateFunction:
    case UnknownType:
    case UnknownFormat:
    case UnknownDatabase:
    case UnknownSetting:
    case SessionNotFound: return 404;
    case TimeoutExceeded: return 408;
    case NotImplemented: return 501;
    default: return 500;
  }
}

std::string exception_text(const absl::Status& failed) {
  const sql::QueryErrorCode code = sql::query_error_code(failed);
  std::string text = "Code: " + std::to_string(static_cast<int>(code)) + ". DB::Exception: ";
  text.append(failed.message().data(), std::min(failed.message().size(), kMessageBytesMax));
  if (!text.ends_with('.')) text += '.';
  text.append(" (").append(sql::name_of(code)).append(")");
  return text.append(" (version ").append(sql::SessionFacts{}.version).append(")\n");
}

std::string exception_frame(const absl::Status& failed, std::string_view tag) {
  const std::string message = exception_text(failed);
  std::string frame = "\r\n__exception__\r\n";
  frame.append(tag).append("\r\n").append(message);
  frame.append(std::to_string(message.size())).append(" ").append(tag);
  return frame.append("\r\n__exception__\r\n");
}

absl::Status as_timeout(absl::Status failed, const Stop& stop) {
  if (!stop.requested() ||
      sql::query_error_code(failed) != sql::QueryErrorCode::QueryWasCancelled) {
    return failed;
  }
  return sql::query_error(sql::QueryErrorCode::TimeoutExceeded,
                          "Timeout exceeded: the server stopped the query");
}

}  // namespace grapevine
