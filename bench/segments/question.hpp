#pragma once

#include <span>
#include <string>
#include <string_view>

#include "bench/segments/world.hpp"

namespace grapevine::bench {

/// One question of the trade. What it asks, and how the peers are asked, stands in
/// questions/NAME.mjs.
struct Question {
  std::string_view name;
  std::string (*ask)(const World&);  ///< Rows as a JSON array of arrays.
};

/// Every question.
std::span<const Question> questions();

// questions/*.cpp, one function a question.
std::string ask_attributes(const World& world);
std::string ask_purchases(const World& world);
std::string ask_spend(const World& world);
std::string ask_did_not(const World& world);
std::string ask_radius(const World& world);
std::string ask_distinct(const World& world);
std::string ask_rfm(const World& world);
std::string ask_retention(const World& world);
std::string ask_actives_by_hour(const World& world);
std::string ask_actives_of_segment(const World& world);
std::string ask_top_products(const World& world);
std::string ask_overlap(const World& world);
std::string ask_share_of_voice(const World& world);
std::string ask_bursts(const World& world);
std::string ask_lookalikes(const World& world);
std::string ask_target_list(const World& world);
std::string ask_funnel(const World& world);
std::string ask_last_touch(const World& world);

}  // namespace grapevine::bench
