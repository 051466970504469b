#pragma once

#include <string>

#include "api/execute/voice_answer.hpp"
#include "api/parse/voice_request.hpp"

namespace grapevine {

std::string encode_voice(const VoiceRequest& asked, const VoiceAnswer& answer, double elapsed_ms);

}  // namespace grapevine
