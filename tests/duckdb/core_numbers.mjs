// The largest k for which someone is in a k-core of who reacted to whom, by taking away, again and again,
// whoever has the fewest neighbours left.

export function coreNumbers(pairs) {
  const neighbours = new Map();
  const of = (person) => neighbours.get(person) ?? neighbours.set(person, new Set()).get(person);
  for (const [a, b] of pairs) {
    of(a);
    of(b);
    if (a === b) continue;
    of(a).add(b);
    of(b).add(a);
  }
  const left = new Map([...neighbours].map(([person, near]) => [person, near.size]));
  const core = new Map();
  for (let k = 0; left.size > 0; ++k) {
    let leaving = [...left].filter(([, degree]) => degree <= k).map(([person]) => person);
    while (leaving.length > 0) {
      const next = [];
      for (const person of leaving) {
        if (!left.delete(person)) continue;
        core.set(person, k);
        for (const near of neighbours.get(person)) {
          if (!left.has(near)) continue;
          left.set(near, left.get(near) - 1);
          if (left.get(near) <= k) next.push(near);
        }
      }
      leaving = next;
    }
  }
  return core;
}
