// Queries by chance, over the grammar: the same for the same seed. Each is complete and its answer does not
// depend on the order of rows, so that two engines can be compared.

import { Random } from "../duckdb/random.mjs";

const kColumns = {
  events: {
    text: ["event", "customer_id", "event_id", "channel", "order_id", "product_id", "category", "text", "properties.coupon"],
    integer: ["properties.quantity"],
    float: ["value", "properties.price", "rating"],
    bool: ["properties.gift"],
    time: ["ts"],
  },
  customers: { text: ["customer_id", "city"], integer: ["age"], float: ["balance"], bool: ["vip"], time: ["first_seen", "last_seen"] },
};
const kTexts = ["'web'", "'app'", "'Order Completed'", "'Product Viewed'", "''", "'shoes'", "'c01'", "'Praha'", "'%a%'", "'50%'", "'žluťoučký kůň'", "'it''s'"];
const kPatterns = ["'%o%'", "'P%'", "'_a%'", "'%\\\\_%'", "'%'", "'c0_'", "'%D'", "'SAVE%'", "'%10'"];
const kIntegers = ["0", "1", "-1", "2", "3", "7", "100", "255", "256", "-128", "65536"];
const kFloats = ["0.5", "1.5", "-2.25", "0.1", "1e3", "0.0"];
const kTimes = ["toDateTime('2024-03-31 01:00:00')", "toDateTime64('2024-01-01 00:00:00.000', 3)", "toDateTime('2024-07-01 00:00:00')", "toDateTime64('2024-10-27 01:30:00.500', 3)"];
const kZones = ["UTC", "Europe/Prague", "America/New_York", "Asia/Kolkata"];
const kTimeParts = ["toYear", "toMonth", "toQuarter", "toDayOfMonth", "toDayOfWeek", "toDayOfYear", "toHour", "toMinute", "toSecond", "toYYYYMM", "toYYYYMMDD", "toISOWeek"];
const kTimeStarts = ["toStartOfDay", "toStartOfHour", "toStartOfMonth", "toMonday", "toStartOfYear", "toStartOfQuarter", "toDate", "toStartOfFifteenMinutes", "toDateTime"];
const kUnits = ["second", "minute", "hour", "day", "week", "month", "quarter", "year"];

export class RandomQuery {
  constructor(seed) {
    this.random = new Random(seed);
  }

  // A column of a kind, or a literal of it where the scope has none.
  column(scope, kind) {
    const names = scope.columns[kind];
    if (!names || names.length === 0) return this.literal(kind);
    const name = this.random.pick(names);
    return scope.prefix ? `${scope.prefix}.${name}` : name;
  }

  literal(kind) {
    if (kind === "text") return this.random.pick(kTexts);
    if (kind === "integer") return this.random.pick(kIntegers);
    if (kind === "float") return this.random.pick(kFloats);
    if (kind === "bool") return this.random.pick(["true", "false", "1", "0", "NULL"]);
    return this.random.pick(kTimes);
  }

  expression(scope, kind, depth) {
    if (depth <= 0 || this.random.chance(25)) return this.random.chance(75) ? this.column(scope, kind) : this.literal(kind);
    if (this.random.chance(12)) return this.conditional(scope, kind, depth - 1);
    return this[kind](scope, depth - 1);
  }

  conditional(scope, kind, depth) {
    const a = this.expression(scope, kind, depth);
    const b = this.expression(scope, kind, depth);
    const c = this.condition(scope, depth);
    switch (this.random.below(5)) {
      case 0: return `if(${c}, ${a}, ${b})`;
      case 1: return `CASE WHEN ${c} THEN ${a} ELSE ${b} END`;
      case 2: return `ifNull(${a}, ${b})`;
      case 3: return `coalesce(${a}, ${b})`;
      default: return `CASE WHEN ${c} THEN ${a} END`;
    }
  }

