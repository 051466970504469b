#include "kernels/query/query_error.hpp"

#include <charconv>
#include <string>

#include <absl/strings/cord.h>

namespace grapevine::sql {
namespace {

constexpr std::string_view kPayloadUrl = "grapevine/query-error-code";

absl::string_view payload_url() { return {kPayloadUrl.data(), kPayloadUrl.size()}; }

absl::StatusCode absl_code_of(QueryErrorCode code) {
  switch (code) {
    case QueryErrorCode::TimeoutExceeded: return absl::StatusCode::kDeadlineExceeded;
    case QueryErrorCode::QueryWasCancelled: return absl::StatusCode::kCancelled;
    case QueryErrorCode::MemoryLimitExceeded:
    case QueryErrorCode::TooManyRows:
    case QueryErrorCode::TooManyRowsOrBytes: return absl::StatusCode::kResourceExhausted;
    case QueryErrorCode::NotImplemented: return absl::StatusCode::kUnimplemented;
    case QueryErrorCode::LogicalError: return absl::StatusCode::kInternal;
    case QueryErrorCode::ReadOnly:
    case QueryErrorCode::AccessDenied: return absl::StatusCode::kPermissionDenied;
    case QueryErrorCode::UnknownUser:
    case QueryErrorCode::WrongPassword:
    case QueryErrorCode::AuthenticationFailed: return absl::StatusCode::kUnauthenticated;
    default: return absl::StatusCode::kInvalidArgument;
  }
}

}  // namespace

std::string_view name_of(QueryErrorCode code) {
  switch (code) {  // No default, so that the compiler points here when a code is added.
    using enum QueryErrorCode;
    case UnsupportedMethod: return "UNSUPPORTED_METHOD";
    case CannotParseText: return "CANNOT_PARSE_TEXT";
    case NumberOfColumnsDoesntMatch: return "NUMBER_OF_COLUMNS_DOESNT_MATCH";
    case TooFewArgumentsForFunction: return "TOO_FEW_ARGUMENTS_FOR_FUNCTION";
    case IncorrectElementOfSet: return "INCORRECT_ELEMENT_OF_SET";
    case SizesOfColumnsDontMatch: return "SIZES_OF_COLUMNS_DOESNT_MATCH";
    case NoSuchColumnInTable: return "NO_SUCH_COLUMN_IN_TABLE";
    case NotFoundColumnInBlock: return "NOT_FOUND_COLUMN_IN_BLOCK";
    case DuplicateColumn: return "DUPLICATE_COLUMN";
    case IllegalColumn: return "ILLEGAL_COLUMN";
    case UnknownFunction: return "UNKNOWN_FUNCTION";
    case CannotParseInputAssertionFailed: return "CANNOT_PARSE_INPUT_ASSERTION_FAILED";
    case AttemptToReadAfterEof: return "ATTEMPT_TO_READ_AFTER_EOF";
    case CannotReadArrayFromText: return "CANNOT_READ_ARRAY_FROM_TEXT";
    case FunctionThrowIfValueIsNonZero: return "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO";
    case CannotParseQuotedString: return "CANNOT_PARSE_QUOTED_STRING";
    case UnexpectedDataAfterParsedValue: return "UNEXPECTED_DATA_AFTER_PARSED_VALUE";
    case CannotParseEscapeSequence: return "CANNOT_PARSE_ESCAPE_SEQUENCE";
    case TooLargeStringSize: return "TOO_LARGE_STRING_SIZE";
    case IndexOfPositionalArgumentIsOutOfRange:
      return "INDEX_OF_POSITIONAL_ARGUMENT_IS_OUT_OF_RANGE";
    case CannotCompileRegexp: return "CANNOT_COMPILE_REGEXP";
    case TooLargeArraySize: return "TOO_LARGE_ARRAY_SIZE";
    case SizesOfArraysDontMatch: return "SIZES_OF_ARRAYS_DONT_MATCH";
    case ZeroArrayOrTupleIndex: return "ZERO_ARRAY_OR_TUPLE_INDEX";
    case CannotParseBool: return "CANNOT_PARSE_BOOL";
    case CannotParseDate: return "CANNOT_PARSE_DATE";
    case CannotParseDateTime: return "CANNOT_PARSE_DATETIME";
    case CannotParseNumber: return "CANNOT_PARSE_NUMBER";
    case BadArguments: return "BAD_ARGUMENTS";
    case NumberOfArgumentsDoesntMatch: return "NUMBER_OF_ARGUMENTS_DOESNT_MATCH";
    case IllegalTypeOfArgument: return "ILLEGAL_TYPE_OF_ARGUMENT";
    case UnknownIdentifier: return "UNKNOWN_IDENTIFIER";
    case NotImplemented: return "NOT_IMPLEMENTED";
    case LogicalError: return "LOGICAL_ERROR";
    case UnknownType: return "UNKNOWN_TYPE";
    case TypeMismatch: return "TYPE_MISMATCH";
    case UnknownTable: return "UNKNOWN_TABLE";
    case SyntaxError: return "SYNTAX_ERROR";
    case UnknownAggregateFunction: return "UNKNOWN_AGGREGATE_FUNCTION";
    case ArgumentOutOfBound: return "ARGUMENT_OUT_OF_BOUND";
    case CannotConvertType: return "CANNOT_CONVERT_TYPE";
    case UnknownFormat: return "UNKNOWN_FORMAT";
    case UnknownDatabase: return "UNKNOWN_DATABASE";
    case UnknownSetting: return "UNKNOWN_SETTING";
    case IncorrectData: return "INCORRECT_DATA";
    case IllegalDivision: return "ILLEGAL_DIVISION";
    case TimeoutExceeded: return "TIMEOUT_EXCEEDED";
    case TooManyRows: return "TOO_MANY_ROWS";
    case TooDeepRecursion: return "TOO_DEEP_RECURSION";
    case ReadOnly: return "READONLY";
    case NotAnAggregate: return "NOT_AN_AGGREGATE";
    case IllegalAggregation: return "ILLEGAL_AGGREGATION";
    case QueryWithSameIdIsAlreadyRunning: return "QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING";
    case MultipleExpressionsForAlias: return "MULTIPLE_EXPRESSIONS_FOR_ALIAS";
    case UnknownUser: return "UNKNOWN_USER";
    case WrongPassword: return "WRONG_PASSWORD";
    case AmbiguousIdentifier: return "AMBIGUOUS_IDENTIFIER";
    case SamplingNotSupported: return "SAMPLING_NOT_SUPPORTED";
    case UnionAllResultStructuresMismatch: return "UNION_ALL_RESULT_STRUCTURES_MISMATCH";
    case IllegalTypeOfColumnForFilter: return "ILLEGAL_TYPE_OF_COLUMN_FOR_FILTER";
    case InvalidLimitExpression: return "INVALID_LIMIT_EXPRESSION";
    case AmbiguousColumnName: return "AMBIGUOUS_COLUMN_NAME";
    case DecimalOverflow: return "DECIMAL_OVERFLOW";
    case MemoryLimitExceeded: return "MEMORY_LIMIT_EXCEEDED";
    case ScalarSubqueryReturnedMoreThanOneRow: return "INCORRECT_RESULT_OF_SCALAR_SUBQUERY";
    case InvalidJoinOnExpression: return "INVALID_JOIN_ON_EXPRESSION";
    case UnknownQueryParameter: return "UNKNOWN_QUERY_PARAMETER";
    case BadQueryParameter: return "BAD_QUERY_PARAMETER";
    case NoCommonType: return "NO_COMMON_TYPE";
    case QueryWasCancelled: return "QUERY_WAS_CANCELLED";
    case TooSlow: return "TOO_SLOW";
    case ParameterOutOfBound: return "PARAMETER_OUT_OF_BOUND";
    case AggregateFunctionDoesntAllowParameters:
      return "AGGREGATE_FUNCTION_DOESNT_ALLOW_PARAMETERS";
    case TooManyRowsOrBytes: return "TOO_MANY_ROWS_OR_BYTES";
    case AccessDenied: return "ACCESS_DENIED";
    case CannotInsertNullInOrdinaryColumn: return "CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN";
    case ExpectedAllOrDistinct: return "EXPECTED_ALL_OR_DISTINCT";
    case SessionNotFound: return "SESSION_NOT_FOUND";
    case AuthenticationFailed: return "AUTHENTICATION_FAILED";
  }
  return "UNKNOWN_EXCEPTION";
}

absl::Status query_error(QueryErrorCode code, std::string_view message) {
  absl::Status failed(absl_code_of(code), {message.data(), message.size()});
  failed.SetPayload(payload_url(), absl::Cord(std::to_string(static_cast<int>(code))));
  return failed;
}

QueryErrorCode query_error_code(const absl::Status& failed) {
  if (const auto payload = failed.GetPayload(payload_url())) {
    const std::string text(*payload);
    int code = 0;
    std::from_chars(text.data(), text.data() + text.size(), code);
    return static_cast<QueryErrorCode>(code);
  }
  switch (failed.code()) {
    case absl::StatusCode::kCancelled: return QueryErrorCode::QueryWasCancelled;
    case absl::StatusCode::kDeadlineExceeded: return QueryErrorCode::TimeoutExceeded;
    case absl::StatusCode::kResourceExhausted: return QueryErrorCode::MemoryLimitExceeded;
    case absl::StatusCode::kUnimplemented: return QueryErrorCode::NotImplemented;
    case absl::StatusCode::kPermissionDenied: return QueryErrorCode::AccessDenied;
    case absl::StatusCode::kUnauthenticated: return QueryErrorCode::AuthenticationFailed;
    case absl::StatusCode::kInvalidArgument: return QueryErrorCode::BadArguments;
    case absl::StatusCode::kOutOfRange: return QueryErrorCode::ArgumentOutOfBound;
    default: return QueryErrorCode::LogicalError;
  }
}

}  // namespace grapevine::sql
