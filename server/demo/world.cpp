#include "server/demo/world.hpp"

#include <algorithm>

#include "server/demo/people.hpp"
#include "server/demo/random.hpp"

namespace grapevine::demo {

World::World(const WorldOptions& options)
    : seed(options.seed),
      events(options.events),
      start_ms(options.until_ms - kWindowMs),
      sentiment(options.sentiment),
      customers(seed, static_cast<std::uint32_t>(options.customers)),
      products(make_products(seed)),
      graph(seed, customers),
      shopping(start_ms, Calendar::Habit::Shopping),
      talking(start_ms, Calendar::Habit::Talking),
      office(start_ms, Calendar::Habit::Office),
      bursts(plan_bursts(seed, products, events)) {}

std::uint32_t strangers(const World& world) { return world.customers.people() / 4 + 1; }

std::uint16_t product_for(const World& world, std::uint32_t actor, std::uint64_t bits) {
  Dice dice(bits);
  const std::uint64_t taste = hash_of(world.seed, Purpose::Interest, actor);
  const bool prefers_own = below(taste, 1000) < 580;
  std::uint8_t hobby_category = kNoCategory;
  if (actor < world.customers.size()) {
    hobby_category = hobbies()[world.customers[actor].hobby].category;
  }

  const bool for_hobby = hobby_category != kNoCategory && dice.per_mille(450);
  const std::size_t category = for_hobby ? hobby_category : dice.below(kCategories);
  const auto draw = [&] {
    return category + kCategories * dice.skewed_below(products_in(category));
  };
  std::size_t product = draw();
  if (brands()[world.products[product].brand].own != prefers_own) product = draw();
  return static_cast<std::uint16_t>(product);
}

Mood opinion_of(const World& world, std::uint16_t product, std::int64_t time_ms,
                std::uint64_t bits) {
  const Product& what = world.products[product];
  const Brand& brand = brands()[what.brand];
  const std::int32_t shift = 3 * (what.quality - 50);
  const bool defect = defective(world.bursts, product, time_ms);
  const std::int32_t bad = defect ? 800 : std::max(50, brand.criticised - shift);
  const std::int32_t good = defect ? 60 : std::max(50, brand.praised + shift);
  const auto point = static_cast<std::int32_t>(below(bits, 1000));
  if (point < bad) return Mood::Bad;
  return point < bad + good ? Mood::Good : Mood::Neutral;
}

}  // namespace grapevine::demo
