"""Imports the Higgs tweets over HTTP and holds every answer against one computed without our code.

higgs_test.py GRAPEVINE FILE [MEMORY_MB_MAX]
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "serving"))
from grapevine_server import Server  # noqa: E402
from higgs_graph import Higgs  # noqa: E402

BINARY, FILE = sys.argv[1], sys.argv[2]
# The bound is for the binary that users get; a sanitizer multiplies memory.
MEMORY_MB_MAX = float(sys.argv[3]) if len(sys.argv) > 3 else None


def everyone(server, score):
    """{customer_id: value} over all pages, in the order of the ranking."""
    values, cursor = {}, ""
    while cursor is not None:
        page = server.ask("GET", f"/v1/influence?score={score}&limit=10000" +
                          (f"&cursor={cursor}" if cursor else ""))
        values.update((row["customer_id"], row["value"]) for row in page["customers"])
        cursor = page.get("next_cursor")
    return values


class HiggsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.higgs = Higgs(FILE)
        cls.folder = tempfile.TemporaryDirectory()
        cls.server = Server(BINARY, "--data", os.path.join(cls.folder.name, "data"),
                            log=os.path.join(cls.folder.name, "log"))
        began = time.monotonic()
        subprocess.run([BINARY, "import", "--server", cls.server.url, "--table", "events",
                        "--format", "higgs", FILE], check=True)
        print(f"imported in {time.monotonic() - began:.2f} s, "
              f"{cls.server.resident_mb():.1f} MB resident", flush=True)

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        cls.folder.cleanup()

    def test_1_memory_after_the_import(self):
        if MEMORY_MB_MAX is not None:
            self.assertLess(self.server.resident_mb(), MEMORY_MB_MAX)

    def test_rows_and_people(self):
        schema = self.server.ask("GET", "/v1/schema")
        counts = {row["event"]: row["count"] for row in schema["events"] if row["count"]}
        self.assertEqual(counts, {"Post Shared": 354_930, "Customer Mentioned": 171_237,
                                  "Post Replied": 36_902})
        self.assertEqual(counts, self.higgs.rows_by_verb)
        self.assertEqual(schema["totals"], {"customers": 304_691, "events": 563_069})
        self.assertEqual(len(self.higgs.names), 304_691)
        actors = self.server.ask("POST", "/v1/segments/preview", {
            "definition": {"event": ["Post Shared", "Customer Mentioned", "Post Replied"]}})
        self.assertEqual(actors["size"], len(self.higgs.actors))
        # Who only ever was a target is known as a contact; the other targets acted too.
        contacts = self.server.ask("POST", "/v1/segments/preview", {
            "definition": {"attribute": "kind", "eq": "contact"}})
        self.assertEqual(contacts["size"], len(self.higgs.targets - self.higgs.actors))

    def test_graph(self):
        graph = self.server.ask("GET", "/v1/influence?limit=1")["graph"]
        self.assertEqual(graph, {"customers": 304_691, "edges": 461_192})
        self.assertEqual(len(self.higgs.weight), 461_192)
        self.assertEqual(self.higgs.self_events, 7_588)

    def test_pagerank(self):
        served = everyone(self.server, "pagerank")
        self.assertEqual(len(served), 304_691)
        self.assertAlmostEqual(sum(served.values()), 1.0, delta=1e-6)
        self.assertAlmostEqual(served["88"], 0.0489, delta=0.00005)
        for name, scores in (("igraph", self.higgs.pagerank_igraph()),
                             ("iteration", self.higgs.pagerank_by_iteration())):
            with self.subTest(name):
                best = sorted(range(len(scores)), key=scores.__getitem__, reverse=True)[:10]
                self.assertEqual(list(served)[:10], [self.higgs.names[p] for p in best])
                for person, name_of_person in enumerate(self.higgs.names):
                    self.assertAlmostEqual(served[name_of_person], scores[person],
                                           delta=1e-7 + 1e-4 * scores[person])

    def test_core_numbers(self):
        served = everyone(self.server, "core_number")
        expected = dict(zip(self.higgs.names, self.higgs.core_numbers()))
        self.assertEqual(served, expected)

    def spread_agrees(self, seeds, runs):
        served = self.server.ask("POST", "/v1/wom/simulate", {
            "seeds": seeds, "simulations": 2000, "random_seed": 1})["spread"]
        sizes = self.higgs.simulate(seeds, runs, random_seed=20261122)
        mean, error = statistics.fmean(sizes), statistics.stdev(sizes) / runs ** 0.5
        print(f"{len(seeds)} seeds: {served['mean']:.0f} +- {served['stderr']:.0f} served, "
              f"{mean:.0f} +- {error:.0f} one coin at a time", flush=True)
        self.assertLess(abs(served["mean"] - mean), 3 * (error ** 2 + served["stderr"] ** 2) ** 0.5)
        return served

    def test_spread_of_two(self):
        served = self.spread_agrees(["88", "14454"], runs=200)
        self.assertAlmostEqual(served["mean"], 40_700, delta=800)

    def test_fifty_seeds(self):
        request = {"k": 50, "epsilon": 0.1, "random_seed": 1}
        chosen = self.server.ask("POST", "/v1/wom/seeds", request)
        seeds = [row["customer_id"] for row in chosen["seeds"]]
        self.assertEqual(len(set(seeds)), 50)
        self.assertGreaterEqual(chosen["approximation_ratio"], 1 - 1 / 2.718281828 - 0.1)
        served = self.spread_agrees(seeds, runs=100)
        self.assertGreater(served["mean"] + 3 * served["stderr"], chosen["lower_bound"])
        self.assertLess(served["mean"] - 3 * served["stderr"], chosen["optimum_upper_bound"])
        self.assertGreater(served["mean"], 304_691 / 4)  # Good seeds reach about a third.
        again = self.server.ask("POST", "/v1/wom/seeds", request)
        for answer in (chosen, again):
            del answer["elapsed_ms"], answer["as_of"]
        self.assertEqual(chosen, again)

    def test_spread_of_everyone(self):
        """The first in order of spread reach so many when they are simulated alone."""
        page = self.server.ask("GET", "/v1/influence?score=spread&limit=5")
        self.assertEqual(page["error"]["kind"], "relative")
        self.assertLess(page["error"]["error"], 0.05)
        for row in page["customers"]:
            alone = self.server.ask("POST", "/v1/wom/simulate",
                                    {"seeds": [row["customer_id"]], "simulations": 1000})["spread"]
            off = abs(alone["mean"] - row["value"])
            self.assertLess(off, 4 * (alone["stderr"] + page["error"]["error"] * row["value"]))

    def test_containment(self):
        """Whoever is told prevents what simulations of both cases differ by."""
        first = self.server.ask("GET", "/v1/influence?score=spread&limit=1")["customers"][0]
        answer = self.server.ask("POST", "/v1/wom/contain", {
            "spreading": [first["customer_id"]], "k": 3, "simulations": 400, "at_risk": 3})
        self.assertEqual(len(answer["customers"]), 3)
        self.assertAlmostEqual(sum(row["prevented_spread"] for row in answer["customers"]),
                               answer["prevented"]["mean"], places=6)
        left = answer["spread_without"]["mean"] - answer["prevented"]["mean"]
        self.assertAlmostEqual(left, answer["spread_with"]["mean"], places=6)
        alone = self.server.ask("POST", "/v1/wom/simulate", {
            "seeds": [first["customer_id"]], "simulations": 2000})["spread"]
        off = abs(alone["mean"] - answer["spread_without"]["mean"])
        self.assertLess(off, 4 * (alone["stderr"] + answer["spread_without"]["stderr"]))


if __name__ == "__main__":
    if not os.path.exists(FILE):
        print(f"skipped: no {FILE}")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1], verbosity=2)
