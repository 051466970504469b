#pragma once

#include <span>

#include <absl/status/statusor.h>

#include "kernels/query/functions/call.hpp"

namespace grapevine::sql {

/// Resolves a function and puts around its kernel what most functions have in common:
/// - an argument that is NULL makes the result NULL (see Definition::Nulls);
/// - constant arguments make one row, and that a constant;
/// - where one argument is a pool's strings and the others are constants, each string is looked at
///   once: the results of a pool are kept, and a String stays a code, of a pool of the results.
/// Errors  NumberOfArgumentsDoesntMatch (42), and what the resolver says.
absl::StatusOr<FunctionPtr> resolve_framed(const Definition& definition, const Call& call);

}  // namespace grapevine::sql
