#include <algorithm>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "api/encode/json_writer.hpp"
#include "api/execute/inbox_list.hpp"
#include "api/parse/inbox_request.hpp"
#include "api/parse/json_reader.hpp"
#include "api/sql/tables/column_list.hpp"
#include "api/sql/tables/explained_problem.hpp"
#include "api/sql/tables/functions/table_functions.hpp"
#include "api/sql/tables/people_codes.hpp"
#include "kernels/query/query_error.hpp"
#include "storage/schema.hpp"
#include "storage/status_macros.hpp"
#include "storage/text_values.hpp"

namespace grapevine::sql {
namespace {

constexpr std::string_view kColumns =
    "rank UInt64, customer_id String, ts DateTime64(3), event String, kind String, severity "
    "String, "
    "urgency Float64, due DateTime64(3), age_ms Int64, people Nullable(Float64), shares UInt64, "
    "sentiment Nullable(Float64), content_id Nullable(String), channel Nullable(String), account "
    "Nullable(String), brand Nullable(String), product_id Nullable(String), text String";

// A parameter as a query of HTTP has it.
std::string parameter_text(const JsonValue& value) {
  if (const auto* text = value.as<std::string>()) return *text;
  JsonWriter json;
  write_json(json, value);
  return std::move(json).take();
}

// The parameters of GET /v1/listen/inbox, as a JSON object.
absl::StatusOr<Fields> read_parameters(std::string_view text) {
  GRAPEVINE_ASSIGN_OR_RETURN(const JsonObject object, read_json_object(text));
  Fields fields;
  for (const auto& [name, value] : object) {
    if (name == "cursor" || name == "limit" || name == "snapshot" || name == "format") {
      return query_error(QueryErrorCode::BadArguments,
                         '/' + name + ": a query reads all items of one snapshot, the newest one");
    }
    const auto* list = value.as<JsonArray>();
    if (list == nullptr) {
      fields.emplace_back(name, parameter_text(value));
      continue;
    }
    for (const JsonValue& one : *list) fields.emplace_back(name, parameter_text(one));
  }
  return fields;
}

// The items of an inbox, in its order, column by column.
class InboxColumns {
 public:
  InboxColumns(const InboxRequest& asked, const InboxList& list, TimeMs as_of,
               QueryContext& context)
      : asked_(asked),
        list_(list),
        as_of_(as_of),
        context_(context),
        items_(list.page(0, list.items.size())),
        by_row_(items_.size()) {
    std::iota(by_row_.begin(), by_row_.end(), std::size_t{0});
    std::sort(by_row_.begin(), by_row_.end(), [&](std::size_t a, std::size_t b) {
      return std::tie(items_[a]->item.run, items_[a]->item.row) <
             std::tie(items_[b]->item.run, items_[b]->item.row);
    });
  }

  Block make() {
    Block block{items_.size(), {}};
    auto& columns = block.columns;
    std::uint64_t rank = 0;
    columns.push_back(numbers<std::uint64_t>(plain(TypeId::UInt64), [&](auto&) { return ++rank; }));
    std::vector<std::uint32_t> people;
    for (const RankedItem* item : items_) people.push_back(index(item->item.customer));
    columns.push_back(people_column(std::move(people), context_));
    columns.push_back(times([](const RankedItem& of) { return of.item.ts; }));
    columns.push_back(texts([&](const RankedItem& of) {
      return context_.snapshot->event_names().at(grapevine::index(of.item.run->event));
    }));
    columns.push_back(texts([](const RankedItem& of) { return name_of(of.item.concern); }));
    columns.push_back(texts([](const RankedItem& of) { return name_of(of.item.severity); }));
    columns.push_back(
        numbers<double>(plain(TypeId::Float64), [](const RankedItem& of) { return of.urgency; }));
    columns.push_back(times([&](const RankedItem& of) { return of.item.ts + target(of); }));
    columns.push_back(numbers<std::int64_t>(
        plain(TypeId::Int64), [&](const RankedItem& of) { return as_of_ - of.item.ts; }));
    columns.push_back(maybe([&](const RankedItem& of) { return list_.spread_of(of).people; }));
    columns.push_back(numbers<std::uint64_t>(plain(TypeId::UInt64), [&](const RankedItem& of) {
      return std::uint64_t{list_.spread_of(of).shares};
    }));
    columns.push_back(
        maybe([](const RankedItem& of) { return sentiment_at(*of.item.run, of.item.row); }));
    for (const CoreColumn core : {CoreColumn::ContentId, CoreColumn::Channel, CoreColumn::Account,
                                  CoreColumn::Brand, CoreColumn::ProductId}) {
      columns.push_back(cells(core, true));
    }
    columns.push_back(cells(CoreColumn::Text, false));
    return block;
  }

