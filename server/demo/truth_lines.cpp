#include "server/demo/truth_lines.hpp"

#include <string_view>

#include "server/demo/names.hpp"
#include "server/demo/people.hpp"
#include "server/demo/places.hpp"

namespace grapevine::demo {
namespace {

void write_edge(const World& world, std::size_t edge, JsonWriter& json) {
  const Ear& ear = world.graph.ear(edge);
  json.begin_object();
  json.member<std::string_view>("influencer",
                                customer_name(world, world.graph.influencer_of(edge)));
  json.member<std::string_view>("listener", customer_name(world, ear.listener));
  json.member("probability", static_cast<double>(ear.chance) / 10'000.0);
  json.member("mean_delay_s", ear.delay_minutes * 60);
  json.end_object();
}

void write_burst(const World& world, const Burst& burst, JsonWriter& json) {
  json.begin_object();
  json.key("burst");
  json.begin_object();
  json.member<std::string_view>("product_id", product_name(burst.product));
  json.member("brand", brands()[world.products[burst.product].brand].name.english);
  json.member("channel", channel_name(burst.channel));
  json.time_member("from", world.start_ms + burst.from_ms);
  json.time_member("to", world.start_ms + burst.to_ms);
  json.end_object();
  json.end_object();
}

void write_community(const World& world, std::size_t index, JsonWriter& json) {
  const Community& community = world.customers.communities()[index];
  const auto members = world.customers.members(index);
  json.begin_object();
  json.key("community");
  json.begin_object();
  json.key("leader");
  if (members.empty()) {
    json.null();
  } else {
    json.value(std::string_view(customer_name(world, members.front())));
  }
  json.member("region", places()[community.place].name);
  json.member("hobby", hobbies()[community.hobby].name.english);
  json.member("size", members.size());
  json.end_object();
  json.end_object();
}

}  // namespace

std::size_t truth_lines(const World& world) {
  return world.graph.edges() + world.bursts.size() + world.customers.communities().size();
}

void write_truth_line(const World& world, std::size_t line, JsonWriter& json) {
  const std::size_t bursts = world.graph.edges();
  const std::size_t communities = bursts + world.bursts.size();
  if (line < bursts) {
    write_edge(world, line, json);
  } else if (line < communities) {
    write_burst(world, world.bursts[line - bursts], json);
  } else {
    write_community(world, line - communities, json);
  }
  json.end_line();
}

}  // namespace grapevine::demo
