// Conditions on events, each as JSON for Grapevine and as SQL for DuckDB: {json, sql(asOf)}, where the
// SQL says something of one row of `cu`.

import { inBounds, inWindow, list, local, satisfies, durationMs, time } from "./sql.mjs";

const kZones = ["UTC", "Asia/Seoul", "America/New_York", "Europe/London", "Asia/Kolkata",
                "Australia/Lord_Howe"];
const kWords = ["today", "yesterday", "this_week", "last_week", "this_month", "last_month",
                "this_quarter", "last_quarter", "this_year"];

// Some rules on columns: {"column": "brand", "eq": "x"}.
export function randomWhere(data, random, isMeant = () => true) {
  if (random.chance(50)) return [];
  return random.some(data.columns.filter(isMeant), 2).map((column) => ({
    column: column.name, ...column.rule(random),
  }));
}

function whereSql(data, where) {
  return where.map(({ column, ...rule }) => {
    const { sql, convert } = data.columns.find((known) => known.name === column);
    return satisfies(sql, rule, convert);
  });
}

export function randomWindow(data, random) {
  const kind = random.below(5);
  if (kind === 0) return {};
  if (kind === 1) return { within: random.pick(data.spans) };
  if (kind === 2) return { within: random.pick(kWords), timezone: random.pick(kZones) };
  const from = random.between(data.from, data.to);
  const to = random.between(from, data.to);
  return kind === 3 ? { from: time(from) } : { from: time(from), to: time(to) };
}

function randomClock(random) {
  const clock = {};
  if (random.chance(20)) clock.hours = random.some([...Array(24).keys()], 8);
  if (random.chance(20)) clock.weekdays = random.some([1, 2, 3, 4, 5, 6, 7], 4);
  return clock;
}

function inClock(ts, { hours, weekdays, timezone }) {
  const parts = [];
  const there = local(ts, timezone ?? "UTC");
  if (hours) parts.push(`hour(${there}) IN (${hours.join(", ")})`);
  if (weekdays) parts.push(`isodow(${there}) IN (${weekdays.join(", ")})`);
  return parts;
}

function randomMeasure(data, random) {
  const kind = random.pick(["none", "count", "count", "sum", "avg", "min", "max", "distinct"]);
  if (kind === "none") return {};
  const whole = () => ({ [random.pick(["eq", "lt", "lte", "gt", "gte"])]: random.between(0, 4) });
  if (kind === "count") return { count: whole() };
  if (kind === "distinct") {
    return { distinct: { of: random.pick(data.distinct), ...whole() } };
  }
  if (data.numbers.length === 0) return { count: { between: [1, random.between(1, 5)] } };
  const { name, values } = random.pick(data.numbers);
  // Between two values, so that no rounding of a sum decides.
  const operand = random.pick(values) * (kind === "sum" ? random.between(1, 3) : 1) + 0.00501;
  return { [kind]: { of: name, [random.pick(["lt", "gte"])]: operand } };
}

function measured(data, condition) {
  for (const kind of ["count", "sum", "avg", "min", "max", "distinct"]) {
    if (!condition[kind]) continue;
    const { of, ...bounds } = condition[kind];
    if (kind === "count") return ["count(*)", "coalesce(m, 0)", bounds];
    const column = of === "target_id" ? "target" : of;
    if (kind === "distinct") return [`count(DISTINCT ${column})`, "coalesce(m, 0)", bounds];
    return [`${kind}(${column})`, kind === "sum" ? "coalesce(m, 0)" : "m", bounds];
  }
  return ["count(*)", "m", { gte: 1 }];
}

export function randomEvents(data, random) {
  const names = random.some(data.events, 2);
  const where = randomWhere(data, random);
  const json = { event: names.length === 1 ? names[0] : names, ...randomWindow(data, random) };
  Object.assign(json, randomClock(random), randomMeasure(data, random));
  if (where.length > 0) json.where = where;
  if ((json.hours || json.weekdays) && !json.timezone) json.timezone = random.pick(kZones);
  const choice = random.below(6);
  if (choice === 0) json.first = true;
  if (choice === 1) json.last = true;
  const sql = (asOf) => {
    const meant = [inWindow("ts", json, asOf), ...inClock("ts", json), ...whereSql(data, where)];
    const named = `FROM ev WHERE event IN ${list(names)} AND ts <= ${asOf}`;
    const order = json.first ? "ts, seq" : "ts DESC, seq DESC";
    const rows = json.first || json.last
      ? `(SELECT *, row_number() OVER (PARTITION BY customer ORDER BY ${order}) AS place ${named})
         WHERE place = 1 AND ${meant.join(" AND ")}`
      : `ev WHERE event IN ${list(names)} AND ${meant.join(" AND ")}`;
    const [aggregate, expression, bounds] = measured(data, json);
    return `customer IN (SELECT cu.customer FROM cu LEFT JOIN
      (SELECT customer, ${aggregate} AS m FROM ${rows} GROUP BY customer) USING (customer)
      WHERE ${inBounds(expression, bounds)})`;
  };
  return { json, sql };
}

// Joins of a customer's events, one for each step that is not negated.
export function randomSequence(data, random) {
  const steps = [];
  const happened = random.between(1, 3);
  const negated = () => ({
    not_event: random.pick(data.events),
    where: randomWhere(data, random, (column) => !column.ofOwnEvents),
  });
  for (let i = 0; i < happened; ++i) {
    if (i > 0 && random.chance(25)) steps.push(negated());
    steps.push({ event: random.pick(data.events), where: randomWhere(data, random) });
  }
  const quietEnd = random.chance(30);
  if (quietEnd) steps.push(negated());
  for (const step of steps) if (step.where.length === 0) delete step.where;
  const json = { sequence: steps, ...randomWindow(data, random) };
  if (quietEnd || random.chance(60)) json.conversion_window = random.pick(data.conversions);
  const window = json.conversion_window && durationMs(json.conversion_window);

  const sql = (asOf) => {
    const means = (alias, step) => {
      const names = `${alias}.event = ${list([step.event ?? step.not_event]).slice(1, -1)}`;
      const rules = whereSql(data, step.where ?? []).map((rule) =>
        data.columns.reduce((said, { sql: column }) =>
          said.replaceAll(new RegExp(`\\b${column}\\b(?=[ ,)])`, "g"), `${alias}.${column}`), rule));
      return [names, `${alias}.ts <= ${asOf}`, ...rules].join(" AND ");
    };
    const tables = [];
    const parts = [];
    const quiet = (step, before) => parts.push(
      `NOT EXISTS (SELECT 1 FROM ev n WHERE n.customer = s0.customer AND ${means("n", step)}
       AND n.ts > s${tables.length - 1}.ts AND n.ts < ${before})`);
    steps.forEach((step, i) => {
      const alias = `s${tables.length}`;
      if (step.not_event) {
        return quiet(step, i === steps.length - 1 ? `s0.ts + ${window}` : `${alias}.ts`);
      }
      if (tables.length > 0) {
        parts.push(`${alias}.customer = s0.customer`, `${alias}.ts > s${tables.length - 1}.ts`);
        if (window) parts.push(`${alias}.ts <= s0.ts + ${window}`);
      }
      parts.push(means(alias, step));
      tables.push(`ev ${alias}`);
    });
    parts.push(inWindow("s0.ts", json, asOf));
    if (quietEnd) parts.push(`s0.ts + ${window} <= ${asOf}`);
    return `customer IN (SELECT DISTINCT s0.customer FROM ${tables.join(", ")}
      WHERE ${parts.join(" AND ")})`;
  };
  return { json, sql };
}
