#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "kernels/listen/lent_lags.hpp"
#include "kernels/listen/matched_people_reference.hpp"
#include "tests/api/listen/service_rows.hpp"

namespace grapevine {
namespace {

using Json = nlohmann::json;
using testing::ExpectedCase;
using testing::RandomService;
using testing::ServiceRow;

constexpr TimeMs kDay = RandomService::kDay;
constexpr TimeMs kNow = RandomService::kNow;

Json ask_advocacy(testing::AskedStore& asked, Fields query) {
  const Response answer = asked.ask("GET", "/v1/listen/advocacy", {}, std::move(query));
  EXPECT_EQ(answer.status, 200) << answer.body;
  return Json::parse(answer.body);
}

const Json& effect_of(const Json& told, const char* comparison, const char* outcome) {
  for (const Json& effect : told.at("effects")) {
    if (effect.at("comparison") == comparison && effect.at("outcome") == outcome) return effect;
  }
  return told;
}

bool is_advocacy(const ServiceRow& row) {
  if (row.brand != "Alpen") return false;
  if (row.event == "Product Shared" && !row.sentiment) return true;
  const bool may = row.event == "Post Created" || row.event == "Post Replied" ||
                   row.event == "Product Shared" || row.event == "Product Reviewed";
  return may && row.sentiment.value_or(0) > 0.05F;
}

// The digits of a stratum, by the definition: powers of 2 or of 4 that a count has reached.
std::vector<int> stratum_by_hand(const ExpectedCase& one, const std::vector<ServiceRow>& rows) {
  std::map<std::string, int> counts;
  double sum = 0.0;
  for (const ServiceRow& row : rows) {
    const TimeMs before = one.row.ts - row.ts;
    if (row.customer != one.row.customer || before <= 0 || before > 90 * kDay) continue;
    ++counts["events"];
    counts["recent"] += before <= 30 * kDay ? 1 : 0;
    counts["posts"] += row.event.starts_with("Post ") ? 1 : 0;
    counts["orders"] += row.event == "Order Completed" ? 1 : 0;
    counts["advocacies"] += is_advocacy(row) ? 1 : 0;
    if (!row.sentiment) continue;
    ++counts["scored"];
    sum += *row.sentiment;
  }
  const auto of_two = [](int count) {
    return count == 0 ? 0 : 1 + static_cast<int>(std::floor(std::log2(count)));
  };
  const auto of_four = [](int count) {
    return count == 0 ? 0 : 1 + static_cast<int>(std::floor(std::log2(count) / 2));
  };
  const double mean = counts["scored"] == 0 ? 0.0 : sum / counts["scored"];
  const int mood = counts["scored"] == 0 ? 0 : mean > 0.05F ? 1 : mean < -0.05F ? 2 : 3;
  return {one.is_ticket ? 1 : 0,       mood,
          of_two(counts["events"]),    of_four(counts["recent"]),
          of_four(counts["posts"]),    of_four(counts["orders"]),
          of_two(counts["advocacies"])};
}

void expect_effect(const Json& told, const std::optional<Effect>& expected) {
  ASSERT_EQ(told.at("difference").is_null(), !expected.has_value());
  if (!expected) return;
  EXPECT_NEAR(told.at("answered_well"), expected->treated_mean, 1e-9);
  EXPECT_NEAR(told.at("unanswered"), expected->control_mean, 1e-9);
  ASSERT_EQ(told.at("lower").is_null(), !expected->lower.has_value());
  if (!expected->lower) return;
  EXPECT_NEAR(told.at("standard_error"), *expected->standard_error, 1e-9);
  EXPECT_NEAR(told.at("lower"), *expected->lower, 1e-9);
  EXPECT_NEAR(told.at("upper"), *expected->upper, 1e-9);
}

// Everybody's first complaint, and what the comparison makes of it.
struct ByHand {
  std::vector<ExpectedCase> firsts;
  std::vector<Arm> arms;
  std::map<std::string, std::size_t> people;

