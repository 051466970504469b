#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "api/parse/exit_rules.hpp"
#include "kernels/parallel/stop.hpp"
#include "kernels/segment/customer_set.hpp"
#include "kernels/segment/value_test.hpp"
#include "storage/snapshot.hpp"

namespace grapevine {

/// Why somebody is kept back. Where several reasons hold, the one that comes first here: so those
/// held out are people whom the campaign may talk to, like those who are not.
enum class Withheld : std::uint8_t {
  No,
  Restricted,  ///< `processing_restricted` says anything but no.
  Consent,     ///< `consent.NAME` does not say yes.
  Holdout,
};

/// How many are kept back, each counted once.
struct WithheldCounts {
  std::size_t consent = 0;
  std::size_t restricted = 0;
  std::size_t holdout = 0;

  void add(Withheld why);
  WithheldCounts& operator+=(const WithheldCounts& other);
  friend bool operator==(const WithheldCounts&, const WithheldCounts&) = default;
};

/// Whether a customer is held out of a campaign: XXH3-64 of (campaign, NUL, customer_id) / 2^64 is
/// below `share`. The same answer on every server, for as long as the customer keeps the id.
bool is_held_out(std::string_view campaign, std::string_view customer_id, double share);

/// Who may leave the house: every list of people passes here before it is sent, whether it is
/// asked for, streamed or pushed. Immutable; any number of threads may ask. The snapshot outlives
/// it. Cost: nothing to make.
class ExitFilter {
 public:
  ExitFilter(const ExitRules& rules, const Snapshot& snapshot);

  /// Why a person, given by representative, is kept back. A consent that nobody has keeps everyone
  /// back.
  [[nodiscard]] Withheld why(CustomerId person) const;
  [[nodiscard]] bool keeps_back(CustomerId person) const { return why(person) != Withheld::No; }

  /// Takes everyone out of `members` who is kept back. Errors  Cancelled: `stop` fired.
  absl::StatusOr<WithheldCounts> keep_back(CustomerSet& members, const Stop& stop) const;

 private:
  ExitRules rules_;
  const Snapshot& snapshot_;
  const AttributeColumn* restricted_;  // nullptr: nobody has said anything.
  const AttributeColumn* consent_;
  ValueTest restricted_test_;
  ValueTest consent_test_;
};

/// Takes people out of a page of an older snapshot who were erased since, or whom the newest one
/// keeps back by restriction or consent. Who is held out was decided when the list was made.
void drop_withheld_since(std::vector<CustomerId>& page, const ExitRules& rules,
                         const Snapshot& newest);

/// What is wrong with the consent asked for: "no such consent: emial (did you mean email?)"; empty:
/// somebody was asked for it.
std::string unknown_consent(const ExitRules& rules, const Snapshot& snapshot);

}  // namespace grapevine
