// Chance that is the same on every run.

export class Random {
  constructor(seed) {
    this.state = BigInt(seed);
  }
  // splitmix64 (Steele, Lea & Flood, OOPSLA 2014).
  next() {
    const mask = (1n << 64n) - 1n;
    this.state = (this.state + 0x9e3779b97f4a7c15n) & mask;
    let z = this.state;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask;
    return z ^ (z >> 31n);
  }
  below(bound) {
    return Number(this.next() % BigInt(bound));
  }
  between(least, most) {
    return least + this.below(most - least + 1);
  }
  chance(percent) {
    return this.below(100) < percent;
  }
  pick(list) {
    return list[this.below(list.length)];
  }
  some(list, most) {
    const chosen = new Set();
    for (let i = this.between(1, most); i > 0; --i) chosen.add(this.pick(list));
    return [...chosen];
  }
}
