#include "api/encode/overlap_result.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <utility>
#include <vector>

#include "api/encode/json_writer.hpp"

namespace grapevine {
namespace {

void write_names(JsonWriter& json, const SegmentOverlap& overlap, std::size_t mask) {
  json.begin_array();
  for (std::size_t i = 0; i < overlap.segments.size(); ++i) {
    if ((mask >> i & 1) != 0) json.value(overlap.segments[i]);
  }
  json.end_array();
}

// Masks of at least one segment: first those of one, in the order in which they were named.
std::vector<std::size_t> regions_to_tell(std::size_t segments) {
  const auto first_named_highest = [&](std::size_t mask) {
    std::size_t turned = 0;
    for (std::size_t i = 0; i < segments; ++i) turned = turned << 1 | (mask >> i & 1);
    return turned;
  };
  std::vector<std::size_t> masks;
  for (std::size_t mask = 1; mask < std::size_t{1} << segments; ++mask) masks.push_back(mask);
  std::sort(masks.begin(), masks.end(), [&](std::size_t a, std::size_t b) {
    if (std::popcount(a) != std::popcount(b)) return std::popcount(a) < std::popcount(b);
    return first_named_highest(a) > first_named_highest(b);
  });
  return masks;
}

void write_segments(JsonWriter& json, const SegmentOverlap& overlap) {
  json.key("segments");
  json.begin_array();
  for (std::size_t i = 0; i < overlap.segments.size(); ++i) {
    json.begin_object();
    json.member("segment", overlap.segments[i]);
    json.member("size", overlap.in_all_of(std::size_t{1} << i));
    json.end_object();
  }
  json.end_array();
}

void write_pairs(JsonWriter& json, const SegmentOverlap& overlap) {
  json.key("pairs");
  json.begin_array();
  for (std::size_t i = 0; i < overlap.segments.size(); ++i) {
    for (std::size_t j = i + 1; j < overlap.segments.size(); ++j) {
      const std::size_t one = std::size_t{1} << i;
      const std::size_t other = std::size_t{1} << j;
      const std::size_t both = overlap.in_all_of(one | other);
      const std::size_t either = overlap.in_all_of(one) + overlap.in_all_of(other) - both;
      json.begin_object();
      json.key("segments");
      write_names(json, overlap, one | other);
      json.member("size", both);
      json.key("jaccard");
      if (either == 0) {
        json.null();
      } else {
        json.value(static_cast<double>(both) / static_cast<double>(either));
      }
      json.end_object();
    }
  }
  json.end_array();
}

void write_regions(JsonWriter& json, const SegmentOverlap& overlap) {
  json.key("regions");
  json.begin_array();
  for (const std::size_t mask : regions_to_tell(overlap.segments.size())) {
    json.begin_object();
    json.key("in");
    write_names(json, overlap, mask);
    json.member("size", overlap.regions[mask]);
    json.end_object();
  }
  json.end_array();
}

}  // namespace

std::string encode_overlap(const SegmentOverlap& overlap, const Snapshot& snapshot,
                           const AnswerMoment& moment, double elapsed_ms) {
  JsonWriter json;
  json.begin_object();
  write_segments(json, overlap);
  write_pairs(json, overlap);
  write_regions(json, overlap);
  json.member("total", overlap.in_all_of(0) - overlap.regions[0]);
  json.member("outside", overlap.regions[0]);
  if (moment.in_the_past) {
    json.key("current");
    json.begin_array();
    for (const std::string& trait : overlap.traits) json.value(trait);
    json.end_array();
  }
  json.time_member("as_of", moment.as_of);
  json.member("snapshot", snapshot.number());
  json.member("elapsed_ms", elapsed_ms);
  json.end_object();
  return std::move(json).take();
}

}  // namespace grapevine
