"""Holds our communities against igraph's Leiden: on the Higgs, the Facebook and a drawn graph.

communities_test.py FIND_COMMUNITIES HIGGS_FILE FACEBOOK_FILE
"""

import collections
import os
import random
import subprocess
import sys
import time
import unittest

import igraph

from higgs_graph import Higgs

BINARY, HIGGS_FILE, FACEBOOK_FILE = sys.argv[1:4]


def read_friendships(path):
    with open(path) as lines:
        next(lines)  # How many people and ends of ties.
        return [tuple(map(int, line.split()[:2])) for line in lines]


def draw_rmat(scale, seed):
    """Graph500's recursive matrix: 2^scale people, 16 ties a person."""
    draw = random.Random(seed).random
    pairs = []
    for _ in range(16 << scale):
        a = b = 0
        for _ in range(scale):
            drawn = draw()
            a = 2 * a + (drawn >= 0.76)
            b = 2 * b + (0.57 <= drawn < 0.76 or drawn >= 0.95)
        pairs.append((a, b))
    return pairs


def both_ways(pairs):
    """{(influencer, listener): weight}: everyone hears whom they are heard by; repetitions count."""
    weight = collections.Counter()
    for a, b in pairs:
        if a != b:
            weight[a, b] += 1
            weight[b, a] += 1
    return weight


class CommunitiesTest(unittest.TestCase):
    def is_no_worse(self, weight, random_seeds, igraph_runs):
        """Ours for each seed, as igraph sees it, is at least the best of igraph's runs."""
        people = max(max(pair) for pair in weight) + 1
        given = collections.Counter()
        for (_, listener), w in weight.items():
            given[listener] += w
        ties = collections.defaultdict(float)
        for (influencer, listener), w in weight.items():
            ties[min(influencer, listener), max(influencer, listener)] += w / given[listener]
        graph = igraph.Graph(n=people, edges=list(ties))
        graph.es["weight"] = list(ties.values())

        theirs = []
        for run in range(igraph_runs):
            random.seed(run)
            began = time.process_time()
            found = graph.community_leiden(objective_function="modularity", weights="weight",
                                           n_iterations=-1)
            theirs.append(graph.modularity(found.membership, weights="weight"))
            print(f"igraph: {theirs[-1]:.6f} in {time.process_time() - began:.2f} s", flush=True)

        lines = "".join(f"{i} {l} {w!r}\n" for (i, l), w in weight.items())
        for seed in random_seeds:
            ran = subprocess.run([BINARY, str(seed)], input=lines, capture_output=True, text=True,
                                 check=True)
            print("ours:", ran.stderr.strip(), flush=True)
            membership = list(range(people, 2 * people))  # Who is in no tie is alone.
            for line in ran.stdout.splitlines():
                person, community = line.split()
                membership[int(person)] = int(community)
            modularity = graph.modularity(membership, weights="weight")
            self.assertAlmostEqual(modularity, float(ran.stderr.split()[1].rstrip(",")), delta=1e-6)
            self.assertGreaterEqual(modularity, max(theirs))
            for community in range(20):  # The largest: all are connected.
                members = [p for p, c in enumerate(membership) if c == community]
                self.assertTrue(graph.induced_subgraph(members).is_connected())

    def test_recursive_matrix(self):
        self.is_no_worse(both_ways(draw_rmat(scale=12, seed=1)), random_seeds=[1, 2, 3],
                         igraph_runs=5)

    @unittest.skipUnless(os.path.exists(FACEBOOK_FILE), f"no {FACEBOOK_FILE}")
    def test_facebook(self):
        weight = {pair: 1.0 for pair in both_ways(read_friendships(FACEBOOK_FILE))}
        self.is_no_worse(weight, random_seeds=[1, 2, 3], igraph_runs=5)

    @unittest.skipUnless(os.path.exists(HIGGS_FILE), f"no {HIGGS_FILE}")
    def test_higgs(self):
        self.is_no_worse(Higgs(HIGGS_FILE).weight, random_seeds=[1], igraph_runs=2)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
