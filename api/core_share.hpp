#pragma once

namespace grapevine {

/// The cores that a server lets the calling thread have. Threads that compute for long may have been
/// sent to other cores than those that answer shortly (server/spare_cores).
class CoreShare {
 public:
  CoreShare() = default;
  CoreShare(const CoreShare&) = delete;
  CoreShare& operator=(const CoreShare&) = delete;
  virtual ~CoreShare() = default;

  /// Whether the thread has cores for itself that those who might help it have not: they may keep it
  /// waiting for longer than their help is worth.
  [[nodiscard]] virtual bool is_own() const = 0;
  /// The work will be long: the thread goes to where others compute. Nothing where `is_own` is false.
  virtual void leave() = 0;

  /// Of the calling thread; nullptr: it has what all have.
  static CoreShare* mine();

  /// Gives the calling thread a share as long as this is there.
  class Given {
   public:
    explicit Given(CoreShare& share);
    ~Given();
    Given(const Given&) = delete;
    Given& operator=(const Given&) = delete;
  };
};

}  // namespace grapevine
