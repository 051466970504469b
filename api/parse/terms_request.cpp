#include "api/parse/terms_request.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "api/parse/bucket_width.hpp"
#include "api/parse/counted_voices.hpp"
#include "api/parse/mistakes.hpp"
#include "api/parse/nearest_name.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

constexpr std::int64_t kTermsMax = 500;
constexpr std::int64_t kLeastMax = 1'000'000;
constexpr std::int64_t kExamplesMax = 10;

// By number, as note_moods has them.
constexpr std::string_view kMoods[] = {"unknown", "neutral", "positive", "negative"};

void take_moods(QueryReader& query, TermsRequest& terms) {
  const auto named = query.take_lists("mood");
  if (!named) return;
  terms.moods = 0;
  for (const std::string& name : *named) {
    const auto* const found = std::find(std::begin(kMoods), std::end(kMoods), name);
    if (found == std::end(kMoods)) {
      query.wrong("mood", no_such_of("mood", name, {std::begin(kMoods), std::end(kMoods)}));
    } else {
      terms.moods |= static_cast<std::uint8_t>(1U << (found - std::begin(kMoods)));
    }
  }
  if (named->empty()) query.wrong("mood", "wants positive, neutral, negative or unknown");
}

void take_size(QueryReader& query, std::string_view name, std::int64_t least, std::int64_t most,
               std::size_t& size) {
  if (const auto given = query.take_whole(name, least, most)) {
    size = static_cast<std::size_t>(*given);
  }
}

}  // namespace

absl::StatusOr<TermsRequest> parse_terms_request(const Request& request, const Context& context) {
  Mistakes mistakes;
  QueryReader query(request.query, mistakes);
  TermsRequest terms;
  terms.filter = take_mention_filter(query, context);
  take_moods(query, terms);
  terms.every = take_every(query);
  terms.voices = take_voices(query);
  take_size(query, "limit", 1, kTermsMax, terms.limit);
  take_size(query, "least", 2, kLeastMax, terms.least);
  take_size(query, "examples", 0, kExamplesMax, terms.examples);
  query.refuse_others();
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  return terms;
}

}  // namespace grapevine
