#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "server/demo/random.hpp"

namespace grapevine::demo {

enum class Tier : std::uint8_t { Bronze, Silver, Gold, Vip };

struct Customer {
  std::uint16_t community = 0;
  std::uint8_t place = 0;
  std::uint8_t job = 0;
  std::uint8_t hobby = 0;
  std::uint8_t age = 0;
  Tier tier = Tier::Bronze;
  std::uint8_t female : 1 = 0;
  std::uint8_t english : 1 = 0;  // Writes English instead of Korean.
};

/// People who live in one place or share a hobby, and mostly listen to each other.
struct Community {
  std::uint8_t place = 0;
  std::uint8_t hobby = 0;
};

/// Everyone in the world: brand accounts first, then people. Immutable, and read by any number of
/// threads.
class Customers {
 public:
  Customers(std::uint64_t seed, std::uint32_t count);

  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(all_.size()); }
  [[nodiscard]] std::uint32_t brand_accounts() const { return brand_accounts_; }
  [[nodiscard]] std::uint32_t people() const { return size() - brand_accounts_; }
  [[nodiscard]] bool is_brand(std::uint32_t customer) const { return customer < brand_accounts_; }
  [[nodiscard]] const Customer& operator[](std::uint32_t customer) const { return all_[customer]; }

  /// Who is `rank`-th in how often they shop, and back; 0 shops most. Only people have a rank.
  [[nodiscard]] std::uint32_t shopper_at(std::uint32_t rank) const;
  [[nodiscard]] std::uint32_t shopping_rank(std::uint32_t customer) const;

  [[nodiscard]] std::span<const Community> communities() const { return communities_; }
  /// Members of a community, those with the largest audience first.
  [[nodiscard]] std::span<const std::uint32_t> members(std::size_t community) const {
    return std::span(members_).subspan(first_member_[community],
                                       first_member_[community + 1] - first_member_[community]);
  }

  /// The few whom everybody may listen to, whatever their community; the best known first.
  [[nodiscard]] std::span<const std::uint32_t> stars() const { return stars_; }

  /// One in seven signed up within the window; before that, they visited without a name.
  [[nodiscard]] bool newcomer(std::uint32_t customer) const {
    return !is_brand(customer) && (customer - brand_accounts_) % 7 == 3;
  }
  /// The number that a newcomer had as a visitor.
  [[nodiscard]] std::uint32_t visitor_of(std::uint32_t newcomer) const {
    return (newcomer - brand_accounts_) / 7;
  }
  /// When a customer signed up, in milliseconds from the start of the window; negative before it.
  [[nodiscard]] std::int64_t signup_ms(std::uint32_t customer) const;

 private:
  [[nodiscard]] Customer draw(std::uint32_t customer) const;
  void settle_communities();
  void choose_stars();

  std::uint64_t seed_;
  std::uint32_t brand_accounts_;
  std::uint64_t rank_step_;  // Ranks and customers are spread over each other by multiplying
  std::uint64_t rank_step_inverse_;  // modulo the number of people.
  std::vector<Customer> all_;
  std::vector<Community> communities_;
  std::vector<std::uint32_t> members_;
  std::vector<std::uint32_t> first_member_;
  std::vector<std::uint32_t> stars_;
};

}  // namespace grapevine::demo
