#include "api/execute/change_page.hpp"

#include <unordered_set>

#include "api/error.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

// A change that was looked at, and where a reader goes on behind it.
struct Seen {
  CustomerId identity{};
  bool entered = false;
  TimeMs ts = 0;
  ChangeCursor next;
};

void see_base(const MembershipStream& stream, std::size_t limit, ChangeCursor& at,
              std::vector<Seen>& seen) {
  const MembershipStream::Base& base = *stream.base;
  const std::uint64_t begin = *at.told;
  std::uint64_t member = 0;
  base.members.for_each([&](CustomerId identity) {
    if (member++ < begin || seen.size() == limit) return;
    at.told = member == base.members.size() ? std::nullopt : std::optional(member);
    seen.push_back({identity, true, base.as_of, at});
  });
}

std::vector<Seen> see(const MembershipStream& stream, ChangeCursor at, std::size_t limit) {
  std::vector<Seen> seen;
  if (at.told) see_base(stream, limit, at, seen);
  while (!at.told && at.position < stream.end && seen.size() < limit) {
    const MembershipChange& change = stream.at(at.position++);
    seen.push_back({change.identity, change.entered, change.ts, at});
  }
  return seen;
}

// Decides whom of a page a reader is told of.
class Exit {
 public:
  Exit(const Snapshot& snapshot, const MembershipStream& stream, const ExitRules& rules)
      : customers_(snapshot.customers()),
        stream_(stream),
        rules_(rules),
        filter_({rules.consent, std::nullopt, ""}, snapshot) {}

  [[nodiscard]] bool is_erased(const Seen& change) const {
    return customers_.persons().of(change.identity) == kNobody;
  }

  // By the id that is told: it is the same id that will be told of when they leave.
  [[nodiscard]] Withheld why(const Seen& change) const {
    if (rules_.holdout && is_held_out(rules_.campaign, id_of(change), *rules_.holdout)) {
      return Withheld::Holdout;
    }
    if (!change.entered) return Withheld::No;
    return filter_.why(customers_.persons().of(change.identity));
  }

  [[nodiscard]] std::string_view id_of(const Seen& change) const {
    return customers_.names().ids->at(index(change.identity));
  }

  // Who of `seen`, which begins at a position, is kept back and left later.
  [[nodiscard]] std::unordered_set<std::uint32_t> leaving(const std::vector<Seen>& seen,
                                                          std::uint64_t position) const {
    std::unordered_set<std::uint32_t> kept_back;
    for (const Seen& change : seen) {
      if (change.entered && !is_erased(change) && why(change) != Withheld::No) {
        kept_back.insert(index(change.identity));
      }
    }
    std::unordered_set<std::uint32_t> leaving;
    if (kept_back.empty()) return leaving;
    for (std::uint64_t at = position; at < stream_.end; ++at) {
      const MembershipChange& change = stream_.at(at);
      if (!kept_back.contains(index(change.identity))) continue;
      if (change.entered) {
        leaving.erase(index(change.identity));
      } else {
        leaving.insert(index(change.identity));
      }
    }
    return leaving;
  }

 private:
  const CustomerTable& customers_;
  const MembershipStream& stream_;
  const ExitRules& rules_;
  ExitFilter filter_;
};

}  // namespace

std::shared_ptr<const MembershipStream> find_stream(const Snapshot& snapshot,
                                                    const ChangeReader& reader) {
  const auto found = snapshot.memberships().find({reader.segment, reader.rules.consent});
  return found == snapshot.memberships().end() ? nullptr : found->second;
}

ChangeCursor beginning_of(const MembershipStream& stream) {
  ChangeCursor cursor{stream.number, stream.first};
  if (stream.base->members.size() > 0) cursor.told = 0;
  return cursor;
}

absl::Status check_cursor(const ChangeCursor& cursor, const MembershipStream& stream) {
  const auto gone = [](const std::string& why) {
    const std::string detail = why + ": begin anew without a cursor";
    return problem(ErrorCode::Gone, detail, {{"?cursor", detail}});
  };
  if (cursor.stream != stream.number) return gone("the stream of that cursor has ended");
  const bool base_is_gone = cursor.told && cursor.position != stream.first;
  if (base_is_gone || cursor.position < stream.first) {
    return gone("the changes behind that cursor are kept no longer");
  }
  if (cursor.position > stream.end ||
      (cursor.told && *cursor.told >= stream.base->members.size())) {
    return gone("that cursor is ahead of what is kept");
  }
  return absl::OkStatus();
}

bool has_more(const MembershipStream& stream, const ChangeCursor& cursor) {
  return cursor.told.has_value() || cursor.position < stream.end;
}

absl::StatusOr<ChangePage> read_changes(const Snapshot& snapshot, const MembershipStream& stream,
                                        const ChangeReader& reader, const ChangeCursor& from,
                                        std::size_t limit) {
  GRAPEVINE_RETURN_IF_ERROR(check_cursor(from, stream));
  const std::vector<Seen> seen = see(stream, from, limit);
  const Exit exit(snapshot, stream, reader.rules);
  const auto leaving = exit.leaving(seen, from.position);
  ChangePage page;
  page.next = from;
  for (const Seen& change : seen) {
    if (!exit.is_erased(change)) {
      const Withheld why = exit.why(change);
      const bool holdout = why == Withheld::Holdout;
      if (why == Withheld::No) {
        page.changes.push_back(
            {std::string(exit.id_of(change)), change.entered, change.ts, change.next});
      } else if (!holdout && !leaving.contains(index(change.identity))) {
        break;  // They are about to leave.
      }
      page.withheld.add(why);
    } else if (!change.entered) {
      ++page.erased;
    }
    page.next = change.next;
    ++page.passed;
  }
  page.more = has_more(stream, page.next);
  return page;
}

}  // namespace grapevine
