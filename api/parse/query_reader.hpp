#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/message.hpp"
#include "api/parse/mistakes.hpp"
#include "api/parse/within.hpp"

namespace grapevine {

/// Takes the query parameters of a request by name. A mistake is named by "?" and the parameter.
/// Not thread-safe; the fields and the mistakes outlive it.
class QueryReader {
 public:
  QueryReader(const Fields& query, Mistakes& mistakes) : query_(query), mistakes_(mistakes) {}

  /// nullptr where it is absent. From then on the name is a known one.
  const std::string* take(std::string_view name);
  std::optional<std::int64_t> take_whole(std::string_view name, std::int64_t least,
                                         std::int64_t most);
  std::optional<AsOf> take_as_of();
  std::optional<SaidTime> take_time(std::string_view name);
  /// The parts between commas; nullopt where it is absent.
  std::optional<std::vector<std::string>> take_list(std::string_view name);
  /// The same of a name that may be given several times: the parts of all of them, each once.
  std::optional<std::vector<std::string>> take_lists(std::string_view name);
  /// The same of up to `most` dimensions, of which one that is named twice is a mistake.
  std::optional<std::vector<std::string>> take_dimensions(std::string_view name, std::size_t most);

  void wrong(std::string_view name, std::string detail);
  /// Notes every parameter that nobody took, or that came twice. Those of `later` are of the
  /// contract, but not of this version.
  void refuse_others(std::initializer_list<std::string_view> later = {});

 private:
  // The parts of all that are given of a name; nullopt: none is.
  std::optional<std::vector<std::string>> take_all(std::string_view name);

  const Fields& query_;
  Mistakes& mistakes_;
  std::vector<std::string_view> known_;
  std::vector<std::string_view> repeatable_;
};

/// What to say of a time whose + became a space on its way; empty: that is not what is wrong.
std::string plus_hint(std::string text);

}  // namespace grapevine
