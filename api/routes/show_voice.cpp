#include "api/encode/voice_result.hpp"
#include "api/execute/stopwatch.hpp"
#include "api/execute/voice_answer.hpp"
#include "api/parse/voice_request.hpp"
#include "api/routes/listening.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {

// GET /v1/listen/voice: how often, by whom and in what mood something is mentioned.
absl::StatusOr<Response> show_voice(const Request& request, const Context& context) {
  const Stopwatch stopwatch;
  GRAPEVINE_ASSIGN_OR_RETURN(const VoiceRequest asked, parse_voice_request(request, context));
  GRAPEVINE_ASSIGN_OR_RETURN(const VoiceAnswer answer, answer_voice(asked, context));
  Response response;
  response.body = encode_voice(asked, answer, stopwatch.elapsed_ms());
  return response;
}

}  // namespace grapevine
