#pragma once

#include <cstdint>
#include <vector>

#include "server/demo/journal.hpp"
#include "server/demo/world.hpp"

namespace grapevine::demo {

/// Lets sessions happen, one after another in no order of time, until the journal is full. A
/// session is a Markov chain over pages, products and the cart; an order may be followed, days
/// later, by a review and by a refund.
void open_shop(const World& world, Journal& journal);

/// The product that an actor looks at as the `view`-th of a session. Pure, so that a cart can be a
/// set of bits: bit i says that the i-th product viewed was put into it.
std::uint16_t product_viewed(const World& world, std::uint32_t actor, std::uint32_t session,
                             std::uint32_t view);

struct CartItem {
  std::uint16_t product;
  std::uint32_t quantity;
};

/// The items of an order or refund.
std::vector<CartItem> items_of(const World& world, const Happening& order);

/// The sum of price × quantity over items, in won.
std::uint64_t total_krw(const World& world, const std::vector<CartItem>& items);

}  // namespace grapevine::demo
