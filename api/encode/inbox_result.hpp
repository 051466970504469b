#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "api/execute/inbox_list.hpp"
#include "api/parse/inbox_request.hpp"

namespace grapevine {

/// A page of the inbox.
struct InboxPage {
  const InboxList& list;
  const Snapshot& snapshot;
  AnswerMoment moment;
  std::size_t first_rank = 0;                ///< Of the page's first item, from 0.
  std::span<const RankedItem* const> items;  ///< nullptr: its person was erased since.
  std::string next_cursor;                   ///< Empty: it is the last one.
};

/// The answer of `GET /v1/listen/inbox`. Cost: reads and triages the texts of the page again.
std::string encode_inbox(const InboxRequest& asked, const InboxPage& page, double elapsed_ms);

}  // namespace grapevine
