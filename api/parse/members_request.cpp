#include "api/parse/members_request.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <string_view>

#include "api/encode/arrow/arrow_stream.hpp"
#include "api/error.hpp"
#include "api/parse/nearest_name.hpp"
#include "api/parse/page_parameters.hpp"
#include "api/parse/query_reader.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

constexpr std::int64_t kExportLimit = 100'000;

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// The weight of a media range ("text/csv;q=0.5"); 1 where it says none.
double weight_of(std::string_view parameters) {
  const std::size_t at = parameters.find("q=");
  double weight = 1.0;
  if (at != std::string_view::npos) {
    std::from_chars(parameters.data() + at + 2, parameters.data() + parameters.size(), weight);
  }
  return weight;
}

// The format that an Accept header likes best; JSON where it names none of ours.
RowFormat accepted_format(const std::string* accept) {
  RowFormat best = RowFormat::Json;
  double best_weight = 0.0;
  std::string_view rest = accept == nullptr ? std::string_view{} : *accept;
  while (!rest.empty()) {
    const std::string_view range = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(range.size() + 1, rest.size()));
    const std::string_view type = trimmed(range.substr(0, range.find(';')));
    const double weight = weight_of(range.substr(std::min(type.size(), range.size())));
    if (weight <= best_weight) continue;
    if (type == "application/json" || type == "*/*") {
      best = RowFormat::Json;
    } else if (type == "application/x-ndjson" || type == "application/ndjson") {
      best = RowFormat::Ndjson;
    } else if (type == "text/csv") {
      best = RowFormat::Csv;
    } else if (type == ArrowStream::kContentType) {
      best = RowFormat::Arrow;
    } else {
      continue;
    }
    best_weight = weight;
  }
  return best;
}

// A cursor pins what its list was made from: parameters may be left out, but not changed.
void read_order(QueryReader& query, PageRequest& page) {
  const std::string* order_by = query.take("order_by");
  const auto fields = query.take_list("fields");
  if (fields && fields->size() > kFieldsMax) query.wrong("fields", "more than 100 fields");
  if (page.cursor) {
    page.order_by = page.cursor->order_by;
    page.fields = page.cursor->fields;
    if (order_by != nullptr && *order_by != page.order_by) {
      query.wrong("order_by", "not what it was when the cursor was given: " + *order_by);
    }
    if (fields && *fields != page.fields) {
      query.wrong("fields", "not what they were when the cursor was given");
    }
    return;
  }
  if (order_by != nullptr) page.order_by = *order_by;
  if (fields) page.fields = *fields;
}

void read_exit(QueryReader& query, PageRequest& page) {
  page.exit = read_exit_rules(query);
  if (!page.cursor) return;
  const ExitRules& before = page.cursor->exit;
  if (page.exit != ExitRules{} && page.exit != before) {
    query.wrong("cursor", "consent, holdout and campaign are not what they were when it was given");
  }
  page.exit = before;
}

}  // namespace

RowFormat read_format(QueryReader& query, const Request& request) {
  const std::string* format = query.take("format");
  if (format == nullptr) return accepted_format(find_field(request.headers, "accept"));
  if (*format == "ndjson") return RowFormat::Ndjson;
  if (*format == "csv") return RowFormat::Csv;
  if (*format == "arrow") return RowFormat::Arrow;
  if (*format != "json") {
    query.wrong("format", "wants json, ndjson, csv or arrow, not: " + *format);
  }
  return RowFormat::Json;
}

absl::StatusOr<PageRequest> parse_members_request(const Request& request, const std::string& list,
                                                  const Context& context) {
  Mistakes mistakes;
  QueryReader query(request.query, mistakes);
  PageRequest page;
  GRAPEVINE_ASSIGN_OR_RETURN(page.cursor, read_cursor_parameter(query, list));
  page.format = read_format(query, request);
  read_order(query, page);
  read_page(query, page.format == RowFormat::Json ? kJsonLimit : kRowsLimit, page);
  read_moment(query, context, page);
  read_exit(query, page);
  query.refuse_others();
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  return page;
}

absl::StatusOr<PageRequest> parse_list_request(const Request& request, const std::string& list,
                                               const Context& context, std::int64_t limit_max,
                                               std::uint64_t limit) {
  Mistakes mistakes;
  QueryReader query(request.query, mistakes);
  PageRequest page;
  page.limit = limit;
  GRAPEVINE_ASSIGN_OR_RETURN(page.cursor, read_cursor_parameter(query, list));
  read_page(query, limit_max, page);
  read_moment(query, context, page);
  query.refuse_others();
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  return page;
}

absl::StatusOr<PageRequest> parse_export_request(const Request& request, const std::string& list) {
  Mistakes mistakes;
  QueryReader query(request.query, mistakes);
  PageRequest page;
  page.limit = static_cast<std::uint64_t>(kExportLimit);
  GRAPEVINE_ASSIGN_OR_RETURN(page.cursor, read_cursor_parameter(query, list));
  read_page(query, kExportLimit, page);
  query.refuse_others();
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  return page;
}

}  // namespace grapevine
