#include "api/parse/voice_request.hpp"

#include "api/parse/bucket_width.hpp"
#include "api/parse/counted_voices.hpp"
#include "api/parse/mistakes.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

void take_by(QueryReader& query, VoiceRequest& voice) {
  if (auto by = query.take_dimensions("by", VoiceRequest::kByMax)) {
    voice.by = *std::move(by);
  } else if (!voice.filter.brands.empty()) {
    voice.by = {"brand"};
  }
}

void take_reach(QueryReader& query, VoiceRequest& voice) {
  const std::string* text = query.take("reach");
  if (text == nullptr) return;
  using enum VoiceRequest::Reach;
  if (*text == "bucket") {
    voice.reach = Bucket;
  } else if (*text == "period") {
    voice.reach = Period;
  } else if (*text == "none") {
    voice.reach = None;
  } else {
    query.wrong("reach", "wants bucket, period or none, not: " + *text);
  }
}

}  // namespace

absl::StatusOr<VoiceRequest> parse_voice_request(const Request& request, const Context& context) {
  Mistakes mistakes;
  QueryReader query(request.query, mistakes);
  VoiceRequest voice;
  voice.filter = take_mention_filter(query, context);
  voice.every = take_every(query);
  if (voice.every) voice.every_text = *find_field(request.query, "every");
  take_by(query, voice);
  take_reach(query, voice);
  voice.voices = take_voices(query);
  if (const auto limit = query.take_whole("limit", 1, VoiceRequest::kGroupsMax)) {
    voice.limit = static_cast<std::size_t>(*limit);
  }
  query.refuse_others();
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  return voice;
}

}  // namespace grapevine
