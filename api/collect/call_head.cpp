#include "api/collect/call_head.hpp"

#include <string>

#include "api/collect/call_time.hpp"
#include "api/collect/limits.hpp"
#include "api/collect/rejection.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

absl::StatusOr<CallType> read_type(const CallMembers& members, const CallSource& source) {
  if (source.type) return *source.type;
  std::string_view name;
  if (members.has(Member::Type) && members.at(Member::Type).is_string()) {
    name = members.at(Member::Type).get_string().value_unsafe();
  }
  if (const auto type = call_type_of(name)) return *type;
  return rejection("type is none of track, identify, page, screen, group, alias");
}

absl::StatusOr<TimeMs> read_time(const CallMembers& members, const CallSource& source,
                                 MadeTexts& made) {
  CallTime call;
  call.received = source.received;
  call.is_import = source.is_import;
  call.sent_at = source.sent_at;
  const Member member =
      members.has(Member::Timestamp) ? Member::Timestamp : Member::OriginalTimestamp;
  if (members.has(member)) {
    if (!is_scalar(members.at(member))) return rejection("timestamp is not a time");
    call.timestamp = scalar_of(members.at(member), made);
  }
  if (members.has(Member::SentAt) && !source.is_import) {
    call.sent_at = time_of(scalar_of(members.at(Member::SentAt), made));
    if (!call.sent_at) return rejection("sentAt is not a time");
  }
  return time_of_call(call);
}

}  // namespace

std::optional<CallType> call_type_of(std::string_view name) {
  using enum CallType;
  if (name == "track") return Track;
  if (name == "identify") return Identify;
  if (name == "page") return Page;
  if (name == "screen") return Screen;
  if (name == "group") return Group;
  if (name == "alias") return Alias;
  return std::nullopt;
}

absl::StatusOr<CallHead> read_head(const CallMembers& members, const CallSource& source,
                                   MadeTexts& made) {
  CallHead head;
  GRAPEVINE_ASSIGN_OR_RETURN(head.type, read_type(members, source));
  GRAPEVINE_ASSIGN_OR_RETURN(head.user_id,
                             id_at(members, Member::UserId, kCustomerIdBytesMax, made));
  GRAPEVINE_ASSIGN_OR_RETURN(head.anonymous_id,
                             id_at(members, Member::AnonymousId, kCustomerIdBytesMax, made));
  head.customer = head.user_id.empty() ? head.anonymous_id : head.user_id;
  if (head.customer.empty()) return rejection("neither userId nor anonymousId is there");
  GRAPEVINE_ASSIGN_OR_RETURN(head.message_id,
                             id_at(members, Member::MessageId, kMessageIdBytesMax, made));
  GRAPEVINE_ASSIGN_OR_RETURN(head.ts, read_time(members, source, made));
  return head;
}

absl::StatusOr<std::string_view> id_at(const CallMembers& members, Member member,
                                       std::size_t bytes_max, MadeTexts& made) {
  if (!members.has(member)) return std::string_view();
  const Scalar value = scalar_of(members.at(member), made);
  std::string_view text = value.text;
  if (value.type == ValueType::Int64 || value.type == ValueType::Float64) {
    std::array<char, 32> digits;
    text = made.emplace_back(text_of(value, digits));
  } else if (value.type != ValueType::String) {
    return rejection(std::string(name_of(member)) + " is neither text nor a number");
  }
  if (text.size() <= bytes_max) return text;
  return rejection(std::string(name_of(member)) + " has more than " + std::to_string(bytes_max) +
                   " bytes");
}

absl::StatusOr<std::optional<JsonObject>> object_at(const CallMembers& members, Member member) {
  if (!members.has(member)) return std::optional<JsonObject>();
  JsonObject object;
  if (members.at(member).get_object().get(object) != simdjson::SUCCESS) {
    return rejection(std::string(name_of(member)) + " is not an object");
  }
  return std::optional<JsonObject>(object);
}

}  // namespace grapevine
