#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "api/message.hpp"

namespace grapevine {

/// Takes a body that may be larger than memory, a piece at a time. Pieces come in order, from one
/// thread at a time. After the first failure, or once `finish` was called, nothing more is called.
class BodyReader {
 public:
  virtual ~BodyReader() = default;
  /// May block, until what came before is durable: this is how a fast sender is slowed down.
  virtual absl::Status consume(std::span<const char> piece) = 0;
  /// The body has ended; makes the answer.
  virtual absl::StatusOr<Response> finish() = 0;
};

using Handler = absl::StatusOr<Response> (*)(const Request&, const Context&);
using StreamHandler = absl::StatusOr<std::unique_ptr<BodyReader>> (*)(const Request&,
                                                                      const Context&);

/// What kind of work an operation is: admission gives each kind its own share of the machine.
enum class WorkKind : std::uint8_t {
  Light,    ///< Microseconds; never refused: /healthz, /metrics.
  Collect,  ///< Waits for the log; CPU only to parse.
  Query,    ///< Uses the kernels.
  Follow,  ///< Reads what was noted of a segment, mostly microseconds; may wait for it to be noted.
};

/// One operation of the contract. Exactly one of `handle` and `stream` is set.
struct Route {
  std::string_view method;
  std::string_view path;          ///< With parameters: "/v1/segments/{name}".
  std::string_view operation_id;  ///< As in api/openapi.yaml.
  WorkKind work = WorkKind::Query;
  Handler handle = nullptr;
  StreamHandler stream = nullptr;
  bool large_body = false;  ///< May hold rows: it has a limit of its own.
};

/// Every operation, in the order of api.md.
std::span<const Route> routes();

/// The operation that answers `request`, whose path parameters it fills in. NotFound: no such path
/// (names those that begin with it, or else the nearest one); MethodNotAllowed: the path has other methods (names them).
/// `HEAD` finds the `GET` operation. The pointer stays valid for ever.
absl::StatusOr<const Route*> find_route(Request& request);

}  // namespace grapevine