  text(scope, depth) {
    const a = this.expression(scope, "text", depth);
    switch (this.random.below(11)) {
      case 0: return `lower(${a})`;
      case 1: return `upper(${a})`;
      case 2: return `substring(${a}, ${this.random.between(1, 4)}, ${this.random.between(0, 5)})`;
      case 3: return `concat(${a}, ${this.expression(scope, "text", depth)})`;
      case 4: return `${this.operand(a)} || '-' || ${this.operand(this.expression(scope, "text", depth))}`;
      case 5: return `replaceAll(${a}, '${this.random.pick(["a", "o", " ", "ů"])}', '${this.random.pick(["", "x", "yy"])}')`;
      case 6: return `toString(${this.expression(scope, this.random.pick(["integer", "time"]), depth)})`;
      case 7: return `reverse(${a})`;
      case 8: return `trim(${a})`;
      case 9: return `formatDateTime(${this.column(scope, "time")}, '%Y-%m-%d %H')`;
      default: return `left(${a}, ${this.random.between(-2, 4)})`;
    }
  }

  // In parentheses unless it is one word.
  operand(text) {
    return /^[\w.]+$|^'[^']*'$/.test(text) ? text : `(${text})`;
  }

  integer(scope, depth) {
    const a = this.operand(this.expression(scope, "integer", depth));
    const b = this.operand(this.expression(scope, "integer", depth));
    switch (this.random.below(12)) {
      case 0: return `${a} + ${b}`;
      case 1: return `${a} - ${b}`;
      case 2: return `${a} * ${b}`;
      case 3: return `intDiv(${a}, ${this.random.between(1, 9)})`;
      case 4: return `${a} % ${this.random.pick(["2", "3", "-4", "7"])}`;
      case 5: return `length(${this.expression(scope, "text", depth)})`;
      case 6: return `lengthUTF8(${this.expression(scope, "text", depth)})`;
      case 7: return `${this.random.pick(kTimeParts)}(${this.timeOf(scope, depth)})`;
      case 8: return `abs(${a})`;
      case 9: return `dateDiff('${this.random.pick(kUnits)}', ${this.timeOf(scope, depth)}, ${this.timeOf(scope, depth)})`;
      case 10: return `position(${this.expression(scope, "text", depth)}, '${this.random.pick(["a", "o", "e"])}')`;
      default: return `-${a}`;
    }
  }

  float(scope, depth) {
    const a = this.operand(this.expression(scope, this.random.pick(["float", "integer"]), depth));
    const b = this.operand(this.expression(scope, "float", depth));
    switch (this.random.below(8)) {
      case 0: return `${a} + ${b}`;
      case 1: return `${a} - ${b}`;
      case 2: return `${a} * ${b}`;
      case 3: return `${a} / ${this.random.pick(["2", "0.5", "-4", "8"])}`;
      case 4: return `round(${b}, ${this.random.below(3)})`;
      case 5: return `floor(${b})`;
      case 6: return `abs(${b})`;
      default: return `toFloat64(${a})`;
    }
  }

  timeOf(scope, depth) {
    return this.expression(scope, "time", Math.min(depth, 1));
  }

  time(scope, depth) {
    const a = this.operand(this.timeOf(scope, depth));
    switch (this.random.below(5)) {
      case 0: return `${this.random.pick(kTimeStarts)}(${a})`;
      case 1: return `${a} + INTERVAL ${this.random.between(-30, 30)} ${this.random.pick(kUnits)}`;
      case 2: return `${a} - INTERVAL ${this.random.between(0, 12)} ${this.random.pick(kUnits)}`;
      case 3: return `toTimeZone(${a}, '${this.random.pick(kZones)}')`;
      default: return `toStartOfInterval(${a}, INTERVAL ${this.random.between(1, 7)} ${this.random.pick(kUnits)})`;
    }
  }

  bool(scope, depth) {
    return this.condition(scope, depth);
  }

  condition(scope, depth) {
    const kind = this.random.pick(["text", "text", "integer", "float", "time"]);
    if (depth > 0 && this.random.chance(40)) {
      const a = this.condition(scope, depth - 1);
      const b = this.condition(scope, depth - 1);
      return this.random.pick([`(${a}) AND (${b})`, `(${a}) OR (${b})`, `NOT (${a})`, `(${a} OR ${b})`]);
    }
    const a = this.operand(this.expression(scope, kind, depth - 1));
    switch (this.random.below(9)) {
      case 0: return `${a} IS NULL`;
      case 1: return `${a} IS NOT NULL`;
      case 2:
        if (kind === "text") return `${a} ${this.random.pick(["LIKE", "NOT LIKE", "ILIKE"])} ${this.random.pick(kPatterns)}`;
        return `${a} BETWEEN ${this.operand(this.expression(scope, kind, 0))} AND ${this.operand(this.expression(scope, kind, 0))}`;
      case 3:
        if (kind === "time") return `${a} < ${this.literal(kind)}`;
        return `${a} ${this.random.pick(["IN", "NOT IN"])} (${this.random.some([this.literal(kind), this.literal(kind), this.literal(kind)], 3).join(", ")})`;
      case 4: return this.column(scope, "bool");
      case 5:
        if (scope.table === "events") return `${scope.prefix ? `${scope.prefix}.` : ""}customer_id ${this.random.pick(["IN", "NOT IN"])} (SELECT customer_id FROM customers WHERE ${this.condition(this.scope("customers"), 0)})`;
        return `${a} != ${this.literal(kind)}`;
      default: return `${a} ${this.random.pick(["=", "!=", "<", "<=", ">", ">="])} ${this.operand(this.expression(scope, kind, depth - 1))}`;
    }
  }

  scope(table, prefix = "") {
    return { table, prefix, columns: kColumns[table] };
  }

  aggregate(scope, depth) {
    const integer = () => this.expression(scope, "integer", depth);
    const any = () => this.expression(scope, this.random.pick(["text", "integer", "time"]), depth);
    const condition = () => this.condition(scope, 1);
    const exact = this.column(scope, this.random.pick(["integer", "integer"]));
    switch (this.random.below(14)) {
      case 0: return "count()";
      case 1: return `countIf(${condition()})`;
      case 2: return `sum(${integer()})`;
      case 3: return `sumIf(${exact}, ${condition()})`;
      case 4: return `min(${any()})`;
      case 5: return `max(${any()})`;
      case 6: return `avg(${exact})`;
      case 7: return `uniqExact(${any()})`;
      case 8: return `count(DISTINCT ${this.column(scope, "text")})`;
      case 9: return `count(${any()})`;
      case 10: return `quantileExact(${this.random.pick(["0.1", "0.5", "0.9"])})(${exact})`;
      case 11: return `sum(${this.column(scope, "float")})`;
      case 12: return `maxIf(${exact}, ${condition()})`;
      default: return `arraySort(groupUniqArray(${this.column(scope, "text")}))`;
    }
  }

  where(scope, share = 60) {
    return this.random.chance(share) ? ` WHERE ${this.condition(scope, 2)}` : "";
  }

  plain() {
    const scope = this.scope(this.random.pick(["events", "events", "customers"]));
    const id = scope.table === "events" ? "event_id" : "customer_id";
    const columns = [];
    for (let i = this.random.between(1, 3); i > 0; --i) {
      columns.push(`${this.expression(scope, this.random.pick(["text", "integer", "float", "bool", "time"]), 3)} AS x${i}`);
    }
    const limit = this.random.chance(50) ? ` LIMIT ${this.random.between(1, 15)}${this.random.chance(30) ? ` OFFSET ${this.random.below(10)}` : ""}` : "";
    return `SELECT ${id}, ${columns.join(", ")} FROM ${scope.table}${this.where(scope)} ORDER BY ${id}${this.random.pick(["", " DESC"])}${limit}`;
  }

  grouped(scope = this.scope(this.random.pick(["events", "events", "customers"])), from = scope.table) {
    const keys = [];
    for (let i = this.random.between(0, 2); i > 0; --i) {
      keys.push(this.expression(scope, this.random.pick(["text", "integer", "bool", "time"]), this.random.below(3)));
    }
    const columns = keys.map((key, i) => `${key} AS k${i}`);
    for (let i = this.random.between(1, 3); i > 0; --i) columns.push(`${this.aggregate(scope, 1)} AS a${i}`);
    const by = keys.length === 0 ? "" : ` GROUP BY ${keys.map((_, i) => `k${i}`).join(", ")}`;
    const modifier = keys.length > 0 && this.random.chance(10) ? this.random.pick([" WITH ROLLUP", " WITH CUBE"]) : "";
    const having = keys.length > 0 && this.random.chance(30) ? ` HAVING count() > ${this.random.below(6)}` : "";
    return `SELECT ${columns.join(", ")} FROM ${from}${this.where(scope)}${by}${modifier}${having} ORDER BY ALL`;
  }

  distinct() {
    const scope = this.scope(this.random.pick(["events", "customers"]));
    const columns = [];
    for (let i = this.random.between(1, 2); i > 0; --i) {
      columns.push(`${this.expression(scope, this.random.pick(["text", "integer", "bool", "time"]), 2)} AS x${i}`);
    }
    return `SELECT DISTINCT ${columns.join(", ")} FROM ${scope.table}${this.where(scope)} ORDER BY ALL`;
  }

  joined() {
    const kind = this.random.pick(["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "LEFT SEMI JOIN", "LEFT ANTI JOIN"]);
    const left = this.scope("events", "e");
    const right = this.scope("customers", "c");
    const side = kind.includes("ANTI") || kind.includes("SEMI") ? left : this.random.pick([left, right]);
    const table = `(SELECT * FROM customers${this.where(this.scope("customers"), 50)}) AS c`;
    return this.grouped(side, `events AS e ${kind} ${table} ON e.customer_id = c.customer_id`);
  }

  nested() {
    const scope = this.scope("events");
    const key = this.expression(scope, this.random.pick(["text", "integer"]), 1);
    const inner = `SELECT ${key} AS k, ${this.aggregate(scope, 1)} AS a FROM events${this.where(scope)} GROUP BY k`;
    return this.random.pick([`SELECT count(), uniqExact(a), min(k), max(k) FROM (${inner})`, `SELECT a, count() AS n FROM (${inner}) GROUP BY a ORDER BY ALL`, `WITH t AS (${inner}) SELECT k, a FROM t ORDER BY ALL`]);
  }

  union() {
    const scope = this.scope("events");
    const one = () => `SELECT ${this.expression(scope, "text", 1)} AS x, count() AS n FROM events${this.where(scope)} GROUP BY x`;
    return `SELECT * FROM (${one()} ${this.random.pick(["UNION ALL", "UNION DISTINCT", "EXCEPT", "INTERSECT"])} ${one()}) ORDER BY ALL`;
  }

  windowed() {
    const scope = this.scope("events");
    const partition = this.random.chance(70) ? `PARTITION BY ${this.column(scope, this.random.pick(["text", "bool"]))} ` : "";
    const frame = this.random.pick(["", "", " ROWS BETWEEN 2 PRECEDING AND CURRENT ROW", " ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW", " ROWS BETWEEN CURRENT ROW AND 3 FOLLOWING"]);
    const what = this.random.pick(["row_number()", "rank()", "dense_rank()", "count()", "sum(properties.quantity)", "min(value)", "max(properties.quantity)", "lagInFrame(event)", "first_value(channel)", "avg(properties.quantity)"]);
    const framed = /number|rank/.test(what) ? "" : frame;
    return `SELECT event_id, ${what} OVER (${partition}ORDER BY ts${this.random.pick(["", " DESC"])}, event_id${framed}) AS w FROM events${this.where(scope)} ORDER BY event_id`;
  }

  limitBy() {
    const scope = this.scope("events");
    const by = this.column(scope, this.random.pick(["text", "bool"]));
    return `SELECT event_id, ${by} AS k FROM events${this.where(scope)} ORDER BY event_id LIMIT ${this.random.between(1, 3)} BY k`;
  }

  constant() {
    const scope = { table: "", prefix: "", columns: {} };
    const kind = this.random.pick(["text", "integer", "float", "bool"]);
    return `SELECT ${this.expression(scope, kind, 4).replaceAll("formatDateTime(toD", "toString(toD")} AS x`;
  }

  next() {
    const kinds = ["plain", "plain", "plain", "grouped", "grouped", "grouped", "distinct", "joined", "joined", "nested", "union", "windowed", "limitBy", "constant"];
    return this[this.random.pick(kinds)]();
  }
}
