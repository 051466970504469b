#include "api/cloudevents/cloudevent.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "api/collect/base64.hpp"
#include "api/collect/json_split.hpp"
#include "api/collect/limits.hpp"
#include "api/encode/json_writer.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

constexpr std::string_view kHeaderPrefix = "ce-";

enum class Mode : std::uint8_t { Binary, Structured, Batch };

std::string lower(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return lowered;
}

// "application/json" of "Application/JSON; charset=utf-8".
std::string media_type_of(std::string_view content_type) {
  const std::string_view type = content_type.substr(0, content_type.find(';'));
  const std::size_t begin = std::min(type.find_first_not_of(' '), type.size());
  const std::size_t end = type.find_last_not_of(' ');
  return lower(type.substr(begin, end == std::string_view::npos ? 0 : end + 1 - begin));
}

bool is_json_type(std::string_view media_type) {
  return media_type.empty() || media_type == "application/json" || media_type == "text/json" ||
         media_type.ends_with("+json");
}

absl::Status check_charset(std::string_view content_type) {
  const std::string type = lower(content_type);
  const std::size_t at = type.find("charset=");
  if (at == std::string::npos) return absl::OkStatus();
  std::string_view charset = std::string_view(type).substr(at + 8);
  charset = charset.substr(0, charset.find(';'));
  for (const std::string_view known : {"utf-8", "\"utf-8\"", "us-ascii", "\"us-ascii\""}) {
    if (charset == known) return absl::OkStatus();
  }
  return problem(ErrorCode::UnsupportedMediaType, "the charset of the body is not utf-8",
                 {{"content-type", "has another charset than utf-8"}});
}

absl::StatusOr<Mode> mode_of(const Fields& headers, std::string_view media_type) {
  if (media_type == "application/cloudevents+json") return Mode::Structured;
  if (media_type == "application/cloudevents-batch+json") return Mode::Batch;
  if (media_type.starts_with("application/cloudevents")) {
    return problem(ErrorCode::UnsupportedMediaType, "of the event formats JSON alone is read",
                   {{"content-type", "is an event format other than JSON"}});
  }
  const bool has_attributes = std::any_of(headers.begin(), headers.end(), [](const auto& header) {
    return header.first.starts_with(kHeaderPrefix);
  });
  if (has_attributes) return Mode::Binary;
  return problem(ErrorCode::UnsupportedMediaType,
                 "no CloudEvent: the content type is neither application/cloudevents+json nor "
                 "application/cloudevents-batch+json, and there are no ce- headers",
                 {{"content-type", "is of no event format, and there is no header ce-id"}});
}

// The value of a hexadecimal digit; beyond 15: it is none.
unsigned hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  const char letter = static_cast<char>(c | 0x20);
  return letter >= 'a' && letter <= 'f' ? static_cast<unsigned>(letter - 'a') + 10 : 16;
}

