#include "server/demo/event_lines.hpp"

#include <initializer_list>
#include <string_view>
#include <vector>

#include "server/demo/names.hpp"
#include "server/demo/people.hpp"
#include "server/demo/places.hpp"
#include "server/demo/random.hpp"
#include "server/demo/shop.hpp"
#include "server/demo/texts.hpp"

namespace grapevine::demo {
namespace {

bool is_known(const World& world, const Happening& happening) {
  return happening.actor < world.customers.size() && !happening.anonymous;
}

std::uint64_t luck_of(const World& world, const Happening& happening) {
  return hash_of(world.seed, Purpose::Text, happening.number());
}

// Thousandths of a degree, as people nearby share them.
void write_degrees(std::string_view name, std::int32_t thousandths, JsonWriter& json) {
  json.member(name, static_cast<double>(thousandths) / 1000.0);
}

// A score of a mood, in hundredths: neutral is within 0.05 of none.
double sentiment_of(Mood mood, std::uint64_t bits) {
  if (mood == Mood::Neutral) return (static_cast<double>(below(bits, 11)) - 5.0) / 100.0;
  const double strength = static_cast<double>(20 + below(bits, 76)) / 100.0;
  return mood == Mood::Good ? strength : -strength;
}

std::string joined(std::initializer_list<std::string_view> parts) {
  std::string whole;
  for (const std::string_view part : parts) whole += part;
  return whole;
}

// Members as they stand between the braces of an object.
std::string product_members(const Product& product, std::uint16_t index) {
  return joined({R"("product_id":")", product_name(index), R"(","category":")",
                 categories()[product.category].name.english, R"(","brand":")",
                 brands()[product.brand].name.english, R"(")"});
}

}  // namespace

EventLines::EventLines(const World& world) : world_(world) {
  for (std::size_t i = 0; i < kKinds; ++i) {
    heads_[i] = joined({R"("type":"track","event":")", event_name(static_cast<Kind>(i)), R"(")"});
  }
  for (std::size_t i = 0; i < world.products.size(); ++i) {
    products_.push_back(product_members(world.products[i], static_cast<std::uint16_t>(i)));
  }
  for (std::size_t i = 0; i < kChannels; ++i) {
    contexts_[i] = joined({R"({"channel":")", channel_name(static_cast<Channel>(i)), R"("})"});
  }
}

void EventLines::write_time(std::int64_t time_ms, JsonWriter& json) {
  if (const std::int64_t minute = time_ms / kMinuteMs; minute != minute_) {
    minute_ = minute;
    time_ = joined({"\"", format_time(minute * kMinuteMs), "\""});
  }
  std::int64_t rest = time_ms % kMinuteMs;
  for (const std::size_t place : {23U, 22U, 21U, 19U, 18U}) {  // "2026-11-22T01:02:33.004Z"
    time_[place] = static_cast<char>('0' + rest % 10);
    rest /= 10;
  }
  json.raw_member("timestamp", time_);
}

void EventLines::write(const Happening& happening, JsonWriter& json) {
  json.begin_object();
  json.raw(heads_[static_cast<std::size_t>(happening.kind)]);
  if (is_known(world_, happening)) {
    json.member<std::string_view>("userId", customer_name(world_, happening.actor));
  } else {
    json.member<std::string_view>("anonymousId", visitor_name(world_, happening.actor));
  }
  write_time(world_.start_ms + happening.time_ms(), json);
  json.key("properties");
  json.begin_object();
  if (happening.kind <= Kind::ProductReviewed) {
    write_shop_properties(happening, json);
  } else if (happening.kind >= Kind::TicketOpened) {
    write_ticket_properties(happening, json);
  } else {
    write_social_properties(happening, json);
  }
  json.end_object();
  write_context(happening, json);
  json.end_object();
  json.end_line();
}

void EventLines::write_product(std::uint16_t product, JsonWriter& json) const {
  if (product != kNoProduct) json.raw(products_[product]);
}

void EventLines::write_shop_properties(const Happening& happening, JsonWriter& json) {
  constexpr std::string_view kPages[] = {"/", "/search", "/sale", "/account", "/stories"};
  switch (happening.kind) {
    case Kind::PageViewed: json.member("path", kPages[happening.about]); return;
    case Kind::CheckoutStarted:
    case Kind::OrderCompleted:
    case Kind::OrderRefunded: write_order(happening, json); return;
    default: break;
  }
  write_product(happening.product, json);
  if (happening.kind == Kind::ProductAdded) {
    json.member("price", world_.products[happening.product].price_krw);
  }
  if (happening.kind != Kind::ProductReviewed) return;
  const std::uint32_t half = below(luck_of(world_, happening), 2);
  const auto mood = static_cast<Mood>(happening.mood);
  json.member("rating", mood == Mood::Good ? 4 + half : mood == Mood::Bad ? 1 + half : 3);
  const bool has_text = below(luck_of(world_, happening) << 32, 100) < 75;
  if (has_text) write_text(happening, Speech::Review, json);
}

void EventLines::write_order(const Happening& happening, JsonWriter& json) {
  const std::vector<CartItem> items = items_of(world_, happening);
  const std::uint64_t total = total_krw(world_, items);
  if (happening.kind == Kind::CheckoutStarted) {
    json.member("value", total);
    json.raw_member("currency", R"("KRW")");
    return;
  }
  json.member<std::string_view>("order_id", Name("o", happening.target, 7));
  json.member("revenue", total);
  json.raw_member("currency", R"("KRW")");
  const std::uint64_t coupon = hash_of(world_.seed, Purpose::Session, happening.target, 1);
  const bool first_order = below(coupon << 32, 2) == 0;
  if (below(coupon, 100) < 12) json.member("coupon", first_order ? "WELCOME10" : "PAYDAY");
  if (happening.kind == Kind::OrderRefunded) return;
  json.key("products");
  json.begin_array();
  for (const CartItem& item : items) {
    json.begin_object();
    write_product(item.product, json);
    json.member("price", world_.products[item.product].price_krw);
    json.member("quantity", item.quantity);
    json.end_object();
  }
  json.end_array();
}

void EventLines::write_social_properties(const Happening& happening, JsonWriter& json) {
  const Kind kind = happening.kind;
  const bool content = kind <= Kind::PostReplied || kind == Kind::CustomerMentioned;
  if (content) json.member<std::string_view>("content_id", Name("m", happening.number(), 1));
  if (kind == Kind::PostShared || kind == Kind::PostReplied || kind == Kind::PostLiked) {
    json.member<std::string_view>("parent_id", Name("m", happening.about, 1));
  }
  if (happening.target != kNobody) {
    json.member<std::string_view>("target_id", customer_name(world_, happening.target));
  }
  write_product(happening.product, json);
  const bool by_brand = world_.customers.is_brand(happening.actor);
  switch (kind) {
    case Kind::PostCreated:
      write_text(happening, by_brand ? Speech::Announcement : Speech::Post, json);
      break;
    case Kind::PostReplied:
      write_text(happening, by_brand ? Speech::Answer : Speech::Reply, json);
      break;
    case Kind::CustomerMentioned: write_text(happening, Speech::Mention, json); break;
    case Kind::PostShared:
      if (below(luck_of(world_, happening) << 32, 100) >= 30) break;
      write_text(happening, Speech::Comment, json);
      break;
    default: break;
  }
}

void EventLines::write_ticket_properties(const Happening& happening, JsonWriter& json) {
  json.member<std::string_view>("ticket_id", Name("t", happening.about, 1));
  if (happening.target != kNobody) {
    json.member<std::string_view>("target_id", customer_name(world_, happening.target));
  }
  write_product(happening.product, json);
  if (happening.kind == Kind::TicketOpened) write_text(happening, Speech::Ticket, json);
  if (happening.kind == Kind::TicketAnswered) write_text(happening, Speech::Answer, json);
}

void EventLines::write_text(const Happening& happening, Speech speech, JsonWriter& json) {
  const Customer& speaker = world_.customers[happening.actor];
  const bool named = happening.product != kNoProduct;
  write_speech({.bits = luck_of(world_, happening),
                .speech = speech,
                .mood = static_cast<Mood>(happening.mood),
                .english = speaker.english != 0,
                .severe = happening.severe != 0,
                .product = named ? &world_.products[happening.product] : nullptr,
                .hobby = &hobbies()[speaker.hobby]},
               text_);
  json.member("text", text_);
  if (world_.sentiment) {
    json.member("sentiment",
                sentiment_of(static_cast<Mood>(happening.mood),
                             hash_of(world_.seed, Purpose::Text, happening.number(), 1)));
  }
}

void EventLines::write_context(const Happening& happening, JsonWriter& json) const {
  constexpr std::string_view kCampaigns[] = {"newsletter", "spring_sale", "new_arrivals",
                                             "win_back"};
  const auto channel = static_cast<Channel>(happening.channel);
  const bool landed = happening.kind == Kind::PageViewed && happening.about == 0;
  const bool campaign = landed && (channel == Channel::Email || channel == Channel::Kakao);
  const bool located = channel == Channel::Store && is_known(world_, happening);
  if (!campaign && !located) return json.raw_member("context", contexts_[happening.channel]);
  json.key("context");
  json.begin_object();
  json.member("channel", channel_name(channel));
  if (campaign) {
    json.key("campaign");
    json.begin_object();
    json.member("source", kCampaigns[below(luck_of(world_, happening), 4)]);
    json.end_object();
  }
  if (located) {
    const Place& place = places()[world_.customers[happening.actor].place];
    json.key("location");
    json.begin_object();
    write_degrees("latitude", place.latitude, json);
    write_degrees("longitude", place.longitude, json);
    json.end_object();
  }
  json.end_object();
}

}  // namespace grapevine::demo
