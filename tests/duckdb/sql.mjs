// What conditions have in common, said in SQL. `asOf` is in milliseconds since 1970.

export const text = (value) => `'${String(value).replaceAll("'", "''")}'`;
export const list = (values) => `(${values.map(text).join(", ")})`;
export const literal = (value) => (typeof value === "string" ? text(value) : String(value));
export const time = (ms) => new Date(ms).toISOString();

const kUnitMs = { m: 60e3, h: 3600e3, d: 86400e3, w: 7 * 86400e3 };
export const durationMs = (span) => Number(span.slice(0, -1)) * kUnitMs[span.at(-1)];

// What the clocks of a zone show at a moment in epoch milliseconds.
export const local = (ms, zone) => `timezone(${text(zone)}, make_timestamptz((${ms}) * 1000))`;

const kCompare = { eq: "=", ne: "<>", lt: "<", lte: "<=", gt: ">", gte: ">=" };

// `bounds`: {"gte": 3, "lt": 5}. Of null they hold nothing.
export function inBounds(expression, bounds, convert = literal) {
  return Object.entries(bounds)
    .map(([operator, operand]) =>
      operator === "between"
        ? `(${expression} BETWEEN ${convert(operand[0])} AND ${convert(operand[1])})`
        : `(${expression} ${kCompare[operator]} ${convert(operand)})`)
    .join(" AND ");
}

// A rule of an attribute or a column; who has none satisfies `ne`, `not_in` and `exists: false`.
export function satisfies(column, rule, convert = literal) {
  const [operator, operand] = Object.entries(rule)[0];
  switch (operator) {
    case "exists": return `(${column} IS ${operand ? "NOT " : ""}NULL)`;
    case "ne": return `(${column} IS DISTINCT FROM ${convert(operand)})`;
    case "in": return `coalesce(${column} IN (${operand.map(convert).join(", ")}), false)`;
    case "not_in": return `coalesce(${column} NOT IN (${operand.map(convert).join(", ")}), true)`;
    case "contains": return `coalesce(contains(${column}, ${text(operand)}), false)`;
    case "starts_with": return `coalesce(starts_with(${column}, ${text(operand)}), false)`;
    default: return `coalesce(${inBounds(column, rule, convert)}, false)`;
  }
}

// A window of events: {within, from, to, timezone}. Calendar words compare the stretches in which
// both moments are, so that no boundary is computed.
export function inWindow(ts, window, asOf) {
  const parts = [`${ts} <= ${asOf}`];
  if (window.from !== undefined) parts.push(`${ts} >= ${Date.parse(window.from)}`);
  if (window.to !== undefined) parts.push(`${ts} < ${Date.parse(window.to)}`);
  if (window.within !== undefined) {
    if (/^\d/.test(window.within)) {
      parts.push(`${ts} > ${asOf - durationMs(window.within)}`);
    } else {
      parts.push(inStretch(ts, window.within, asOf, window.timezone ?? "UTC"));
    }
  }
  return parts.join(" AND ");
}

export function inStretch(ts, word, asOf, zone) {
  const unit = word === "today" || word === "yesterday" ? "day" : word.split("_")[1];
  const back = word === "yesterday" || word.startsWith("last_");
  const ago = unit === "quarter" ? "INTERVAL 3 months" : `INTERVAL 1 ${unit}`;
  const then = back ? `${local(asOf, zone)} - ${ago}` : local(asOf, zone);
  return `date_trunc('${unit}', ${local(ts, zone)}) = date_trunc('${unit}', ${then})`;
}
