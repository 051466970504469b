#include "api/collect/call_members.hpp"

namespace grapevine {
namespace {

// By Member, up to those that are dropped.
constexpr std::array<std::string_view, static_cast<std::size_t>(Member::Dropped)> kNames{
    "type",
    "event",
    "userId",
    "anonymousId",
    "messageId",
    "timestamp",
    "originalTimestamp",
    "sentAt",
    "properties",
    "traits",
    "context",
    "groupId",
    "previousId",
    "name",
    "category",
    "channel"};

}  // namespace

std::string_view name_of(Member member) { return kNames[static_cast<std::size_t>(member)]; }

Member member_of(std::string_view name) {
  using enum Member;
  const auto is = [&](Member member) { return name == name_of(member); };
  switch (name.size()) {
    case 4: return is(Type) ? Type : is(Name) ? Name : Unknown;
    case 5: return is(Event) ? Event : Unknown;
    case 6: return is(UserId) ? UserId : is(SentAt) ? SentAt : is(Traits) ? Traits : Unknown;
    case 7: return is(Context) ? Context : is(GroupId) ? GroupId : is(Channel) ? Channel : Unknown;
    case 8: return is(Category) ? Category : name == "writeKey" ? Dropped : Unknown;
    case 9:
      return is(MessageId)         ? MessageId
             : is(Timestamp)       ? Timestamp
             : name == "_metadata" ? Dropped
                                   : Unknown;
    case 10: return is(Properties) ? Properties : is(PreviousId) ? PreviousId : Unknown;
    case 11: return is(AnonymousId) ? AnonymousId : Unknown;
    case 17: return is(OriginalTimestamp) ? OriginalTimestamp : Unknown;
    default: return Unknown;
  }
}

void CallMembers::clear() {
  present_ = 0;
  unknown_.clear();
}

void CallMembers::set(Member member, JsonElement element) {
  known_[static_cast<std::size_t>(member)] = element;
  present_ = element.is_null() ? present_ & ~bit(member) : present_ | bit(member);
}

void CallMembers::read(JsonObject call) {
  clear();
  for (const auto& [name, element] : call) {
    const Member member = member_of(name);
    if (member == Member::Dropped) continue;
    if (member == Member::Unknown) {
      add_unknown(name, element);
    } else {
      set(member, element);
    }
  }
}

}  // namespace grapevine
