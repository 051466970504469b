#include "api/execute/learned_summary.hpp"

#include <utility>
#include <vector>

#include "api/result_cache.hpp"
#include "kernels/influence/content_actions.hpp"
#include "storage/status_macros.hpp"

namespace grapevine {
namespace {

class KeptSummary final : public CachedList {
 public:
  explicit KeptSummary(std::shared_ptr<const LearnedSummary> kept) : summary(std::move(kept)) {}
  [[nodiscard]] std::size_t bytes() const override { return sizeof(LearnedSummary) + 1024; }

  const std::shared_ptr<const LearnedSummary> summary;
};

// Whether a kernel found nothing to work on, which is an answer; another failure is not.
bool is_nothing(const absl::Status& status) {
  return absl::IsFailedPrecondition(status) || absl::IsResourceExhausted(status);
}

absl::StatusOr<LearnedFit> fit(const GraphSource& source, const std::vector<Action>& all,
                               const Context& context) {
  const FitOptions options;
  GRAPEVINE_ASSIGN_OR_RETURN(const TimeMs begin, held_out_from(all, options.held_out_share));
  // Ties that the contents held out made would tell of them.
  TieRestriction before;
  before.to = begin;
  before.key = "before " + std::to_string(begin);
  GRAPEVINE_ASSIGN_OR_RETURN(
      const auto graph,
      context.graph.at(*source.snapshot, source.moment.as_of, before, {}, context.stop));
  GRAPEVINE_ASSIGN_OR_RETURN(
      const std::vector<Action> actions,
      content_actions(*source.snapshot, graph->listening(), source.moment.as_of, context.stop));
  return fit_learned(graph->listening(), actions, options, context.stop);
}

absl::StatusOr<LearnedSummary> summarize(const GraphSource& source, const Context& context) {
  const ListenGraph& graph = source.graph->listening();
  GRAPEVINE_ASSIGN_OR_RETURN(
      const std::vector<Action> actions,
      content_actions(*source.snapshot, graph, source.moment.as_of, context.stop));
  LearnedSummary summary;
  const auto learned = learn_probabilities(graph, actions, LearnOptions(), context.stop);
  if (!learned.ok()) {
    if (!is_nothing(learned.status())) return learned.status();
    summary.problem = std::string(learned.status().message());
    return summary;
  }
  summary.contents = learned->contents;
  summary.actions = learned->actions;
  summary.actions_exposed = learned->actions_exposed;
  summary.trials = learned->trials;
  summary.edges_tried = learned->edges_tried;
  summary.edges_succeeded = learned->edges_succeeded;
  summary.global_probability = learned->global_probability;
  summary.global_delay_ms = learned->global_delay_ms;
  auto fitted = fit(source, actions, context);
  if (fitted.ok()) {
    summary.fit = *std::move(fitted);
  } else if (is_nothing(fitted.status())) {
    summary.fit_problem = std::string(fitted.status().message());
  } else {
    return fitted.status();
  }
  return summary;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const LearnedSummary>> learned_summary(const GraphSource& source,
                                                                      const Context& context) {
  const std::string key = "learned " + std::to_string(source.snapshot->number()) + ' ' +
                          std::to_string(source.moment.as_of);
  if (const auto kept = std::dynamic_pointer_cast<KeptSummary>(context.results.list(key))) {
    return kept->summary;
  }
  GRAPEVINE_ASSIGN_OR_RETURN(LearnedSummary summary, summarize(source, context));
  auto made = std::make_shared<const LearnedSummary>(std::move(summary));
  context.results.keep_list(key, std::make_shared<KeptSummary>(made));
  return made;
}

}  // namespace grapevine
