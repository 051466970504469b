#include "kernels/listen/voice_reference.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "kernels/segment/window_reference.hpp"
#include "storage/schema.hpp"

namespace grapevine {

std::set<std::size_t> groups_of_reference(const Run& run, std::size_t row,
                                          const GroupDimension& dimension) {
  std::set<std::size_t> groups;
  const auto add = [&](std::uint32_t group) {
    if (group != kNoGroup) groups.insert(group);
  };
  const RunColumn* column = dimension.column ? run.column(*dimension.column) : nullptr;
  if (column != nullptr && column->has(row)) {
    if (const auto* kept = std::get_if<CodeValues>(&column->values)) {
      const std::uint64_t code = kept->codes.at(row);
      if (code < dimension.of_code.size()) add(dimension.of_code[code]);
    } else if (const auto* texts = std::get_if<TextValues>(&column->values)) {
      const auto found = dimension.of_text.find(std::string(TextReader(*texts).at(row)));
      if (found != dimension.of_text.end()) add(found->second);
    }
  }
  const CustomerId speaker = run.customers[row];
  if (index(speaker) < dimension.of_customer.size()) add(dimension.of_customer[index(speaker)]);
  for (const auto& [group, set] : dimension.members) {
    if (set->has(speaker)) add(group);
  }
  if (column != nullptr && column->has(row)) return groups;
  for (const auto& [group, topic] : dimension.topics) {
    if (const RowList* rows = topic->of(run)) {
      rows->for_each([&, of = group](std::uint32_t about) {
        if (about == row) add(of);
      });
    }
  }
  return groups;
}

namespace {

// A row's groups of all dimensions from `first` on, as numbers of their product.
std::set<std::size_t> product_of(const Run& run, std::size_t row,
                                 const std::vector<GroupDimension>& dimensions, std::size_t first,
                                 std::size_t last) {
  std::set<std::size_t> product{0};
  for (std::size_t d = first; d < last; ++d) {
    std::set<std::size_t> next;
    for (const std::size_t of : product) {
      for (const std::size_t group : groups_of_reference(run, row, dimensions[d])) {
        next.insert(of * dimensions[d].groups + group);
      }
    }
    product = std::move(next);
  }
  return product;
}

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

}  // namespace

Voice count_voice_reference(const Snapshot& snapshot, const VoiceQuestion& question) {
  const VoicePeriod& period = question.period;
  Voice voice;
  voice.groups = 1;
  for (const GroupDimension& dimension : question.dimensions) voice.groups *= dimension.groups;
  voice.periods = period.periods();
  voice.buckets = period.buckets();
  voice.cells.resize(voice.groups * voice.periods * voice.buckets);
  voice.totals.resize(voice.periods, {{}, 0, CustomerSet(snapshot.customers().count())});
  std::vector<std::set<CustomerId>> speakers(voice.cells.size());
  for_each_row_reference(snapshot, [&](const Run& run, std::size_t row) {
    TimeMs time = run.time(row);
    if (time >= period.to || time < period.from - period.before_ms) return;
    const bool is_mention = std::ranges::any_of(question.mentions, [&](EventSelection selection) {
      selection.from = time;
      selection.to = time + 1;
      return is_selected_reference(snapshot, run, row, selection);
    });
    const auto& dimensions = question.dimensions;
    if (!is_mention || product_of(run, row, dimensions, 0, question.filters).empty()) return;
    const std::size_t p = time < period.from ? 1 : 0;
    time += p == 1 ? period.before_ms : 0;
    const auto after = std::ranges::upper_bound(period.bounds, time);
    const auto bucket = static_cast<std::size_t>(after - period.bounds.begin()) - 1;
    note_mood(run, row, voice.totals[p].counts);
    voice.totals[p].speakers.add(run.customers[row]);
    const auto groups = product_of(run, row, dimensions, question.filters, dimensions.size());
    if (!groups.empty()) ++voice.totals[p].grouped;
    for (const std::size_t group : groups) {
      note_mood(run, row, voice.cells[voice.cell(group, p, bucket)]);
      speakers[voice.cell(group, p, bucket)].insert(run.customers[row]);
    }
  });
  voice.speakers.offsets.push_back(0);
  for (const std::set<CustomerId>& of_cell : speakers) {
    voice.speakers.people.insert(voice.speakers.people.end(), of_cell.begin(), of_cell.end());
    voice.speakers.offsets.push_back(voice.speakers.people.size());
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
