#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include "api/encode/json_writer.hpp"
#include "server/demo/generate.hpp"

namespace grapevine {
namespace {

constexpr std::int64_t kUntilMs = 1'795'305'600'000;  // 2026-11-22T00:00:00Z.
constexpr std::int64_t kDayMs = 86'400'000;

struct Written {
  std::string events;
  std::string customers;
  std::string truth;
  bool operator==(const Written&) const = default;
};

Written make(WorldOptions options) {
  if (options.until_ms == 0) options.until_ms = kUntilMs;
  Written written;
  const auto into = [](std::string& text) {
    return WorldSink([&text](std::string_view lines) {
      EXPECT_TRUE(lines.ends_with('\n'));
      text += lines;
      return absl::OkStatus();
    });
  };
  const WorldSink customers = into(written.customers);
  const WorldSink truth = into(written.truth);
  const auto status = generate_world(options, into(written.events), &customers, &truth);
  EXPECT_TRUE(status.ok()) << status;
  return written;
}

// The world that most tests look at: as large as the demo's, so that rates can be told from luck.
const Written& demo() {
  static const Written written = make({});
  return written;
}

// Calls `look(line)` with each line, parsed; fails the test on a line that is not JSON.
template <typename Look>
void for_each_line(std::string_view text, const Look& look) {
  simdjson::dom::parser parser;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const auto line = parser.parse(text.data(), end);
    ASSERT_EQ(line.error(), simdjson::SUCCESS) << text.substr(0, end);
    look(line.value_unsafe());
    text.remove_prefix(end + 1);
  }
}

using Element = simdjson::dom::element;

// The string at a JSON pointer, or empty.
std::string_view text_at(const Element& line, std::string_view pointer) {
  std::string_view text;
  return line.at_pointer(pointer).get(text) == simdjson::SUCCESS ? text : std::string_view();
}

std::size_t lines_of(std::string_view text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

TEST(Demo, SameSeedSameBytes) {
  const WorldOptions options{.customers = 500, .events = 20'000, .seed = 7, .until_ms = kUntilMs};
  const Written first = make(options);
  EXPECT_EQ(first, make(options));
  WorldOptions other = options;
  other.seed = 8;
  EXPECT_NE(first.events, make(other).events);
  other = options;
  other.until_ms += kDayMs;
  EXPECT_NE(first.events, make(other).events);
}

// The hash was taken from this code on x86-64 with GCC 12. It changes when the world is changed on
// purpose, and must not with the compiler or the machine.
TEST(Demo, SameBytesOnEveryMachine) {
  const Written written = make({.customers = 300, .events = 12'000, .seed = 3});
  std::uint64_t hash = 14'695'981'039'346'656'037ULL;  // FNV-1a.
  for (const std::string* text : {&written.events, &written.customers, &written.truth}) {
    for (const char byte : *text) {
      hash = (hash ^ static_cast<unsigned char>(byte)) * 1'099'511'628'211ULL;
    }
  }
  EXPECT_EQ(hash, 15'205'503'540'655'768'141ULL);
}

TEST(Demo, WritesExactlyAsManyLinesAsAsked) {
  for (const std::uint64_t customers : {10, 11, 63, 1000}) {
    for (const std::uint64_t events : {0, 1, 2, 100, 9999, 10'000}) {
      SCOPED_TRACE(testing::Message() << "customers=" << customers << " events=" << events);
      const Written written = make({.customers = customers, .events = events});
      EXPECT_EQ(lines_of(written.events), events);
      EXPECT_EQ(lines_of(written.customers), customers);
    }
  }
}

TEST(Demo, RefusesWhatIsOutOfRangeByName) {
  const auto refusal = [](WorldOptions options) {
    return generate_world(
        options, [](std::string_view) { return absl::OkStatus(); }, nullptr, nullptr);
  };
  const auto customers = refusal({.customers = 9, .until_ms = kUntilMs});
  EXPECT_EQ(customers.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(customers.message()), testing::StartsWith("customers"));
  EXPECT_FALSE(refusal({.customers = 10'000'001, .until_ms = kUntilMs}).ok());
  const auto events = refusal({.events = 1'000'000'001, .until_ms = kUntilMs});
  EXPECT_THAT(std::string(events.message()), testing::StartsWith("events"));
  const auto until = refusal({.until_ms = 0});
  EXPECT_THAT(std::string(until.message()), testing::StartsWith("until"));
}

TEST(Demo, StopsWhenASinkFails) {
  int calls = 0;
  const WorldSink full_disk = [&calls](std::string_view) {
    ++calls;
    return absl::ResourceExhaustedError("no space left");
  };
  const auto status = generate_world({.until_ms = kUntilMs}, full_disk, nullptr, nullptr);
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(calls, 1);
}

TEST(Demo, EventsAreCollectCallsInOrderOfTime) {
  const std::string from = format_time(kUntilMs - 180 * kDayMs);
  const std::string until = format_time(kUntilMs);
  std::string previous = from;
  std::set<std::string> channels;
  std::set<std::string> products;
  std::map<std::string, std::size_t> events;
  std::size_t anonymous = 0;
  for_each_line(demo().events, [&](const Element& line) {
    const std::string time(text_at(line, "/timestamp"));
    ASSERT_EQ(time.size(), 24U);
    ASSERT_LE(previous, time);
    previous = time;
    ASSERT_EQ(text_at(line, "/type"), "track");
    const bool known = !text_at(line, "/userId").empty();
    ASSERT_NE(known, !text_at(line, "/anonymousId").empty());
    anonymous += !known;
    ++events[std::string(text_at(line, "/event"))];
    channels.emplace(text_at(line, "/context/channel"));
    if (const auto id = text_at(line, "/properties/product_id"); !id.empty()) products.emplace(id);
  });
  EXPECT_LT(previous, until);
  EXPECT_EQ(channels.size(), 10U);
  EXPECT_LE(products.size(), 5000U);
  EXPECT_GT(products.size(), 4900U);
  EXPECT_EQ(events.size(), 17U);
  for (const auto& [event, count] : events) EXPECT_GT(count, 500U) << event;
  EXPECT_GT(anonymous, 50'000U);
  const std::size_t social = events["Post Created"] + events["Post Shared"] + events["Post Liked"] +
                             events["Post Replied"] + events["Customer Mentioned"] +
                             events["Customer Followed"];
  EXPECT_GT(social, 150'000U);
  EXPECT_LT(social, 200'000U);
}

TEST(Demo, OrdersAddUpAndAreRefundedAsTheyWereBought) {
  std::unordered_map<std::string, std::int64_t> revenue;
  std::size_t refunds = 0;
  for_each_line(demo().events, [&](const Element& line) {
    const auto event = text_at(line, "/event");
    if (event != "Order Completed" && event != "Order Refunded") return;
    const std::string id(text_at(line, "/properties/order_id"));
    const std::int64_t total = line.at_pointer("/properties/revenue").get_int64().value_unsafe();
    if (event == "Order Refunded") {
      ASSERT_EQ(revenue.at(id), total);
      ++refunds;
      return;
    }
    std::int64_t sum = 0;
    const simdjson::dom::array items =
        line.at_pointer("/properties/products").get_array().value_unsafe();
    for (const Element item : items) {
      sum += item["price"].get_int64().value_unsafe() * item["quantity"].get_int64().value_unsafe();
    }
    ASSERT_EQ(sum, total);
    ASSERT_TRUE(revenue.emplace(id, total).second) << id;
  });
  EXPECT_GT(refunds, 1000U);
}

TEST(Demo, CustomersHaveTheTraitsThatSegmentsAskFor) {
  std::map<std::string, std::set<std::string>> values;
  std::size_t own = 0;
  std::size_t brands = 0;
  std::size_t married_minors = 0;
  for_each_line(demo().customers, [&](const Element& line) {
    ASSERT_EQ(text_at(line, "/type"), "identify");
    ASSERT_FALSE(text_at(line, "/userId").empty());
    ASSERT_LT(text_at(line, "/timestamp"), format_time(kUntilMs));
    if (text_at(line, "/traits/kind") == "brand") {
      ++brands;
      own += line.at_pointer("/traits/own").get_bool().value_unsafe();
      return;
    }
    for (const char* trait :
         {"gender", "marital_status", "job", "hobby", "region", "leaning", "tier"}) {
      const auto value = text_at(line, "/traits/" + std::string(trait));
      if (!value.empty()) values[trait].emplace(value);
    }
    std::int64_t age = 30;
    if (line.at_pointer("/traits/age").get(age) == simdjson::SUCCESS) {
      ASSERT_GE(age, 14);
      ASSERT_LE(age, 90);
    }
    married_minors += age < 20 && text_at(line, "/traits/marital_status") == "married";
    double latitude = 0.0;
    ASSERT_EQ(line.at_pointer("/traits/latitude").get(latitude), simdjson::SUCCESS);
    ASSERT_LT(std::abs(latitude), 60.0);
  });
  EXPECT_EQ(brands, 10U);
  EXPECT_EQ(own, 4U);
  EXPECT_EQ(married_minors, 0U);
  EXPECT_EQ(values["job"].size(), 30U);
  EXPECT_EQ(values["hobby"].size(), 50U);
  EXPECT_GT(values["region"].size(), 240U);
  EXPECT_LE(values["region"].size(), 250U);
  EXPECT_EQ(values["tier"].size(), 4U);
  EXPECT_EQ(values["leaning"].size(), 3U);
}

struct Edge {
  std::string_view influencer;
  std::string_view listener;
  auto operator<=>(const Edge&) const = default;
};

struct EdgeHash {
  std::size_t operator()(const Edge& edge) const {
    return std::hash<std::string_view>()(edge.influencer) * 31 +
           std::hash<std::string_view>()(edge.listener);
  }
};

// What the lines say about word of mouth, with names kept once.
struct Spread {
  struct Truth {
    double probability;
    double mean_delay_s;
  };
  std::set<std::string, std::less<>> names;
  std::unordered_map<Edge, Truth, EdgeHash> truth;
  std::unordered_map<std::string_view, std::vector<std::string_view>> listeners;
  std::unordered_map<Edge, std::size_t, EdgeHash> passed;  // Shares of originals.
  std::unordered_map<std::string_view, std::size_t> originals;
  std::size_t shares = 0;
  std::size_t shares_over_edges = 0;

  std::string_view keep(std::string_view name) { return *names.emplace(name).first; }
};

Spread read_spread() {
  Spread spread;
  for_each_line(demo().truth, [&](const Element& line) {
    if (text_at(line, "/influencer").empty()) return;
    const Edge edge{spread.keep(text_at(line, "/influencer")),
                    spread.keep(text_at(line, "/listener"))};
    const double probability = line["probability"].get_double().value_unsafe();
    const auto delay = static_cast<double>(line["mean_delay_s"].get_int64().value_unsafe());
    EXPECT_TRUE(spread.truth.emplace(edge, Spread::Truth{probability, delay}).second);
    spread.listeners[edge.influencer].push_back(edge.listener);
  });
  // Only originals of the first 150 days: whoever hears one has time to pass it on.
  const std::string early = format_time(kUntilMs - 30 * kDayMs);
  std::unordered_map<std::string, std::string_view> author_of;
  for_each_line(demo().events, [&](const Element& line) {
    const auto event = text_at(line, "/event");
    const auto actor = spread.keep(text_at(line, "/userId"));
    if (event == "Post Created" && text_at(line, "/timestamp") < early) {
      author_of.emplace(text_at(line, "/properties/content_id"), actor);
      ++spread.originals[actor];
    }
    if (event != "Post Shared") return;
    const Edge edge{spread.keep(text_at(line, "/properties/target_id")), actor};
    ++spread.shares;
    spread.shares_over_edges += spread.truth.contains(edge);
    const auto original = author_of.find(std::string(text_at(line, "/properties/parent_id")));
    if (original == author_of.end()) return;
    EXPECT_EQ(original->second, edge.influencer);
    ++spread.passed[edge];
  });
  return spread;
}

TEST(Demo, CascadesFollowTheTruth) {
  const Spread spread = read_spread();
  EXPECT_GT(spread.truth.size(), 100'000U);
  EXPECT_GT(spread.shares, 20'000U);
  EXPECT_EQ(spread.shares, spread.shares_over_edges);

  // Every listener of an original got a chance of the edge's probability, except the few who had
  // already heard it from someone faster: by band of probability, shares must be close to, and
  // rarely above, what is expected.
  constexpr std::size_t kBands = 5;
  std::vector<double> expected(kBands);
  std::vector<double> variance(kBands);
  std::vector<double> observed(kBands);
  for (const auto& [author, count] : spread.originals) {
    const auto listeners = spread.listeners.find(author);
    if (listeners == spread.listeners.end()) continue;
    for (const std::string_view listener : listeners->second) {
      const double probability = spread.truth.at({author, listener}).probability;
      const auto band = std::min(kBands - 1, static_cast<std::size_t>(probability * 40.0));
      expected[band] += probability * static_cast<double>(count);
      variance[band] += probability * (1.0 - probability) * static_cast<double>(count);
      const auto passed = spread.passed.find({author, listener});
      if (passed != spread.passed.end()) observed[band] += static_cast<double>(passed->second);
    }
  }
  for (std::size_t band = 0; band < kBands; ++band) {
    SCOPED_TRACE(testing::Message() << "band " << band << ": expected " << expected[band]
                                    << ", observed " << observed[band]);
    EXPECT_GT(expected[band], 500.0);
    EXPECT_LT(observed[band], expected[band] + 4.0 * std::sqrt(variance[band]));
    EXPECT_GT(observed[band], 0.95 * expected[band] - 4.0 * std::sqrt(variance[band]));
  }
}

struct Burst {
  std::string product;
  std::string channel;
  std::string from;
  std::string to;
  std::size_t inside = 0;
  std::size_t before = 0;
};

TEST(Demo, BurstsOfComplaintsStandOut) {
  std::vector<Burst> bursts;
  for_each_line(demo().truth, [&](const Element& line) {
    if (text_at(line, "/burst/product_id").empty()) return;
    bursts.push_back({std::string(text_at(line, "/burst/product_id")),
                      std::string(text_at(line, "/burst/channel")),
                      std::string(text_at(line, "/burst/from")),
                      std::string(text_at(line, "/burst/to"))});
  });
  ASSERT_EQ(bursts.size(), 6U);
  for_each_line(demo().events, [&](const Element& line) {
    const auto event = text_at(line, "/event");
    if (event != "Post Created" && event != "Ticket Opened") return;
    const auto product = text_at(line, "/properties/product_id");
    const auto time = text_at(line, "/timestamp");
    for (Burst& burst : bursts) {
      if (burst.product != product) continue;
      burst.inside += time >= burst.from && time < burst.to;
      burst.before += time < burst.from;
    }
  });
  for (const Burst& burst : bursts) {
    SCOPED_TRACE(testing::Message() << burst.product << " from " << burst.from << ": inside "
                                    << burst.inside << ", before " << burst.before);
    // Three days against at least 29 before: a rate of more than ten times the one before.
    EXPECT_GT(burst.inside, burst.before + 200);
    EXPECT_LT(burst.to, format_time(kUntilMs));
  }
}

}  // namespace
}  // namespace grapevine
