#include "api/execute/member_list.hpp"

#include <algorithm>
#include <bit>
#include <string_view>
#include <utility>

#include "api/execute/listed_attribute.hpp"
#include "api/execute/segment_executor.hpp"
#include "api/parse/mistakes.hpp"
#include "api/parse/nearest_name.hpp"
#include "api/plan/segment_planner.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

// A snapshot that a kept list holds costs more than its list: so that many short ones are not free.
constexpr std::size_t kSnapshotBytes = std::size_t{1} << 20;

std::string_view order_name(const PageRequest& page) {
  const std::string_view order_by = page.order_by;
  if (order_by.empty()) return "customer_id";
  return order_by.front() == '-' ? order_by.substr(1) : order_by;
}

// "sha256(email)" taken apart.
struct Call {
  std::string_view function;
  std::string_view of;
};

std::optional<Call> split_call(std::string_view field) {
  const std::size_t open = field.find('(');
  if (open == std::string_view::npos || field.back() != ')') return std::nullopt;
  return Call{field.substr(0, open), field.substr(open + 1, field.size() - open - 2)};
}

bool is_hashable(const Attribute& attribute) {
  return attribute.type == ValueType::String || attribute.type == ValueType::Null;
}

// What to order by; `by_id` only where nobody has the attribute, since then ids decide all.
OrderBy order_of(const PageRequest& page, const Attribute& attribute, const SeenTimes* seen) {
  OrderBy order_by;
  order_by.descending = !page.order_by.empty() && page.order_by.front() == '-';
  switch (attribute.from) {
    case Attribute::From::Column: order_by.key = attribute.column.get(); break;
    case Attribute::From::FirstSeen: order_by.key = std::span<const TimeMs>(seen->first); break;
    case Attribute::From::LastSeen: order_by.key = std::span<const TimeMs>(seen->last); break;
    case Attribute::From::Id: break;
    case Attribute::From::Nothing: order_by.descending = false; break;
  }
  return order_by;
}

// Whether a page is ordered by one of two times, or shows it.
bool wants(std::string_view time, const PageRequest& page) {
  return order_name(page) == time ||
         std::any_of(page.fields.begin(), page.fields.end(),
                     [&](const std::string& field) { return field == time; });
}

// When members were seen, as far as the page wants it. Whoever asks for those who were seen last is
// seldom interested in the others: as many are looked for as a few pages have.
absl::Status note_seen(const PageRequest& page, const ListSource& source,
                       const CustomerSet& members, const Stop& stop, SegmentExecutor& executor,
                       MemberList::Facts& facts) {
  constexpr std::size_t kPages = 4;
  if (wants("first_seen", page)) {
    GRAPEVINE_ASSIGN_OR_RETURN(const SeenTimes* seen, executor.seen());
    facts.seen = std::make_shared<const SeenTimes>(*seen);
  } else if (wants("last_seen", page)) {
    const std::size_t end = source.offset + page.limit;
    const bool is_latest_first = page.order_by == "-last_seen" && end < members.count() / kPages;
    GRAPEVINE_ASSIGN_OR_RETURN(LastSeen last,
                               last_times(*source.snapshot, members, source.moment.as_of,
                                          is_latest_first ? kPages * end : members.count(), stop));
    if (last.exact_after != kNever) facts.in_order = last.exact;
    facts.seen = std::make_shared<const SeenTimes>(SeenTimes{{}, std::move(last.times)});
  }
  return absl::OkStatus();
}

std::string list_key(const std::string& segment, const PageRequest& page,
                     const ListSource& source) {
  std::string key = std::to_string(source.snapshot->number()) + ' ' +
                    std::to_string(source.moment.as_of) + ' ' + segment + ' ' + page.order_by;
  for (const std::string_view time : {"first_seen", "last_seen"}) {
    if (wants(time, page)) key.append(" with ").append(time);
  }
  if (page.exit != ExitRules{}) {
    const double share = page.exit.holdout.value_or(-1.0);
    key += " keeping back " + std::to_string(std::bit_cast<std::uint64_t>(share)) + ' ' +
           page.exit.consent + '\0' + page.exit.campaign;
  }
  return key;
}

