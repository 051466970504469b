#include "kernels/query/functions/call.hpp"

#include "kernels/query/functions/numbers.hpp"

namespace grapevine::sql {

std::string joined(std::initializer_list<std::string_view> parts) {
  std::size_t bytes = 0;
  for (const std::string_view part : parts) bytes += part.size();
  std::string text;
  text.reserve(bytes);
  for (const std::string_view part : parts) text += part;
  return text;
}

absl::Status illegal_type(const Call& call, std::size_t argument) {
  return query_error(QueryErrorCode::IllegalTypeOfArgument,
                     joined({"Illegal type ", name_of(call.type(argument)), " of argument ",
                             std::to_string(argument + 1), " of function ", call.name}));
}

absl::Status illegal_types(const Call& call) {
  std::string types;
  for (std::size_t i = 0; i < call.size(); ++i) {
    if (i > 0) types += i + 1 == call.size() ? " and " : ", ";
    types += name_of(call.type(i));
  }
  return query_error(QueryErrorCode::IllegalTypeOfArgument,
                     joined({"Illegal types ", types, " of arguments of function ", call.name}));
}

absl::Status argument_must_be_constant(const Call& call, std::size_t argument) {
  return query_error(QueryErrorCode::IllegalColumn,
                     joined({"Argument ", std::to_string(argument + 1), " of function ", call.name,
                             " must be constant"}));
}

absl::StatusOr<std::string> constant_string(const Call& call, std::size_t argument) {
  if (call.id(argument) != TypeId::String) return illegal_type(call, argument);
  const auto& constant = call.arguments[argument].constant;
  if (!constant) return argument_must_be_constant(call, argument);
  return std::string(constant->text(0));
}

absl::StatusOr<std::int64_t> constant_integer(const Call& call, std::size_t argument) {
  if (!is_integer(call.id(argument))) return illegal_type(call, argument);
  const auto& constant = call.arguments[argument].constant;
  if (!constant) return argument_must_be_constant(call, argument);
  return Numbers<std::int64_t>(constant)[0];
}

}  // namespace grapevine::sql
