#include "storage/trait_calls.hpp"

#include "storage/checkpoint/fields.hpp"

namespace grapevine {

std::uint32_t TraitCalls::begin(TimeMs ts, std::string_view message_id, std::uint32_t import) {
  std::uint32_t call = 0;
  if (free_.empty()) {
    call = static_cast<std::uint32_t>(calls_.size());
    calls_.push_back({});
  } else {
    call = free_.back();
    free_.pop_back();
  }
  calls_.set(call, {ts, 1, import, std::string(message_id)});
  return call;
}

void TraitCalls::release(std::uint32_t call) {
  if (call == 0) return;
  Call& released = calls_.edit(call);
  if (--released.traits > 0) return;
  released = Call{};
  free_.push_back(call);
}

void fields(auto& archive, Is<TraitCalls::Call> auto& call) {
  archive(call.ts, call.traits, call.import, call.message_id);
}

SaveLater TraitCalls::freeze() {
  return [calls = calls_.freeze(), free = free_](FieldWriter& out) {
    calls.save(out);
    out(free);
  };
}

void TraitCalls::load(FieldReader& in) {
  calls_ = {};
  calls_.load(in);
  in(free_);
  in.require(calls_.size() > 0, "no call that is none");
  for (const std::uint32_t call : free_) in.require(call < calls_.size(), "a free call of none");
}

}  // namespace grapevine
