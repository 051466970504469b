#include "api/collect/body.hpp"

#include <algorithm>
#include <array>

#include "api/collect/call.hpp"
#include "api/collect/call_time.hpp"
#include "api/collect/json.hpp"
#include "api/collect/json_split.hpp"
#include "api/collect/limits.hpp"
#include "api/collect/rejection.hpp"
#include "api/error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

// What the members that hold the sender's key are called: Segment's, then PostHog's.
constexpr std::array<std::string_view, 3> kKeys{"writeKey", "token", "api_key"};

absl::Status not_json(simdjson::error_code error, std::string_view text, std::size_t begin = 0) {
  return problem(ErrorCode::Malformed,
                 "the body is not JSON: " + describe_json_error(error, text, begin));
}

absl::Status too_many_events() {
  return problem(ErrorCode::TooLarge,
                 "the batch has more events than " + std::to_string(kBatchEventsMax));
}

absl::Status no_batch() {
  return problem(ErrorCode::Malformed, "the body has no array `batch`",
                 {{"/batch", "is not an array"}});
}

absl::Status not_an_object() {
  return problem(ErrorCode::Malformed, "the body is not a JSON object");
}

// Reads the events of one request into its CollectedBody.
class BodyReading {
 public:
  BodyReading(const std::string& body, const BodyForm& form) : body_(body), calls_(result_.batch) {
    source_.dialect = form.dialect;
    source_.type = form.type;
    source_.received = form.received;
    source_.may_hold_nul = has_escaped_nul(body);
    result_.batch.received = form.received;
  }

  absl::StatusOr<CollectedBody> read() && {
    JsonElement root;
    const simdjson::error_code error = parser_.parse(body_).get(root);
    absl::Status done;
    if (error == simdjson::SUCCESS) {
      done = is_single(root) ? read_single(root) : read_batch(root);
    } else if (is_of_one_value(error)) {
      done = read_apart(error);
    } else {
      done = not_json(error, body_);
    }
    if (!done.ok()) return done;
    return std::move(result_);
  }

 private:
  [[nodiscard]] bool is_posthog() const { return source_.dialect == Dialect::Posthog; }

  [[nodiscard]] bool is_single(JsonElement root) const {
    if (!is_posthog()) return source_.type.has_value();
    return root.is_object() && root.at_key("batch").error() != simdjson::SUCCESS;
  }

  absl::Status read_single(JsonElement root) {
    if (!root.is_object()) return not_an_object();
    for (const std::string_view name : kKeys) {
      JsonElement key;
      if (root.at_key(name).get(key) == simdjson::SUCCESS) read_envelope_member(name, key);
    }
    add_call(root);
    return absl::OkStatus();
  }

  absl::Status read_batch(JsonElement root) {
    JsonArray batch;
    if (is_posthog() && root.get_array().get(batch) == simdjson::SUCCESS) return add_calls(batch);
    if (!root.is_object()) return not_an_object();
    if (root.at_key("batch").get_array().get(batch) != simdjson::SUCCESS) return no_batch();
    for (const auto& [name, element] : JsonObject(root.get_object().value_unsafe())) {
      read_envelope_member(name, element);
    }
    return add_calls(batch);
  }

  absl::Status add_calls(JsonArray batch) {
    if (batch.size() > kBatchEventsMax) return too_many_events();
    for (const JsonElement call : batch) {
      add_call(call);
      ++source_.source;
    }
    return absl::OkStatus();
  }

  // The slow way: every event by itself, because one of them cannot be parsed.
  absl::Status read_apart(simdjson::error_code error) {
    if (is_posthog()) {
      if (const auto events = split_array(body_)) return read_events_apart(*events);
    }
    const auto members = split_object(body_);
    if (!members) return not_json(error, body_);
    const bool has_batch =
        std::any_of(members->begin(), members->end(),
                    [](const RawMember& member) { return member.name == "batch"; });
    if (is_posthog() ? has_batch : !source_.type) return read_batch_apart(error, *members);
    JsonElement call;
    if (const auto failed = parse_json(body_, parser_, call); failed != simdjson::SUCCESS) {
      result_.rejected.push_back({0, describe_json_error(failed, body_, 0)});
      return absl::OkStatus();
    }
    return read_single(call);
  }

  absl::Status read_batch_apart(simdjson::error_code error, const std::vector<RawMember>& members) {
    std::optional<std::string_view> batch;
    simdjson::dom::parser context_parser;
    for (const RawMember& member : members) {
      if (member.name == "batch") {
        batch = member.value;
        continue;
      }
      simdjson::dom::parser other_parser;
      simdjson::dom::parser& parser = member.name == "context" ? context_parser : other_parser;
      JsonElement element;
      const auto failed = parse_json(member.value, parser, element);
      if (failed != simdjson::SUCCESS) {
        return not_json(failed, member.value, begin_of(member.value));
      }
      read_envelope_member(member.name, element);
    }
    if (!batch) return no_batch();
    const auto events = split_array(*batch);
    if (!events) return batch->front() == '[' ? not_json(error, body_) : no_batch();
    return read_events_apart(*events);
  }

  absl::Status read_events_apart(const std::vector<std::string_view>& events) {
    if (events.size() > kBatchEventsMax) return too_many_events();
    for (const std::string_view event : events) {
      GRAPEVINE_RETURN_IF_ERROR(read_event_apart(event));
      ++source_.source;
    }
    return absl::OkStatus();
  }

  absl::Status read_event_apart(std::string_view event) {
    JsonElement call;
    const simdjson::error_code error = parse_json(event, parser_, call);
    if (error == simdjson::SUCCESS) {
      add_call(call);
      return absl::OkStatus();
    }
    if (!is_of_one_value(error)) return not_json(error, event, begin_of(event));
    result_.rejected.push_back(
        {source_.source, describe_json_error(error, event, begin_of(event))});
    return absl::OkStatus();
  }

  void read_envelope_member(std::string_view name, JsonElement element) {
    if (name == "sentAt" || (is_posthog() && name == "sent_at")) {
      // One that cannot be read corrects nothing: it is no reason to lose events.
      source_.sent_at = time_of(scalar_of(element, made_));
    } else if (name == "context" && element.is_object()) {
      source_.context = JsonObject(element.get_object().value_unsafe());
      if (source_.may_hold_nul) nul_in_context_ = find_nul(element);
    } else if (std::find(kKeys.begin(), kKeys.end(), name) != kKeys.end() && element.is_string()) {
      result_.write_key = element.get_string().value_unsafe();
    }
  }

  void add_call(JsonElement call) {
    const absl::Status added =
        nul_in_context_ ? nul_rejection(shown_name(*nul_in_context_) + " of the batch's context")
                        : calls_.read(call, source_);
    if (!added.ok()) result_.rejected.push_back({source_.source, detail_of(added)});
  }

  [[nodiscard]] std::size_t begin_of(std::string_view part) const {
    return static_cast<std::size_t>(part.data() - body_.data());
  }

  const std::string& body_;
  CollectedBody result_;
  CallReader calls_;
  CallSource source_;
  std::optional<std::string> nul_in_context_;  // The member of the batch's context that holds one.
  simdjson::dom::parser parser_;
  MadeTexts made_;
};

}  // namespace

absl::StatusOr<CollectedBody> read_body(const std::string& body, const BodyForm& form) {
  return BodyReading(body, form).read();
}

}  // namespace grapevine