absl::StatusOr<std::shared_ptr<MemberList>> make_member_list(const std::string& segment,
                                                             const PageRequest& page,
                                                             const ListSource& source,
                                                             const Context& context) {
  const Snapshot& snapshot = *source.snapshot;
  Mistakes mistakes;
  SegmentPlanner planner(snapshot, {source.moment.as_of, context.timezone}, mistakes);
  const Plan plan = planner.plan_segment(segment, "");
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  MemberList::Facts facts;
  facts.traits = planner.traits();
  SegmentExecutor executor({snapshot, source.moment.as_of, context.graph, context.stop});
  GRAPEVINE_ASSIGN_OR_RETURN(CustomerSet members, executor.evaluate(plan));
  facts.size = members.count();
  const ExitFilter filter(page.exit, snapshot);
  GRAPEVINE_ASSIGN_OR_RETURN(facts.withheld, filter.keep_back(members, context.stop));
  GRAPEVINE_RETURN_IF_ERROR(note_seen(page, source, members, context.stop, executor, facts));
  Attribute attribute;  // Found before, when the fields were bound.
  GRAPEVINE_RETURN_IF_ERROR(find_listed(order_name(page), source, context, attribute).status());
  const OrderBy order_by = order_of(page, attribute, facts.seen.get());
  return std::make_shared<MemberList>(source.snapshot, members, order_by, std::move(facts));
}

}  // namespace

MemberList::MemberList(std::shared_ptr<const Snapshot> snapshot, const CustomerSet& listed,
                       const OrderBy& order_by, Facts facts)
    : snapshot_(std::move(snapshot)),
      facts_(std::move(facts)),
      order_(snapshot_->customers(), listed, order_by),
      listed_(order_.size()) {}

std::vector<CustomerId> MemberList::page(std::size_t begin, std::size_t end) {
  const std::lock_guard lock(mutex_);
  return order_.page(begin, end);
}

std::size_t MemberList::bytes() const {
  const std::size_t times = facts_.seen ? facts_.seen->first.size() + facts_.seen->last.size() : 0;
  return kSnapshotBytes + order_.bytes() + sizeof(TimeMs) * times;
}

absl::StatusOr<std::vector<ListedField>> bind_fields(const PageRequest& page,
                                                     const ListSource& source,
                                                     const Context& context) {
  const Snapshot& snapshot = *source.snapshot;
  Mistakes mistakes;
  std::vector<ListedField> fields;
  for (const std::string& name : page.fields) {
    ListedField field{name, {}, std::nullopt};
    std::string_view of = name;
    if (const auto call = split_call(name)) {
      field.hashed = hash_form_of(call->function);
      of = call->of;
      if (!field.hashed) {
        mistakes.add("?fields", no_such("function", call->function, hash_names()));
        continue;
      }
    }
    GRAPEVINE_ASSIGN_OR_RETURN(const bool known, find_listed(of, source, context, field.attribute));
    if (!known) {
      mistakes.add("?fields", no_such_listed(of, snapshot));
    } else if (field.hashed && !is_hashable(field.attribute)) {
      mistakes.add("?fields", std::string(of) + " is no text, and cannot be hashed");
    }
    const bool listed = name == "customer_id" ||
                        std::any_of(fields.begin(), fields.end(),
                                    [&](const ListedField& other) { return other.name == name; });
    if (!listed) fields.push_back(std::move(field));
  }
  Attribute attribute;
  GRAPEVINE_ASSIGN_OR_RETURN(const bool known,
                             find_listed(order_name(page), source, context, attribute));
  if (!known) mistakes.add("?order_by", no_such_listed(order_name(page), snapshot));
  if (std::string unknown = unknown_consent(page.exit, snapshot); !unknown.empty()) {
    mistakes.add("?consent", std::move(unknown));
  }
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  return fields;
}

absl::StatusOr<std::shared_ptr<MemberList>> open_member_list(const std::string& segment,
                                                             const PageRequest& page,
                                                             const ListSource& source,
                                                             const Context& context) {
  const std::string key = list_key(segment, page, source);
  if (auto kept = std::dynamic_pointer_cast<MemberList>(context.results.list(key))) {
    const std::size_t end = std::min(source.offset + page.limit, kept->listed());
    if (end <= kept->facts().in_order.value_or(end)) return kept;
  }
  GRAPEVINE_ASSIGN_OR_RETURN(std::shared_ptr<MemberList> list,
                             make_member_list(segment, page, source, context));
  if (source.offset + page.limit < list->listed()) context.results.keep_list(key, list);
  return list;
}

}  // namespace grapevine
