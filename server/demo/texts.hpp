#pragma once

#include <cstdint>
#include <string>

#include "server/demo/journal.hpp"
#include "server/demo/people.hpp"
#include "server/demo/products.hpp"

namespace grapevine::demo {

/// What kind of words are wanted.
enum class Speech : std::uint8_t {
  Post,          // About a product, or about one's hobby where there is none.
  Announcement,  // A brand speaks of its own.
  Comment,       // On what one shares.
  Reply,
  Answer,  // A brand or service replies.
  Mention,
  Review,
  Ticket,
};

struct SpeechRequest {
  std::uint64_t bits;  // Decides all choices.
  Speech speech;
  Mood mood;
  bool english;
  bool severe;             // Adds that somebody was harmed.
  const Product* product;  // Null: about nothing that is sold.
  const Hobby* hobby;      // Not null.
};

/// Writes a short text in UTF-8, valid and without control characters, replacing `text`. The same
/// request gives the same text. Some carry an emoji, some a typing error.
void write_speech(const SpeechRequest& request, std::string& text);

}  // namespace grapevine::demo
