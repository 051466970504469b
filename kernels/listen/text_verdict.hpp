#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "kernels/listen/triage.hpp"
#include "kernels/text/service_signs.hpp"

namespace grapevine {

/// How a complaint is known.
enum class ComplaintBy : std::uint8_t { Ticket, Harm, Words, Sentiment };
inline constexpr std::size_t kComplaintsBy = 4;
std::string_view name_of(ComplaintBy by);

/// What `triage` makes of the words of a text, for every sentiment that it may be given: so that it
/// can be kept beside a text, whose sentiment may be another one tomorrow. A plain value.
class TextVerdict {
 public:
  /// Of no text that was looked at yet.
  TextVerdict() = default;
  /// `scratch`: for signs, so that nothing is allocated a text.
  TextVerdict(std::string_view text, std::vector<FoundSign>& scratch);

  /// Of what has no text: its sentiment decides alone.
  static TextVerdict of_no_text();

  [[nodiscard]] bool is_known() const { return (bits_ & kKnown) != 0; }
  /// How it is known that the text complains; nullopt: it does not. As triage tells it of what opens
  /// no ticket.
  [[nodiscard]] std::optional<ComplaintBy> complaint(std::optional<double> sentiment) const;
  /// Whether it tells of harm: its severity is severe or critical, whatever the sentiment is.
  [[nodiscard]] bool tells_of_harm() const { return (bits_ & kHarm) != 0; }

  friend bool operator==(const TextVerdict&, const TextVerdict&) = default;

 private:
  static constexpr std::uint8_t kMoodBits = 2;
  static constexpr std::uint16_t kHarm = std::uint16_t{1} << 8;
  static constexpr std::uint16_t kKnown = std::uint16_t{1} << 9;

  std::uint16_t bits_ = 0;  // Two for each mood: 0 is no complaint, else a ComplaintBy.
};

/// The same as TextVerdict::tells_of_harm, for who asks nothing else.
/// Cost  One pass of an automaton (some 200 ns a post); only a text with a word of harm costs more.
bool tells_of_harm(std::string_view text, std::vector<FoundSign>& scratch);

}  // namespace grapevine