 private:
  [[nodiscard]] TimeMs target(const RankedItem& of) const {
    return asked_.target_ms[static_cast<std::size_t>(of.item.severity)];
  }

  template <typename Value, typename Read>
  ColumnPtr numbers(const DataType& type, const Read& read) const {
    auto column = new_fixed(type, items_.size());
    for (std::size_t i = 0; i < items_.size(); ++i) column->fixed<Value>()[i] = read(*items_[i]);
    return column;
  }

  template <typename Read>
  ColumnPtr times(const Read& read) const {
    DataType type = plain(TypeId::DateTime64);
    type.scale = 3;
    return numbers<std::int64_t>(type, read);
  }

  template <typename Read>
  ColumnPtr maybe(const Read& read) const {
    DataType type = plain(TypeId::Float64);
    type.nullable = true;
    auto column = new_fixed(type, items_.size());
    for (std::size_t i = 0; i < items_.size(); ++i) {
      const std::optional<double> value = read(*items_[i]);
      column->fixed<double>()[i] = value.value_or(0.0);
      column->nulls.push_back(value ? 0 : 1);
    }
    return column;
  }

  template <typename Read>
  ColumnPtr texts(const Read& read) const {
    TextBuilder texts(items_.size());
    for (const RankedItem* item : items_) texts.add(read(*item));
    return std::move(texts).finish(false);
  }

  // What the events have in a column of texts. They are read in the order of rows: blocks of texts are
  // compressed.
  ColumnPtr cells(CoreColumn core, bool nullable) const {
    const ColumnInfo& info = context_.snapshot->columns()[index(column_id(core))];
    std::vector<std::string> values(items_.size());
    std::vector<std::uint8_t> nulls(items_.size(), 1);
    const Run* run = nullptr;
    std::optional<TextReader> reader;
    for (const std::size_t i : by_row_) {
      const InboxItem& item = items_[i]->item;
      const RunColumn* column = item.run->column(column_id(core));
      if (column == nullptr || !column->has(item.row)) continue;
      nulls[i] = 0;
      if (const auto* codes = std::get_if<CodeValues>(&column->values)) {
        values[i] = info.dictionary->at(static_cast<std::uint32_t>(codes->codes.at(item.row)));
      } else if (const auto* kept = std::get_if<grapevine::TextValues>(&column->values)) {
        if (item.run != run) reader.emplace(*kept);
        run = item.run;
        values[i] = reader->at(item.row);
      }
    }
    TextBuilder texts(items_.size());
    for (const std::string& value : values) texts.add(value);
    if (!nullable) return std::move(texts).finish(false);
    return std::move(texts).finish(true, std::move(nulls));
  }

  const InboxRequest& asked_;
  const InboxList& list_;
  const TimeMs as_of_;
  QueryContext& context_;
  const std::vector<const RankedItem*> items_;
  std::vector<std::size_t> by_row_;  // Places of items.
};

}  // namespace

absl::StatusOr<TablePtr> make_inbox_items(TableArguments arguments, QueryContext& context) {
  if (arguments.size() > 1) {
    return wrong_count("inbox", "nothing, or the parameters of GET /v1/listen/inbox as JSON");
  }
  Request request;
  if (!arguments.empty()) {
    GRAPEVINE_ASSIGN_OR_RETURN(const std::string_view text, text_argument(*arguments[0]));
    auto fields = read_parameters(text);
    if (!fields.ok()) return explained_problem(fields.status());
    request.query = *std::move(fields);
  }
  const auto asked = parse_inbox_request(request, context.api);
  if (!asked.ok()) return explained_problem(asked.status());
  const auto make = [asked = *asked](QueryContext& of_query) -> absl::StatusOr<std::vector<Block>> {
    GRAPEVINE_RETURN_IF_ERROR(of_query.check());
    const AnswerMoment moment = resolve_as_of(asked.page.as_of, *of_query.snapshot, of_query.api);
    const auto list = make_inbox(asked, {of_query.snapshot, moment, 0}, of_query.api);
    if (!list.ok()) return explained_problem(list.status());
    return std::vector<Block>{InboxColumns(asked, **list, moment.as_of, of_query).make()};
  };
  return std::make_shared<MadeTable>(*parse_column_list(kColumns), make);
}

}  // namespace grapevine::sql
