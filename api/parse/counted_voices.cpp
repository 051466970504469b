#include "api/parse/counted_voices.hpp"

#include <string>

namespace grapevine {

CountedVoices take_voices(QueryReader& query) {
  const std::string* text = query.take("voices");
  if (text == nullptr) return CountedVoices::Others;
  for (const auto voices : {CountedVoices::Others, CountedVoices::Apart, CountedVoices::All}) {
    if (*text == name_of(voices)) return voices;
  }
  query.wrong("voices", "wants customers, company or all, not: " + *text);
  return CountedVoices::Others;
}

std::string_view name_of(CountedVoices voices) {
  switch (voices) {
    case CountedVoices::Others: return "customers";
    case CountedVoices::Apart: return "company";
    case CountedVoices::All: break;
  }
  return "all";
}

}  // namespace grapevine
