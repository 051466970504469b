#pragma once

#include <string_view>

#include "api/encode/json_writer.hpp"
#include "api/execute/segment_executor.hpp"
#include "api/plan/segment_plan.hpp"

namespace grapevine {

/// Writes a plan as a tree of steps: what each one is and says, and what it took. `pointer`: into the
/// definition, of the outermost step. What stands at several places of the tree is written out at the
/// first one.
void write_plan(JsonWriter& json, std::string_view pointer, const Plan& plan,
                const PlanReport& report);

}  // namespace grapevine