// Undoes the percent encoding of header values.
std::string percent_decode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) < 16 &&
        hex_digit(text[i + 2]) < 16) {
      decoded += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

class CloudEventReading {
 public:
  CloudEventReading(const Request& request, const CloudEventVisitor& visit)
      : request_(request), visit_(visit) {
    if (const std::string* type = find_field(request.headers, "content-type")) {
      content_type_ = *type;
    }
    media_type_ = media_type_of(content_type_);
  }

  absl::StatusOr<CloudEventOutcome> read() && {
    GRAPEVINE_ASSIGN_OR_RETURN(mode_, mode_of(request_.headers, media_type_));
    if (mode_ != Mode::Binary || is_json_type(media_type_)) {
      GRAPEVINE_RETURN_IF_ERROR(check_charset(content_type_));
    }
    outcome_.is_batch = mode_ == Mode::Batch;
    switch (mode_) {
      case Mode::Binary: GRAPEVINE_RETURN_IF_ERROR(read_binary()); break;
      case Mode::Structured: GRAPEVINE_RETURN_IF_ERROR(read_structured()); break;
      case Mode::Batch: GRAPEVINE_RETURN_IF_ERROR(read_batch()); break;
    }
    return std::move(outcome_);
  }

 private:
  absl::Status not_json(simdjson::error_code error, std::string_view text) const {
    const auto begin = static_cast<std::size_t>(text.data() - request_.body.data());
    return problem(ErrorCode::Malformed,
                   "the body is not JSON: " + describe_json_error(error, text, begin));
  }

  absl::Status read_binary() {
    JsonWriter written;
    written.begin_object();
    for (const auto& [name, value] : request_.headers) {
      if (!name.starts_with(kHeaderPrefix)) continue;
      const std::string decoded = percent_decode(value);
      if (!simdjson::validate_utf8(decoded) || decoded.find('\0') != std::string::npos) {
        return problem(ErrorCode::Malformed, "a header is not UTF-8 text: " + name,
                       {{name, "is not UTF-8 text"}});
      }
      written.member(std::string_view(name).substr(kHeaderPrefix.size()), decoded);
    }
    written.end_object();
    const std::string attributes = std::move(written).take();
    JsonElement root;
    if (const auto error = parse_json(attributes, parser_, root); error != simdjson::SUCCESS) {
      return not_json(error, request_.body);
    }
    CloudEvent event;
    event.attributes = root.get_object().value_unsafe();
    if (!request_.body.empty()) GRAPEVINE_RETURN_IF_ERROR(read_body(event));
    finish(0, visit_(event, 0));
    return absl::OkStatus();
  }

  // The body of binary mode: JSON, or a text that becomes one.
  absl::Status read_body(CloudEvent& event) {
    JsonElement data;
    if (is_json_type(media_type_)) {
      const auto error = parse_json(request_.body, data_parser_, data);
      if (error != simdjson::SUCCESS) return not_json(error, request_.body);
    } else {
      if (!simdjson::validate_utf8(request_.body)) {
        return problem(ErrorCode::UnsupportedMediaType, "the data is neither JSON nor UTF-8 text",
                       {{"content-type", "is not JSON, and the body is not UTF-8 text"}});
      }
      JsonWriter written;
      written.value(request_.body);
      text_ = std::move(written).take();
      if (data_parser_.parse(text_).get(data) != simdjson::SUCCESS) {
        return problem(ErrorCode::Malformed, "the data cannot be read as text");
      }
    }
    event.data = data;
    return absl::OkStatus();
  }

  absl::Status read_structured() {
    JsonElement root;
    const auto error = parse_json(request_.body, parser_, root);
    if (error != simdjson::SUCCESS) return not_json(error, request_.body);
    if (!root.is_object()) return problem(ErrorCode::Malformed, "the body is not a JSON object");
    read_event(0, root);
    return absl::OkStatus();
  }

  absl::Status read_batch() {
    JsonElement root;
    const auto error = parser_.parse(request_.body).get(root);
    if (is_of_one_value(error)) return read_batch_apart(error);
    if (error != simdjson::SUCCESS) return not_json(error, request_.body);
    JsonArray batch;
    if (root.get_array().get(batch) != simdjson::SUCCESS) {
      return problem(ErrorCode::Malformed, "the body is not a JSON array of events");
    }
    if (batch.size() > kBatchEventsMax) return too_many_events();
    std::size_t index = 0;
    for (const JsonElement event : batch) read_event(index++, event);
    return absl::OkStatus();
  }

  // The slow way: every event by itself, because one of them cannot be parsed.
  absl::Status read_batch_apart(simdjson::error_code error) {
    const auto events = split_array(request_.body);
    if (!events) return not_json(error, request_.body);
    if (events->size() > kBatchEventsMax) return too_many_events();
    for (std::size_t i = 0; i < events->size(); ++i) {
      const std::string_view text = (*events)[i];
      JsonElement event;
      const auto failed = parse_json(text, parser_, event);
      if (failed == simdjson::SUCCESS) {
        read_event(i, event);
      } else if (is_of_one_value(failed)) {
        const auto begin = static_cast<std::size_t>(text.data() - request_.body.data());
        finish(i, {{"", describe_json_error(failed, text, begin)}});
      } else {
        return not_json(failed, text);
      }
    }
    return absl::OkStatus();
  }

  static absl::Status too_many_events() {
    return problem(ErrorCode::TooLarge,
                   "the batch has more events than " + std::to_string(kBatchEventsMax));
  }

  void read_event(std::size_t index, JsonElement element) {
    CloudEvent event;
    if (element.get_object().get(event.attributes) != simdjson::SUCCESS) {
      return finish(index, {{"", "is not an object"}});
    }
    JsonElement encoded;
    JsonElement data;
    const bool has_data = event.attributes.at_key("data").get(data) == simdjson::SUCCESS;
    if (has_data && !data.is_null()) event.data = data;
    if (event.attributes.at_key("data_base64").get(encoded) == simdjson::SUCCESS) {
      EventMistakes mistakes = read_encoded(encoded, event);
      if (!mistakes.empty()) return finish(index, std::move(mistakes));
    }
    finish(index, visit_(event, index));
  }

  EventMistakes read_encoded(JsonElement encoded, CloudEvent& event) {
    constexpr const char* kPlace = "/data_base64";
    if (event.data) return {{kPlace, "stands beside data: one of them may"}};
    std::string_view digits;
    if (encoded.get_string().get(digits) != simdjson::SUCCESS) return {{kPlace, "is not a text"}};
    auto bytes = from_base64(digits);
    if (!bytes) return {{kPlace, "is not base64"}};
    JsonElement type;
    std::string_view type_text;
    if (event.attributes.at_key("datacontenttype").get(type) == simdjson::SUCCESS) {
      if (type.get_string().get(type_text) != simdjson::SUCCESS) type_text = {};
    }
    // Bytes that are no JSON are kept as they were sent.
    if (!is_json_type(media_type_of(type_text))) return {};
    JsonElement data;
    if (const auto error = parse_json(*bytes, data_parser_, data); error != simdjson::SUCCESS) {
      return {{kPlace, "is not JSON: " + describe_json_error(error, *bytes, 0)}};
    }
    event.data = data;
    return {};
  }

  // Files what was wrong with an event under where it stands in the request.
  void finish(std::size_t index, EventMistakes mistakes) {
    ++outcome_.count;
    if (mistakes.empty()) return;
    for (FieldError& mistake : mistakes) mistake.pointer = place_of(index, mistake.pointer);
    outcome_.rejected.emplace_back(index, std::move(mistakes));
  }

  [[nodiscard]] std::string place_of(std::size_t index, const std::string& pointer) const {
    constexpr std::string_view kData = "/data";
    switch (mode_) {
      case Mode::Batch: return "/" + std::to_string(index) + pointer;
      case Mode::Structured: return pointer;
      case Mode::Binary:
        if (pointer == kData || pointer.starts_with("/data/")) return pointer.substr(kData.size());
        return pointer.empty() ? pointer : std::string(kHeaderPrefix) + pointer.substr(1);
    }
    return pointer;
  }

  const Request& request_;
  const CloudEventVisitor& visit_;
  std::string content_type_;
  std::string media_type_;
  Mode mode_ = Mode::Binary;
  CloudEventOutcome outcome_;
  simdjson::dom::parser parser_;
  simdjson::dom::parser data_parser_;  // Of data that is a document of its own.
  std::string text_;
};

}  // namespace

absl::StatusOr<CloudEventOutcome> read_cloud_events(const Request& request,
                                                    const CloudEventVisitor& visit) {
  return CloudEventReading(request, visit).read();
}

}  // namespace grapevine
