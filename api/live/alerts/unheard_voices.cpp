#include "api/live/alerts/unheard_voices.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "api/plan/company_voices.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

std::shared_ptr<const AttributeColumn> column_of(const Snapshot& snapshot, std::string_view name) {
  const auto& columns = snapshot.customers().attributes();
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [&](const auto& column) { return column->name == name; });
  return found == columns.end() ? nullptr : *found;
}

}  // namespace

absl::Status UnheardVoices::look(const Snapshot& snapshot, const Stop& stop) {
  auto kind = column_of(snapshot, "kind");
  auto own = column_of(snapshot, "own");
  const std::size_t customers = snapshot.customers().count();
  if (kind == kind_ && own == own_ && known_.customers() <= customers) {
    known_.grow(customers);
    return absl::OkStatus();
  }
  GRAPEVINE_ASSIGN_OR_RETURN(known_, company_voices(snapshot, stop));
  kind_ = std::move(kind);
  own_ = std::move(own);
  adopted_.grow(std::max(adopted_.customers(), customers));
  are_others_ = !std::ranges::equal(adopted_.words(), known_.words());
  return absl::OkStatus();
}

void UnheardVoices::adopt() {
  adopted_ = known_;
  are_others_ = false;
}

}  // namespace grapevine
