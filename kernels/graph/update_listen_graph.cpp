#include "kernels/graph/update_listen_graph.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <vector>

#include "kernels/graph/vertex_mask.hpp"
#include "kernels/parallel/for_each_block.hpp"

namespace grapevine {
namespace {

constexpr Vertex kNone = std::numeric_limits<Vertex>::max();
constexpr std::size_t kPeoplePerBlock = 2048;

absl::Status check(const ListenGraphUpdate& update) {
  if (!std::ranges::is_sorted(update.people, std::ranges::less_equal())) {
    return absl::InvalidArgumentError("people whose ties are given are not in increasing order");
  }
  std::vector<bool> renewed(update.people.empty() ? 0 : index(update.people.back()) + 1);
  for (const CustomerId customer : update.people) renewed[index(customer)] = true;
  for (const std::span<const SocialTie> chunk : update.ties) {
    for (const SocialTie& tie : chunk) {
      if (index(tie.listener) >= renewed.size() || !renewed[index(tie.listener)]) {
        return absl::InvalidArgumentError("a tie of a listener whose ties are not given anew");
      }
    }
  }
  return absl::OkStatus();
}

/// Where each person of the new graph was in the earlier one, and is in that of the given ties.
struct Places {
  std::vector<CustomerId> people;
  std::vector<Vertex> earlier;         // Of each, or kNone.
  std::vector<Vertex> given;           // Of each, or kNone.
  std::vector<Vertex> now_of_earlier;  // kNone: left.
  std::vector<Vertex> now_of_given;
  bool shifted = false;  // Whether somebody of the earlier graph has another vertex now.
};

// Whether nobody but those in `renewed` listened to a person.
bool heard_by_none_but(const ListenGraph& graph, Vertex v, VertexMask renewed) {
  return std::ranges::all_of(graph.listeners.of(v),
                             [&](Vertex listener) { return mask_has(renewed, listener); });
}

Places place_people(const ListenGraph& earlier, const ListenGraph& given, VertexMask renewed) {
  Places places;
  places.now_of_earlier.resize(earlier.vertices(), kNone);
  places.now_of_given.resize(given.vertices());
  const std::size_t size_max = earlier.vertices() + given.vertices();
  places.people.reserve(size_max);
  places.earlier.reserve(size_max);
  places.given.reserve(size_max);
  Vertex e = 0;
  Vertex g = 0;
  while (e != earlier.vertices() || g != given.vertices()) {
    const bool was =
        g == given.vertices() || (e != earlier.vertices() && earlier.people[e] <= given.people[g]);
    const bool is_given =
        e == earlier.vertices() || (g != given.vertices() && given.people[g] <= earlier.people[e]);
    if (was && !is_given && mask_has(renewed, e) && heard_by_none_but(earlier, e, renewed)) {
      ++e;
      places.shifted = true;
      continue;
    }
    const auto now = static_cast<Vertex>(places.people.size());
    places.people.push_back(was ? earlier.people[e] : given.people[g]);
    places.earlier.push_back(was ? e : kNone);
    places.given.push_back(is_given ? g : kNone);
    if (was) {
      places.shifted = places.shifted || now != e;
      places.now_of_earlier[e++] = now;
    }
    if (is_given) places.now_of_given[g++] = now;
  }
  return places;
}

class Splice {
 public:
  Splice(const ListenGraph& earlier, const ListenGraph& given, VertexMask renewed,
         const Places& places)
      : earlier_(earlier), given_(given), renewed_(renewed), places_(places) {}

  // Each array is written once, in order: clearing it first would cost as much again.
  void fill(ListenGraph& graph, const Stop& stop) const {
    for_each(2, [&](std::size_t side) {
      if (side == 0) append_influencers(graph.influencers, stop);
      if (side == 1) append_listeners(graph.listeners, stop);
    });
  }

 private:
  [[nodiscard]] bool keeps_influencers(Vertex was) const {
    return was != kNone && !mask_has(renewed_, was);
  }

  void reserve(Adjacency& to, const Adjacency& earlier, const Adjacency& given) const {
    to.offsets.reserve(places_.people.size() + 1);
    to.neighbors.reserve(earlier.neighbors.size() + given.neighbors.size());
    to.weights.reserve(earlier.neighbors.size() + given.neighbors.size());
    to.offsets.push_back(0);
  }

  void append_influencers(Adjacency& to, const Stop& stop) const {
    reserve(to, earlier_.influencers, given_.influencers);
    for (std::size_t v = 0; v != places_.people.size(); ++v) {
      if (v % kPeoplePerBlock == 0 && stop.requested()) return;
      if (keeps_influencers(places_.earlier[v])) {
        append_row(earlier_.influencers, places_.earlier[v], places_.now_of_earlier, to);
      } else if (places_.given[v] != kNone) {
        append_row(given_.influencers, places_.given[v], places_.now_of_given, to);
      }
      to.offsets.push_back(to.neighbors.size());
    }
  }

