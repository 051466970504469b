// A live segment always equals a fresh evaluation of its definition: random definitions on a random
// stream of events, traits, merges, erasures, and the passing of time.

#include "api/live/segments/live_segments.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "api/execute/exit_filter.hpp"
#include "api/execute/segment_executor.hpp"
#include "api/execute/segments_of.hpp"
#include "api/plan/segment_document.hpp"
#include "tests/api/asked.hpp"
#include "tests/api/live/random_definition.hpp"
#include "tests/torture.hpp"

namespace grapevine {
namespace {

using grapevine::testing::AskedStore;
using grapevine::testing::BatchOf;
using grapevine::testing::RandomDefinition;

constexpr TimeMs kMinute = 60'000;
constexpr TimeMs kHour = 60 * kMinute;
constexpr TimeMs kDay = 24 * kHour;

std::set<std::uint32_t> told(const MembershipStream& stream) {
  std::set<std::uint32_t> in;
  stream.base->members.for_each([&](CustomerId id) { in.insert(index(id)); });
  for (std::uint64_t at = stream.first; at < stream.end; ++at) {
    const MembershipChange& change = stream.at(at);
    if (change.entered) {
      EXPECT_TRUE(in.insert(index(change.identity)).second);
    } else {
      EXPECT_EQ(in.erase(index(change.identity)), 1u);
    }
  }
  return in;
}

// A small world in which much happens to few people.
class World {
 public:
  /// `patient`: what only a pass over everybody can tell is found beside the rounds.
  explicit World(unsigned seed, bool patient = false) : random_(seed), patient_(patient) {
    now_ = 1'700'000'000'000 + static_cast<TimeMs>(seed % 100) * kDay;
    BatchOf all;  // Every name, so that no definition is refused.
    for (const char* name : {"Viewed", "Added", "Bought", "Asked", "Post Replied"}) {
      all.event(now_ - 40 * kDay, name, "c0").with("channel", "web").with("value", 1.5);
      all.with("properties.size", std::int64_t{1});
    }
    all.traits(now_ - kDay, "c0").with("age", std::int64_t{1}).with("city", "Seoul");
    all.with("joined", "2023-01-01").with("birthday", "1990-05-05").with("consent.email", true);
    asked_.append(all);
    compute("orders", R"({"event": "Bought", "within": "7d", "count": {}})");
    compute("net", R"({"subtract": [{"event": "Bought", "within": "30d", "sum": {"of": "value"}},
                                    {"event": "Asked", "sum": {"of": "value"}}]})");
    compute("last_channel", R"({"latest": {"event": ["Viewed", "Bought"], "of": "channel"}})");
    compute("bought_at", R"({"latest": {"event": "Bought", "of": "ts"}})");
    compute("age_group", R"({"quantile_of": "age", "groups": 3})");
    compute("per_order", R"({"divide": ["net", "orders"]})");
  }

  void compute(const std::string& name, const std::string& definition) {
    asked_.set_now(now_);
    const Response answer =
        asked_.ask("PUT", "/v1/attributes/" + name, R"({"definition": )" + definition + "}");
    ASSERT_EQ(answer.status, 200) << definition << "\n" << answer.body;
  }

  void define() {
    if (random_() % 20 == 0) {  // Whoever asks for it follows.
      const std::string days = std::to_string(1 + random_() % 9);
      compute("orders", R"({"event": "Bought", "within": ")" + days + R"(d", "count": {}})");
    }
    if (random_() % 20 == 0) remodel();
    const std::string name = "s" + std::to_string(random_() % 12);
    if (random_() % 5 == 0) {
      asked_.set_now(now_);
      (void)asked_.ask("DELETE", "/v1/segments/" + name);  // Or it is used, or not there.
      return;
    }
    std::vector<std::string> nestable;  // Of smaller numbers, so that none goes in a circle.
    for (const std::string_view known : segment_names(*asked_.store().snapshot())) {
      if (known < name) nestable.emplace_back(known);
    }
    const std::string definition = RandomDefinition(random_).make(nestable);
    asked_.set_now(now_);
    const Response answer =
        asked_.ask("PUT", "/v1/segments/" + name, R"({"definition": )" + definition + "}");
    ASSERT_EQ(answer.status, 200) << definition << "\n" << answer.body;
    if (random_() % 3 == 0) live_.follow({name, "email"});
  }

