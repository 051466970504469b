#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <absl/status/statusor.h>

#include "kernels/parallel/stop.hpp"

namespace grapevine {

class Store;
class GraphView;
class JobBoard;
class QuerySessions;
class ResultCache;
class SegmentKeeper;
class TopicIndex;
class WebhookBoard;
class WordIndex;
namespace sql {
class RunningQueries;
}

/// Names and values in the order in which they came.
using Fields = std::vector<std::pair<std::string, std::string>>;

/// The value of the first field of that name; nullptr where there is none. Names compare as they
/// stand.
const std::string* find_field(const Fields& fields, std::string_view name);

/// One HTTP request in our own words: nothing above this line knows a socket.
struct Request {
  std::string method;  ///< As sent: "GET", "POST", ...
  std::string path;    ///< Without the query, percent-decoding done: "/v1/segments/vip/members".
  /// Of the path, decoded one by one: an id may have a slash. Empty: those of `path`.
  std::vector<std::string> segments;
  Fields query;      ///< Decoded parameters.
  Fields headers;    ///< Names in lower case.
  std::string body;  ///< Inflated already. Empty for operations that take their body as a stream.
  Fields path_parameters;  ///< Filled in by the router: {"name", "vip"}.
};

/// The rest of a body, made while it is sent: as much as there is, or as long as something happens.
/// Called from one thread at a time; destroyed before what its request's Context refers to.
class BodySource {
 public:
  enum class Then : std::uint8_t {
    GoOn,  ///< There is more at once.
    Wait,  ///< There is no more yet: see `ready`.
    End,   ///< The body is whole.
  };
  struct Piece {
    std::string bytes;  ///< May be empty.
    Then then = Then::End;
  };

  virtual ~BodySource() = default;
  /// The next piece, made on a worker's thread. It must not wait for what may never happen. A
  /// failure cuts the body off, so that nobody takes it for whole.
  virtual absl::StatusOr<Piece> next() = 0;
  /// Whether a source that waits would say something now. Asked ten times a second on a thread that
  /// serves others too: looks, but does no work.
  [[nodiscard]] virtual bool ready() = 0;
};

/// What is sent back.
struct Response {
  /// Whether the body is compressed on its way.
  enum class Coding : std::uint8_t {
    IfLarge,  ///< Where the client likes that and it helps; not what goes on, of which it would hold
              ///< pieces back.
    RestToo,  ///< The same, and what goes on too.
    Always,   ///< Whatever the client says: its query asked for it.
    Never,
  };

  int status = 200;
  std::string content_type = "application/json";
  Fields headers;  ///< Beside Content-Type and Content-Length.
  std::string body;
  std::shared_ptr<BodySource> rest = nullptr;  ///< What follows `body`, if it goes on.
  Coding coding = Coding::IfLarge;
};

/// What a handler may use beside its request. One for each request; the references outlive it.
struct Context {
  Store& store;
  GraphView& graph;         ///< Who listens to whom, as of the newest snapshot asked for.
  ResultCache& results;     ///< Lists that cursors page through.
  const Stop& stop;         ///< Fires at the deadline, at shutdown and when the client hangs up.
  std::int64_t now_ms = 0;  ///< The server's clock at receipt, since 1970, UTC.
  std::string_view timezone = "UTC";  ///< The server's --timezone (IANA).
  SegmentKeeper* keeper = nullptr;    ///< Keeps segments live; none: they are not.
  WebhookBoard* webhooks = nullptr;   ///< How deliveries stand; none: nothing is pushed.
  JobBoard* jobs = nullptr;           ///< Work that outlives its request; none: all is waited for.
  sql::RunningQueries* queries = nullptr;   ///< Those that run now; none: they are not listed.
  QuerySessions* query_sessions = nullptr;  ///< What SET and USE said; none: it is forgotten.
  WordIndex* words = nullptr;    ///< Texts as words; none: they are read for each request.
  TopicIndex* topics = nullptr;  ///< What texts are about; none: they are read when asked.
};

}  // namespace grapevine
