"""The Higgs data set, read and computed upon without anything of Grapevine's.

The definitions are those of the HTTP contract: actor A reacted to B, so B influences A, with the sum
over events of the verb's weight times 2^(-age / 90 days); PageRank runs over listener -> influencer.
"""

import collections
import gzip
import random

import igraph

VERBS = {"RT": ("Post Shared", 1.0), "MT": ("Customer Mentioned", 0.3), "RE": ("Post Replied", 0.5)}
HALF_LIFE_S = 90 * 24 * 3600
DAMPING = 0.85


class Higgs:
    def __init__(self, path):
        self.rows_by_verb = collections.Counter()
        self.actors, self.targets = set(), set()
        self.self_events = 0
        self.number_of = {}
        self.weight = collections.defaultdict(float)  # (influencer, listener) -> weight
        newest = max(int(line.split()[2]) for line in gzip.open(path, "rt"))
        for line in gzip.open(path, "rt"):
            actor, target, time, verb = line.split()
            self.rows_by_verb[VERBS[verb][0]] += 1
            self.actors.add(actor)
            self.targets.add(target)
            listener, influencer = self.number(actor), self.number(target)
            if listener == influencer:
                self.self_events += 1
            else:
                age_s = newest - int(time)
                self.weight[influencer, listener] += VERBS[verb][1] * 2 ** (-age_s / HALF_LIFE_S)
        self.names = list(self.number_of)

    def number(self, name):
        return self.number_of.setdefault(name, len(self.number_of))

    def pagerank_igraph(self):
        pairs = list(self.weight)
        graph = igraph.Graph(n=len(self.names), edges=[(l, i) for i, l in pairs], directed=True)
        return graph.pagerank(damping=DAMPING, weights=[self.weight[pair] for pair in pairs])

    def pagerank_by_iteration(self, sweeps=100, tolerance=1e-7):
        """Plain power iteration: what a listener has is passed on by weight, the rest spread evenly."""
        people = len(self.names)
        given = [0.0] * people
        for (_, listener), weight in self.weight.items():
            given[listener] += weight
        shares = [(i, l, w / given[l]) for (i, l), w in self.weight.items()]
        silent = [person for person in range(people) if given[person] == 0.0]
        score = [1.0 / people] * people
        for _ in range(sweeps):
            spread = (1.0 - DAMPING + DAMPING * sum(score[p] for p in silent)) / people
            after = [spread] * people
            for influencer, listener, share in shares:
                after[influencer] += DAMPING * score[listener] * share
            change = sum(abs(a - b) for a, b in zip(after, score))
            score = after
            if change < tolerance:
                break
        return score

    def core_numbers(self):
        pairs = {(min(pair), max(pair)) for pair in self.weight}
        return igraph.Graph(n=len(self.names), edges=list(pairs)).coreness()

    def simulate(self, seeds, runs, random_seed):
        """Independent cascades under the weighted cascade rule, one coin at a time: the sizes."""
        given = collections.defaultdict(float)
        for (_, listener), weight in self.weight.items():
            given[listener] += weight
        heard_by = collections.defaultdict(list)
        for (influencer, listener), weight in self.weight.items():
            heard_by[influencer].append((listener, weight / given[listener]))
        draw = random.Random(random_seed).random
        start = [self.number_of[seed] for seed in seeds]
        sizes = []
        for _ in range(runs):
            told = set(start)
            frontier = start
            while frontier:
                newly = []
                for influencer in frontier:
                    for listener, chance in heard_by.get(influencer, ()):
                        if listener not in told and draw() < chance:
                            told.add(listener)
                            newly.append(listener)
                frontier = newly
            sizes.append(len(told))
        return sizes
