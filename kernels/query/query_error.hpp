#pragma once

#include <string_view>

#include <absl/status/status.h>

namespace grapevine::sql {

/// What went wrong with a query, by ClickHouse's numbers: clients match on them.
enum class QueryErrorCode : int {
  UnsupportedMethod = 1,
  CannotParseText = 6,
  NumberOfColumnsDoesntMatch = 20,
  SizesOfColumnsDontMatch = 9,
  NoSuchColumnInTable = 16,
  NotFoundColumnInBlock = 10,
  DuplicateColumn = 15,
  IllegalColumn = 44,
  UnknownFunction = 46,
  CannotParseInputAssertionFailed = 27,
  AttemptToReadAfterEof = 32,
  CannotParseDate = 38,
  CannotParseDateTime = 41,
  CannotParseNumber = 72,
  BadArguments = 36,
  NumberOfArgumentsDoesntMatch = 42,
  IllegalTypeOfArgument = 43,
  UnknownIdentifier = 47,
  NotImplemented = 48,
  LogicalError = 49,
  UnknownType = 50,
  TypeMismatch = 53,
  UnknownTable = 60,
  SyntaxError = 62,
  UnknownAggregateFunction = 63,
  ArgumentOutOfBound = 69,
  CannotConvertType = 70,
  UnknownFormat = 73,
  UnknownDatabase = 81,
  UnknownSetting = 115,
  IncorrectData = 117,
  IllegalDivision = 153,
  TimeoutExceeded = 159,
  TooManyRows = 158,
  TooDeepRecursion = 306,
  ReadOnly = 164,
  NotAnAggregate = 215,
  IllegalAggregation = 184,
  QueryWithSameIdIsAlreadyRunning = 216,
  MultipleExpressionsForAlias = 179,
  UnknownUser = 192,
  WrongPassword = 193,
  AmbiguousIdentifier = 207,
  UnionAllResultStructuresMismatch = 258,
  SamplingNotSupported = 141,
  IllegalTypeOfColumnForFilter = 59,
  InvalidLimitExpression = 440,
  AmbiguousColumnName = 352,
  DecimalOverflow = 407,
  MemoryLimitExceeded = 241,
  ScalarSubqueryReturnedMoreThanOneRow = 125,
  InvalidJoinOnExpression = 403,
  UnknownQueryParameter = 456,
  BadQueryParameter = 457,
  NoCommonType = 386,
  QueryWasCancelled = 394,
  TooManyRowsOrBytes = 396,
  AccessDenied = 497,
  CannotInsertNullInOrdinaryColumn = 349,
  SessionNotFound = 372,
  CannotReadArrayFromText = 130,
  FunctionThrowIfValueIsNonZero = 395,
  CannotParseBool = 467,
  CannotParseEscapeSequence = 25,
  TooLargeStringSize = 131,
  IndexOfPositionalArgumentIsOutOfRange = 353,
  CannotCompileRegexp = 427,
  TooLargeArraySize = 128,
  SizesOfArraysDontMatch = 190,
  ZeroArrayOrTupleIndex = 135,
  CannotParseQuotedString = 26,
  UnexpectedDataAfterParsedValue = 632,
  AuthenticationFailed = 516,
  ExpectedAllOrDistinct = 558,
  ParameterOutOfBound = 12,
  TooSlow = 160,
  TooFewArgumentsForFunction = 35,
  IncorrectElementOfSet = 124,
  AggregateFunctionDoesntAllowParameters = 133,
};

/// "UNKNOWN_TABLE": ClickHouse's name of a code.
std::string_view name_of(QueryErrorCode code);

/// A failure that a caller is told about, with its code. The message names what was wrong and what
/// would be right, without personal data beyond the query's own words.
absl::Status query_error(QueryErrorCode code, std::string_view message);

/// The code of a failed status: that of `query_error`; of others what their absl code comes to
/// (Cancelled: QueryWasCancelled, DeadlineExceeded: TimeoutExceeded, ResourceExhausted:
/// MemoryLimitExceeded, ...).
QueryErrorCode query_error_code(const absl::Status& failed);

}  // namespace grapevine::sql