  // Influence is modelled otherwise, and whoever asks for a score follows.
  void remodel() {
    static const char* const kModels[] = {
        "{}", R"({"value": {"event": "Bought", "count": {}}})",
        R"({"verbs": {"Post Replied": 1, "Asked": 2}, "half_life": "12h"})",
        R"({"ladder": {"joiner": ["Bought"], "critic": ["Viewed"]}, "rungs": 6})"};
    asked_.set_now(now_);
    const Response answer =
        asked_.ask("PUT", "/v1/influence/model", kModels[random_() % std::size(kModels)]);
    ASSERT_EQ(answer.status, 200) << answer.body;
  }

  void write() {
    BatchOf batch(now_);
    for (auto i = random_() % 8; i > 0; --i) add_event(batch);
    for (auto i = random_() % 3; i > 0; --i) add_traits(batch);
    if (random_() % 8 == 0) add_link(batch);
    asked_.append(batch);
    if (random_() % 40 == 0) (void)asked_.store().erase(customer(), now_);
    if (random_() % 40 == 0) unmerge();
    if (random_() % 60 == 0) (void)asked_.store().undo_import("i" + std::to_string(random_() % 3));
  }

  void pass_time() {
    switch (random_() % 6) {
      case 0: return;
      case 1: now_ += static_cast<TimeMs>(random_() % 1000); return;
      case 2: now_ += static_cast<TimeMs>(random_() % (10 * kMinute)); return;
      case 3: now_ += kHour; return;
      case 4: now_ += static_cast<TimeMs>(random_() % kDay); return;
      default: now_ += random_() % 8 == 0 ? 9 * kDay : kHour / 2;
    }
  }

  void advance() {
    Store::Written written = asked_.store().take_written();
    auto updates = live_.advance(written, now_, patient_, asked_.stop());
    ASSERT_TRUE(updates.ok());
    if (!updates->streams.empty()) {
      ASSERT_TRUE(asked_.store().note_memberships(*std::move(updates)).ok());
    }
    if (auto due = live_.take_pass()) {
      EXPECT_EQ(pass_, nullptr);  // One at a time.
      pass_ = std::move(due);
    }
    if (random_() % 3 == 0) run_pass();
  }

  void run_pass() {
    if (pass_ != nullptr) std::exchange(pass_, nullptr)->run(asked_.stop());
  }

  // Until nothing waits for a pass any more.
  void settle() {
    const auto waits = [&] {
      const auto states = live_.states();
      return std::any_of(states.begin(), states.end(), [&](const auto& state) {
        return state.second.problem.empty() && state.second.as_of != now_;
      });
    };
    ++now_;  // So that "right now" is not "right a moment ago, before the last rows came".
    advance();
    for (int i = 0; i < 100'000 && waits(); ++i) {
      run_pass();
      advance();
      if (pass_ == nullptr) std::this_thread::yield();
    }
    EXPECT_FALSE(waits());
  }

  // What was told, beside what a fresh evaluation says.
  std::size_t compare() {
    const auto snapshot = asked_.store().snapshot();
    std::size_t compared = 0;
    for (const auto& [key, stream] : snapshot->memberships()) {
      GraphView graph;
      const auto fresh =
          evaluate_segment({*snapshot, now_, graph, asked_.stop()}, key.segment, "UTC");
      EXPECT_TRUE(fresh.ok()) << fresh.status();
      if (!fresh.ok()) continue;
      ExitRules rules;
      rules.consent = key.consent;
      const ExitFilter exit(rules, *snapshot);
      std::set<std::uint32_t> expected;
      fresh->for_each_member([&](CustomerId person) {
        if (!exit.keeps_back(person)) {
          expected.insert(index(snapshot->customers().persons().at(person).name));
        }
      });
      EXPECT_EQ(told(*stream), expected)
          << key.segment << " " << key.consent << " at " << now_ << ": " << definitions(*snapshot);
      ++compared;
    }
    return compared;
  }

  // What is told of somebody's segments, beside all members of each.
  void look_at_somebody() {
    const auto snapshot = asked_.store().snapshot();
    const CustomerId person = snapshot->customers().find(customer());
    if (person == kNobody) return;
    GraphView graph;
    // Also as it was: what came later does not count then.
    const TimeMs as_of = random_() % 3 == 0 ? some_time() : now_;
    const EvaluationSource source{*snapshot, as_of, graph, asked_.stop()};
    ResultCache kept(ResultCacheOptions{});
    const auto found = segments_of(person, source, "UTC", kept);
    ASSERT_TRUE(found.ok()) << found.status();
    std::vector<std::string> expected;
    for (const std::string_view name : segment_names(*snapshot)) {
      const auto members = evaluate_segment(source, name, "UTC");
      if (members.ok() && members->has(person)) expected.emplace_back(name);
    }
    EXPECT_EQ(found->names, expected) << "at " << as_of << ": " << definitions(*snapshot);
    memberships_seen_ += expected.size();
  }
  [[nodiscard]] std::size_t memberships_seen() const { return memberships_seen_; }

