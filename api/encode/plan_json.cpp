#include "api/encode/plan_json.hpp"

#include <set>
#include <type_traits>
#include <variant>

namespace grapevine {
namespace {

std::string_view name_of(const PlanNode& node) {
  return std::visit(
      [](const auto& what) -> std::string_view {
        using What = std::decay_t<decltype(what)>;
        if constexpr (std::is_same_v<What, EveryonePlan>) return "everyone";
        if constexpr (std::is_same_v<What, NobodyPlan>) return "nobody";
        if constexpr (std::is_same_v<What, AllPlan>) return "all";
        if constexpr (std::is_same_v<What, AnyPlan>) return "any";
        if constexpr (std::is_same_v<What, NotPlan>) return "not";
        if constexpr (std::is_same_v<What, AttributePlan>) return "attribute";
        if constexpr (std::is_same_v<What, ComputedAttributePlan>) return "computed";
        if constexpr (std::is_same_v<What, SeenPlan>) return "seen";
        if constexpr (std::is_same_v<What, IdPlan>) return "ids";
        if constexpr (std::is_same_v<What, EventPlan>) return "events";
        if constexpr (std::is_same_v<What, SequencePlan>) return "sequence";
        if constexpr (std::is_same_v<What, NearPlan>) return "near";
        if constexpr (std::is_same_v<What, BoxPlan>) return "in_box";
        if constexpr (std::is_same_v<What, ScorePlan>) return "influence";
        if constexpr (std::is_same_v<What, ConnectedPlan>) return "connected_to";
      },
      node.what);
}

class PlanWriter {
 public:
  PlanWriter(JsonWriter& json, const PlanReport& report) : json_(json), report_(report) {}

  void write(const Plan& plan, std::string_view pointer) {
    json_.begin_object();
    if (pointer.data() != nullptr) json_.member("pointer", pointer);
    json_.member("step", name_of(*plan));
    const std::vector<Plan> parts = parts_of(*plan);
    if (parts.empty() && !plan->said.empty()) json_.raw_member("condition", plan->said);
    write_report(plan.get());
    if (!written_.insert(plan.get()).second) {
      json_.member("shared", true);
    } else if (!parts.empty()) {
      json_.key("parts");
      json_.begin_array();
      for (const Plan& part : parts) write(part, {});
      json_.end_array();
    }
    json_.end_object();
  }

 private:
  void write_report(const PlanNode* node) {
    const auto found = report_.find(node);
    json_.member("evaluated", found != report_.end());
    if (found == report_.end()) return;
    const StepReport& step = found->second;
    json_.member("size", step.size);
    json_.member("rows_read", step.rows);
    json_.member("bytes_read", step.bytes);
    json_.member("parts_read", step.parts);
    json_.member("parts_skipped", step.parts_skipped);
    json_.member("elapsed_ms", step.elapsed_ms);
  }

  JsonWriter& json_;
  const PlanReport& report_;
  std::set<const PlanNode*> written_;
};

}  // namespace

void write_plan(JsonWriter& json, std::string_view pointer, const Plan& plan,
                const PlanReport& report) {
  PlanWriter(json, report).write(plan, pointer);
}

}  // namespace grapevine
