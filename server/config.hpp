#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

namespace grapevine {

inline constexpr std::size_t kKiB = 1024;
inline constexpr std::size_t kMiB = 1024 * kKiB;

/// Everything that waits or grows in the server, with the reason for its default.
struct Limits {
  // Connections.
  /// Sockets open at once. A connection costs some 10 KiB; beyond it a client is told 503 and let
  /// go.
  std::size_t connections_max = 4096;
  /// Silence between two requests. Longer than the 60 s after which common proxies let go, so that
  /// it is they who close and no request meets a closing socket.
  std::chrono::milliseconds idle_timeout{75'000};
  /// How often deadlines and hang-ups are looked at: one pass for all connections costs less than a
  /// timer for each request, and a tenth of a second late is early enough.
  std::chrono::milliseconds sweep_interval{100};

  // Reading.
  /// Head of a request: four times what browsers send at most, and below Beast's limit of 64 KiB a
  /// field.
  std::size_t header_bytes_max = 32 * kKiB;
  /// Target with its query: what proxies let pass.
  std::size_t target_bytes_max = 8 * kKiB;
  /// Body of an ordinary operation, on the wire and inflated: 8 times the 500 KB of Segment's
  /// batches.
  std::size_t body_bytes_max = 4 * kMiB;
  /// The same where a body may hold rows in bulk (INSERT): some 16 of the blocks of 4 MiB that clients
  /// make of a table; larger ones are for imports.
  std::size_t large_body_bytes_max = 64 * kMiB;
  /// Bodies being read or worked on, over all connections: keeps many clients with large bodies
  /// from filling the memory that the data needs.
  std::size_t bodies_bytes_max = 512 * kMiB;
  /// From the first byte of a request to its last, for ordinary operations: a client that drips
  /// bytes holds a connection no longer than this.
  std::chrono::milliseconds request_timeout{60'000};

  // Streamed bodies (uploads).
  /// What is handed to a reader at once: large enough that a hand-over costs nothing beside
  /// parsing, small enough that two pieces for each upload are no memory.
  std::size_t piece_bytes = 512 * kKiB;
  /// How long a piece may fill while bytes come: what comes slowly is handed over no later.
  std::chrono::milliseconds piece_wait{1'000};
  /// Uploads at once. Each holds two pieces, an inflater and the reader's chunk.
  std::size_t uploads_max = 16;
  /// Silence inside an upload.
  std::chrono::milliseconds upload_idle_timeout{30'000};
  /// Mean rate that an upload must keep, not counting the time in which the server makes it wait...
  std::size_t upload_bytes_per_second_min = 1024;
  /// ... once it has been read for so long.
  std::chrono::milliseconds upload_rate_grace{60'000};

  // Work.
  /// Threads that may wait for the log at once: each sleeps in an fsync that they share.
  std::size_t collect_threads = 64;
  /// Collect calls that wait for a thread; beyond it 429, which SDKs answer by trying again later.
  std::size_t collect_queue_max = 1024;
  /// Queries at once. Each takes part in TBB's work, so more would only slow each other.
  std::size_t query_threads = 8;
  /// Queries that wait for a thread; beyond it 503: a dashboard would no longer wait for the
  /// answer.
  std::size_t query_queue_max = 64;
  /// Readers of changes at once, pages and followers. As many as may follow (`streams_max`) may
  /// wait for a thread: all of them connect at once when a server comes back.
  std::size_t follow_threads = 4;
  /// Threads for answers of microseconds, which must come while everything else is busy. They wait
  /// in no bounded queue: a connection has one request at a time, so `connections_max` bounds it.
  std::size_t light_threads = 2;
  /// From the last byte of a request until its Stop fires; the answer is then a 503 problem.
  std::chrono::milliseconds compute_timeout{60'000};

  // Writing.
  /// Answers from this size on are compressed for who accepts it: below, a packet is a packet.
  std::size_t compress_bytes_min = 1 * kKiB;
  /// An answer is written in pieces of this size, ...
  std::size_t write_piece_bytes = 1 * kMiB;
  /// ... each of which a client must take within this time.
  std::chrono::milliseconds write_timeout{60'000};
  /// After refusing a body the rest of it is read and dropped, so that a client that sends before
  /// it listens can still read the answer: at most so much, ...
  std::size_t linger_bytes_max = 64 * kMiB;
  /// ... for at most so long.
  std::chrono::milliseconds linger_timeout{10'000};

  // Answers that go on.
  /// Such answers at once, followers of changes mostly. One that waits costs its connection and a
  /// look ten times a second; each takes a place among the connections.
  std::size_t streams_max = 1000;

  // Stopping.
  /// What is in flight may finish for so long; then every Stop fires, ...
  std::chrono::milliseconds drain_timeout{10'000};
  /// ... and after this time more, connections are closed without an answer.
  std::chrono::milliseconds stop_grace{5'000};

  // Threads that move bytes. They never compute, so that one keeps up with many cores of work.
  std::size_t io_threads = 2;
};

/// InvalidArgument, naming the member, where a limit is zero or contradicts another.
absl::Status check_limits(const Limits& limits);

/// Where to listen, resolved to one numeric address.
struct ListenAddress {
  std::string host = "127.0.0.1";     ///< As given, for messages.
  std::string address = "127.0.0.1";  ///< Numeric, IPv4 or IPv6.
  std::uint16_t port = 8080;          ///< 0 picks a free one.
  bool loopback = true;
};

/// Parses and resolves `HOST:PORT`; an IPv6 address stands in brackets.
///
/// Errors  InvalidArgument: not of that form, an unknown host, a port over 65535.
absl::StatusOr<ListenAddress> parse_listen(std::string_view text);

/// PermissionDenied unless `address` is loopback: without any key configured, only this machine may
/// ask.
absl::Status check_exposure(const ListenAddress& address);

/// InvalidArgument unless `name` is in the time zone database of this machine ("Asia/Seoul").
absl::Status check_timezone(std::string_view name);

}  // namespace grapevine
