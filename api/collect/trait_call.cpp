#include "api/collect/trait_call.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "api/collect/flatten.hpp"
#include "api/collect/limits.hpp"
#include "api/collect/rejection.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

using MaybeObject = std::optional<JsonObject>;

// Whether `element` is a list of names, as the trait `consent` may be.
bool is_list_of_texts(JsonElement element) {
  JsonArray list;
  if (element.get_array().get(list) != simdjson::SUCCESS) return false;
  return std::all_of(list.begin(), list.end(), [](JsonElement name) { return name.is_string(); });
}

absl::Status add_granted(JsonElement consent, RowSink& sink) {
  for (const JsonElement name : JsonArray(consent.get_array().value_unsafe())) {
    const std::string trait = "consent." + std::string(name.get_string().value_unsafe());
    GRAPEVINE_RETURN_IF_ERROR(sink.cells.add(Family::Trait, trait, Scalar::of(true)));
  }
  return absl::OkStatus();
}

absl::StatusOr<MaybeObject> traits_of_identify(const CallMembers& members) {
  if (members.has(Member::Traits)) return object_at(members, Member::Traits);
  GRAPEVINE_ASSIGN_OR_RETURN(const MaybeObject context, object_at(members, Member::Context));
  JsonElement traits;
  if (!context || context->at_key("traits").get(traits) != simdjson::SUCCESS || traits.is_null()) {
    return MaybeObject();
  }
  JsonObject object;
  if (traits.get_object().get(object) != simdjson::SUCCESS) {
    return rejection("context.traits is not an object");
  }
  return MaybeObject(object);
}

void add_link(const CallHead& head, IdentityLink::Kind kind, std::string_view from, RowSink& sink) {
  IdentityLink link;
  link.ts = head.ts;
  link.from = sink.intern(from);
  link.to = sink.intern(head.user_id);
  if (!head.message_id.empty()) link.message_id = sink.intern(head.message_id);
  link.kind = kind;
  sink.batch.links.push_back(link);
}

}  // namespace

absl::Status add_traits(JsonObject traits, Family family, RowSink& sink) {
  const auto add = [&](std::string_view path, const Scalar& value) {
    return sink.cells.add(family, path, value);
  };
  for (const auto& [name, element] : traits) {
    const bool is_consent = family == Family::Trait && name == "consent";
    if (is_consent && is_list_of_texts(element)) {
      GRAPEVINE_RETURN_IF_ERROR(add_granted(element, sink));
    } else {
      GRAPEVINE_RETURN_IF_ERROR(flatten_member(name, element, Nulls::Visit, sink.made, add));
    }
  }
  return absl::OkStatus();
}

absl::Status add_identify(const CallHead& head, const CallMembers& members,
                          const CallSource& source, RowSink& sink) {
  GRAPEVINE_ASSIGN_OR_RETURN(const MaybeObject traits, traits_of_identify(members));
  sink.cells.begin_row();
  if (traits) GRAPEVINE_RETURN_IF_ERROR(add_traits(*traits, Family::Trait, sink));
  add_trait_row(head, source.source, sink);
  if (!head.user_id.empty() && !head.anonymous_id.empty()) {
    add_identify_link(head, sink);
  }
  return absl::OkStatus();
}

absl::Status add_group(const CallHead& head, const CallMembers& members, const CallSource& source,
                       RowSink& sink) {
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string_view group,
                             id_at(members, Member::GroupId, kDictionaryValueBytesMax, sink.made));
  if (group.empty()) return rejection("groupId is not there");
  GRAPEVINE_ASSIGN_OR_RETURN(const MaybeObject traits, object_at(members, Member::Traits));
  sink.cells.begin_row();
  GRAPEVINE_RETURN_IF_ERROR(sink.cells.add(Family::Trait, "account_id", Scalar::of(group)));
  if (traits) GRAPEVINE_RETURN_IF_ERROR(add_traits(*traits, Family::Account, sink));
  add_trait_row(head, source.source, sink);
  return absl::OkStatus();
}

absl::Status add_alias(const CallHead& head, const CallMembers& members, RowSink& sink) {
  GRAPEVINE_ASSIGN_OR_RETURN(const std::string_view previous,
                             id_at(members, Member::PreviousId, kCustomerIdBytesMax, sink.made));
  if (previous.empty()) return rejection("previousId is not there");
  if (head.user_id.empty()) return rejection("userId is not there");
  add_link(head, IdentityLink::Kind::Alias, previous, sink);
  return absl::OkStatus();
}

void add_trait_row(const CallHead& head, std::uint32_t source, RowSink& sink) {
  TraitRow row;
  row.ts = head.ts;
  row.customer = sink.intern(head.customer);
  if (!head.message_id.empty()) row.message_id = sink.intern(head.message_id);
  row.source = source;
  row.cells_begin = sink.cells.row_begin();
  row.cells_count = sink.cells.row_count();
  row.kind = head.kind();
  sink.batch.traits.push_back(row);
}

void add_identify_link(const CallHead& head, RowSink& sink) {
  add_link(head, IdentityLink::Kind::Identify, head.anonymous_id, sink);
}

}  // namespace grapevine
