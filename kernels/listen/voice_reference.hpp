#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

#include "kernels/graph/listen_graph.hpp"
#include "kernels/listen/group_dimension.hpp"
#include "kernels/listen/speaker_lists.hpp"
#include "kernels/listen/voice.hpp"

namespace grapevine {

/// What count_voice must answer: each row is looked at alone, by definition, and people stand in
/// sets. The speakers of a cell ascend here.
Voice count_voice_reference(const Snapshot& snapshot, const VoiceQuestion& question);

/// The groups of one dimension that a row is in.
std::set<std::size_t> groups_of_reference(const Run& run, std::size_t row,
                                          const GroupDimension& dimension);

/// The number of different listeners of each list's people, from every edge of the graph.
std::vector<std::uint64_t> reach_reference(const ListenGraph& graph, const SpeakerLists& lists);

}  // namespace grapevine
