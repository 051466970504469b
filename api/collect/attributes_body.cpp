#include "api/collect/attributes_body.hpp"

#include "api/collect/json.hpp"
#include "api/collect/rejection.hpp"
#include "api/collect/row_sink.hpp"
#include "api/collect/trait_call.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {

absl::StatusOr<Batch> read_attributes_body(const std::string& body, const std::string& id,
                                           TimeMs now_ms) {
  simdjson::dom::parser parser;
  JsonElement root;
  if (const auto error = parse_json(body, parser, root); error != simdjson::SUCCESS) {
    return rejection(describe_json_error(error, body, 0));
  }
  JsonObject traits;
  if (root.at_key("attributes").get_object().get(traits) != simdjson::SUCCESS) {
    return rejection("attributes is not an object");
  }
  if (has_escaped_nul(body)) {
    if (const auto place = find_nul(root)) return nul_rejection(shown_name(*place));
  }
  Batch batch;
  batch.received = now_ms;
  RowSink sink(batch);
  sink.cells.begin_event();
  GRAPEVINE_RETURN_IF_ERROR(add_traits(traits, Family::Trait, sink));
  if (sink.cells.row_count() == 0) return Batch{};
  CallHead head;
  head.customer = id;
  head.ts = now_ms;
  add_trait_row(head, 0, sink);
  batch.traits.back().kind = CustomerKind::Contact;  // It says nothing of who they are.
  return batch;
}

}  // namespace grapevine