  static std::string definitions(const Snapshot& snapshot) {
    std::string all;
    for (const auto& [key, document] : snapshot.documents()) {
      all += "\n" + key.second + ": " + document;
    }
    return all;
  }

  [[nodiscard]] LiveSegments::Facts facts() const { return live_.facts(); }
  void restart() { live_.forget(); }

 private:
  std::string customer() { return "c" + std::to_string(random_() % 25); }

  TimeMs some_time() {
    switch (random_() % 10) {
      case 0: return now_ + static_cast<TimeMs>(random_() % (20 * kHour));  // A clock ahead.
      case 1: return now_ - static_cast<TimeMs>(random_() % (60 * kDay));
      case 2: return now_ - kHour;
      case 3: return now_ - kDay;
      default: return now_ - static_cast<TimeMs>(random_() % (2 * kHour));
    }
  }

  void add_event(BatchOf& batch) {
    static const char* const kNames[] = {"Viewed", "Added", "Bought", "Asked", "Post Replied"};
    static const char* const kChannels[] = {"web", "app", "shop"};
    const std::string who = random_() % 4 == 0 ? "a" + std::to_string(random_() % 10) : customer();
    batch.event(some_time(), kNames[random_() % 5], who);
    if (random_() % 4 == 0) batch.target(customer());
    if (random_() % 2 == 0) batch.with("channel", kChannels[random_() % 3]);
    if (random_() % 2 == 0) batch.with("value", static_cast<double>(random_() % 900) / 10);
    if (random_() % 3 == 0) batch.with("properties.size", static_cast<std::int64_t>(random_() % 5));
    if (random_() % 5 == 0) {
      batch.with("latitude", 36 + static_cast<double>(random_() % 30) / 10);
      batch.with("longitude", 126 + static_cast<double>(random_() % 20) / 10);
    }
    if (random_() % 10 == 0) batch.batch.import_id = "i" + std::to_string(random_() % 3);
  }

  void add_traits(BatchOf& batch) {
    static const char* const kCities[] = {"Seoul", "Busan", "Jeju"};
    batch.traits(some_time(), customer());
    switch (random_() % 6) {
      case 0: batch.with("age", static_cast<std::int64_t>(random_() % 90)); return;
      case 1: batch.with("city", kCities[random_() % 3]); return;
      case 2: batch.with("joined", date(some_time()).c_str()); return;
      case 3: batch.with("birthday", date(some_time()).c_str()); return;
      case 4: batch.with("consent.email", random_() % 2 == 0); return;
      default: batch.with("processing_restricted", random_() % 3 == 0);
    }
  }

  static std::string date(TimeMs time) {
    const std::chrono::sys_time<std::chrono::milliseconds> at{std::chrono::milliseconds(time)};
    const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(at)};
    char text[16];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u", int{day.year()}, unsigned{day.month()},
                  unsigned{day.day()});
    return text;
  }

  void add_link(BatchOf& batch) {
    IdentityLink link;
    link.kind = random_() % 4 == 0 ? IdentityLink::Kind::Alias : IdentityLink::Kind::Identify;
    link.from = batch.batch.strings.intern("a" + std::to_string(random_() % 10));
    link.to = batch.batch.strings.intern(customer());
    link.ts = some_time();
    batch.batch.links.push_back(link);
  }

  void unmerge() {
    const std::string who = customer();
    const auto identities = asked_.store().identities(who);
    if (!identities.ok() || identities->merges.empty()) return;
    (void)asked_.store().unmerge(who, identities->merges.front().number, now_);
  }

  std::mt19937 random_;
  TimeMs now_;
  AskedStore asked_;
  GraphView graph_;
  LiveSegments live_{graph_, "UTC"};
  const bool patient_;
  std::shared_ptr<LivePass> pass_;  // That nobody ran yet.
  std::size_t memberships_seen_ = 0;
};

class LiveSegmentsTest : public ::testing::TestWithParam<unsigned> {};

