#include "storage/message_id_column.hpp"

#include <utility>

namespace grapevine {
namespace {

constexpr Uuid kNone{};
constexpr std::string_view kDigits = "0123456789abcdef";

constexpr bool is_dash(std::size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

// 16: not a digit of the canonical form.
constexpr unsigned digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
  return 16;
}

}  // namespace

std::optional<Uuid> parse_uuid(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  Uuid uuid;
  std::size_t byte = 0;
  for (std::size_t i = 0; i < 36;) {
    if (is_dash(i)) {
      if (text[i++] != '-') return std::nullopt;
      continue;
    }
    const unsigned high = digit(text[i]);
    const unsigned low = digit(text[i + 1]);
    if ((high | low) > 15) return std::nullopt;
    uuid[byte++] = static_cast<std::uint8_t>(high << 4 | low);
    i += 2;
  }
  if (uuid == kNone) return std::nullopt;
  return uuid;
}

void format_uuid(const Uuid& uuid, char* text) {
  std::size_t byte = 0;
  for (std::size_t i = 0; i < 36;) {
    if (is_dash(i)) {
      text[i++] = '-';
      continue;
    }
    text[i++] = kDigits[uuid[byte] >> 4];
    text[i++] = kDigits[uuid[byte++] & 15];
  }
}

std::string_view MessageIdReader::at(std::size_t row) {
  if (!column_->uuids.empty() && column_->uuids[row] != kNone) {
    format_uuid(column_->uuids[row], text_.data());
    return {text_.data(), text_.size()};
  }
  return column_->texts.size() == 0 ? std::string_view() : texts_.at(row);
}

MessageIdWriter::MessageIdWriter(std::size_t rows, TextWriter::Compression compression)
    : texts_(compression) {
  uuids_.reserve(rows);
}

void MessageIdWriter::add(std::string_view id) {
  const std::optional<Uuid> uuid = parse_uuid(id);
  add(uuid.value_or(kNone), uuid ? std::string_view() : id);
}

void MessageIdWriter::add(MessageIdReader& from, std::size_t row) {
  const Uuid uuid = from.uuid_at(row);
  add(uuid, uuid == kNone ? from.at(row) : std::string_view());
}

void MessageIdWriter::add(const Uuid& uuid, std::string_view text) {
  uuids_.push_back(uuid);
  texts_.add(text);
  any_uuid_ = any_uuid_ || uuid != kNone;
  any_text_ = any_text_ || !text.empty();
}

MessageIdColumn MessageIdWriter::finish() && {
  MessageIdColumn column;
  if (any_uuid_) column.uuids = std::move(uuids_);
  if (any_text_) column.texts = std::move(texts_).finish();
  return column;
}

}  // namespace grapevine
