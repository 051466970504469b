#include "api/parse/object_reader.hpp"

#include <algorithm>
#include <limits>

#include <absl/strings/str_format.h>

#include "api/parse/json_mistake.hpp"
#include "api/parse/nearest_name.hpp"

namespace grapevine {

ObjectReader::ObjectReader(const JsonObject& object, std::string pointer, Mistakes& mistakes)
    : object_(object), pointer_(std::move(pointer)), mistakes_(mistakes) {}

std::string ObjectReader::pointer_to(std::string_view name) const {
  return pointer_ + '/' + escape_pointer(name);
}

const JsonValue* ObjectReader::find(std::string_view name) const {
  const auto found = std::find_if(object_.begin(), object_.end(),
                                  [&](const auto& member) { return member.first == name; });
  return found == object_.end() ? nullptr : &found->second;
}

bool ObjectReader::has_others() const {
  return std::any_of(object_.begin(), object_.end(), [&](const auto& member) {
    return std::find(known_.begin(), known_.end(), member.first) == known_.end();
  });
}

const JsonValue* ObjectReader::take(std::string_view name) {
  known_.push_back(name);
  return find(name);
}

const std::string* ObjectReader::take_string(std::string_view name) {
  const JsonValue* content = take(name);
  if (content == nullptr) return nullptr;
  const auto* text = content->as<std::string>();
  if (text == nullptr) wrong(name, "wants a string, not " + std::string(content->kind()));
  return text;
}

const JsonArray* ObjectReader::take_array(std::string_view name) {
  const JsonValue* content = take(name);
  if (content == nullptr) return nullptr;
  const auto* array = content->as<JsonArray>();
  if (array == nullptr) wrong(name, "wants an array, not " + std::string(content->kind()));
  return array;
}

const JsonObject* ObjectReader::take_object(std::string_view name) {
  const JsonValue* content = take(name);
  if (content == nullptr) return nullptr;
  const auto* object = content->as<JsonObject>();
  if (object == nullptr) wrong(name, "wants an object, not " + std::string(content->kind()));
  return object;
}

std::optional<std::int64_t> ObjectReader::take_whole(std::string_view name, std::int64_t least,
                                                     std::int64_t most) {
  const JsonValue* content = take(name);
  if (content == nullptr) return std::nullopt;
  const auto* number = content->as<std::int64_t>();
  if (number != nullptr && *number >= least && *number <= most) return *number;
  wrong(name, "wants a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  return std::nullopt;
}

bool ObjectReader::take_truth(std::string_view name) {
  const JsonValue* content = take(name);
  if (content == nullptr) return false;
  const bool* truth = content->as<bool>();
  if (truth == nullptr) wrong(name, "wants true or false, not " + std::string(content->kind()));
  return truth != nullptr && *truth;
}

std::optional<double> ObjectReader::take_number(std::string_view name, double least, double most) {
  const JsonValue* content = take(name);
  if (content == nullptr) return std::nullopt;
  std::optional<double> number;
  if (const auto* real = content->as<double>()) number = *real;
  if (const auto* whole = content->as<std::int64_t>()) number = static_cast<double>(*whole);
  if (number && *number >= least && *number <= most) return number;
  wrong(name, absl::StrFormat("wants a number from %g to %g", least, most));
  return std::nullopt;
}

AsOf ObjectReader::take_as_of() {
  const JsonValue* content = take("as_of");
  if (content == nullptr) return {};
  if (const auto* epoch_ms = content->as<std::int64_t>(); epoch_ms && is_time(*epoch_ms)) {
    return {AsOf::Kind::At, {*epoch_ms, false}};
  }
  const auto* text = content->as<std::string>();
  if (const auto as_of = text == nullptr ? std::nullopt : parse_as_of(*text)) return *as_of;
  wrong("as_of", "wants an ISO 8601 time, epoch milliseconds or \"latest\"");
  return {};
}

std::optional<std::uint64_t> ObjectReader::take_snapshot() {
  const auto number = take_whole("snapshot", 0, std::numeric_limits<std::int64_t>::max());
  if (!number) return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

void ObjectReader::wrong(std::string_view name, std::string detail) {
  mistakes_.add(pointer_to(name), std::move(detail));
}

void ObjectReader::refuse_others(std::initializer_list<std::string_view> later) {
  constexpr std::size_t kMembersMax = 1000;  // Each is compared with those before it.
  if (object_.size() > kMembersMax) {
    return mistakes_.add(pointer_,
                         "has " + std::to_string(object_.size()) + " members: far too many");
  }
  for (std::size_t i = 0; i < object_.size(); ++i) {
    const std::string& name = object_[i].first;
    const auto before = object_.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::any_of(object_.begin(), before, [&](const auto& m) { return m.first == name; })) {
      wrong(name, "given twice: " + name);
    } else if (std::find(later.begin(), later.end(), name) != later.end()) {
      wrong(name, "not supported yet by this version: " + name);
    } else if (std::find(known_.begin(), known_.end(), name) == known_.end()) {
      wrong(name, no_such("member", name, known_));
    }
  }
}

void refuse_nul(const JsonValue& content, const std::string& pointer, Mistakes& mistakes) {
  const auto refuse = [&](const std::string& text, const std::string& place) {
    if (text.find('\0') != std::string::npos) mistakes.add(place, "holds a NUL character");
  };
  if (const auto* text = content.as<std::string>()) refuse(*text, pointer);
  if (const auto* array = content.as<JsonArray>()) {
    for (std::size_t i = 0; i < array->size(); ++i) {
      refuse_nul((*array)[i], pointer + '/' + std::to_string(i), mistakes);
    }
  }
  if (const auto* object = content.as<JsonObject>()) {
    for (const auto& [name, member] : *object) {
      refuse(name, pointer);
      refuse_nul(member, pointer + '/' + escape_pointer(name), mistakes);
    }
  }
}

}  // namespace grapevine
