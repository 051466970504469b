#include "storage/trait_calls.hpp"

namespace grapevine {

std::uint32_t TraitCalls::begin(TimeMs ts, std::string_view message_id, std::uint32_t import) {
  std::uint32_t call = 0;
  if (free_.empty()) {
    call = static_cast<std::uint32_t>(calls_.size());
    calls_.emplace_back();
  } else {
    call = free_.back();
    free_.pop_back();
  }
  calls_[call] = {ts, 1, import, std::string(message_id)};
  return call;
}

void TraitCalls::release(std::uint32_t call) {
  if (call == 0 || --calls_[call].traits > 0) return;
  calls_[call] = Call{};
  free_.push_back(call);
}

}  // namespace grapevine
