#include "api/encode/voice_result.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "api/encode/json_writer.hpp"
#include "api/encode/write_optional.hpp"
#include "api/encode/write_texts.hpp"
#include "api/parse/counted_voices.hpp"
#include "kernels/parallel/for_each_block.hpp"

namespace grapevine {
namespace {

using Maybe = std::optional<double>;

// Writes what is said of a group, into JSON that others begin and end.
class GroupWriter {
 public:
  GroupWriter(const VoiceRequest& asked, const VoiceAnswer& answer, JsonWriter& json)
      : asked_(asked), answer_(answer), json_(json) {}

  void write_names(std::size_t group) {
    for (std::size_t d = 0; d < answer_.by.size(); ++d) {
      const std::string& dimension = answer_.by[d].dimension;
      const std::string& name = answer_.name(group, d);
      if (dimension == "own") {
        json_.member("own", name == "true");
        continue;
      }
      json_.member(dimension, name);
      if (dimension != "brand") continue;
      write_optional(json_, "own", answer_.owners.is_own(name));
    }
  }

  // Without shares and reach.
  void write_plain(const ComparedNumbers& numbers) {
    json_.begin_object();
    write_counts(numbers.now);
    json_.member("people", numbers.now.people);
    json_.key("previous");
    if (numbers.previous) {
      json_.begin_object();
      write_counts(*numbers.previous);
      json_.member("people", numbers.previous->people);
      json_.end_object();
    } else {
      json_.null();
    }
    json_.end_object();
  }

  void write_compared(const ComparedNumbers& numbers, bool has_shares, bool has_reach) {
    write_numbers(numbers.now, has_shares, has_reach);
    json_.key("previous");
    if (!numbers.previous) return json_.null();
    json_.begin_object();
    write_numbers(*numbers.previous, has_shares, has_reach);
    json_.end_object();
    json_.key("change");
    json_.begin_object();
    write_change(numbers.now, *numbers.previous, has_shares);
    json_.end_object();
  }

 private:
  void write_counts(const VoiceNumbers& numbers) {
    json_.member("mentions", numbers.counts.mentions());
    json_.member("positive", numbers.counts.positive);
    json_.member("neutral", numbers.counts.neutral);
    json_.member("negative", numbers.counts.negative);
    json_.member("unknown", numbers.counts.unknown);
    write_optional(json_, "net_sentiment", numbers.net_sentiment());
  }

  void write_numbers(const VoiceNumbers& numbers, bool has_shares, bool has_reach) {
    write_counts(numbers);
    if (has_shares) write_optional(json_, "share_of_voice", numbers.share_of_voice);
    json_.member("people", numbers.people);
    if (!has_reach) return;
    write_optional(json_, "reach", numbers.reach);
    if (has_shares) {
      write_optional(json_, "share_of_voice_by_reach", numbers.share_of_voice_by_reach);
    }
  }

  // Counts by how much more, as a share of what was; shares by their difference.
  void write_change(const VoiceNumbers& now, const VoiceNumbers& before, bool has_shares) {
    const auto growth = [](std::uint64_t a, std::uint64_t b) -> Maybe {
      if (b == 0) return std::nullopt;
      return (static_cast<double>(a) - static_cast<double>(b)) / static_cast<double>(b);
    };
    const auto difference = [](Maybe a, Maybe b) -> Maybe {
      if (!a || !b) return std::nullopt;
      return *a - *b;
    };
    write_optional(json_, "mentions", growth(now.counts.mentions(), before.counts.mentions()));
    write_optional(json_, "positive", growth(now.counts.positive, before.counts.positive));
    write_optional(json_, "negative", growth(now.counts.negative, before.counts.negative));
    write_optional(json_, "net_sentiment", difference(now.net_sentiment(), before.net_sentiment()));
    if (has_shares) {
      write_optional(json_, "share_of_voice",
                     difference(now.share_of_voice, before.share_of_voice));
    }
    write_optional(json_, "people", growth(now.people, before.people));
    if (now.reach && before.reach) {
      write_optional(json_, "reach", growth(*now.reach, *before.reach));
      if (has_shares) {
        write_optional(json_, "share_of_voice_by_reach",
                       difference(now.share_of_voice_by_reach, before.share_of_voice_by_reach));
      }
    }
  }

  const VoiceRequest& asked_;
  const VoiceAnswer& answer_;
  JsonWriter& json_;
};

class VoiceWriter {
 public:
  VoiceWriter(const VoiceRequest& asked, const VoiceAnswer& answer)
      : asked_(asked), answer_(answer), group_(asked, answer, json_) {}

