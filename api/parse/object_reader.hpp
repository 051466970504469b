#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/parse/json_value.hpp"
#include "api/parse/mistakes.hpp"
#include "api/parse/within.hpp"

namespace grapevine {

/// Takes the members of one JSON object by name and notes what is wrong with them. Not thread-safe;
/// the object and the mistakes outlive it.
class ObjectReader {
 public:
  ObjectReader(const JsonObject& object, std::string pointer, Mistakes& mistakes);

  /// Where the object stands, and where a member of it does.
  [[nodiscard]] const std::string& pointer() const { return pointer_; }
  [[nodiscard]] std::string pointer_to(std::string_view name) const;

  [[nodiscard]] bool has(std::string_view name) const { return find(name) != nullptr; }
  /// Whether there are members that nobody took yet.
  [[nodiscard]] bool has_others() const;
  /// nullptr where it is absent. From then on the name is a known one.
  const JsonValue* take(std::string_view name);
  /// The same for one type: another one is a mistake, and absent.
  const std::string* take_string(std::string_view name);
  const JsonArray* take_array(std::string_view name);
  const JsonObject* take_object(std::string_view name);
  std::optional<std::int64_t> take_whole(std::string_view name, std::int64_t least,
                                         std::int64_t most);
  /// False where it is absent.
  bool take_truth(std::string_view name);
  std::optional<double> take_number(std::string_view name, double least, double most);

  [[nodiscard]] Mistakes& mistakes() const { return mistakes_; }
  /// The member `as_of`: the server's clock where it is absent.
  AsOf take_as_of();
  /// The member `snapshot`: a pinned one.
  std::optional<std::uint64_t> take_snapshot();

  /// Notes a mistake in a member.
  void wrong(std::string_view name, std::string detail);
  /// Notes every member that nobody took. Those of `later` are of the contract, but not of this
  /// version.
  void refuse_others(std::initializer_list<std::string_view> later = {});

 private:
  [[nodiscard]] const JsonValue* find(std::string_view name) const;

  const JsonObject& object_;
  std::string pointer_;
  Mistakes& mistakes_;
  std::vector<std::string_view> known_;
};

/// Notes every string of the value, names of members included, that holds a NUL character.
void refuse_nul(const JsonValue& content, const std::string& pointer, Mistakes& mistakes);

}  // namespace grapevine
