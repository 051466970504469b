#include "api/encode/service_result.hpp"

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "api/encode/json_writer.hpp"
#include "api/encode/write_optional.hpp"
#include "api/encode/write_texts.hpp"

namespace grapevine {
namespace {

constexpr std::array<std::string_view, 4> kPercentNames{"p50_ms", "p75_ms", "p90_ms", "p95_ms"};
static_assert(kServicePercents == std::array<unsigned, 4>{50, 75, 90, 95});

class ServiceWriter {
 public:
  ServiceWriter(const ServiceRequest& asked, const ServiceAnswer& answer)
      : asked_(asked), answer_(answer) {}

  std::string write(double elapsed_ms) {
    json_.begin_object();
    json_.time_member("from", answer_.window.from);
    json_.time_member("to", answer_.window.to);
    if (asked_.every) json_.member("every", asked_.every_text);
    json_.member("timezone", asked_.filter.timezone);
    if (asked_.target) json_.member("target", asked_.target_text);
    json_.key("by");
    json_.begin_array();
    for (const NamedGroups& by : answer_.by) json_.value(by.dimension);
    json_.end_array();
    json_.key("total");
    json_.begin_object();
    write_numbers(answer_.total);
    json_.member("ungrouped", answer_.ungrouped);
    json_.member("untraceable", answer_.untraceable);
    json_.end_object();
    write_groups();
    write_buckets();
    write_texts(json_, "warnings", answer_.warnings);
    json_.time_member("as_of", answer_.source.moment.as_of);
    if (answer_.source.graph != nullptr) {
      json_.member("graph_snapshot", answer_.source.graph->snapshot_number());
    }
    json_.member("snapshot", answer_.source.snapshot->number());
    json_.member("elapsed_ms", elapsed_ms);
    json_.end_object();
    return std::move(json_).take();
  }

 private:
  void write_groups() {
    json_.member("group_count", answer_.groups);
    json_.key("groups");
    json_.begin_array();
    for (std::size_t i = 0; i < answer_.listed.size(); ++i) {
      json_.begin_object();
      write_names(answer_.listed[i]);
      write_numbers(answer_.of_group[i]);
      json_.end_object();
    }
    json_.end_array();
  }

  void write_buckets() {
    const std::size_t buckets = answer_.buckets();
    json_.key("service");
    json_.begin_array();
    for (std::size_t i = 0; i < answer_.listed.size(); ++i) {
      for (std::size_t b = 0; b < buckets; ++b) {
        json_.begin_object();
        json_.time_member("from", answer_.bounds[b]);
        json_.time_member("to", answer_.bounds[b + 1]);
        write_names(answer_.listed[i]);
        write_numbers(answer_.of_bucket[i * buckets + b]);
        json_.end_object();
      }
    }
    json_.end_array();
  }

  void write_names(std::size_t group) {
    for (std::size_t d = 0; d < answer_.by.size(); ++d) {
      const std::string& dimension = answer_.by[d].dimension;
      const std::string& name = answer_.name(group, d);
      if (dimension == "own") {
        json_.member("own", name == "true");
        continue;
      }
      json_.member(dimension, name);
      if (dimension == "brand") write_optional(json_, "own", answer_.owners.is_own(name));
    }
  }

  void write_numbers(const ServiceNumbers& numbers) {
    json_.member("opened", numbers.opened);
    json_.member("tickets", numbers.tickets);
    json_.member("posts", numbers.opened - numbers.tickets);
    json_.key("counted_by");
    json_.begin_object();
    for (std::size_t i = 0; i < kComplaintsBy; ++i) {
      json_.member(name_of(static_cast<ComplaintBy>(i)), numbers.by[i]);
    }
    json_.end_object();
    json_.member("answered", numbers.answered);
    json_.member("resolved", numbers.resolved);
    json_.member("open", numbers.open);
    json_.member("reopened", numbers.reopened);
    write_waits("first_answer", numbers.answer);
    write_waits("resolution", numbers.resolution);
    json_.key("within_target");
    if (!asked_.target) return json_.null();
    write_target(numbers);
  }

  void write_waits(std::string_view name, const WaitNumbers& waits) {
    json_.key(name);
    json_.begin_object();
    json_.member("ended", waits.ended);
    json_.member("waiting", waits.waiting);
    json_.key("of_ended");
    json_.begin_object();
    for (std::size_t i = 0; i < kPercentNames.size(); ++i) {
      write_optional(json_, kPercentNames[i], waits.of_ended[i]);
    }
    json_.end_object();
    json_.key("estimated");
    json_.begin_object();
    for (std::size_t i = 0; i < kPercentNames.size(); ++i) {
      json_.key(kPercentNames[i]);
      json_.begin_object();
      write_optional(json_, "value", waits.estimated[i].value);
      write_optional(json_, "lower", waits.estimated[i].lower);
      write_optional(json_, "upper", waits.estimated[i].upper);
      json_.end_object();
    }
    json_.end_object();
    json_.end_object();
  }

  void write_target(const ServiceNumbers& numbers) {
    const std::uint64_t decided = numbers.within_target + numbers.missed_target;
    std::optional<double> share;
    if (decided != 0) {
      share = static_cast<double>(numbers.within_target) / static_cast<double>(decided);
    }
    json_.begin_object();
    json_.member("answered", numbers.within_target);
    json_.member("missed", numbers.missed_target);
    json_.member("undecided", numbers.opened - decided);
    write_optional(json_, "share_of_decided", share);
    json_.key("estimated");
    if (const auto& longer = numbers.longer_than_target) {
      const auto rest = [](std::optional<double> of) -> std::optional<double> {
        if (!of) return std::nullopt;
        return 1.0 - *of;
      };
      json_.begin_object();
      json_.member("share", 1.0 - longer->share);
      json_.member("standard_error", longer->standard_error);
      write_optional(json_, "lower", rest(longer->upper));
      write_optional(json_, "upper", rest(longer->lower));
      json_.end_object();
    } else {
      json_.null();
    }
    json_.end_object();
  }

  const ServiceRequest& asked_;
  const ServiceAnswer& answer_;
  JsonWriter json_;
};

}  // namespace

std::string encode_service(const ServiceRequest& asked, const ServiceAnswer& answer,
                           double elapsed_ms) {
  return ServiceWriter(asked, answer).write(elapsed_ms);
}

}  // namespace grapevine
