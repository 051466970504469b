#include "server/demo/complaints.hpp"

#include <algorithm>
#include <iterator>

#include "server/demo/random.hpp"
#include "server/demo/word_of_mouth.hpp"
#include "server/demo/world.hpp"

namespace grapevine::demo {
namespace {

struct Plan {
  std::size_t category;
  std::size_t brand;
  Channel channel;
  std::int64_t days_before_end;
  std::int64_t hours;
};

// The newest is nine days old, so that it lies within the last month but has been followed to its
// end.
constexpr Plan kPlans[] = {
    {kBeauty, kBomgyeol, Channel::Youtube, 151, 60}, {kKitchen, kMorumaru, Channel::Kakao, 113, 48},
    {kBeauty, kLumivo, Channel::Blog, 78, 72},  // A rival has its own troubles.
    {kAudio, kDalmuri, Channel::Instagram, 41, 54},  {kSnacks, kVerdano, Channel::Twitter, 22, 36},
    {kCamping, kHaneulbit, Channel::Twitter, 9, 66},
};

constexpr std::uint64_t kEventsMin = 10'000;
constexpr Channel kTicketChannels[] = {Channel::CallCenter, Channel::CallCenter, Channel::Email,
                                       Channel::Kakao,      Channel::Kakao,      Channel::App,
                                       Channel::Web,        Channel::Twitter};

// Within the burst: rising at once, then fading, as an exponential cut off at its end.
std::int64_t moment_of(const Burst& burst, Dice& dice) {
  const std::int64_t length = burst.to_ms - burst.from_ms;
  return burst.from_ms + dice.exponential_ms(length / 4) % length;
}

struct Ticket {
  std::int64_t time_ms;
  std::uint32_t asker;
  std::uint16_t product;
  Channel channel;
  Mood mood;
  bool severe;
};

// The company answers most tickets, whosever product it is about; some are answered by a customer
// who knows, one of the few who do so often.
std::uint32_t answerer_of(const World& world, const Ticket& ticket, Dice& dice) {
  const Customers& customers = world.customers;
  const std::uint8_t brand = categories()[world.products[ticket.product].category].own_brand;
  if (brand < customers.brand_accounts() && !dice.per_mille(220)) return brand;
  const std::uint32_t experts = 1 + customers.people() / 200;
  return customers.shopper_at((dice.steep_below(experts) * 7) % customers.people());
}

void tell_ticket(const World& world, const Ticket& ticket, Dice& dice, Journal& journal) {
  Happening happening{
      .actor = ticket.asker, .about = journal.next_number(), .product = ticket.product};
  happening.kind = Kind::TicketOpened;
  happening.channel = static_cast<std::uint8_t>(ticket.channel) & 15;
  happening.mood = static_cast<std::uint8_t>(ticket.mood) & 3;
  happening.severe = ticket.severe;
  if (!journal.note(ticket.time_ms, happening) || dice.per_mille(90)) return;

  const bool defect = defective(world.bursts, ticket.product, ticket.time_ms);
  const std::int64_t answered_ms =
      ticket.time_ms + 2 * kMinuteMs + dice.exponential_ms((defect ? 20 : 5) * kHourMs);
  happening.kind = Kind::TicketAnswered;
  happening.actor = answerer_of(world, ticket, dice);
  happening.target = ticket.asker;
  happening.severe = 0;
  happening.mood = static_cast<std::uint8_t>(Mood::Neutral);
  if (happening.actor == ticket.asker || !journal.note(answered_ms, happening)) return;

  if (dice.per_mille(220)) return;
  happening.kind = Kind::TicketResolved;
  happening.actor = ticket.asker;
  happening.target = kNobody;
  journal.note(answered_ms + 10 * kMinuteMs + dice.exponential_ms(22 * kHourMs), happening);
}

void tell_burst(const World& world, const Burst& burst, Dice& dice, WordOfMouth& word,
                Journal& journal) {
  const std::uint64_t posts = 4 + world.events / 1600;
  for (std::uint64_t i = 0; i < posts && !journal.full(); ++i) {
    const std::uint32_t author = world.customers.shopper_at(dice.below(world.customers.people()));
    const bool elsewhere = dice.per_mille(120);
    const auto channel = elsewhere ? Channel::Instagram : burst.channel;
    word.spread({.time_ms = moment_of(burst, dice),
                 .author = author,
                 .product = burst.product,
                 .channel = channel,
                 .mood = dice.per_mille(930) ? Mood::Bad : Mood::Neutral,
                 .severe = dice.per_mille(180)});
  }
  const bool own = brands()[world.products[burst.product].brand].own;
  const std::uint64_t tickets = posts / (own ? 2 : 8);
  for (std::uint64_t i = 0; i < tickets && !journal.full(); ++i) {
    const Ticket ticket{.time_ms = moment_of(burst, dice) + kHourMs,
                        .asker = world.customers.shopper_at(dice.below(world.customers.people())),
                        .product = burst.product,
                        .channel = kTicketChannels[dice.below(std::size(kTicketChannels))],
                        .mood = Mood::Bad,
                        .severe = dice.per_mille(150)};
    tell_ticket(world, ticket, dice, journal);
  }
}

}  // namespace

std::vector<Burst> plan_bursts(std::uint64_t seed, std::span<const Product> products,
                               std::uint64_t events) {
  std::vector<Burst> bursts;
  if (events < kEventsMin) return bursts;
  for (const Plan& plan : kPlans) {
    Dice dice(hash_of(seed, Purpose::Burst, bursts.size()));
    std::int64_t from = kWindowMs - plan.days_before_end * kDayMs;
    from += dice.below(720) * kMinuteMs;
    bursts.push_back({best_seller(products, plan.category, plan.brand), plan.channel, from,
                      from + plan.hours * kHourMs});
  }
  return bursts;
}

bool defective(std::span<const Burst> bursts, std::uint16_t product, std::int64_t time_ms) {
  return std::any_of(bursts.begin(), bursts.end(), [&](const Burst& burst) {
    return burst.product == product && time_ms >= burst.from_ms &&
           time_ms < burst.from_ms + kDefectMs;
  });
}

void tell_bursts(const World& world, WordOfMouth& word, Journal& journal) {
  for (std::size_t i = 0; i < world.bursts.size(); ++i) {
    Dice dice(hash_of(world.seed, Purpose::Burst, i, 1));
    tell_burst(world, world.bursts[i], dice, word, journal);
  }
}

void open_tickets(const World& world, std::size_t budget, Journal& journal) {
  const std::size_t end = std::min(journal.limit(), journal.size() + budget);
  for (std::uint64_t number = 0; journal.size() < end; ++number) {
    Dice dice(hash_of(world.seed, Purpose::Ticket, number));
    Ticket ticket;
    ticket.time_ms = world.office.draw(dice.bits());
    ticket.asker = world.customers.shopper_at(dice.skewed_below(world.customers.people()));
    ticket.product = product_for(world, ticket.asker, dice.bits());
    ticket.channel = kTicketChannels[dice.below(std::size(kTicketChannels))];
    const std::uint32_t tone = dice.below(100);
    ticket.mood = tone < 55 ? Mood::Bad : tone < 95 ? Mood::Neutral : Mood::Good;
    ticket.severe = ticket.mood == Mood::Bad && dice.per_mille(25);
    tell_ticket(world, ticket, dice, journal);
  }
}

}  // namespace grapevine::demo
