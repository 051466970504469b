#pragma once

#include <utility>

/// Returns the failure of a Status from the enclosing function.
#define GRAPEVINE_RETURN_IF_ERROR(expression)                                               \
  do {                                                                                      \
    if (auto returned_status = (expression); !returned_status.ok()) return returned_status; \
  } while (false)

#define GRAPEVINE_CONCAT_(a, b) a##b
#define GRAPEVINE_CONCAT(a, b) GRAPEVINE_CONCAT_(a, b)

/// Declares `target` with the value of a StatusOr, or returns its failure from the enclosing
/// function.
#define GRAPEVINE_ASSIGN_OR_RETURN(target, expression) \
  GRAPEVINE_ASSIGN_OR_RETURN_(GRAPEVINE_CONCAT(status_or_, __LINE__), target, expression)
#define GRAPEVINE_ASSIGN_OR_RETURN_(result, target, expression) \
  auto result = (expression);                                   \
  if (!result.ok()) return std::move(result).status();          \
  target = std::move(result).value()
