#pragma once

// The only header that includes simdjson: for this folder, api/ingest and api/cloudevents.
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include <simdjson.h>

#include "api/collect/scalar.hpp"

namespace grapevine {

using JsonElement = simdjson::dom::element;
using JsonObject = simdjson::dom::object;
using JsonArray = simdjson::dom::array;
using JsonType = simdjson::dom::element_type;

/// Texts made while one event is read; what they are borrowed for does not outlive it.
using MadeTexts = std::deque<std::string>;

/// A JSON value that is neither object nor array. Whole numbers beyond int64 become text, so that
/// none of their digits is lost. Null for what is no scalar.
Scalar scalar_of(JsonElement element, MadeTexts& made);

/// Whether `element` is a string, a number or a truth.
bool is_scalar(JsonElement element);

/// `element` as JSON text without white space.
std::string_view json_text(JsonElement element, MadeTexts& made);

/// Whether JSON text has an escape that stands for U+0000, which we do not store.
bool has_escaped_nul(std::string_view json);

/// The name of the innermost member whose name or text holds U+0000; nullopt: there is none.
/// Cost    Every string of `element`: for texts that has_escaped_nul().
std::optional<std::string> find_nul(JsonElement element);

/// Parses `text`, in which whole numbers beyond 64 bits become texts. `element` lives as long as
/// `parser` parses nothing else.
simdjson::error_code parse_json(std::string_view text, simdjson::dom::parser& parser,
                                JsonElement& element);

/// Whether an error is of one value, which leaves the text around it readable.
bool is_of_one_value(simdjson::error_code error);

/// What is wrong with `text`, and at which byte, where `text` stands at byte `begin` of what was
/// sent.
std::string describe_json_error(simdjson::error_code error, std::string_view text,
                                std::size_t begin);

}  // namespace grapevine
