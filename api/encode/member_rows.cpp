#include "api/encode/member_rows.hpp"

#include <utility>

#include "api/encode/arrow/arrow_stream.hpp"
#include "api/encode/json_writer.hpp"
#include "api/encode/member_columns.hpp"
#include "api/encode/withheld.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

constexpr std::size_t kRowsBetweenLooks = 4096;  // At `stop`.

absl::Status stopped() { return absl::CancelledError("stopped while writing a list"); }

bool is_time_to_stop(std::size_t row, const Stop& stop) {
  return row % kRowsBetweenLooks == 0 && stop.requested();
}

void write_row(JsonWriter& json, const MemberPage& page, CustomerId customer) {
  json.begin_object();
  json.member("customer_id", page.snapshot->customers().external_id(customer));
  std::string hash;
  for (const ListedField& field : page.fields) {
    json.key(field.name);
    write_json(json, listed_value(page, field, customer, hash));
  }
  json.end_object();
}

// What is no past event: traits are today's, also in an answer for the past.
void write_current(JsonWriter& json, const MemberPage& page) {
  std::set<std::string> traits = page.list->facts().traits;
  for (const ListedField& field : page.fields) {
    if (field.attribute.from == Attribute::From::Column && !field.attribute.computed) {
      traits.insert(field.name);
    }
  }
  json.key("current");
  json.begin_array();
  for (const std::string& trait : traits) json.value(trait);
  json.end_array();
}

// What stands beside the rows, where the body is nothing but rows.
void add_headers(Response& response, const MemberPage& page) {
  if (!page.next_cursor.empty()) {
    response.headers.emplace_back("X-Grapevine-Next-Cursor", page.next_cursor);
  }
  response.headers.emplace_back("X-Grapevine-Snapshot", std::to_string(page.snapshot->number()));
  response.headers.emplace_back("X-Grapevine-As-Of", format_time(page.moment.as_of));
  JsonWriter withheld;
  write_withheld(withheld, page.list->facts().withheld);
  response.headers.emplace_back("X-Grapevine-Withheld", std::move(withheld).take());
}

absl::StatusOr<Response> encode_json(const MemberPage& page, const Stop& stop) {
  JsonWriter json;
  json.begin_object();
  json.member("segment", page.segment);
  json.member("size", page.list->facts().size);
  json.key("withheld");
  write_withheld(json, page.list->facts().withheld);
  json.key("members");
  json.begin_array();
  for (std::size_t row = 0; row < page.rows.size(); ++row) {
    if (is_time_to_stop(row, stop)) return stopped();
    write_row(json, page, page.rows[row]);
  }
  json.end_array();
  if (!page.next_cursor.empty()) json.member("next_cursor", page.next_cursor);
  if (page.moment.in_the_past) write_current(json, page);
  json.time_member("as_of", page.moment.as_of);
  json.member("snapshot", page.snapshot->number());
  json.end_object();
  Response response;
  response.body = std::move(json).take();
  return response;
}

absl::StatusOr<Response> encode_ndjson(const MemberPage& page, const Stop& stop) {
  JsonWriter json;
  for (std::size_t row = 0; row < page.rows.size(); ++row) {
    if (is_time_to_stop(row, stop)) return stopped();
    write_row(json, page, page.rows[row]);
    json.end_line();
  }
  Response response;
  response.content_type = "application/x-ndjson";
  response.body = std::move(json).take();
  add_headers(response, page);
  return response;
}

absl::StatusOr<Response> encode_csv(const MemberPage& page, const Stop& stop) {
  std::string text = "customer_id";
  for (const ListedField& field : page.fields) {
    text += ',';
    append_csv(text, std::string_view(field.name));
  }
  text += "\r\n";
  std::string hash;
  for (std::size_t row = 0; row < page.rows.size(); ++row) {
    if (is_time_to_stop(row, stop)) return stopped();
    append_csv(text, page.snapshot->customers().external_id(page.rows[row]));
    for (const ListedField& field : page.fields) {
      text += ',';
      append_csv(text, listed_value(page, field, page.rows[row], hash));
    }
    text += "\r\n";
  }
  Response response;
  response.content_type = "text/csv";
  response.body = std::move(text);
  add_headers(response, page);
  return response;
}

absl::StatusOr<Response> encode_arrow(const MemberPage& page, const Stop& stop) {
  Response response;
  response.content_type = ArrowStream::kContentType;
  GRAPEVINE_ASSIGN_OR_RETURN(response.body, members_as_arrow(page, stop));
  add_headers(response, page);
  return response;
}

}  // namespace

AttributeValue listed_value(const MemberPage& page, const ListedField& field, CustomerId customer,
                            std::string& hash) {
  const AttributeValue value = value_of(page.snapshot->customers(), field.attribute,
                                        page.list->facts().seen.get(), customer);
  if (!field.hashed) return value;
  const auto* text = std::get_if<std::string_view>(&value);
  if (text != nullptr) hash = hashed_identifier(*field.hashed, *text);
  if (text == nullptr || hash.empty()) return std::monostate{};
  return std::string_view(hash);
}

absl::StatusOr<Response> encode_members(const MemberPage& page, RowFormat format,
                                        const Stop& stop) {
  switch (format) {
    case RowFormat::Json: return encode_json(page, stop);
    case RowFormat::Ndjson: return encode_ndjson(page, stop);
    case RowFormat::Csv: return encode_csv(page, stop);
    case RowFormat::Arrow: return encode_arrow(page, stop);
  }
  return encode_json(page, stop);
}

}  // namespace grapevine
