#pragma once

#include <string_view>

#include <absl/functional/function_ref.h>
#include <absl/status/status.h>

#include "api/collect/json.hpp"

namespace grapevine {

/// Takes one value and the names on the way to it, joined with dots.
using LeafVisitor = absl::FunctionRef<absl::Status(std::string_view path, const Scalar& value)>;

/// What flattening does with `null`.
enum class Nulls : std::uint8_t { Skip, Visit };

/// Visits every scalar of one member `name`, in the order in which they stand. Arrays, and objects
/// below kFlattenDepthMax names, are visited as JSON text; an empty object is nothing.
/// Errors  The first one of `visit`, which ends it.
absl::Status flatten_member(std::string_view name, JsonElement element, Nulls nulls,
                            MadeTexts& made, LeafVisitor visit);

/// The same for every member of an object.
absl::Status flatten(JsonObject object, Nulls nulls, MadeTexts& made, LeafVisitor visit);

}  // namespace grapevine
