#include "server/demo/customers.hpp"

#include <algorithm>
#include <utility>

#include "server/demo/calendar.hpp"
#include "server/demo/people.hpp"
#include "server/demo/places.hpp"
#include "server/demo/products.hpp"

namespace grapevine::demo {
namespace {

// A prime, and larger than any number of people, so that steps of it visit everyone once.
constexpr std::uint64_t kRankStep = 2'654'435'761;

// The x with step × x = 1 modulo `modulus`, by Euclid.
std::uint64_t inverse_of(std::uint64_t step, std::uint64_t modulus) {
  auto rest = static_cast<std::int64_t>(modulus);
  auto divisor = static_cast<std::int64_t>(step % modulus);
  std::int64_t before = 0;
  std::int64_t factor = 1;
  while (divisor != 0) {
    const std::int64_t quotient = rest / divisor;
    rest = std::exchange(divisor, rest - quotient * divisor);
    before = std::exchange(factor, before - quotient * factor);
  }
  return static_cast<std::uint64_t>(before < 0 ? before + static_cast<std::int64_t>(modulus)
                                               : before);
}

std::uint8_t draw_age(Dice& dice, const Hobby* shared_hobby) {
  if (shared_hobby == nullptr) {
    const std::uint32_t first = dice.below(28);  // One draw a statement: operands have no order.
    return static_cast<std::uint8_t>(16 + first + dice.below(34));
  }
  const std::uint32_t half = (shared_hobby->age_max - shared_hobby->age_min) / 2U;
  return static_cast<std::uint8_t>(shared_hobby->age_min + dice.below(half + 1) +
                                   dice.below(half + 1));
}

std::uint8_t draw_hobby(Dice& dice, std::uint8_t age) {
  std::uint8_t hobby = 0;
  for (int attempt = 0; attempt < 6; ++attempt) {
    hobby = static_cast<std::uint8_t>(dice.below(hobbies().size()));
    if (age >= hobbies()[hobby].age_min && age <= hobbies()[hobby].age_max) break;
  }
  return hobby;
}

std::uint8_t draw_job(Dice& dice, std::uint8_t age) {
  const auto fits = [age](const Job& job) { return age >= job.age_min && age <= job.age_max; };
  if (age < 23 && dice.per_mille(850)) return 0;  // A student.
  if (age >= 62 && dice.per_mille(700)) return static_cast<std::uint8_t>(jobs().size() - 1);
  for (int attempt = 0; attempt < 8; ++attempt) {
    const auto job = static_cast<std::uint8_t>(dice.below(jobs().size()));
    if (fits(jobs()[job])) return job;
  }
  const auto any = std::find_if(jobs().begin(), jobs().end(), fits);
  return static_cast<std::uint8_t>(any == jobs().end() ? 0 : any - jobs().begin());
}

bool draw_female(Dice& dice, std::uint8_t hobby) {
  switch (hobbies()[hobby].category) {
    case kBeauty: return dice.per_mille(860);
    case kFashion: return dice.per_mille(640);
    case kGolf: return dice.per_mille(330);
    default: return dice.per_mille(500);
  }
}

// The more they shop and earn, the higher; not strictly, or tier would only repeat spending.
Tier draw_tier(Dice& dice, std::uint64_t rank_per_mille, std::uint8_t pay) {
  const auto score =
      static_cast<std::int64_t>(rank_per_mille + dice.below(150)) - std::int64_t{12} * pay;
  if (score < 20) return Tier::Vip;
  if (score < 120) return Tier::Gold;
  return score < 350 ? Tier::Silver : Tier::Bronze;
}

}  // namespace

Customers::Customers(std::uint64_t seed, std::uint32_t count)
    : seed_(seed),
      brand_accounts_(std::min(count / 5, static_cast<std::uint32_t>(kBrands))),
      rank_step_(kRankStep % (count - brand_accounts_)),
      rank_step_inverse_(inverse_of(kRankStep, count - brand_accounts_)),
      all_(count) {
  const std::uint64_t wanted = square_root(people()) * 10 / 24;
  communities_.resize(std::clamp<std::uint64_t>(wanted, 3, 2000));
  for (std::size_t i = 0; i < communities_.size(); ++i) {
    Dice dice(hash_of(seed, Purpose::Community, i));
    communities_[i] = {draw_place(dice.bits()),
                       static_cast<std::uint8_t>(dice.below(hobbies().size()))};
  }
  communities_[0] = {place_named("Gangwon Chuncheon-si"),
                     0};  // The largest: campers in the mountains.
  for (std::uint32_t i = 0; i < count; ++i) all_[i] = draw(i);
  settle_communities();
  choose_stars();
}

Customer Customers::draw(std::uint32_t customer) const {
  if (is_brand(customer)) {
    return {.place = place_named("Seoul Gangnam-gu"), .english = customer % 4 == 3};
  }
  Dice dice(hash_of(seed_, Purpose::Traits, customer));
  Customer result;
  const bool large = dice.per_mille(500);
  result.community = static_cast<std::uint16_t>(large ? dice.skewed_below(communities_.size())
                                                      : dice.below(communities_.size()));
  const Community& community = communities_[result.community];
  const bool shares_hobby = dice.per_mille(550);
  result.place = dice.per_mille(650) ? community.place : draw_place(dice.bits());
  result.age = draw_age(dice, shares_hobby ? &hobbies()[community.hobby] : nullptr);
  result.hobby = shares_hobby ? community.hobby : draw_hobby(dice, result.age);
  result.job = draw_job(dice, result.age);
  result.female = draw_female(dice, result.hobby);
  result.english = dice.per_mille(places()[result.place].abroad ? 900 : 60);
  const std::uint64_t rank_per_mille = std::uint64_t{shopping_rank(customer)} * 1000 / people();
  result.tier = draw_tier(dice, rank_per_mille, jobs()[result.job].pay);
  return result;
}

void Customers::settle_communities() {
  first_member_.assign(communities_.size() + 1, 0);
  for (std::uint32_t i = brand_accounts_; i < size(); ++i) ++first_member_[all_[i].community + 1U];
  for (std::size_t i = 0; i < communities_.size(); ++i) first_member_[i + 1] += first_member_[i];
  std::vector<std::uint32_t> next(first_member_.begin(), first_member_.end() - 1);
  members_.resize(people());
  for (std::uint32_t i = brand_accounts_; i < size(); ++i) members_[next[all_[i].community]++] = i;
  for (std::size_t i = 0; i < communities_.size(); ++i) {
    const auto mine =
        std::span(members_).subspan(first_member_[i], first_member_[i + 1] - first_member_[i]);
    Dice dice(hash_of(seed_, Purpose::Community, i, 1));
    for (std::size_t last = mine.size(); last > 1; --last) {
      std::swap(mine[last - 1], mine[dice.below(last)]);
    }
  }
}

std::uint32_t Customers::shopper_at(std::uint32_t rank) const {
  return brand_accounts_ +
         static_cast<std::uint32_t>((rank * rank_step_ + people() / 3) % people());
}

std::uint32_t Customers::shopping_rank(std::uint32_t customer) const {
  const std::uint64_t place = customer - brand_accounts_ + people() - people() / 3;
  return static_cast<std::uint32_t>(place % people() * rank_step_inverse_ % people());
}

// Mostly people below forty, who are there for the public.
void Customers::choose_stars() {
  stars_.resize(std::min(people(), 24 + people() / 50'000));
  for (std::size_t rank = 0; rank < stars_.size(); ++rank) {
    Dice dice(hash_of(seed_, Purpose::Community, rank, 2));
    for (int attempt = 0; attempt < 20; ++attempt) {
      stars_[rank] = brand_accounts_ + dice.below(people());
      if (all_[stars_[rank]].age < 40) break;
    }
  }
}

std::int64_t Customers::signup_ms(std::uint32_t customer) const {
  const std::uint64_t bits = hash_of(seed_, Purpose::Traits, customer, 1);
  const auto part = static_cast<std::int64_t>(below(bits, 1'000'000));
  if (newcomer(customer)) return kWindowMs / 1'000'000 * (150'000 + part * 3 / 4);
  return -kDayMs - 4 * kWindowMs / 1'000'000 * part;
}

}  // namespace grapevine::demo
