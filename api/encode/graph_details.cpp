#include "api/encode/graph_details.hpp"

namespace grapevine {

void end_graph_answer(JsonWriter& json, const SocialGraph& graph, TimeMs as_of,
                      std::uint64_t snapshot) {
  json.key("graph");
  json.begin_object();
  json.member("customers", graph.listening().vertices());
  json.member("edges", graph.listening().edges());
  json.end_object();
  json.member("graph_snapshot", graph.snapshot_number());
  json.time_member("as_of", as_of);
  json.member("snapshot", snapshot);
  json.end_object();
}

}  // namespace grapevine
