// Questions about what is said of products and brands.
#include <algorithm>
#include <limits>
#include <tuple>

#include "bench/segments/answer.hpp"
#include "bench/segments/question.hpp"
#include "kernels/listen/bursts.hpp"
#include "kernels/listen/mentions.hpp"

namespace grapevine::bench {
namespace {

constexpr TimeBuckets kDays{kFrom, kDayMs, 180};
constexpr TimeBuckets kHours{kFrom, kDayMs / 24, 180 * 24};

// Codes of a column in the order of their strings.
std::vector<std::uint32_t> by_name(const World& world, ColumnId column, std::size_t codes) {
  std::vector<std::uint32_t> ordered(codes);
  for (std::uint32_t i = 0; i < codes; ++i) ordered[i] = i;
  std::sort(ordered.begin(), ordered.end(), [&](std::uint32_t a, std::uint32_t b) {
    return world.text(column, a) < world.text(column, b);
  });
  return ordered;
}

}  // namespace

std::string ask_top_products(const World& world) {
  constexpr std::size_t kTop = 20;
  const ColumnId product = world.column("product_id");
  const Mentions mentions = answered(count_mentions(world.snapshot(), world.mentions(), product,
                                                    {kFrom, kUntil - kFrom, 1}, world.stop()));
  std::vector<std::uint32_t> top(mentions.codes);
  for (std::uint32_t i = 0; i < top.size(); ++i) top[i] = i;
  const auto end = top.begin() + static_cast<std::ptrdiff_t>(std::min(kTop, top.size()));
  std::partial_sort(top.begin(), end, top.end(), [&](std::uint32_t a, std::uint32_t b) {
    const std::uint64_t of_a = mentions.at(a, 0).mentions, of_b = mentions.at(b, 0).mentions;
    return of_a != of_b ? of_a > of_b : world.text(product, a) < world.text(product, b);
  });
  AnswerRows rows;
  for (auto it = top.begin(); it != end; ++it) {
    const MentionCounts& of = mentions.at(*it, 0);
    rows.add(world.text(product, *it), of.mentions, of.positive, of.negative, of.mean_sentiment());
  }
  return std::move(rows).take();
}

std::string ask_share_of_voice(const World& world) {
  const ColumnId brand = world.column("brand");
  const Mentions mentions =
      answered(count_mentions(world.snapshot(), world.mentions(), brand, kDays, world.stop()));
  std::vector<std::uint64_t> of_day(kDays.count);
  for (std::size_t code = 0; code < mentions.codes; ++code) {
    for (std::size_t day = 0; day < kDays.count; ++day) {
      of_day[day] += mentions.at(code, day).mentions;
    }
  }
  const std::vector<std::uint32_t> brands = by_name(world, brand, mentions.codes);
  AnswerRows rows;
  for (std::size_t day = 0; day < kDays.count; ++day) {
    for (const std::uint32_t code : brands) {
      const MentionCounts& of = mentions.at(code, day);
      if (of.mentions == 0) continue;
      rows.add(day, world.text(brand, code), of.mentions, of.positive, of.negative,
               static_cast<double>(of.mentions) / static_cast<double>(of_day[day]));
    }
  }
  return std::move(rows).take();
}

std::string ask_bursts(const World& world) {
  BurstQuestion question;
  question.events = world.mentions();
  ColumnRule negative{.column = world.column("sentiment"), .test = {}};
  const float bound = std::nextafter(-0.05F, -1.0F);
  negative.test.real32 = {{-std::numeric_limits<float>::infinity(), bound}};
  question.events.where.push_back(negative);
  question.subject = world.column("product_id");
  question.place = world.column("channel");
  question.buckets = kHours;
  question.history = 28 * 24;
  question.most = 20;
  AnswerRows rows;
  for (const Burst& burst : answered(find_bursts(world.snapshot(), question, world.stop()))) {
    rows.add(world.text(question.subject, burst.subject), world.text(question.place, burst.place),
             burst.bucket, burst.count, burst.usual, burst.score);
  }
  return std::move(rows).take();
}

}  // namespace grapevine::bench
