#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "storage/checkpoint/save_later.hpp"
#include "storage/copy_on_write_array.hpp"
#include "storage/ids.hpp"

namespace grapevine {

/// The calls that wrote the traits that are kept, by number: of two that set one trait the one with
/// the larger (timestamp, messageId) counts. A call lives as long as a trait is its own; its number is
/// used again afterwards. Not thread-safe.
class TraitCalls {
 public:
  struct Call {
    TimeMs ts = 0;
    std::uint32_t traits = 0;  ///< That are this call's.
    std::uint32_t import = 0;  ///< The number of the import that it came with; 0: none.
    std::string message_id;
  };

  TraitCalls() { calls_.push_back({}); }  // Number 0 is no call.

  /// A new call, with one trait more than it has: `release` takes it away.
  std::uint32_t begin(TimeMs ts, std::string_view message_id, std::uint32_t import);
  void hold(std::uint32_t call) { ++calls_.edit(call).traits; }
  void release(std::uint32_t call);

  /// Whether what `call` sets stands against what `than` set: later, or the same call.
  [[nodiscard]] bool later_or_equal(std::uint32_t call, std::uint32_t than) const {
    const Call& a = calls_[call];
    const Call& b = calls_[than];
    return a.ts != b.ts ? a.ts > b.ts : a.message_id >= b.message_id;
  }
  [[nodiscard]] const Call& at(std::uint32_t call) const { return calls_[call]; }
  [[nodiscard]] std::size_t size() const { return calls_.size(); }

  /// What writes the calls as they stand, later; new TraitCalls load them.
  SaveLater freeze();
  void load(FieldReader& in);

 private:
  CopyOnWriteArray<Call> calls_;
  std::vector<std::uint32_t> free_;  // Numbers of calls that have no traits.
};

}  // namespace grapevine
