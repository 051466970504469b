#include "server/webhooks/delivery.hpp"

#include <array>
#include <cstdio>
#include <utility>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "api/encode/change_rows.hpp"

namespace grapevine {
namespace {

std::string write_id(const ChangeCursor& from, const ChangeCursor& to) {
  const auto at = [](const ChangeCursor& cursor) {
    std::string text = std::to_string(cursor.position);
    if (cursor.told) text += "." + std::to_string(*cursor.told);
    return text;
  };
  return std::to_string(from.stream) + "-" + at(from) + "-" + at(to);
}

}  // namespace

Delivery make_delivery(const ChangeReader& reader, const ChangeCursor& from, const ChangePage& page,
                       bool restart) {
  Delivery delivery;
  delivery.id = write_id(from, page.next);
  JsonWriter json;
  json.begin_object();
  json.member("segment", reader.segment);
  json.member("delivery", delivery.id);
  json.member("restart", restart);
  json.key("changes");
  json.begin_array();
  for (const ToldChange& change : page.changes) write_change(json, change);
  json.end_array();
  json.key("withheld");
  write_withheld_changes(json, page);
  json.member("cursor", write_change_cursor(page.next, reader));
  json.end_object();
  delivery.body = std::move(json).take();
  return delivery;
}

Delivery make_alert_delivery(std::uint64_t from, const std::vector<AlertStep>& steps) {
  const std::uint64_t to = steps.back().change.number;
  Delivery delivery;
  delivery.id = "alerts-" + std::to_string(from) + "-" + std::to_string(to);
  JsonWriter json;
  json.begin_object();
  json.member("delivery", delivery.id);
  json.key("changes");
  json.begin_array();
  for (const AlertStep& step : steps) write_alert_change(json, step.alert, step.change);
  json.end_array();
  json.member("cursor", std::to_string(to));
  json.end_object();
  delivery.body = std::move(json).take();
  return delivery;
}

std::string sign(std::string_view secret, std::int64_t unix_seconds, std::string_view body) {
  const std::string seconds = std::to_string(unix_seconds);
  const std::string text = seconds + "." + std::string(body);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int bytes = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &bytes);
  std::string hex;
  for (unsigned int i = 0; i < bytes; ++i) {
    std::array<char, 3> digits{};
    std::snprintf(digits.data(), digits.size(), "%02x", digest[i]);
    hex += digits.data();
  }
  return "t=" + seconds + ",v1=" + hex;
}

Fields delivery_headers(const Delivery& delivery, std::string_view secret,
                        std::int64_t unix_seconds) {
  return {{"Content-Type", "application/json"},
          {"X-Grapevine-Delivery", delivery.id},
          {"X-Grapevine-Signature", sign(secret, unix_seconds, delivery.body)}};
}

}  // namespace grapevine
