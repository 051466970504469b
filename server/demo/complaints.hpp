#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "server/demo/calendar.hpp"
#include "server/demo/journal.hpp"
#include "server/demo/products.hpp"

namespace grapevine::demo {

struct World;
class WordOfMouth;

/// A product turns out to have a defect, and people say so, most of them in one channel.
struct Burst {
  std::uint16_t product = kNoProduct;
  Channel channel = Channel::Twitter;
  std::int64_t from_ms = 0;  // From the start of the window; when the first complain.
  std::int64_t to_ms = 0;    // When the wave is over.
};

/// How long a defect stays after its burst began: reviews are bad and orders come back for this
/// long.
constexpr std::int64_t kDefectMs = 21 * kDayMs;

/// The six bursts of a world, by time; none where there are too few events to see them (below
/// 10,000).
std::vector<Burst> plan_bursts(std::uint64_t seed, std::span<const Product> products,
                               std::uint64_t events);

/// Whether a product has a defect at a time.
bool defective(std::span<const Burst> bursts, std::uint16_t product, std::int64_t time_ms);

/// Lets the complaints of all bursts happen: posts that spread, and tickets.
void tell_bursts(const World& world, WordOfMouth& word, Journal& journal);

/// Opens everyday tickets until the journal has grown by `budget`.
void open_tickets(const World& world, std::size_t budget, Journal& journal);

}  // namespace grapevine::demo