  ByHand(const std::vector<ExpectedCase>& cases, TimeMs days, TimeMs target) {
    std::map<std::string, ExpectedCase> first;
    for (const ExpectedCase& one : cases) {
      const auto [known, is_new] = first.emplace(one.row.customer, one);
      const auto order = [](const ExpectedCase& of) {
        return std::tuple(of.row.ts, !of.is_ticket, of.answered.value_or(INT64_MAX),
                          of.resolved.value_or(INT64_MAX));
      };
      if (!is_new && order(one) < order(known->second)) known->second = one;
    }
    for (const auto& [customer, one] : first) {
      firsts.push_back(one);
      arms.push_back(arm_of(one, days, target));
    }
    people["complained"] = firsts.size();
  }

  [[nodiscard]] static std::optional<TimeMs> settled(const ExpectedCase& one) {
    return one.is_ticket ? one.resolved : one.answered;
  }

 private:
  Arm arm_of(const ExpectedCase& one, TimeMs days, TimeMs target) {
    const auto moment = settled(one);
    const TimeMs opened = one.row.ts;
    if (moment && *moment - opened > target) return count("late", Arm::None);
    if (moment && *moment + days > kNow) return count("too_recent", Arm::None);
    if (moment) return count("answered_well", Arm::Treated);
    if (one.answered && *one.answered <= opened + 30 * kDay) return count("unresolved", Arm::None);
    const TimeMs seen = std::max(30 * kDay, days);
    if (opened + seen > kNow) return count("too_recent", Arm::None);
    return count("unanswered", Arm::Control);
  }
  Arm count(const char* what, Arm arm) {
    ++people[what];
    return arm;
  }
};

TEST(ShowAdvocacy, EqualsTheComparisonByHand) {
  for (const std::uint64_t seed : {1, 2, 3, 4}) {
    for (const TimeMs days : {30, 7}) {
      SCOPED_TRACE(::testing::Message() << "seed " << seed << ", days " << days);
      RandomService world(seed, 700);
      const auto rows = testing::read_service_rows(world.asked);
      std::size_t untraceable = 0;
      const auto cases = testing::expected_cases(rows, 0, kNow + 1, false, untraceable);
      const TimeMs target = days == 7 ? 3 * kDay : 10'000 * kDay;
      Fields query{{"days", std::to_string(days)}};
      if (days == 7) query.emplace_back("target", "3d");
      const Json told = ask_advocacy(world.asked, query);
      ByHand hand(cases, days * kDay, target);
      for (const auto& [what, count] : hand.people) {
        EXPECT_EQ(told.at("people").at(what), count) << what;
      }

      const auto snapshot = world.asked.store().snapshot();
      std::vector<TimeMs> lags;
      std::vector<CustomerId> numbers;
      std::map<std::vector<int>, std::uint64_t> keys;
      std::vector<std::uint64_t> key_of;
      for (std::size_t i = 0; i < hand.firsts.size(); ++i) {
        const ExpectedCase& one = hand.firsts[i];
        const CustomerId id = snapshot->customers().find(one.row.customer);
        numbers.push_back(snapshot->customers().persons().of(id));
        const bool is_treated = hand.arms[i] == Arm::Treated;
        lags.push_back(is_treated ? *ByHand::settled(one) - one.row.ts : 0);
        key_of.push_back(keys.emplace(stratum_by_hand(one, rows), keys.size()).first->second);
      }
      for (const char* comparison : {"naive", "matched"}) {
        const std::vector<std::uint64_t> alike(key_of.size(), 0);
        const auto& used = std::string(comparison) == "naive" ? alike : key_of;
        std::vector<Arm> arms = hand.arms;
        const auto lent = lend_lags(match_exactly(used, arms), lags, numbers);
        std::vector<double> advocacies(arms.size()), advocates(arms.size());
        for (std::size_t i = 0; i < arms.size(); ++i) {
          const ExpectedCase& one = hand.firsts[i];
          const TimeMs since = one.row.ts + lent[i];
          const bool is_fit = one.answered.value_or(INT64_MAX) > since;
          const bool is_seen = since + days * kDay <= kNow;
          if (arms[i] == Arm::Control && !(is_fit && is_seen)) arms[i] = Arm::None;
          for (const ServiceRow& row : rows) {
            const bool is_theirs = row.customer == one.row.customer && is_advocacy(row);
            if (is_theirs && row.ts > since && row.ts <= since + days * kDay) ++advocacies[i];
          }
          advocates[i] = advocacies[i] > 0 ? 1 : 0;
        }
        SCOPED_TRACE(comparison);
        expect_effect(effect_of(told, comparison, "advocacies"),
                      effect_on_treated_reference(used, arms, advocacies));
        expect_effect(effect_of(told, comparison, "advocates"),
                      effect_on_treated_reference(used, arms, advocates));
      }
      EXPECT_EQ(told.at("observational"), true);
      EXPECT_EQ(told.at("brands"), (Json{"Alpen", "brand_a"}));
    }
  }
}

// People who praise the more, and are the more likely answered, the more they said before; whose
// praise fades after they complained; and whom an answer makes praise `effect` times more in the 30
// days after.
class KnownWorld {
 public:
  KnownWorld(std::uint64_t seed, double effect) : random_(seed) {
    asked.set_now(kNow);
    for (int i = 0; i < 1200; ++i) add_person("p" + std::to_string(i), effect);
    asked.append(rows_);
  }
  testing::AskedStore asked;

