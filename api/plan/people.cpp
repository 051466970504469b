#include "api/plan/people.hpp"

#include <algorithm>
#include <bit>

#include "api/error.hpp"
#include "api/execute/burst_mentions.hpp"
#include "api/execute/list_page.hpp"
#include "api/parse/mistakes.hpp"
#include "api/plan/alert_document.hpp"
#include "api/plan/calendar.hpp"
#include "storage/schema.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

// Sorted, each once; those who are in the graph as its vertices.
NamedPeople divide(std::vector<CustomerId> customers, const ListenGraph& graph) {
  std::sort(customers.begin(), customers.end());
  customers.erase(std::unique(customers.begin(), customers.end()), customers.end());
  NamedPeople people;
  for (const CustomerId customer : customers) {
    if (const auto vertex = graph.vertex_of(customer)) {
      people.vertices.push_back(*vertex);
    } else {
      people.outside.push_back(customer);
    }
  }
  return people;
}

void add_rule(CoreColumn column, const std::vector<std::string>& values,
              std::vector<ColumnRule>& where) {
  if (values.empty()) return;
  ColumnRule rule{column_id(column), {}, false};
  rule.test.texts = values;
  where.push_back(std::move(rule));
}

}  // namespace

absl::StatusOr<GraphSource> open_graph(const GraphMoment& asked, const Context& context) {
  GraphSource source;
  GRAPEVINE_ASSIGN_OR_RETURN(source.snapshot, open_snapshot(asked.snapshot, context));
  source.moment = resolve_as_of(asked.as_of, *source.snapshot, context);
  GRAPEVINE_RETURN_IF_ERROR(find_graph(asked, context, source));
  return source;
}

absl::StatusOr<TieRestriction> bind_restriction(const GraphRestriction& asked,
                                                const GraphSource& source, const Context& context) {
  TieRestriction bound;
  bound.key = restriction_json(asked);
  if (bound.key.empty()) return bound;
  add_rule(CoreColumn::Channel, asked.channels, bound.where);
  add_rule(CoreColumn::ProductId, asked.products, bound.where);
  add_rule(CoreColumn::Brand, asked.brands, bound.where);
  if (asked.from) bound.from = moment_of(*asked.from, context.timezone);
  if (asked.to) bound.to = moment_of(*asked.to, context.timezone);
  if (asked.among) {
    // Who is a member depends on all data, and on the moment.
    bound.key +=
        ' ' + std::to_string(source.snapshot->number()) + ' ' + std::to_string(source.moment.as_of);
    GRAPEVINE_ASSIGN_OR_RETURN(const auto members, find_members(*asked.among, source, context));
    CustomerSet among(source.snapshot->customers().count());
    std::copy(members.begin(), members.end(), among.words().begin());
    bound.among = std::move(among);
  }
  return bound;
}

absl::Status find_graph(const GraphMoment& asked, const Context& context, GraphSource& source) {
  GRAPEVINE_ASSIGN_OR_RETURN(const TieRestriction restriction,
                             bind_restriction(asked.restriction, source, context));
  // What was right some seconds ago says nothing of last year.
  const GraphView::Freshness freshness{context.now_ms,
                                       source.moment.in_the_past ? 0 : asked.max_staleness_ms};
  GRAPEVINE_ASSIGN_OR_RETURN(source.graph, context.graph.at(*source.snapshot, source.moment.as_of,
                                                            restriction, freshness, context.stop));
  return absl::OkStatus();
}

absl::StatusOr<NamedPeople> find_people(const CustomerIds& ids, std::string_view pointer,
                                        const GraphSource& source) {
  Mistakes mistakes;
  std::vector<CustomerId> customers;
  customers.reserve(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const CustomerId customer = source.snapshot->customers().find(ids[i]);
    if (customer == kNobody) {
      mistakes.add(std::string(pointer) + "/" + std::to_string(i), "no such customer: " + ids[i]);
    }
    customers.push_back(customer);
  }
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  return divide(std::move(customers), source.graph->listening());
}

absl::StatusOr<NamedPeople> find_speakers(const AlertName& name, const GraphSource& source,
                                          const Context& context) {
  const auto alert = find_alert(*source.snapshot, name.id);
  if (!alert) {
    const std::string detail = "no such alert: " + std::to_string(name.id);
    return problem(ErrorCode::Unprocessable, detail, {{name.pointer, detail}});
  }
  GRAPEVINE_ASSIGN_OR_RETURN(
      const std::vector<BurstMention> mentions,
      burst_mentions(*source.snapshot, *alert, source.moment.as_of, context));
  std::vector<CustomerId> speakers;
  for (const BurstSpeaker& speaker : speakers_of(mentions)) speakers.push_back(speaker.person);
  return divide(std::move(speakers), source.graph->listening());
}

absl::StatusOr<NamedPeople> find_people(const PeopleRule& rule, const GraphSource& source,
                                        const Context& context) {
  if (const auto* ids = std::get_if<CustomerIds>(&rule.who)) {
    return find_people(*ids, rule.pointer, source);
  }
  if (const auto* alert = std::get_if<AlertName>(&rule.who)) {
    return find_speakers(*alert, source, context);
  }
  GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<std::uint64_t> members,
                             find_members(std::get<SegmentName>(rule.who), source, context));
  return people_of(members, source);
}

NamedPeople people_of(std::span<const std::uint64_t> members, const GraphSource& source) {
  std::vector<CustomerId> customers;
  for (std::size_t w = 0; w < members.size(); ++w) {
    for (std::uint64_t rest = members[w]; rest != 0; rest &= rest - 1) {
      const auto bit = static_cast<std::uint32_t>(std::countr_zero(rest));
      customers.push_back(CustomerId(static_cast<std::uint32_t>(w) * 64 + bit));
    }
  }
  return divide(std::move(customers), source.graph->listening());
}

}  // namespace grapevine
