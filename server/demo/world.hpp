#pragma once

#include <cstdint>
#include <vector>

#include "server/demo/calendar.hpp"
#include "server/demo/complaints.hpp"
#include "server/demo/customers.hpp"
#include "server/demo/generate.hpp"
#include "server/demo/journal.hpp"
#include "server/demo/products.hpp"
#include "server/demo/social_graph.hpp"

namespace grapevine::demo {

/// All that stands before anything happens. Immutable, and read by any number of threads.
struct World {
  explicit World(const WorldOptions& options);

  std::uint64_t seed;
  std::uint64_t events;
  std::int64_t start_ms;  // Of the window, since 1970.
  bool sentiment;         // Whether texts come with theirs.
  Customers customers;
  std::vector<Product> products;
  SocialGraph graph;
  Calendar shopping;
  Calendar talking;
  Calendar office;
  std::vector<Burst> bursts;
};

/// How many visitors never tell who they are. They are the actors from the number of customers on.
std::uint32_t strangers(const World& world);

/// The product that `bits` picks for an actor: often of the category of their hobby, often of the
/// side, own or rival, that they prefer, and the popular ones more often.
std::uint16_t product_for(const World& world, std::uint32_t actor, std::uint64_t bits);

/// What an actor thinks of a product at a time: by its brand, its quality, and whether it has a
/// defect.
Mood opinion_of(const World& world, std::uint16_t product, std::int64_t time_ms,
                std::uint64_t bits);

}  // namespace grapevine::demo
