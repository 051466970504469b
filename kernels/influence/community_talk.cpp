#include "kernels/influence/community_talk.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <string_view>
#include <variant>

#include "kernels/parallel/for_each_block.hpp"
#include "kernels/parallel/sort.hpp"
#include "storage/schema.hpp"

namespace grapevine {
namespace {

constexpr std::array<std::string_view, 7> kTalk{
    "Order Item",  "Product Reviewed", "Product Shared",    "Post Created",
    "Post Shared", "Post Replied",     "Customer Mentioned"};

struct Sentiment {
  std::uint64_t scored = 0;
  std::int64_t sum = 0;  // In units of 2^-32.
};

struct RunTalk {
  std::vector<std::uint64_t> products;  // The community above the product.
  std::vector<Sentiment> sentiments;    // By community; empty: the run has none.
};

RunTalk read_run(const LiveRun& live, std::span<const std::uint32_t> community_of,
                 std::size_t communities, TimeMs as_of) {
  const Run& run = *live;
  const RunColumn* product = run.column(column_id(CoreColumn::ProductId));
  const auto* codes = product == nullptr ? nullptr : std::get_if<CodeValues>(&product->values);
  const RunColumn* sentiment = run.column(column_id(CoreColumn::Sentiment));
  const auto* scores = sentiment == nullptr ? nullptr : std::get_if<RealValues>(&sentiment->values);
  RunTalk talk;
  if (codes == nullptr && scores == nullptr) return talk;
  if (scores != nullptr) talk.sentiments.resize(communities);
  for (std::size_t row = 0; row < run.size(); ++row) {
    const std::uint32_t community = community_of[index(run.customers[row])];
    if (community == kNoCommunity || live.is_dead(row) || run.time(row) > as_of) continue;
    if (codes != nullptr && product->has(row)) {
      talk.products.push_back(std::uint64_t{community} << 32 | codes->codes.at(row));
    }
    if (scores != nullptr && sentiment->has(row)) {
      Sentiment& of = talk.sentiments[community];
      ++of.scored;
      of.sum += std::llround(scores->at(row) * 0x1p32);
    }
  }
  return talk;
}

// Counts equal keys, which are sorted.
void count_products(std::span<const std::uint64_t> keys, std::size_t products_max,
                    std::vector<CommunityTalk>& talk) {
  for (std::size_t i = 0; i < keys.size();) {
    const std::size_t begin = i;
    while (i < keys.size() && keys[i] == keys[begin]) ++i;
    talk[keys[begin] >> 32].products.emplace_back(static_cast<std::uint32_t>(keys[begin]),
                                                  i - begin);
  }
  for (CommunityTalk& of : talk) {
    std::ranges::stable_sort(of.products,
                             [](const auto& a, const auto& b) { return a.second > b.second; });
    if (of.products.size() > products_max) of.products.resize(products_max);
  }
}

}  // namespace

absl::StatusOr<std::vector<CommunityTalk>> community_talk(
    const Snapshot& snapshot, std::span<const std::uint32_t> community_of, std::size_t communities,
    std::size_t products_max, TimeMs as_of, const Stop& stop) {
  std::vector<const LiveRun*> runs;
  for (const auto& part : snapshot.parts()) {
    for (const std::string_view name : kTalk) {
      if (const LiveRun* run = part->run(snapshot.find_event(name))) runs.push_back(run);
    }
  }
  std::vector<RunTalk> found(runs.size());
  for_each(runs.size(), [&](std::size_t i) {
    if (!stop.requested()) found[i] = read_run(*runs[i], community_of, communities, as_of);
  });
  if (stop.requested()) return absl::CancelledError("stopped while reading what people talk about");
  std::vector<std::uint64_t> keys;
  std::vector<Sentiment> sentiments(communities);
  for (const RunTalk& of_run : found) {
    keys.insert(keys.end(), of_run.products.begin(), of_run.products.end());
    for (std::size_t c = 0; c < of_run.sentiments.size(); ++c) {
      sentiments[c].scored += of_run.sentiments[c].scored;
      sentiments[c].sum += of_run.sentiments[c].sum;
    }
  }
  parallel_sort(std::span(keys), std::less<>());
  std::vector<CommunityTalk> talk(communities);
  count_products(keys, products_max, talk);
  for (std::size_t c = 0; c < communities; ++c) {
    talk[c].scored = sentiments[c].scored;
    if (sentiments[c].scored == 0) continue;
    talk[c].mean_sentiment = static_cast<double>(sentiments[c].sum) * 0x1p-32 /
                             static_cast<double>(sentiments[c].scored);
  }
  return talk;
}

}  // namespace grapevine
