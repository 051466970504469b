#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <absl/status/statusor.h>

#include "api/collect/call_members.hpp"
#include "api/collect/json.hpp"
#include "storage/batch.hpp"

namespace grapevine {

/// The calls of Segment's HTTP Tracking API.
enum class CallType : std::uint8_t { Track, Identify, Page, Screen, Group, Alias };

/// "track", "identify", ...; nullopt: there is no such call.
std::optional<CallType> call_type_of(std::string_view name);

/// Whose names the members of a call have.
enum class Dialect : std::uint8_t { Segment, Posthog };

/// What decides how a call is read, beside the call itself.
struct CallSource {
  Dialect dialect = Dialect::Segment;
  std::optional<CallType> type;       ///< By the path, which wins over the call's own `type`.
  TimeMs received = 0;                ///< By the server's clock.
  std::optional<TimeMs> sent_at;      ///< The batch's, for calls that have none of their own.
  std::optional<JsonObject> context;  ///< The batch's: what a call's own context does not say.
  bool is_import = false;             ///< See CallTime.
  bool may_hold_nul = false;          ///< Whether a string of the text may hold U+0000.
  std::uint32_t source = 0;           ///< Index in the request, or line.
};

/// What all calls say: who, when, and which. Texts are empty where nothing was sent.
struct CallHead {
  CallType type = CallType::Track;
  std::string_view customer;  ///< The userId, else the anonymousId; never empty.
  std::string_view user_id;
  std::string_view anonymous_id;
  std::string_view message_id;
  TimeMs ts = 0;

  [[nodiscard]] CustomerKind kind() const {
    return user_id.empty() ? CustomerKind::Visitor : CustomerKind::Customer;
  }
};

/// Errors  InvalidArgument: a rejection that names the member.
absl::StatusOr<CallHead> read_head(const CallMembers& members, const CallSource& source,
                                   MadeTexts& made);

/// A member that is text, or a number as text; empty where it was not sent.
/// Errors  InvalidArgument: a rejection (another type, or more than `bytes_max`).
absl::StatusOr<std::string_view> id_at(const CallMembers& members, Member member,
                                       std::size_t bytes_max, MadeTexts& made);

/// A member that is an object; nullopt where it was not sent.
/// Errors  InvalidArgument: a rejection.
absl::StatusOr<std::optional<JsonObject>> object_at(const CallMembers& members, Member member);

}  // namespace grapevine