TEST_P(LiveSegmentsTest, EqualAFreshEvaluation) {
  World world(GetParam());
  std::size_t compared = 0;
  for (int step = 0; step < grapevine::testing::rounds(900); ++step) {
    if (step < 12 || step % 9 == 0) world.define();
    world.write();
    world.pass_time();
    if (step % 211 == 210) world.restart();
    world.advance();
    compared += world.compare();
    if (step % 3 == 0) world.look_at_somebody();
    if (HasFatalFailure() || HasNonfatalFailure()) break;
  }
  RecordProperty("compared", static_cast<int>(compared));
  EXPECT_GT(compared, 6'000u);
  EXPECT_GT(world.memberships_seen(), 300u);
  EXPECT_GT(world.facts().tests, 1'000u);  // Most are looked at person by person.
}

TEST_P(LiveSegmentsTest, EqualAFreshEvaluationOncePassesBesideTheRoundsAreTakenOver) {
  World world(GetParam(), true);
  std::size_t compared = 0;
  for (int step = 0; step < grapevine::testing::rounds(300); ++step) {
    if (step < 12 || step % 9 == 0) world.define();
    world.write();
    world.pass_time();
    if (step % 83 == 82) world.restart();
    world.advance();
    if (step % 10 == 9) {
      world.settle();
      compared += world.compare();
    }
    if (HasFatalFailure() || HasNonfatalFailure()) break;
  }
  EXPECT_GT(compared, 200u);
}

INSTANTIATE_TEST_SUITE_P(Seeds, LiveSegmentsTest, ::testing::Range(1u, 15u));

// Who is told of, by external id; nullopt: there is no stream.
std::optional<std::set<std::string>> told_names(const Snapshot& snapshot, const char* segment) {
  const auto stream = snapshot.memberships().find({segment, ""});
  if (stream == snapshot.memberships().end()) return std::nullopt;
  std::set<std::string> names;
  for (const std::uint32_t id : told(*stream->second)) {
    names.emplace(snapshot.customers().external_id(CustomerId(id)));
  }
  return names;
}

TEST(LivePassTest, OthersDoNotWaitForIt) {
  using Names = std::set<std::string>;
  AskedStore asked;
  TimeMs now = 1'700'000'000'000;
  asked.set_now(now);
  BatchOf first;
  first.event(now - kHour, "Bought", "a").event(now - kHour, "Post Replied", "b").target("a");
  asked.append(first);
  const auto put = [&](const char* name, const std::string& definition) {
    const std::string body = R"({"definition": )" + definition + "}";
    const Response answer = asked.ask("PUT", std::string("/v1/segments/") + name, body);
    EXPECT_EQ(answer.status, 200) << answer.body;
  };
  put("buyers", R"({"event": "Bought", "within": "2h"})");
  put("leaders", R"({"influence": "pagerank", "top": 1})");
  put("both", R"({"all": [{"segment": "buyers"}, {"segment": "leaders"}]})");
  GraphView graph;
  LiveSegments live(graph, "UTC");
  const auto advance = [&] {
    auto updates = live.advance(asked.store().take_written(), now, true, asked.stop());
    ASSERT_TRUE(updates.ok());
    if (updates->streams.empty()) return;
    ASSERT_TRUE(asked.store().note_memberships(*std::move(updates)).ok());
  };
  const auto told_of = [&](const char* segment) {
    return told_names(*asked.store().snapshot(), segment);
  };

  advance();
  const auto pass = live.take_pass();
  ASSERT_NE(pass, nullptr);
  EXPECT_EQ(told_of("buyers"), Names{"a"});
  EXPECT_EQ(told_of("leaders"), std::nullopt);
  EXPECT_EQ(told_of("both"), std::nullopt);

  BatchOf second;
  second.event(now, "Bought", "b");
  asked.append(second);
  advance();
  EXPECT_EQ(live.take_pass(), nullptr);  // One is on its way.
  EXPECT_EQ(told_of("buyers"), (Names{"a", "b"}));

  now += kHour + 1;  // The first one leaves the window.
  advance();
  EXPECT_EQ(told_of("buyers"), Names{"b"});

  pass->run(asked.stop());
  EXPECT_EQ(told_of("leaders"), std::nullopt);
  advance();
  EXPECT_EQ(told_of("leaders"), Names{"a"});
  EXPECT_EQ(told_of("both"), Names{});
}

}  // namespace
}  // namespace grapevine