 private:
  double uniform() { return static_cast<double>(random_() >> 11) * 0x1p-53; }
  int poisson(double mean) {
    int count = 0;
    for (double left = uniform(); left > std::exp(-mean); left *= uniform()) ++count;
    return count;
  }
  void say(const std::string& who, double day, double sentiment) {
    const auto ts = kNow - static_cast<TimeMs>((300.0 - day) * static_cast<double>(kDay));
    rows_.event(ts, "Post Created", who).with("sentiment", sentiment).with("brand", "Alpen");
  }
  void service(const std::string& who, double day, const char* event) {
    const auto ts = kNow - static_cast<TimeMs>((300.0 - day) * static_cast<double>(kDay));
    rows_.event(ts, event, who).with("properties.ticket_id", who.c_str());
  }

  void add_person(const std::string& who, double effect) {
    const double activity = std::floor(-3.0 * std::log(1.0 - uniform()));
    const double opened = 100.0 + 50.0 * uniform();
    for (int i = 0; i < static_cast<int>(activity); ++i) say(who, opened - 1 - 80 * uniform(), 0.0);
    for (int i = poisson(0.3 * activity); i > 0; --i) say(who, opened - 1 - 80 * uniform(), 0.8);
    service(who, opened, "Ticket Opened");
    const double fading = 20.0;  // Days.
    for (int i = poisson(0.2 + 0.4 * activity); i > 0; --i) {
      say(who, opened - fading * std::log(1.0 - uniform()), 0.8);
    }
    if (uniform() > 0.15 + 0.7 * activity / (activity + 4.0)) return;
    const double resolved = opened + 1.0 + 14.0 * uniform();
    service(who, opened + 0.5, "Ticket Answered");
    service(who, resolved, "Ticket Resolved");
    for (int i = poisson(effect); i > 0; --i) say(who, resolved + 0.001 + 29.9 * uniform(), 0.8);
  }

  std::mt19937_64 random_;
  testing::BatchOf rows_;
};

TEST(ShowAdvocacy, FindsAKnownEffectThatTheNaiveComparisonMisses) {
  for (const double truth : {0.0, 0.6}) {
    int covered = 0, covered_naively = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      KnownWorld world(seed, truth);
      const Json told = ask_advocacy(world.asked, {});
      const auto covers = [&](const char* comparison) {
        const Json& effect = effect_of(told, comparison, "advocacies");
        return effect.at("lower") <= truth && effect.at("upper") >= truth ? 1 : 0;
      };
      covered += covers("matched");
      covered_naively += covers("naive");
      EXPECT_GT(told.at("matching").at("answered_well"), 300);
      for (const Json& covariate : told.at("balance")) {
        const Json& after = covariate.at("standardised_difference_after");
        if (after.is_null()) continue;
        EXPECT_LT(std::abs(after.get<double>()), 0.1) << covariate;
      }
    }
    // 20 intervals of 95 %: 19 on average, 1 the deviation.
    EXPECT_GE(covered, 17) << truth;
    EXPECT_LE(covered_naively, 3) << truth;
  }
}

}  // namespace
}  // namespace grapevine
