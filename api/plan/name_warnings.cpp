#include "api/plan/name_warnings.hpp"

#include <algorithm>
#include <string_view>
#include <variant>

#include "api/parse/nearest_name.hpp"
#include "api/plan/attribute_catalog.hpp"
#include "api/plan/topic_document.hpp"
#include "storage/schema.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

using Names = std::vector<std::string>;

// What there is of one kind of name.
struct Known {
  const Dictionary* seen = nullptr;  // nullptr: none is in a dictionary.
  Names others = {};

  [[nodiscard]] bool has(const std::string& name) const {
    if (seen != nullptr && seen->find(name) != Dictionary::kMissing) return true;
    return std::find(others.begin(), others.end(), name) != others.end();
  }
  [[nodiscard]] std::vector<std::string_view> all() const {
    std::vector<std::string_view> names(others.begin(), others.end());
    for (std::uint32_t code = 0; seen != nullptr && code < seen->size(); ++code) {
      if (!seen->is_blank(code)) names.push_back(seen->at(code));
    }
    return names;
  }
};

bool keeps_texts(const Snapshot& snapshot, ColumnId column) {
  return std::any_of(snapshot.parts().begin(), snapshot.parts().end(), [&](const auto& part) {
    return std::any_of(part->runs.begin(), part->runs.end(), [&](const LiveRun& live) {
      const RunColumn* values = live->column(column);
      return values != nullptr && std::holds_alternative<TextValues>(values->values);
    });
  });
}

class Warnings {
 public:
  explicit Warnings(const Snapshot& snapshot) : snapshot_(snapshot) {}

  void check_column(std::string_view kind, const Names& asked, CoreColumn column,
                    const Names& others = {}) {
    if (asked.empty()) return;
    Known known{snapshot_.columns()[index(column_id(column))].dictionary.get(), others};
    const auto is_known = [&](const std::string& name) { return known.has(name); };
    if (std::all_of(asked.begin(), asked.end(), is_known)) return;
    if (keeps_texts(snapshot_, column_id(column))) return;
    check(kind, " was never seen", asked, known);
  }

  void check(std::string_view kind, std::string_view what, const Names& asked, const Known& known) {
    std::vector<std::string_view> names;
    for (const std::string& name : asked) {
      if (known.has(name)) continue;
      std::string told(kind);
      told.append(" \"").append(name).append("\"").append(what);
      if (nearest_++ < kNearestMax) {
        if (names.empty()) names = known.all();
        const auto nearest =
            names.size() > kKnownMax ? std::string_view() : nearest_name(name, names);
        if (!nearest.empty()) told.append("; nearest: \"").append(nearest).append("\"");
      }
      told_.push_back(std::move(told));
    }
  }

  std::vector<std::string> take() { return std::move(told_); }

 private:
  const Snapshot& snapshot_;
  std::size_t nearest_ = 0;  // Names that were looked for.
  std::vector<std::string> told_;
};

void check_regions(const Names& asked, const Snapshot& snapshot, Warnings& warnings) {
  if (asked.empty()) return;
  Attribute attribute;
  Known known;
  if (find_attribute(snapshot, "region", attribute)) {
    const bool is_column = attribute.from == Attribute::From::Column && attribute.column != nullptr;
    if (!is_column || attribute.column->type != ValueType::String) return;
    known.seen = attribute.column->dictionary.get();
  }
  warnings.check("region", " was never seen", asked, known);
}

}  // namespace

std::vector<std::string> name_warnings(const MentionFilter& filter, const Snapshot& snapshot,
                                       const BrandOwners& owners) {
  Names brands = owners.brands(), products, topics;
  const bool asks_topics =
      !filter.brands.empty() || !filter.products.empty() || !filter.topics.empty();
  if (asks_topics) {
    for (const auto& [name, topic] : topics_of(snapshot)) {
      topics.push_back(name);
      if (!topic.brand.empty()) brands.push_back(topic.brand);
      if (!topic.product_id.empty()) products.push_back(topic.product_id);
    }
  }
  Warnings warnings(snapshot);
  warnings.check_column("brand", filter.brands, CoreColumn::Brand, brands);
  warnings.check_column("product", filter.products, CoreColumn::ProductId, products);
  warnings.check("topic", " is not defined", filter.topics, {nullptr, topics});
  warnings.check_column("account", filter.accounts, CoreColumn::Account);
  warnings.check_column("channel", filter.channels, CoreColumn::Channel);
  check_regions(filter.regions, snapshot, warnings);
  return warnings.take();
}

absl::StatusOr<std::vector<std::string>> name_warnings(const MentionFilter& filter,
                                                       const Snapshot& snapshot, const Stop& stop) {
  GRAPEVINE_ASSIGN_OR_RETURN(const BrandOwners owners, BrandOwners::read(snapshot, stop));
  return name_warnings(filter, snapshot, owners);
}

}  // namespace grapevine
