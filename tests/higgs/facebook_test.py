"""Holds PageRank and betweenness of a real graph of 4,039 people against python-igraph's.

facebook_test.py KERNEL_SCORES FILE
"""

import os
import subprocess
import sys
import unittest

import igraph

SCORES, FILE = sys.argv[1], sys.argv[2]


def everyone():
    """Both directions of every friendship."""
    with open(FILE, encoding="ascii") as lines:
        next(lines)
        return sorted({tuple(map(int, line.split()[:2])) for line in lines})


def one_way():
    """A part in which most are heard one way only: with people who listen to nobody, with people whom
    nobody hears, and with ties given twice."""
    part = [(a, b) for a, b in everyone() if a < b or (a * 31 + b) % 5 == 0]
    part = [(a, b) for a, b in part if b % 11 and a % 13]
    return part + part[::7]


GRAPHS = {"both ways": everyone, "one way": one_way}


class FacebookTest(unittest.TestCase):
    def of_kernel(self, edges, *arguments):
        lines = "".join(f"{influencer} {listener}\n" for influencer, listener in edges)
        printed = subprocess.run([SCORES, *arguments], input=lines, text=True, check=True,
                                 capture_output=True).stdout
        return {name: float(value) for name, value in map(str.split, printed.splitlines())}

    def graph_of(self, edges, turned):
        people = sorted({person for edge in edges for person in edge})
        place = {person: i for i, person in enumerate(people)}
        pairs = [(place[b], place[a]) if turned else (place[a], place[b]) for a, b in edges]
        return people, igraph.Graph(n=len(people), edges=pairs, directed=True)

    def assert_near(self, people, found, expected, delta):
        self.assertEqual(len(found), len(people))
        worst = max(abs(found[str(person)] - value) for person, value in zip(people, expected))
        print(f"largest difference {worst:.1e}", flush=True)
        self.assertLess(worst, delta)

    def test_pagerank(self):
        for name, edges_of in GRAPHS.items():
            for divisor in (0, 7, 501):
                with self.subTest(f"{name}, restarts at ids divided by {divisor}"):
                    edges = edges_of()
                    people, graph = self.graph_of(edges, turned=True)
                    found = self.of_kernel(edges, "pagerank", str(divisor))
                    reset = [1 if divisor == 0 or person % divisor == 0 else 0 for person in people]
                    expected = graph.personalized_pagerank(damping=0.85, reset=reset)
                    self.assert_near(people, found, expected, 1e-9)

    def test_betweenness(self):
        for name, edges_of in GRAPHS.items():
            with self.subTest(name):
                edges = edges_of()
                people, graph = self.graph_of(edges, turned=False)
                graph.simplify()  # igraph would count ties given twice as two ways.
                pairs = len(people) * (len(people) - 1)
                expected = [value / pairs for value in graph.betweenness(directed=True)]
                exact = self.of_kernel(edges, "betweenness", "0")
                self.assertEqual(exact.pop("error_bound"), 0.0)
                self.assert_near(people, exact, expected, 1e-9)
                sampled = self.of_kernel(edges, "betweenness", "0.01")
                bound = sampled.pop("error_bound")
                self.assertLessEqual(bound, 0.01)
                self.assert_near(people, sampled, expected, bound)


if __name__ == "__main__":
    if not os.path.exists(FILE):
        print(f"skipped: no {FILE}")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1], verbosity=2)
