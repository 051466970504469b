#include "bench/segments/question.hpp"

namespace grapevine::bench {

std::span<const Question> questions() {
  static constexpr Question kAll[] = {
      {"attributes", ask_attributes},
      {"purchases", ask_purchases},
      {"spend", ask_spend},
      {"did_not", ask_did_not},
      {"radius", ask_radius},
      {"distinct", ask_distinct},
      {"rfm", ask_rfm},
      {"funnel", ask_funnel},
      {"retention", ask_retention},
      {"actives_by_hour", ask_actives_by_hour},
      {"actives_of_segment", ask_actives_of_segment},
      {"top_products", ask_top_products},
      {"overlap", ask_overlap},
      {"share_of_voice", ask_share_of_voice},
      {"bursts", ask_bursts},
      {"lookalikes", ask_lookalikes},
      {"target_list", ask_target_list},
      {"last_touch", ask_last_touch},
  };
  return kAll;
}

}  // namespace grapevine::bench