  void append_listeners(Adjacency& to, const Stop& stop) const {
    const std::vector<bool> dropping = some_dropped();
    reserve(to, earlier_.listeners, given_.listeners);
    for (std::size_t v = 0; v != places_.people.size(); ++v) {
      if (v % kPeoplePerBlock == 0 && stop.requested()) return;
      const Vertex was = places_.earlier[v];
      if (places_.given[v] == kNone && !dropping[was]) {
        append_row(earlier_.listeners, was, places_.now_of_earlier, to);
      } else {
        merge_listeners(was, places_.given[v], to);
      }
      to.offsets.push_back(to.neighbors.size());
    }
  }

  void append_row(const Adjacency& from, Vertex v, const std::vector<Vertex>& now,
                  Adjacency& to) const {
    const std::span<const Vertex> row = from.of(v);
    const std::span<const float> weights = from.weights_of(v);
    to.weights.insert(to.weights.end(), weights.begin(), weights.end());
    const std::size_t edge = to.neighbors.size();
    to.neighbors.insert(to.neighbors.end(), row.begin(), row.end());
    if (&from == &given_.influencers || places_.shifted) {
      for (std::size_t i = edge; i != to.neighbors.size(); ++i) {
        to.neighbors[i] = now[to.neighbors[i]];
      }
    }
  }

  // Whether an edge of each earlier person to one of their listeners is not copied.
  [[nodiscard]] std::vector<bool> some_dropped() const {
    std::vector<bool> dropping(earlier_.vertices());
    for (Vertex v = 0; v != earlier_.vertices(); ++v) {
      if (!mask_has(renewed_, v)) continue;
      for (const Vertex influencer : earlier_.influencers.of(v)) dropping[influencer] = true;
    }
    return dropping;
  }

  // Those who listened before and are not renewed, and those of the given ties: no one is both.
  void merge_listeners(Vertex was, Vertex is_given, Adjacency& to) const {
    const Adjacency& given = given_.listeners;
    const Adjacency& from = earlier_.listeners;
    std::size_t next = is_given == kNone ? 0 : given.offsets[is_given];
    const std::size_t end = is_given == kNone ? 0 : given.offsets[is_given + 1];
    std::size_t i = was == kNone ? 0 : from.offsets[was];
    const std::size_t i_end = was == kNone ? 0 : from.offsets[was + 1];
    std::size_t edge = to.neighbors.size();
    to.neighbors.resize(edge + (end - next) + (i_end - i));
    to.weights.resize(to.neighbors.size());
    const auto put = [&](Vertex listener, float weight) {
      to.neighbors[edge] = listener;
      to.weights[edge++] = weight;
    };
    for (; i != i_end; ++i) {
      if (mask_has(renewed_, from.neighbors[i])) continue;
      const Vertex listener = places_.now_of_earlier[from.neighbors[i]];
      for (; next != end && places_.now_of_given[given.neighbors[next]] < listener; ++next) {
        put(places_.now_of_given[given.neighbors[next]], given.weights[next]);
      }
      put(listener, from.weights[i]);
    }
    for (; next != end; ++next) {
      put(places_.now_of_given[given.neighbors[next]], given.weights[next]);
    }
    to.neighbors.resize(edge);
    to.weights.resize(edge);
  }

  const ListenGraph& earlier_;
  const ListenGraph& given_;
  VertexMask renewed_;
  const Places& places_;
};

std::vector<std::uint64_t> mask_of(const ListenGraph& graph,
                                   std::span<const CustomerId> customers) {
  std::vector<std::uint64_t> mask(mask_words(graph.vertices()));
  for (const CustomerId customer : customers) {
    if (const auto v = graph.vertex_of(customer)) mask[*v / 64] |= std::uint64_t{1} << (*v % 64);
  }
  return mask;
}

}  // namespace

absl::StatusOr<ListenGraph> update_listen_graph(const ListenGraph& earlier,
                                                const ListenGraphUpdate& update,
                                                const ListenGraphOptions& options,
                                                const Stop& stop) {
  if (absl::Status status = check(update); !status.ok()) return status;
  // What attention a listener's events earn depends on their own events alone, so the builder makes
  // the same rows of these as of all ties.
  absl::StatusOr<ListenGraph> given = build_listen_graph(update.ties, options, stop);
  if (!given.ok()) return given.status();
  if (update.self_events < given->self_events ||
      update.events - update.self_events < given->events - given->self_events ||
      update.events < update.self_events) {
    return absl::InvalidArgumentError("fewer events in the whole graph than in the given ties");
  }

  const std::vector<std::uint64_t> renewed = mask_of(earlier, update.people);
  Places places = place_people(earlier, *given, renewed);
  ListenGraph graph;
  graph.events = update.events;
  graph.self_events = update.self_events;
  Splice(earlier, *given, renewed, places).fill(graph, stop);
  if (stop.requested()) return absl::CancelledError();
  graph.people = std::move(places.people);
  return graph;
}

}  // namespace grapevine
