#include "server/demo/generate.hpp"

#include <cstddef>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"

#include "api/encode/json_writer.hpp"
#include "server/demo/complaints.hpp"
#include "server/demo/customer_lines.hpp"
#include "server/demo/event_lines.hpp"
#include "server/demo/journal.hpp"
#include "server/demo/shop.hpp"
#include "server/demo/truth_lines.hpp"
#include "server/demo/word_of_mouth.hpp"
#include "server/demo/world.hpp"

namespace grapevine {
namespace {

using namespace demo;

constexpr std::size_t kPieceBytes = std::size_t{1} << 20;
constexpr std::int64_t kUntilMinMs = 31'536'000'000;       // 1971-01-01.
constexpr std::int64_t kUntilMaxMs = 253'402'300'800'000;  // The end of 9999.

absl::Status check(const WorldOptions& options) {
  if (options.customers < 10 || options.customers > 10'000'000) {
    return absl::InvalidArgumentError(
        absl::StrCat("customers must be 10 to 10000000: ", options.customers));
  }
  if (options.events > 1'000'000'000) {
    return absl::InvalidArgumentError(
        absl::StrCat("events must be at most 1000000000: ", options.events));
  }
  if (options.until_ms < kUntilMinMs || options.until_ms > kUntilMaxMs) {
    return absl::InvalidArgumentError(
        absl::StrCat("until must be within the years 1971 to 9999: ", options.until_ms));
  }
  return absl::OkStatus();
}

// Writes `count` lines, each by `write_line(i, json)`, and hands them to the sink in big pieces.
template <typename WriteLine>
absl::Status write_lines(std::size_t count, const WorldSink& sink, const WriteLine& write_line) {
  JsonWriter json;
  std::string piece;
  for (std::size_t i = 0; i < count; ++i) {
    write_line(i, json);
    if (json.size() < kPieceBytes && i + 1 < count) continue;
    piece = std::move(json).take();
    if (absl::Status written = sink(piece); !written.ok()) return written;
    piece.clear();
    json = JsonWriter(std::move(piece));  // The same memory again.
  }
  return absl::OkStatus();
}

absl::Status write_customers(const World& world, const WorldSink& sink) {
  return write_lines(world.customers.size(), sink, [&world](std::size_t i, JsonWriter& json) {
    write_customer(world, static_cast<std::uint32_t>(i), json);
  });
}

absl::Status write_truth(const World& world, const WorldSink& sink) {
  return write_lines(truth_lines(world), sink, [&world](std::size_t i, JsonWriter& json) {
    write_truth_line(world, i, json);
  });
}

// Social life takes a sixth of the events, service a hundredth, and the shop what is left.
absl::Status write_events(const World& world, const WorldSink& sink) {
  Journal journal(world.events);
  {
    WordOfMouth word(world, journal);
    tell_bursts(world, word, journal);
    word.chat(world.events * 16 / 100);
  }
  open_tickets(world, world.events / 100, journal);
  open_shop(world, journal);
  journal.sort_by_time();
  EventLines lines(world);
  const auto happenings = journal.happenings();
  return write_lines(happenings.size(), sink,
                     [&](std::size_t i, JsonWriter& json) { lines.write(happenings[i], json); });
}

}  // namespace

absl::Status generate_world(const WorldOptions& options, const WorldSink& events,
                            const WorldSink* customers, const WorldSink* truth) {
  if (absl::Status valid = check(options); !valid.ok()) return valid;
  const World world(options);
  if (customers != nullptr) {
    if (absl::Status written = write_customers(world, *customers); !written.ok()) return written;
  }
  if (truth != nullptr) {
    if (absl::Status written = write_truth(world, *truth); !written.ok()) return written;
  }
  return write_events(world, events);
}

}  // namespace grapevine
