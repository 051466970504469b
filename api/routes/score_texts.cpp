#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/encode/json_writer.hpp"
#include "api/parse/query_reader.hpp"
#include "api/parse/texts_request.hpp"
#include "api/routes/listening.hpp"
#include "kernels/parallel/for_each_block.hpp"
#include "kernels/text/sentiment.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

std::string_view name_of(Language language) {
  switch (language) {
    case Language::Korean: return "korean";
    case Language::English: return "english";
    case Language::Mixed: return "mixed";
    case Language::Other: return "other";
  }
  return "other";
}

}  // namespace

// POST /v1/text/sentiment: the mood of texts, as of those that are collected.
absl::StatusOr<Response> score_texts(const Request& request, const Context& context) {
  constexpr std::size_t kTogether = 64;
  Mistakes mistakes;
  QueryReader(request.query, mistakes).refuse_others();
  GRAPEVINE_RETURN_IF_ERROR(mistakes.status());
  GRAPEVINE_ASSIGN_OR_RETURN(const std::vector<std::string> texts,
                             parse_texts_request(request.body));
  std::vector<Sentiment> results(texts.size());
  for_each_block(texts.size(), kTogether, [&](std::size_t begin, std::size_t end) {
    if (context.stop.requested()) return;
    for (std::size_t i = begin; i < end; ++i) results[i] = sentiment(texts[i]);
  });
  if (context.stop.requested()) return absl::CancelledError("stopped while scoring texts");
  JsonWriter json;
  json.begin_object();
  json.key("results");
  json.begin_array();
  for (const Sentiment& result : results) {
    json.begin_object();
    json.key("score");
    if (result.score) {
      json.value(*result.score);
    } else {
      json.null();
    }
    json.member("language", name_of(result.language));
    json.member("confidence", result.confidence);
    json.end_object();
  }
  json.end_array();
  json.member("sentiment_model", kSentimentModel);
  json.end_object();
  Response response;
  response.body = std::move(json).take();
  return response;
}

}  // namespace grapevine
