#pragma once

#include <cstdint>
#include <vector>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/listen/speaker_lists.hpp"
#include "kernels/listen/voice.hpp"

namespace grapevine {

/// What count_voice must answer: each row is looked at alone, by definition, and people stand in
/// sets. The speakers of a cell ascend here.
Voice count_voice_reference(const Snapshot& snapshot, const VoiceQuestion& question);

/// The number of different listeners of each list's people, from every edge of the graph.
std::vector<std::uint64_t> reach_reference(const ListenGraph& graph, const SpeakerLists& lists);

}  // namespace grapevine
