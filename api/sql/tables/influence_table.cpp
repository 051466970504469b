#include "api/sql/tables/influence_table.hpp"

#include <string>

#include "api/execute/listed_attribute.hpp"
#include "api/plan/score_names.hpp"
#include "api/sql/execute/query_context.hpp"
#include "api/sql/tables/event_table.hpp"
#include "api/sql/tables/explained_problem.hpp"
#include "api/sql/tables/people_scan.hpp"
#include "storage/status_macros.hpp"

namespace grapevine::sql {

InfluenceTable::InfluenceTable() {
  columns_.push_back({"customer_id", plain(TypeId::String), "Who it is"});
  for (const ScoreName& score : kScores) {
    columns_.push_back({std::string(score.name), type_of_stored(score.type)});
  }
  for (const ScoreName& label : kScoreLabels) {
    columns_.push_back({std::string(label.name), type_of_stored(label.type)});
  }
}

absl::StatusOr<Scan> InfluenceTable::scan(const ScanRequest& request, QueryContext& context) const {
  std::vector<PeopleColumn> columns;
  for (const std::size_t number : request.columns) {
    const TableColumn& wanted = columns_[number];
    PeopleColumn column{PeopleColumn::Of::Id, wanted.type};
    if (number > 0) {
      GRAPEVINE_RETURN_IF_ERROR(context.check());
      Attribute attribute;
      const auto found =
          find_listed(std::string(kScorePrefix) + wanted.name,
                      {context.snapshot, {context.api.now_ms, false}}, context.api, attribute);
      if (!found.ok()) return explained_problem(found.status());
      column.of = PeopleColumn::Of::Attribute;
      column.attribute = attribute.column;
    }
    columns.push_back(std::move(column));
  }
  return scan_people(std::move(columns), request, context);
}

}  // namespace grapevine::sql
