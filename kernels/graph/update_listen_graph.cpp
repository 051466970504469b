#include "kernels/graph/update_listen_graph.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <vector>

#include "kernels/graph/vertex_mask.hpp"
#include "kernels/parallel/exclusive_scan.hpp"
#include "kernels/parallel/for_each_block.hpp"

namespace grapevine {
namespace {

constexpr Vertex kNone = std::numeric_limits<Vertex>::max();
constexpr std::size_t kPeoplePerBlock = 2048;

absl::Status check(const ListenGraphUpdate& update) {
  if (!std::ranges::is_sorted(update.people, std::ranges::less_equal())) {
    return absl::InvalidArgumentError("people whose ties are given are not in increasing order");
  }
  for (const std::span<const SocialTie> chunk : update.ties) {
    for (const SocialTie& tie : chunk) {
      if (!std::ranges::binary_search(update.people, tie.listener)) {
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

// How many listeners of each earlier person are in `renewed`: these edges are not copied.
std::vector<std::uint32_t> count_dropped(const ListenGraph& earlier, VertexMask renewed) {
  std::vector<std::uint32_t> dropped(earlier.vertices());
  for (Vertex v = 0; v != earlier.vertices(); ++v) {
    if (!mask_has(renewed, v)) continue;
    for (const Vertex influencer : earlier.influencers.of(v)) ++dropped[influencer];
  }
  return dropped;
}

// The arrays, their offsets known. Clearing them costs as much as filling them, so that is shared.
void make_room(Adjacency& a, Adjacency& b) {
  const std::size_t edges_of_a = exclusive_scan(std::span(a.offsets));
  const std::size_t edges_of_b = exclusive_scan(std::span(b.offsets));
  for_each(4, [&](std::size_t array) {
    if (array == 0) a.neighbors.resize(edges_of_a);
    if (array == 1) b.neighbors.resize(edges_of_b);
    if (array == 2) a.weights.resize(edges_of_a);
    if (array == 3) b.weights.resize(edges_of_b);
  });
}

class Splice {
 public:
  Splice(const ListenGraph& earlier, const ListenGraph& given, VertexMask renewed,
         const Places& places)
      : earlier_(earlier), given_(given), renewed_(renewed), places_(places) {}

  void fill(ListenGraph& graph, const Stop& stop) const {
    const std::vector<std::uint32_t> dropped = count_dropped(earlier_, renewed_);
    const std::size_t n = places_.people.size();
    graph.influencers.offsets.resize(n + 1);
    graph.listeners.offsets.resize(n + 1);
    for_each_block(n, kPeoplePerBlock, [&](std::size_t begin, std::size_t end) {
      for (std::size_t v = begin; v != end; ++v) {
        const Vertex was = places_.earlier[v];
        const Vertex is_given = places_.given[v];
        std::size_t heard_by = is_given == kNone ? 0 : given_.listeners.degree(is_given);
        if (was != kNone) heard_by += earlier_.listeners.degree(was) - dropped[was];
        graph.listeners.offsets[v] = heard_by;
        graph.influencers.offsets[v] = keeps_influencers(was) ? earlier_.influencers.degree(was)
                                       : is_given == kNone    ? 0
                                                              : given_.influencers.degree(is_given);
      }
    });
    make_room(graph.influencers, graph.listeners);
    for_each_block(n, kPeoplePerBlock, [&](std::size_t begin, std::size_t end) {
      if (stop.requested()) return;
      for (std::size_t v = begin; v != end; ++v) {
        const Vertex was = places_.earlier[v];
        const Vertex is_given = places_.given[v];
        if (keeps_influencers(was)) {
          copy_earlier(earlier_.influencers, was, graph.influencers, v);
        } else if (is_given != kNone) {
          copy_given(given_.influencers, is_given, graph.influencers, v);
        }
        if (is_given == kNone && dropped[was] == 0) {
          copy_earlier(earlier_.listeners, was, graph.listeners, v);
        } else {
          merge_listeners(was, is_given, graph.listeners, v);
        }
      }
    });
  }

 private:
  [[nodiscard]] bool keeps_influencers(Vertex was) const {
    return was != kNone && !mask_has(renewed_, was);
  }

  void copy_earlier(const Adjacency& from, Vertex v, Adjacency& to, std::size_t now) const {
    const std::size_t edge = to.offsets[now];
    std::ranges::copy(from.weights_of(v), to.weights.data() + edge);
    if (places_.shifted) {
      std::ranges::transform(from.of(v), to.neighbors.data() + edge,
                             [this](Vertex other) { return places_.now_of_earlier[other]; });
    } else {
      std::ranges::copy(from.of(v), to.neighbors.data() + edge);
    }
  }

  void copy_given(const Adjacency& from, Vertex v, Adjacency& to, std::size_t now) const {
    const std::size_t edge = to.offsets[now];
    std::ranges::copy(from.weights_of(v), to.weights.data() + edge);
    std::ranges::transform(from.of(v), to.neighbors.data() + edge,
                           [this](Vertex other) { return places_.now_of_given[other]; });
  }

  // Those who listened before and are not renewed, and those of the given ties: no one is both.
  void merge_listeners(Vertex was, Vertex is_given, Adjacency& to, std::size_t now) const {
    std::size_t edge = to.offsets[now];
    const std::size_t end = is_given == kNone ? 0 : given_.listeners.offsets[is_given + 1];
    std::size_t next = is_given == kNone ? 0 : given_.listeners.offsets[is_given];
    const auto put_given_below = [&](Vertex limit) {
      for (; next != end; ++next, ++edge) {
        const Vertex listener = places_.now_of_given[given_.listeners.neighbors[next]];
        if (listener >= limit) return;
        to.neighbors[edge] = listener;
        to.weights[edge] = given_.listeners.weights[next];
      }
    };
    if (was != kNone) {
      const Adjacency& from = earlier_.listeners;
      for (std::size_t i = from.offsets[was]; i != from.offsets[was + 1]; ++i) {
        if (mask_has(renewed_, from.neighbors[i])) continue;
        const Vertex listener = places_.now_of_earlier[from.neighbors[i]];
        put_given_below(listener);
        to.neighbors[edge] = listener;
        to.weights[edge++] = from.weights[i];
      }
    }
    put_given_below(kNone);
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
