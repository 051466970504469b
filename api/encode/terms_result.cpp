#include "api/encode/terms_result.hpp"

#include <string_view>
#include <utility>
#include <variant>

#include "api/encode/json_writer.hpp"
#include "api/encode/write_texts.hpp"
#include "api/parse/counted_voices.hpp"
#include "storage/schema.hpp"
#include "storage/text_values.hpp"

namespace grapevine {
namespace {

void write_name(JsonWriter& json, const Snapshot& snapshot, CoreColumn column, const Run& run,
                std::size_t row) {
  const RunColumn* kept = run.column(column_id(column));
  const auto* codes = kept == nullptr ? nullptr : std::get_if<CodeValues>(&kept->values);
  if (codes == nullptr || !kept->has(row)) return json.null();
  const ColumnInfo& info = snapshot.columns()[index(column_id(column))];
  json.value(info.dictionary->at(static_cast<std::uint32_t>(codes->codes.at(row))));
}

// Who wrote it is not told: a text is an example here, not a person.
void write_example(JsonWriter& json, const Snapshot& snapshot, const TermExample& example) {
  const Run& run = *example.run;
  json.begin_object();
  json.time_member("ts", example.ts);
  json.member("event", snapshot.event_names().at(index(run.event)));
  json.key("channel");
  write_name(json, snapshot, CoreColumn::Channel, run, example.row);
  json.key("sentiment");
  const RunColumn* sentiment = run.column(column_id(CoreColumn::Sentiment));
  const auto* scores = sentiment == nullptr ? nullptr : std::get_if<RealValues>(&sentiment->values);
  scores != nullptr && sentiment->has(example.row)
      ? json.value(static_cast<float>(scores->at(example.row)))
      : json.null();
  const RunColumn* texts = run.column(column_id(CoreColumn::Text));
  TextReader reader(std::get<TextValues>(texts->values));
  json.member("text", reader.at(example.row));
  json.end_object();
}

// What it is, and how far it sets the posts apart.
void write_counts(JsonWriter& json, const Dictionary& words, const Term& term) {
  std::string text(words.at(term.word));
  if (term.second != kWordGap) {
    text += ' ';
    text += words.at(term.second);
  }
  json.member("term", text);
  json.member("words", term.second == kWordGap ? 1 : 2);
  json.member("z", term.z);
  json.member("posts", term.posts.selected);
  json.member("rest_posts", term.posts.rest);
}

void write_term(JsonWriter& json, const TermsAnswer& answer, const Term& term) {
  json.begin_object();
  write_counts(json, answer.words.vocabulary->words(), term);
  const auto share = [&](std::string_view name, std::uint64_t posts, std::uint64_t all) {
    json.member(name, all == 0 ? 0.0 : static_cast<double>(posts) / static_cast<double>(all));
  };
  share("share", term.posts.selected, answer.terms.posts.selected);
  share("rest_share", term.posts.rest, answer.terms.posts.rest);
  json.key("bursts");
  json.begin_array();
  for (const TermBurst& burst : term.bursts) {
    json.begin_object();
    json.time_member("since", answer.bounds[burst.first]);
    json.time_member("until", answer.bounds[burst.last]);
    json.member("weight", burst.weight);
    json.end_object();
  }
  json.end_array();
  json.key("examples");
  json.begin_array();
  for (const TermExample& example : term.examples) {
    write_example(json, *answer.source.snapshot, example);
  }
  json.end_array();
  json.end_object();
}

}  // namespace

std::string encode_terms(const TermsRequest& asked, const TermsAnswer& answer, double elapsed_ms) {
  JsonWriter json;
  json.begin_object();
  json.time_member("from", answer.window.from);
  json.time_member("to", answer.window.to);
  json.member("timezone", asked.filter.timezone);
  json.member("voices", name_of(asked.voices));
  json.member("posts", answer.terms.posts.selected);
  json.member("rest_posts", answer.terms.posts.rest);
  json.member("least", asked.least);
  json.member("prior_posts", kPriorPosts);
  json.member("compared", answer.terms.compared);
  json.key("terms");
  json.begin_array();
  for (const Term& term : answer.terms.terms) write_term(json, answer, term);
  json.end_array();
  write_texts(json, "warnings", answer.warnings);
  json.time_member("as_of", answer.source.moment.as_of);
  json.member("snapshot", answer.source.snapshot->number());
  json.member("elapsed_ms", elapsed_ms);
  json.end_object();
  return std::move(json).take();
}

void write_alert_terms(JsonWriter& json, const AlertTerms& answer) {
  json.key("terms");
  json.begin_array();
  for (const Term& term : answer.terms.terms) {
    json.begin_object();
    write_counts(json, answer.vocabulary->words(), term);
    json.end_object();
  }
  json.end_array();
  json.key("compared");
  json.begin_object();
  json.member("posts", answer.terms.posts.selected);
  json.member("rest_posts", answer.terms.posts.rest);
  json.key("rest_since");
  answer.rest_since ? json.time(*answer.rest_since) : json.null();
  json.member("whole", answer.is_whole);
  json.end_object();
}

}  // namespace grapevine
