#include "server/demo/shop.hpp"

#include <bit>

#include "server/demo/random.hpp"

namespace grapevine::demo {
namespace {

constexpr std::uint32_t kViewsMax = 24;

Channel draw_channel(Dice& dice) {
  const std::uint32_t point = dice.below(100);
  if (point < 42) return Channel::App;
  if (point < 75) return Channel::Web;
  if (point < 84) return Channel::Store;
  if (point < 89) return Channel::Email;
  if (point < 95) return Channel::Kakao;
  return Channel::Instagram;
}

// One visit, from the first page to the order and what follows it.
class Session {
 public:
  Session(const World& world, std::uint32_t number, Journal& journal)
      : world_(world),
        journal_(journal),
        dice_(hash_of(world.seed, Purpose::Session, number)),
        time_ms_(world.shopping.draw(dice_.bits())) {
    const Customers& customers = world.customers;
    if (dice_.per_mille(200)) {
      base_.actor = customers.size() + dice_.below(strangers(world));
    } else {
      base_.actor = customers.shopper_at(dice_.skewed_below(customers.people()));
      base_.anonymous =
          customers.newcomer(base_.actor) && time_ms_ < customers.signup_ms(base_.actor);
      if (!base_.anonymous) tier_ = static_cast<std::uint32_t>(customers[base_.actor].tier);
    }
    known_ = base_.actor < customers.size() && !base_.anonymous;
    base_.target = number;
    base_.channel = static_cast<std::uint8_t>(draw_channel(dice_)) & 15;
  }

  void run() {
    const bool in_store = base_.channel == static_cast<std::uint8_t>(Channel::Store);
    if (in_store) {
      cart_ = (1U << (1 + dice_.skewed_below(4))) - 1;  // Only the till is seen.
      buy();
      return;
    }
    browse();
    if (cart_ == 0 || !dice_.per_mille(480 + 60 * tier_)) return;
    step(Kind::CheckoutStarted, first_in_cart(), cart_);
    if (dice_.per_mille(780)) buy();
  }

 private:
  void step(Kind kind, std::uint16_t product = kNoProduct, std::uint32_t about = 0) {
    Happening happening = base_;
    happening.kind = kind;
    happening.product = product;
    happening.about = about;
    journal_.note(time_ms_, happening);
    time_ms_ += 2000 + dice_.exponential_ms(40'000);
  }

  [[nodiscard]] std::uint16_t viewed(std::uint32_t view) const {
    return product_viewed(world_, base_.actor, base_.target, view);
  }

  [[nodiscard]] std::uint16_t first_in_cart() const {
    return viewed(static_cast<std::uint32_t>(std::countr_zero(cart_)));
  }

  void browse() {
    step(Kind::PageViewed);
    std::uint32_t view = 0;
    while (view < kViewsMax && time_ms_ < kWindowMs) {
      const std::uint32_t point = dice_.below(1000);
      if (point < 230) return;
      if (point < 430) {
        step(Kind::PageViewed, kNoProduct, 1 + dice_.below(4));
        continue;
      }
      const std::uint16_t product = viewed(view);
      step(Kind::ProductViewed, product);
      if (dice_.per_mille(200 + 30 * tier_)) {
        step(Kind::ProductAdded, product);
        cart_ |= 1U << view;
      } else if (known_ && dice_.per_mille(25)) {
        step(Kind::ProductShared, product);
      }
      ++view;
    }
  }

  void buy() {
    step(Kind::OrderCompleted, first_in_cart(), cart_);
    const std::uint16_t product = first_in_cart();
    const std::int64_t ordered_ms = time_ms_;
    if (known_ && dice_.per_mille(190)) {
      time_ms_ = ordered_ms + 2 * kDayMs + dice_.exponential_ms(5 * kDayMs);
      base_.mood =
          static_cast<std::uint8_t>(opinion_of(world_, product, time_ms_, dice_.bits())) & 3;
      base_.severe = base_.mood == static_cast<std::uint8_t>(Mood::Bad) && dice_.per_mille(30);
      step(Kind::ProductReviewed, product, cart_);
      base_.mood = 0;
      base_.severe = 0;
    }
    const bool defect = defective(world_.bursts, product, ordered_ms);
    if (dice_.per_mille(defect ? 420 : 55)) {
      time_ms_ = ordered_ms + kDayMs + dice_.exponential_ms(4 * kDayMs);
      step(Kind::OrderRefunded, product, cart_);
    }
  }

  const World& world_;
  Journal& journal_;
  Dice dice_;
  std::int64_t time_ms_;
  Happening base_;  // What all happenings of the session share.
  std::uint32_t tier_ = 0;
  bool known_ = false;
  std::uint32_t cart_ = 0;
};

}  // namespace

void open_shop(const World& world, Journal& journal) {
  for (std::uint32_t number = 0; !journal.full(); ++number) Session(world, number, journal).run();
}

std::uint16_t product_viewed(const World& world, std::uint32_t actor, std::uint32_t session,
                             std::uint32_t view) {
  return product_for(world, actor, hash_of(world.seed, Purpose::Interest, session, view + 1));
}

std::vector<CartItem> items_of(const World& world, const Happening& order) {
  std::vector<CartItem> items;
  for (std::uint32_t cart = order.about; cart != 0; cart &= cart - 1) {
    const auto view = static_cast<std::uint32_t>(std::countr_zero(cart));
    const std::uint64_t bits = hash_of(world.seed, Purpose::Quantity, order.target, view);
    const std::uint32_t quantity = below(bits, 100) < 84 ? 1 : 2 + skewed_below(bits << 32, 3);
    items.push_back({product_viewed(world, order.actor, order.target, view), quantity});
  }
  return items;
}

std::uint64_t total_krw(const World& world, const std::vector<CartItem>& items) {
  std::uint64_t total = 0;
  for (const CartItem& item : items) {
    total += std::uint64_t{world.products[item.product].price_krw} * item.quantity;
  }
  return total;
}

}  // namespace grapevine::demo
