#include "api/execute/exit_filter.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "api/encode/attribute_value.hpp"
#include "api/execute/restricted.hpp"
#include "api/parse/nearest_name.hpp"
#include "kernels/parallel/for_each_block.hpp"

namespace grapevine {
namespace {

constexpr std::string_view kConsentPrefix = "consent.";
constexpr std::size_t kWordsPerTask = 256;

// Only a clear yes is a yes.
ValueTest says_granted(const AttributeColumn* column) {
  ValueTest test;
  test.accepts_true = true;
  test.whole = {{1, 1}};
  test.real = {{1.0, 1.0}};
  test.texts = {"1", "true", "yes"};
  test.as_text = column != nullptr &&
                 (column->type == ValueType::String || column->type == ValueType::DateTime);
  return test;
}

const AttributeColumn* column_of_consent(const ExitRules& rules, const Snapshot& snapshot) {
  if (rules.consent.empty()) return nullptr;
  return snapshot.customers().attribute(std::string(kConsentPrefix) + rules.consent);
}

}  // namespace

void WithheldCounts::add(Withheld why) {
  switch (why) {
    case Withheld::No: break;
    case Withheld::Restricted: ++restricted; break;
    case Withheld::Consent: ++consent; break;
    case Withheld::Holdout: ++holdout; break;
  }
}

WithheldCounts& WithheldCounts::operator+=(const WithheldCounts& other) {
  consent += other.consent;
  restricted += other.restricted;
  holdout += other.holdout;
  return *this;
}

bool is_held_out(std::string_view campaign, std::string_view customer_id, double share) {
  if (share >= 1.0) return true;
  if (!(share > 0.0)) return false;
  std::string key(campaign);
  key += '\0';
  key += customer_id;
  // A whole number is below a real one exactly where it is below the whole number that follows it;
  // a share below 1 leaves that in 64 bits.
  const double beyond = std::ceil(std::ldexp(share, 64));
  return XXH3_64bits(key.data(), key.size()) < static_cast<std::uint64_t>(beyond);
}

ExitFilter::ExitFilter(const ExitRules& rules, const Snapshot& snapshot)
    : rules_(rules),
      snapshot_(snapshot),
      restricted_(snapshot.customers().attribute(kRestrictedAttribute)),
      consent_(column_of_consent(rules, snapshot)),
      restricted_test_(
          says_restricted(restricted_ == nullptr ? ValueType::Null : restricted_->type)),
      consent_test_(says_granted(consent_)) {}

Withheld ExitFilter::why(CustomerId person) const {
  if (restricted_ != nullptr && is_satisfied(restricted_test_, value_of(*restricted_, person))) {
    return Withheld::Restricted;
  }
  if (!rules_.consent.empty() &&
      (consent_ == nullptr || !is_satisfied(consent_test_, value_of(*consent_, person)))) {
    return Withheld::Consent;
  }
  if (rules_.holdout &&
      is_held_out(rules_.campaign, snapshot_.customers().external_id(person), *rules_.holdout)) {
    return Withheld::Holdout;
  }
  return Withheld::No;
}

absl::StatusOr<WithheldCounts> ExitFilter::keep_back(CustomerSet& members, const Stop& stop) const {
  const std::span<std::uint64_t> words = members.words();
  std::vector<WithheldCounts> counts(blocks_of(words.size(), kWordsPerTask));
  for_each_block(words.size(), kWordsPerTask, [&](std::size_t begin, std::size_t end) {
    if (stop.requested()) return;
    WithheldCounts& mine = counts[begin / kWordsPerTask];
    for (std::size_t w = begin; w < end; ++w) {
      for (std::uint64_t rest = words[w]; rest != 0; rest &= rest - 1) {
        const std::uint64_t bit = rest & (~rest + 1);
        const auto slot = static_cast<std::uint32_t>(std::countr_zero(rest));
        const Withheld reason = why(CustomerId(static_cast<std::uint32_t>(w * 64) + slot));
        if (reason == Withheld::No) continue;
        words[w] &= ~bit;
        mine.add(reason);
      }
    }
  });
  if (stop.requested()) return absl::CancelledError("stopped while keeping people back");
  WithheldCounts all;
  for (const WithheldCounts& of_block : counts) all += of_block;
  return all;
}

void drop_withheld_since(std::vector<CustomerId>& page, const ExitRules& rules,
                         const Snapshot& newest) {
  const ExitFilter filter({rules.consent, std::nullopt, {}}, newest);
  std::erase_if(page, [&](CustomerId customer) {
    const CustomerId person = newest.customers().persons().of(customer);
    return person == kNobody || filter.keeps_back(person);
  });
}

std::string unknown_consent(const ExitRules& rules, const Snapshot& snapshot) {
  if (rules.consent.empty() || column_of_consent(rules, snapshot) != nullptr) return {};
  std::vector<std::string_view> known;
  for (const auto& column : snapshot.customers().attributes()) {
    const std::string_view name = column->name;
    if (name.starts_with(kConsentPrefix)) known.push_back(name.substr(kConsentPrefix.size()));
  }
  return no_such("consent", rules.consent, known);
}

}  // namespace grapevine
