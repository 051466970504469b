#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "kernels/listen/triage.hpp"
#include "kernels/text/service_signs.hpp"
#include "tests/api/listen/random_service.hpp"
#include "tests/api/sql/asked_sql.hpp"

namespace grapevine::testing {

/// A row of `events`, as SQL tells it; empty texts: null.
struct ServiceRow {
  std::string event, customer, brand, channel, account, product, content, parent, ticket, target,
      text;
  TimeMs ts = 0;
  std::optional<double> sentiment;
};

/// A complaint, found by holding each row against each other one.
struct ExpectedCase {
  ServiceRow row;
  bool is_ticket = false;
  bool is_again = false;
  std::optional<TimeMs> answered, resolved;
};

/// All rows, a few at a time: long answers come in pieces.
inline std::vector<ServiceRow> read_service_rows(AskedStore& asked) {
  std::vector<ServiceRow> rows;
  for (int piece = 0; piece < 16; ++piece) {
    std::istringstream lines(
        ask_sql(asked,
                "SELECT event, customer_id, brand, channel, account, product_id, content_id, "
                "parent_id, toString(`properties.ticket_id`), target_id, "
                "toUnixTimestamp64Milli(ts), sentiment, text FROM events "
                "WHERE intDiv(toUnixTimestamp64Milli(ts), 1000) % 16 = " +
                    std::to_string(piece)));
    for (std::string line; std::getline(lines, line);) {
      std::vector<std::string> cells;
      std::istringstream split(line);
      for (std::string cell; std::getline(split, cell, '\t');) {
        cells.push_back(cell == "\\N" ? std::string() : cell);
      }
      cells.resize(13);
      ServiceRow row{cells[0], cells[1], cells[2], cells[3],  cells[4], cells[5], cells[6],
                     cells[7], cells[8], cells[9], cells[12], {},       {}};
      row.ts = std::stoll("0" + cells[10]);
      if (!cells[11].empty()) row.sentiment = std::stof(cells[11]);
      rows.push_back(row);
    }
  }
  EXPECT_EQ(std::to_string(rows.size()) + '\n', ask_sql(asked, "SELECT count() FROM events"));
  return rows;
}

inline bool speaks_for_company(const std::string& customer) {
  return customer == "brand_a" || customer == "agent1";
}

/// By what a post is a complaint: the rule that the inbox goes by; empty: it is none.
inline std::string complains_by(const ServiceRow& row) {
  std::vector<FoundSign> signs;
  find_service_signs(row.text, signs);
  const Triage told = triage(signs, row.sentiment, false);
  if (told.concern != Concern::Complaint) return {};
  if (told.rule == Triage::Rule::Harm) return "harm";
  return told.rule == Triage::Rule::Words ? "words" : "sentiment";
}

/// Whether a row answers (or resolves) a complaint.
inline bool deals_with(const ServiceRow& row, const ServiceRow& complaint, bool resolves) {
  const bool is_ticket = complaint.event == "Ticket Opened";
  if (row.ts < complaint.ts || row.ts > RandomService::kNow) return false;
  if (!resolves && row.event == "Post Replied" && speaks_for_company(row.customer)) {
    if (!complaint.content.empty() && row.parent == complaint.content) return true;
  }
  if (!is_ticket || row.event != (resolves ? "Ticket Resolved" : "Ticket Answered")) return false;
  if (!complaint.ticket.empty() || !row.ticket.empty()) return row.ticket == complaint.ticket;
  const std::string& named = row.parent.empty() ? row.content : row.parent;
  return !named.empty() && named == complaint.content;
}

/// The complaints of [from, to) about the company, with what became of them; `untraceable` is told
/// how many nothing could answer.
inline std::vector<ExpectedCase> expected_cases(const std::vector<ServiceRow>& rows, TimeMs from,
                                                TimeMs to, bool of_any_brand,
                                                std::size_t& untraceable) {
  std::vector<ExpectedCase> cases;
  untraceable = 0;
  for (const ServiceRow& row : rows) {
    ExpectedCase one{row, row.event == "Ticket Opened", false, {}, {}};
    const bool is_post = row.event.starts_with("Post ");
    if (row.ts < from || row.ts >= to || speaks_for_company(row.customer)) continue;
    if (!one.is_ticket && (!is_post || complains_by(row).empty())) continue;
    const bool is_own =
        row.brand == "Alpen" || !row.account.empty() || speaks_for_company(row.target);
    if (!one.is_ticket && !of_any_brand && !is_own) continue;
    if (row.content.empty() && row.ticket.empty()) {
      ++untraceable;
      continue;
    }
    for (const ServiceRow& other : rows) {
      const auto note = [&](std::optional<TimeMs>& first) {
        if (!first || other.ts < *first) first = other.ts;
      };
      if (deals_with(other, row, false)) note(one.answered);
      if (deals_with(other, row, true)) {
        note(one.resolved);
        note(one.answered);
      }
    }
    cases.push_back(one);
  }
  return cases;
}

/// Marks what was opened before among the cases: all openings of a ticket but the first.
inline void mark_again(std::vector<ExpectedCase>& cases) {
  const auto name = [](const ServiceRow& row) {
    return row.ticket.empty() ? "c" + row.content : "t" + row.ticket;
  };
  for (ExpectedCase& one : cases) {
    one.is_again =
        one.is_ticket && std::ranges::any_of(cases, [&](const ExpectedCase& other) {
          return other.is_ticket && name(other.row) == name(one.row) && other.row.ts < one.row.ts;
        });
  }
}

}  // namespace grapevine::testing
