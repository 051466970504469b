#include "api/parse/webhook_request.hpp"

#include "api/error.hpp"
#include "api/parse/json_reader.hpp"
#include "api/parse/object_reader.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

void read_url(ObjectReader& reader, const WebhookReach& reach, WebhookRequest& request) {
  const std::string* text = reader.take_string("url");
  if (text == nullptr) {
    if (!reader.has("url")) reader.wrong("url", "wants the URL that changes are sent to");
    return;
  }
  const auto url = parse_webhook_url(*text);
  if (!url.ok()) {
    reader.wrong("url", std::string(url.status().message()));
  } else if (is_address(url->host) && !reach.allows(reach_of(url->host))) {
    reader.wrong("url", "an address that this server sends nothing to: it is not public");
  } else {
    request.url = *text;
  }
}

void read_secret(ObjectReader& reader, WebhookRequest& request) {
  const std::string* secret = reader.take_string("secret");
  if (secret == nullptr && reader.has("secret")) return;
  if (secret == nullptr || secret->empty() || secret->size() > kSecretBytesMax ||
      secret->find('\0') != std::string::npos) {
    reader.wrong("secret", "wants 1 to 1024 bytes without NUL, by which deliveries are signed");
  } else {
    request.secret = *secret;
  }
}

}  // namespace

absl::StatusOr<WebhookRequest> parse_webhook_request(const std::string& body,
                                                     const WebhookReach& reach, WebhookOf of) {
  if (body.size() > kWebhookBodyBytesMax) {
    return problem(ErrorCode::TooLarge, "the body must not be larger than 16384 bytes");
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const JsonObject object, read_json_object(body));
  Mistakes mistakes;
  ObjectReader reader(object, "", mistakes);
  WebhookRequest request;
  read_url(reader, reach, request);
  read_secret(reader, request);
  const auto batch = reader.take_whole("batch", 1, std::int64_t{kBatchMax});
  if (batch) request.batch = static_cast<std::size_t>(*batch);
  if (of == WebhookOf::Segment) request.rules = read_exit_rules(reader);
  reader.refuse_others();
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  return request;
}

}  // namespace grapevine
