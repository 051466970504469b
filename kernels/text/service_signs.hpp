#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace grapevine {

/// What a word or phrase of lexicon/service_words.tsv is a sign of.
enum class ServiceSign : std::uint8_t {
  Harmless,    ///< Looks like harm, but is a way of speaking: hides what lies inside of it.
  Serious,     ///< Something could hurt or cheat somebody.
  Severe,      ///< Somebody is hurt, robbed or goes to court.
  Critical,    ///< Lives are at stake.
  Vulnerable,  ///< A child, an ill or an old person: makes harm worse.
  Complaint,
  Praise,
  Question,
  Scorn,  ///< Praise that means the opposite: "thanks for nothing". See find_scorn.
};
std::string_view name_of(ServiceSign sign);

/// A sign in a text: the bytes [begin, end).
struct FoundSign {
  ServiceSign sign = ServiceSign::Harmless;
  std::size_t begin = 0;
  std::size_t end = 0;
  bool negated = false;  ///< "not on fire", "다치지 않": said not to be so.

  friend bool operator==(const FoundSign&, const FoundSign&) = default;
};

/// Finds the signs in a text of any bytes, by where they begin and end; what is harmless and what
/// lies inside of that is left out. Questions are also told by their form, scorn by praise beside a
/// failure: see find_question and find_scorn.
///
/// Negation  English: no, none, not, never, without or a word that ends in n't, at most four words
///           before in the same clause, unless "not only", somebody did not stop or expect it, and the
///           like. Korean: 안 or 못 as the word before; ~지 않, ~지 못, 없 and 아니 behind, also with a noun
///           between (다친 곳은 없어요, 화상 위험이 없어요). Questions and scorn are never negated.
/// Cost      One pass over the text, and a look around each match. No memory but `found`'s.
void find_service_signs(std::string_view text, std::vector<FoundSign>& found);

}  // namespace grapevine
