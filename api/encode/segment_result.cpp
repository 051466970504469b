#include "api/encode/segment_result.hpp"

#include <utility>

#include "api/encode/json_writer.hpp"
#include "api/encode/plan_json.hpp"

namespace grapevine {
namespace {

double share_of(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

std::string encode_preview(const PreviewResult& preview, const PreviewPlan& plan, bool explain,
                           const Snapshot& snapshot, const AnswerMoment& moment,
                           double elapsed_ms) {
  JsonWriter json;
  json.begin_object();
  json.member("size", preview.size);
  json.member("share", share_of(preview.size, snapshot.customers().people()));
  json.key("sample");
  json.begin_array();
  for (const CustomerId customer : preview.sample) {
    json.value(snapshot.customers().external_id(customer));
  }
  json.end_array();
  json.key("steps");
  json.begin_array();
  for (const PreviewResult::Step& step : preview.steps) {
    json.begin_object();
    json.member("pointer", step.pointer);
    json.member("size", step.size);
    json.member("remaining", step.remaining);
    json.end_object();
  }
  json.end_array();
  if (moment.in_the_past) {
    json.key("current");
    json.begin_array();
    for (const std::string& trait : plan.traits) json.value(trait);
    json.end_array();
  }
  if (explain) {
    json.key("plan");
    json.begin_array();
    for (const PreviewPlan::Step& step : plan.steps) {
      write_plan(json, step.pointer, step.plan, preview.report);
    }
    json.end_array();
  }
  json.time_member("as_of", moment.as_of);
  json.member("snapshot", snapshot.number());
  json.member("elapsed_ms", elapsed_ms);
  json.end_object();
  return std::move(json).take();
}

}  // namespace grapevine