  std::string write(double elapsed_ms) {
    const VoicePeriod& period = answer_.period;
    json_.begin_object();
    json_.time_member("from", period.from);
    json_.time_member("to", period.to);
    if (period.before_ms != 0) {
      json_.time_member("previous_from", period.from - period.before_ms);
      json_.time_member("previous_to", period.from);
    }
    if (asked_.every) json_.member("every", asked_.every_text);
    json_.member("timezone", asked_.filter.timezone);
    json_.member("voices", name_of(asked_.voices));
    json_.key("by");
    json_.begin_array();
    for (const NamedGroups& by : answer_.by) json_.value(by.dimension);
    json_.end_array();
    write_total();
    write_groups();
    write_buckets();
    if (!answer_.has_bucket_reach && asked_.reach == VoiceRequest::Reach::Auto) {
      json_.member("reach_left_out",
                   "the reach of each bucket walks the ties of all who speak, in a "
                   "graph of " +
                       std::to_string(answer_.ties) + ": ask for it with reach=bucket");
    }
    write_end(elapsed_ms);
    return std::move(json_).take();
  }

 private:
  [[nodiscard]] bool has_reach() const { return asked_.reach != VoiceRequest::Reach::None; }

  void write_total() {
    json_.key("total");
    json_.begin_object();
    group_.write_compared(answer_.total, false, has_reach());
    json_.member("ungrouped", answer_.ungrouped);
    json_.key("by_company");
    group_.write_plain(answer_.by_company);
    json_.end_object();
  }

  void write_groups() {
    json_.member("group_count", answer_.groups);
    json_.key("groups");
    json_.begin_array();
    for (std::size_t i = 0; i < answer_.listed.size(); ++i) {
      json_.begin_object();
      group_.write_names(answer_.listed[i]);
      group_.write_compared(answer_.of_group[i], !answer_.by.empty(), has_reach());
      json_.end_object();
    }
    json_.end_array();
  }

  // In pieces, by several threads: hours of a year are many.
  void write_buckets() {
    constexpr std::size_t kRowsTogether = 512;
    const std::size_t rows = answer_.listed.size() * answer_.period.buckets();
    const std::vector<std::string> times = quoted_times();
    std::vector<std::string> pieces(blocks_of(rows, kRowsTogether));
    for_each_block(rows, kRowsTogether, [&](std::size_t first, std::size_t last) {
      constexpr std::size_t kBytesOfRow = 640;  // Mostly.
      JsonWriter json;
      json.reserve((last - first) * kBytesOfRow);
      GroupWriter group(asked_, answer_, json);
      for (std::size_t row = first; row < last; ++row) write_bucket(row, times, json, group);
      pieces[first / kRowsTogether] = std::move(json).take();
    });
    json_.key("voice");
    json_.begin_array();
    std::size_t bytes = 0;
    for (const std::string& piece : pieces) bytes += piece.size() + 1;
    json_.reserve(bytes);
    for (const std::string& piece : pieces) json_.raw(piece);
    json_.end_array();
  }

  // Of the buckets' bounds, as JSON: each is written for many groups.
  [[nodiscard]] std::vector<std::string> quoted_times() const {
    std::vector<std::string> times;
    for (const TimeMs bound : answer_.period.bounds) {
      JsonWriter json;
      json.time(bound);
      times.push_back(std::move(json).take());
    }
    return times;
  }

  void write_bucket(std::size_t row, const std::vector<std::string>& times, JsonWriter& json,
                    GroupWriter& group) const {
    const std::size_t bucket = row % answer_.period.buckets();
    json.begin_object();
    json.raw_member("from", times[bucket]);
    json.raw_member("to", times[bucket + 1]);
    group.write_names(answer_.listed[row / answer_.period.buckets()]);
    group.write_compared(answer_.of_bucket[row], !answer_.by.empty(), answer_.has_bucket_reach);
    json.end_object();
  }

  void write_end(double elapsed_ms) {
    const GraphSource& source = answer_.source;
    write_texts(json_, "warnings", answer_.warnings);
    json_.time_member("as_of", source.moment.as_of);
    if (source.graph != nullptr) json_.member("graph_snapshot", source.graph->snapshot_number());
    json_.member("snapshot", source.snapshot->number());
    json_.member("elapsed_ms", elapsed_ms);
    json_.end_object();
  }

  const VoiceRequest& asked_;
  const VoiceAnswer& answer_;
  JsonWriter json_;
  GroupWriter group_;
};

}  // namespace

std::string encode_voice(const VoiceRequest& asked, const VoiceAnswer& answer, double elapsed_ms) {
  return VoiceWriter(asked, answer).write(elapsed_ms);
}

}  // namespace grapevine
