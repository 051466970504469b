#include "api/parse/cursor.hpp"

#include <cstddef>

#include <absl/strings/escaping.h>

#include "api/encode/json_writer.hpp"
#include "api/parse/json_reader.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kChecksumBytes = 8;

// FNV-1a: finds what was cut off or mistyped; it keeps no secret.
std::string checksum(std::string_view text) {
  std::uint64_t hash = 0xCBF2'9CE4'8422'2325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100'0000'01B3;
  std::string bytes;
  for (std::size_t i = 0; i < kChecksumBytes; ++i) bytes += static_cast<char>(hash >> (8 * i));
  return bytes;
}

// Takes the elements of a cursor's array in order; `ok` is false once one was of another type.
class ElementReader {
 public:
  explicit ElementReader(const JsonArray& array) : array_(array) {}

  template <typename Content>
  Content next() {
    const Content* content = at_ < array_.size() ? array_[at_++].as<Content>() : nullptr;
    ok_ = ok_ && content != nullptr;
    return content == nullptr ? Content{} : *content;
  }
  std::uint64_t number() { return static_cast<std::uint64_t>(next<std::int64_t>()); }
  // Nothing where it is null. A share of 0 or 1 reads back as a whole number.
  std::optional<double> share() {
    if (at_ >= array_.size()) ok_ = false;
    if (!ok_) return std::nullopt;
    const JsonValue& element = array_[at_++];
    if (const auto* whole = element.as<std::int64_t>()) return static_cast<double>(*whole);
    if (const auto* share = element.as<double>()) return *share;
    ok_ = element.as<std::nullptr_t>() != nullptr;
    return std::nullopt;
  }
  [[nodiscard]] bool at_end() const { return ok_ && at_ == array_.size(); }

 private:
  const JsonArray& array_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace

std::string write_cursor(const Cursor& cursor) {
  JsonWriter json;
  json.begin_array();
  json.value(cursor.list);
  for (const std::uint64_t number : {cursor.process, cursor.snapshot}) json.value(number);
  json.value(cursor.as_of);
  json.value(cursor.in_the_past);
  for (const std::uint64_t number : {cursor.offset, cursor.limit}) json.value(number);
  json.value(cursor.order_by);
  json.value(cursor.exit.consent);
  if (cursor.exit.holdout) {
    json.value(*cursor.exit.holdout);
  } else {
    json.null();
  }
  json.value(cursor.exit.campaign);
  for (const std::string& field : cursor.fields) json.value(field);
  json.end_array();
  std::string text = std::move(json).take();
  text += checksum(text);
  std::string escaped;
  absl::WebSafeBase64Escape(text, &escaped);
  return escaped;
}

std::optional<Cursor> read_cursor(std::string_view text) {
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(absl::string_view(text.data(), text.size()), &bytes) ||
      bytes.size() < kChecksumBytes) {
    return std::nullopt;
  }
  const std::string_view json = std::string_view(bytes).substr(0, bytes.size() - kChecksumBytes);
  if (checksum(json) != std::string_view(bytes).substr(json.size())) return std::nullopt;
  const auto content = read_json(json);
  const JsonArray* array = content.ok() ? content->as<JsonArray>() : nullptr;
  constexpr std::size_t kElements = 11;  // Before the fields.
  if (array == nullptr || array->size() < kElements) return std::nullopt;
  ElementReader reader(*array);
  Cursor cursor;
  cursor.list = reader.next<std::string>();
  cursor.process = reader.number();
  cursor.snapshot = reader.number();
  cursor.as_of = reader.next<std::int64_t>();
  cursor.in_the_past = reader.next<bool>();
  cursor.offset = reader.number();
  cursor.limit = reader.number();
  cursor.order_by = reader.next<std::string>();
  cursor.exit.consent = reader.next<std::string>();
  cursor.exit.holdout = reader.share();
  cursor.exit.campaign = reader.next<std::string>();
  for (std::size_t i = kElements; i < array->size(); ++i) {
    cursor.fields.push_back(reader.next<std::string>());
  }
  if (!reader.at_end()) return std::nullopt;
  return cursor;
}

}  // namespace grapevine
