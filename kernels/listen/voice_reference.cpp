#include "kernels/listen/voice_reference.hpp"

#include <algorithm>
#include <cstddef>
#include <set>
#include <variant>

#include "kernels/listen/row_groups_reference.hpp"
#include "kernels/segment/window_reference.hpp"
#include "storage/schema.hpp"

namespace grapevine {
namespace {

void note_mood(const Run& run, std::size_t row, MoodCounts& counts) {
  const RunColumn* column = run.column(column_id(CoreColumn::Sentiment));
  if (column == nullptr || !column->has(row)) {
    ++counts.unknown;
    return;
  }
  const double score = std::get<RealValues>(column->values).at(row);
  if (score > static_cast<double>(0.05F)) {
    ++counts.positive;
  } else if (score < -static_cast<double>(0.05F)) {
    ++counts.negative;
  } else {
    ++counts.neutral;
  }
}

SpeakerLists lists_of(const std::vector<std::set<CustomerId>>& sets) {
  SpeakerLists lists{{0}, {}};
  for (const std::set<CustomerId>& people : sets) {
    lists.people.insert(lists.people.end(), people.begin(), people.end());
    lists.offsets.push_back(lists.people.size());
  }
  return lists;
}

}  // namespace

Voice count_voice_reference(const Snapshot& snapshot, const VoiceQuestion& question) {
  const VoicePeriod& period = question.period;
  Voice voice;
  voice.groups = 1;
  for (const GroupDimension& dimension : question.dimensions) voice.groups *= dimension.groups;
  voice.periods = period.periods();
  voice.buckets = period.buckets();
  voice.cells.resize(voice.groups * voice.periods * voice.buckets);
  const CustomerSet nobody(snapshot.customers().count());
  voice.totals.resize(voice.periods, {{}, 0, nobody, {}, nobody});
  std::vector<std::set<CustomerId>> speakers(voice.cells.size());
  std::vector<std::set<CustomerId>> speakers_of_groups(voice.groups * voice.periods);
  for_each_row_reference(snapshot, [&](const Run& run, std::size_t row) {
    TimeMs time = run.time(row);
    if (time >= period.to || time < period.from - period.before_ms) return;
    const bool is_mention = std::ranges::any_of(question.mentions, [&](EventSelection selection) {
      selection.from = time;
      selection.to = time + 1;
      return is_selected_reference(snapshot, run, row, selection);
    });
    const auto& dimensions = question.dimensions;
    if (!is_mention || row_groups_reference(run, row, dimensions, 0, question.filters).empty())
      return;
    const std::size_t p = time < period.from ? 1 : 0;
    time += p == 1 ? period.before_ms : 0;
    const auto after = std::ranges::upper_bound(period.bounds, time);
    const auto bucket = static_cast<std::size_t>(after - period.bounds.begin()) - 1;
    const CustomerId speaker = run.customers[row];
    const bool is_apart = question.apart != nullptr && question.apart->has(speaker);
    if (is_apart) {
      note_mood(run, row, voice.totals[p].apart);
      voice.totals[p].speakers_apart.add(speaker);
      if (question.counted == CountedVoices::Others) return;
    } else if (question.apart != nullptr && question.counted == CountedVoices::Apart) {
      return;
    }
    note_mood(run, row, voice.totals[p].counts);
    voice.totals[p].speakers.add(run.customers[row]);
    const auto groups =
        row_groups_reference(run, row, dimensions, question.filters, dimensions.size());
    if (!groups.empty()) ++voice.totals[p].grouped;
    for (const std::size_t group : groups) {
      note_mood(run, row, voice.cells[voice.cell(group, p, bucket)]);
      speakers[voice.cell(group, p, bucket)].insert(run.customers[row]);
      speakers_of_groups[group * voice.periods + p].insert(run.customers[row]);
    }
  });
  for (const std::set<CustomerId>& of_cell : speakers) voice.people.push_back(of_cell.size());
  for (const std::set<CustomerId>& people : speakers_of_groups) {
    voice.people_of_groups.push_back(people.size());
  }
  if (question.lists_of_cells) voice.speakers = lists_of(speakers);
  if (!question.lists_of_groups) return voice;
  const std::size_t lists = (voice.groups + 1) * voice.periods;
  if (question.people.empty() || lists > SpeakerMasks::kListsMax) {
    voice.speakers_of_groups = lists_of(speakers_of_groups);
    return voice;
  }
  voice.masks = SpeakerMasks(lists, question.people.size());
  for (std::size_t i = 0; i < question.people.size(); ++i) {
    const CustomerId person = question.people[i];
    std::uint64_t& mask = voice.masks.of_person()[i];
    mask = 0;
    for (std::size_t list = 0; list < speakers_of_groups.size(); ++list) {
      if (speakers_of_groups[list].contains(person)) mask |= std::uint64_t{1} << list;
    }
    if (index(person) >= snapshot.customers().count()) continue;
    for (std::size_t p = 0; p < voice.periods; ++p) {
      if (!voice.totals[p].speakers.has(person)) continue;
      mask |= std::uint64_t{1} << (speakers_of_groups.size() + p);
    }
  }
  return voice;
}

std::vector<std::uint64_t> reach_reference(const ListenGraph& graph, const SpeakerLists& lists) {
  std::vector<std::uint64_t> reach;
  for (std::size_t list = 0; list < lists.count(); ++list) {
    const auto people = lists.of(list);
    const std::set<CustomerId> speakers(people.begin(), people.end());
    std::uint64_t heard = 0;
    for (Vertex listener = 0; listener < graph.vertices(); ++listener) {
      const auto influencers = graph.influencers.of(listener);
      heard += std::ranges::any_of(influencers, [&](Vertex influencer) {
        return speakers.contains(graph.people[influencer]);
      });
    }
    reach.push_back(heard);
  }
  return reach;
}

}  // namespace grapevine
