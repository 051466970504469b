#include "server/demo/customer_lines.hpp"

#include <string>
#include <string_view>

#include "server/demo/names.hpp"
#include "server/demo/people.hpp"
#include "server/demo/places.hpp"
#include "server/demo/random.hpp"

namespace grapevine::demo {
namespace {

std::string_view draw_marital_status(Dice& dice, std::uint32_t age) {
  const std::uint32_t point = dice.below(100);
  if (age < 23) return "single";
  const std::uint32_t paired = age < 40 ? (age - 22) * 4 : 76;
  if (point < paired) return "married";
  if (age > 66 && point < 92) return "widowed";
  return age > 34 && point < 88 ? "divorced" : "single";
}

std::string_view draw_leaning(Dice& dice, const Customer& customer) {
  const std::uint32_t point = dice.below(100);
  const bool southwest =
      places()[customer.place].latitude < 36'200 && places()[customer.place].longitude < 127'700;
  const std::uint32_t progressive = (customer.age < 55 ? 38U : 24U) + (southwest ? 28U : 0U);
  if (point < progressive) return "progressive";
  return point < progressive + 30 ? "moderate" : "conservative";
}

const GivenName& draw_given_name(Dice& dice, const Customer& customer) {
  const bool abroad = places()[customer.place].abroad;
  const std::size_t count = abroad ? 12 : 24;
  const std::size_t first = (abroad ? 48U : 0U) + (customer.female ? 0U : count);
  return given_names()[first + dice.below(count)];
}

std::string_view tier_name(Tier tier) {
  switch (tier) {
    case Tier::Bronze: return "bronze";
    case Tier::Silver: return "silver";
    case Tier::Gold: return "gold";
    case Tier::Vip: return "vip";
  }
  return "bronze";
}

// The address of someone called Seo-yeon, who is customer 17: seoyeon17@example.com.
std::string email_of(std::string_view given_name, std::uint32_t customer, Dice& dice) {
  std::string email;
  for (const char letter : given_name) {
    const bool capital = letter >= 'A' && letter <= 'Z';
    if (letter != '-') email += static_cast<char>(capital ? letter + 32 : letter);
  }
  email += std::to_string(customer);
  return email += dice.per_mille(700) ? "@example.com" : "@example.org";
}

void write_birth_date(const World& world, std::uint32_t age, Dice& dice, JsonWriter& json) {
  const std::int64_t until_ms = world.start_ms + kWindowMs;
  const std::int64_t days = age * std::int64_t{146'097} / 400 + 1 + dice.below(363);
  json.member("birth_date", std::string_view(format_time(until_ms - days * kDayMs)).substr(0, 10));
}

void write_place(const Customer& customer, Dice& dice, JsonWriter& json) {
  const Place& place = places()[customer.place];
  const auto near = [&dice](std::int32_t center) {  // Within some four kilometres.
    return static_cast<double>(center + static_cast<std::int32_t>(dice.below(71)) - 35) / 1000.0;
  };
  json.member("region", place.name);
  json.member("latitude", near(place.latitude));
  json.member("longitude", near(place.longitude));
}

void write_consent(Dice& dice, JsonWriter& json) {
  json.key("consent");
  json.begin_object();
  json.member("email", dice.per_mille(640));
  json.member("kakao", dice.per_mille(520));
  json.member("sms", dice.per_mille(310));
  json.end_object();
}

void write_brand_traits(const Brand& brand, JsonWriter& json) {
  json.member("name", brand.name.english);
  json.member("kind", "brand");
  json.member("own", brand.own);
}

// Some of it is not known of everyone, as everywhere.
void write_traits(const World& world, std::uint32_t index, JsonWriter& json) {
  const Customer& customer = world.customers[index];
  Dice dice(hash_of(world.seed, Purpose::Traits, index, 2));
  const GivenName& given_name = draw_given_name(dice, customer);
  json.member("name", given_name.name);
  const std::string email = email_of(given_name.name, index, dice);
  if (!dice.per_mille(60)) json.member("email", email);
  if (!dice.per_mille(30)) {
    json.member("age", customer.age);
    write_birth_date(world, customer.age, dice, json);
  }
  if (!dice.per_mille(20)) json.member("gender", customer.female ? "female" : "male");
  const std::string_view marital_status = draw_marital_status(dice, customer.age);
  if (!dice.per_mille(80)) json.member("marital_status", marital_status);
  if (!dice.per_mille(40)) json.member("job", jobs()[customer.job].name);
  if (!dice.per_mille(40)) json.member("hobby", hobbies()[customer.hobby].name.english);
  write_place(customer, dice, json);
  const std::string_view leaning = draw_leaning(dice, customer);
  if (!dice.per_mille(300)) json.member("leaning", leaning);
  json.member("tier", tier_name(customer.tier));
  json.member("language", customer.english ? "en" : "ko");
  if (!dice.per_mille(50)) write_consent(dice, json);
}

}  // namespace

void write_customer(const World& world, std::uint32_t customer, JsonWriter& json) {
  json.begin_object();
  json.raw_member("type", R"("identify")");
  json.member<std::string_view>("userId", customer_name(world, customer));
  if (world.customers.newcomer(customer)) {
    json.member<std::string_view>("anonymousId", visitor_name(world, customer));
  }
  json.time_member("timestamp", world.start_ms + world.customers.signup_ms(customer));
  json.key("traits");
  json.begin_object();
  if (world.customers.is_brand(customer)) {
    write_brand_traits(brands()[customer], json);
  } else {
    write_traits(world, customer, json);
  }
  json.end_object();
  json.end_object();
  json.end_line();
}

}  // namespace grapevine::demo
