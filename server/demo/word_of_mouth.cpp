#include "server/demo/word_of_mouth.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "server/demo/random.hpp"

namespace grapevine::demo {
namespace {

constexpr Channel kSocialChannels[] = {
    Channel::Instagram, Channel::Instagram, Channel::Instagram, Channel::Twitter, Channel::Twitter,
    Channel::Twitter,   Channel::Kakao,     Channel::Kakao,     Channel::Blog,    Channel::Youtube};
// Steps through all edges in a scattered order, each once.
constexpr std::uint64_t kEdgeStep = 4'294'967'291;  // The largest prime below 2^32.

Channel draw_channel(Dice& dice) { return kSocialChannels[dice.below(std::size(kSocialChannels))]; }

Happening about(const Story& story, Kind kind, std::uint32_t actor) {
  Happening happening{.actor = actor, .product = story.product, .kind = kind};
  happening.channel = static_cast<std::uint8_t>(story.channel) & 15;
  happening.mood = static_cast<std::uint8_t>(story.mood) & 3;
  return happening;
}

// Whether 20 bits of a coin fall below a chance given in 1/10000.
bool falls(std::uint64_t coin, unsigned shift, std::uint64_t chance) {
  return (coin >> shift & 0xFFFFF) * 10'000 < chance << 20;
}

}  // namespace

bool WordOfMouth::Turn::operator<(const Turn& other) const {
  return std::tie(time_ms, speaker, heard_from) >
         std::tie(other.time_ms, other.speaker, other.heard_from);
}

WordOfMouth::WordOfMouth(const World& world, Journal& journal)
    : world_(world), journal_(journal), spoke_(world.customers.size()) {}

void WordOfMouth::spread(const Story& story) {
  ++story_;
  const std::uint64_t coins = hash_of(world_.seed, Purpose::Coin, story_);
  turns_.assign(1, {story.time_ms, story.author, kNobody, 0});
  while (!turns_.empty() && !journal_.full()) {
    std::pop_heap(turns_.begin(), turns_.end());
    const Turn turn = turns_.back();
    turns_.pop_back();
    if (spoke_[turn.speaker] != story_) take_turn(story, turn, coins);
  }
}

void WordOfMouth::take_turn(const Story& story, const Turn& turn, std::uint64_t coins) {
  const bool original = turn.heard_from == kNobody;
  Happening happening = about(story, original ? Kind::PostCreated : Kind::PostShared, turn.speaker);
  happening.target = turn.heard_from;
  happening.about = turn.heard;
  happening.severe = original && story.severe;
  const std::uint32_t content = journal_.next_number();
  if (!journal_.note(turn.time_ms, happening)) return;
  spoke_[turn.speaker] = story_;
  if (original) answer(story, content);

  std::uint64_t edge = world_.graph.first_ear(turn.speaker);
  for (const Ear& ear : world_.graph.audience(turn.speaker)) {
    const std::uint64_t coin = scramble(coins + ++edge * 0x9E3779B97F4A7C15ULL);
    if (spoke_[ear.listener] != story_ && falls(coin, 44, ear.chance)) {
      const std::int64_t delay = Dice(coin).exponential_ms(ear.delay_minutes * kMinuteMs);
      turns_.push_back({turn.time_ms + 1000 + delay, ear.listener, turn.speaker, content});
      std::push_heap(turns_.begin(), turns_.end());
    }
    if (ear.listener != story.author) react(story, turn, content, ear, coin);
  }
}

void WordOfMouth::react(const Story& story, const Turn& spoken, std::uint32_t content,
                        const Ear& ear, std::uint64_t coin) {
  const bool likes = falls(coin, 24, std::min(5000U, ear.chance * 2U));
  const bool replies = falls(coin, 4, ear.chance / 2U);
  if (!likes && !replies) return;
  Dice dice(coin + 1);
  const std::int64_t mean_ms = ear.delay_minutes * kMinuteMs / 2;
  Happening happening = about(story, Kind::PostLiked, ear.listener);
  happening.target = spoken.speaker;
  happening.about = content;
  if (likes) journal_.note(spoken.time_ms + 1000 + dice.exponential_ms(mean_ms), happening);
  if (!replies) return;
  const std::int64_t replied_ms = spoken.time_ms + 5000 + dice.exponential_ms(mean_ms);
  happening.kind = Kind::PostReplied;
  if (dice.per_mille(350)) happening.mood = static_cast<std::uint8_t>(Mood::Neutral);
  const std::uint32_t reply = journal_.next_number();
  if (!journal_.note(replied_ms, happening) || !dice.per_mille(250)) return;
  std::swap(happening.actor, happening.target);  // The speaker replies back.
  happening.about = reply;
  journal_.note(replied_ms + 5000 + dice.exponential_ms(mean_ms), happening);
}

// A brand replies to some of the complaints about it, and the company's own more often.
void WordOfMouth::answer(const Story& story, std::uint32_t content) {
  if (story.product == kNoProduct || story.mood != Mood::Bad) return;
  const std::uint8_t brand = world_.products[story.product].brand;
  Dice dice(hash_of(world_.seed, Purpose::Cascade, story_, 1));
  if (!dice.per_mille(brands()[brand].own ? 380 : 150)) return;
  if (brand >= world_.customers.brand_accounts() || story.author == brand) return;
  Happening happening = about(story, Kind::PostReplied, brand);
  happening.target = story.author;
  happening.about = content;
  happening.mood = static_cast<std::uint8_t>(Mood::Neutral);
  journal_.note(story.time_ms + 10 * kMinuteMs + dice.exponential_ms(5 * kHourMs), happening);
}

Story WordOfMouth::everyday_story(std::uint64_t number) const {
  const Customers& customers = world_.customers;
  Dice dice(hash_of(world_.seed, Purpose::Cascade, number));
  Story story{.time_ms = world_.talking.draw(dice.bits()), .channel = draw_channel(dice)};
  const std::uint32_t who = dice.below(1000);
  if (who < 15 && customers.brand_accounts() > 0) {
    story.author = dice.below(customers.brand_accounts());
    story.time_ms = world_.office.draw(dice.bits());
    story.product = product_for(world_, story.author, dice.bits());
    for (int attempt = 0; attempt < 20 && world_.products[story.product].brand != story.author;
         ++attempt) {
      story.product = product_for(world_, story.author, dice.bits());
    }
    return story;
  }
  if (who < 100) {
    story.author = customers.stars()[dice.skewed_below(customers.stars().size())];
  } else {  // The community of anyone, so that large ones talk more, and there the well known more
            // often.
    const std::uint32_t anyone = customers.shopper_at(dice.below(customers.people()));
    const auto members = customers.members(customers[anyone].community);
    story.author = members[dice.skewed_below(members.size())];
  }
  if (dice.per_mille(280)) {
    story.mood = dice.per_mille(400) ? Mood::Good : Mood::Neutral;
    return story;
  }
  story.product = product_for(world_, story.author, dice.bits());
  story.mood = opinion_of(world_, story.product, story.time_ms, dice.bits());
  story.severe = story.mood == Mood::Bad && dice.per_mille(20);
  return story;
}

void WordOfMouth::mention(std::uint64_t number) {
  const Customers& customers = world_.customers;
  Dice dice(hash_of(world_.seed, Purpose::Mention, number));
  Story story{.time_ms = world_.talking.draw(dice.bits()), .channel = draw_channel(dice)};
  story.author = customers.shopper_at(dice.below(customers.people()));
  story.product = product_for(world_, story.author, dice.bits());
  story.mood = opinion_of(world_, story.product, story.time_ms, dice.bits());
  const std::uint8_t brand = world_.products[story.product].brand;
  Happening happening = about(story, Kind::CustomerMentioned, story.author);
  const auto peers = customers.members(customers[story.author].community);
  const bool to_brand = brand < customers.brand_accounts() && dice.per_mille(500);
  happening.target = to_brand ? brand : peers[dice.steep_below(peers.size())];
  if (happening.target != happening.actor) journal_.note(story.time_ms, happening);
}

void WordOfMouth::follow(std::uint64_t number) {
  if (world_.graph.edges() == 0) return;
  const std::uint64_t edge = number * kEdgeStep % world_.graph.edges();
  Dice dice(hash_of(world_.seed, Purpose::Follow, number));
  const Story story{.time_ms = world_.talking.draw(dice.bits()), .channel = draw_channel(dice)};
  Happening happening = about(story, Kind::CustomerFollowed, world_.graph.ear(edge).listener);
  happening.target = world_.graph.influencer_of(edge);
  journal_.note(story.time_ms, happening);
}

void WordOfMouth::chat(std::size_t budget) {
  const std::size_t end = std::min(journal_.limit(), journal_.size() + budget);
  for (std::uint64_t number = 0; journal_.size() < end; ++number) {
    spread(everyday_story(number));
    if (number % 2 == 0) mention(number);
    if (number % 2 == 1 && number / 2 < world_.graph.edges()) follow(number / 2);
  }
}

}  // namespace grapevine::demo
