// Queries of standard SQL by chance, which DuckDB answers, too: a third engine of other origin.

import { DuckDBInstance } from "@duckdb/node-api";

import { Random } from "../duckdb/random.mjs";
import { columns, customers, events, seen } from "./dataset.mjs";

const kTypes = { String: "VARCHAR", Float64: "DOUBLE", Float32: "FLOAT", Int64: "BIGINT", Bool: "BOOLEAN", "DateTime64(3)": "TIMESTAMP" };
const duckType = (type) => kTypes[type.replace(/^Nullable\((.*)\)$/, "$1")];

function literal(value, type) {
  if (value === null || value === undefined) return "NULL";
  if (type.includes("Date")) return `'${value.replace("T", " ").replace("Z", "")}'`;
  if (type.includes("Int64")) return String(value);
  if (typeof value === "string") return `'${value.replace(/'/g, "''")}'`;
  return Object.is(value, -0) ? "-0.0" : String(value);
}

async function load(db) {
  for (const [name, rows] of [["events", events], ["customers", customers.map(seen)]]) {
    const shape = columns[name];
    await db.run(`CREATE TABLE ${name} (${shape.map(([column, type]) => `"${column}" ${duckType(type)}`).join(", ")})`);
    const values = rows.map((row) => `(${shape.map(([column, type]) => literal(row[column], type)).join(", ")})`);
    await db.run(`INSERT INTO ${name} VALUES ${values.join(", ")}`);
  }
}

const kText = ["event", "channel", "category", "product_id", '"properties.coupon"', "customer_id"];
const kInteger = ['"properties.quantity"'];
const kLiterals = ["'web'", "'app'", "'Order Completed'", "'shoes'", "''", "'p1'", "'c07'"];
const kPatterns = ["'%o%'", "'P%'", "'_a%'", "'S%'", "'%'", "'%e'"];

class StandardQuery {
  constructor(seed) {
    this.random = new Random(seed);
  }
  text(prefix) {
    const column = `${prefix}${this.random.pick(kText)}`;
    return this.random.pick([column, column, `coalesce(${column}, 'none')`, `lower(${column})`, `CASE WHEN ${prefix}value > 1 THEN ${column} ELSE 'low' END`, `nullif(${column}, 'web')`]);
  }
  integer(prefix) {
    const column = `${prefix}${this.random.pick(kInteger)}`;
    return this.random.pick([column, `${column} + ${this.random.below(5)}`, `${column} * ${this.random.between(-3, 3)}`, `coalesce(${column}, 0)`, `abs(${column} - 2)`]);
  }
  condition(prefix, depth = 2) {
    if (depth > 0 && this.random.chance(50)) {
      const a = this.condition(prefix, depth - 1);
      const b = this.condition(prefix, depth - 1);
      return this.random.pick([`(${a} AND ${b})`, `(${a} OR ${b})`, `NOT (${a})`]);
    }
    switch (this.random.below(9)) {
      case 0: return `${prefix}${this.random.pick(kText)} LIKE ${this.random.pick(kPatterns)}`;
      case 1: return `${prefix}${this.random.pick([...kText, ...kInteger, "value"])} IS ${this.random.pick(["NULL", "NOT NULL"])}`;
      case 2: return `${prefix}value ${this.random.pick(["<", "<=", ">", ">=", "=", "<>"])} ${this.random.pick(["0", "1", "3", "12.5", "-1"])}`;
      case 3: return `${prefix}${this.random.pick(kText)} ${this.random.pick(["IN", "NOT IN"])} (${this.random.some(kLiterals, 3).join(", ")})`;
      case 4: return `${this.integer(prefix)} BETWEEN ${this.random.below(3)} AND ${this.random.between(1, 9)}`;
      case 5: return `${prefix}ts >= '2024-0${this.random.between(1, 9)}-01 00:00:00'`;
      case 6: return `${prefix}customer_id ${this.random.pick(["IN", "NOT IN"])} (SELECT customer_id FROM customers WHERE age > ${this.random.pick([20, 30, 50])})`;
      case 7: return `${prefix}"properties.gift"`;
      default: return `${this.text(prefix)} ${this.random.pick(["=", "<>", "<", ">="])} ${this.random.pick(kLiterals)}`;
    }
  }
  aggregate(prefix) {
    return this.random.pick(["count(*)", `count(${this.text(prefix)})`, `sum(${this.integer(prefix)})`, `min(${this.text(prefix)})`, `max(${this.integer(prefix)})`, `count(DISTINCT ${this.text(prefix)})`, `avg(${prefix}"properties.quantity")`, `sum(${prefix}value)`, `sum(${prefix}"properties.quantity") FILTER (WHERE ${this.condition(prefix, 1)})`, `min(abs(${prefix}value))`]);  // 0 and -0 are two groups here, one there.
  }
  where(prefix) {
    return this.random.chance(60) ? ` WHERE ${this.condition(prefix)}` : "";
  }
  grouped(prefix, from) {
    const having = this.random.chance(30) ? ` HAVING count(*) > ${this.random.below(5)}` : "";
    if (this.random.chance(20)) return `SELECT ${this.aggregate(prefix)} AS a, ${this.aggregate(prefix)} AS b FROM ${from}${this.where(prefix)} HAVING count(*) > 0`;  // Of no rows min() is '' here, NULL there.
    return `SELECT ${this.text(prefix)} AS k, ${this.aggregate(prefix)} AS a, ${this.aggregate(prefix)} AS b FROM ${from}${this.where(prefix)} GROUP BY k${having}`;
  }
  next() {
    switch (this.random.below(7)) {
      case 0: return `SELECT event_id, ${this.text("")} AS a, ${this.integer("")} AS b FROM events${this.where("")}`;
      case 1: return `SELECT DISTINCT ${this.text("")} AS a, ${this.integer("")} AS b FROM events${this.where("")}`;
      case 2: return this.grouped("e.", `events AS e ${this.random.pick(["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"])} (SELECT * FROM customers WHERE age > 20) AS c ON e.customer_id = c.customer_id`);
      case 3: return `SELECT event_id, row_number() OVER (PARTITION BY customer_id ORDER BY ts, event_id) AS r, sum("properties.quantity") OVER (PARTITION BY customer_id ORDER BY ts, event_id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS s FROM events${this.where("")}`;
      case 4: return `SELECT a, count(*) AS n FROM (${this.grouped("", "events")}) AS t GROUP BY a`;
      case 5: return `SELECT k, sum(n) AS s FROM (SELECT ${this.text("")} AS k, count(*) AS n FROM events${this.where("")} GROUP BY k UNION ALL SELECT ${this.text("")} AS k, count(*) AS n FROM events${this.where("")} GROUP BY k) AS t GROUP BY k`;
      default: return this.grouped("", "events");
    }
  }
}

// One row as text: numbers of any type alike.
function normal(value) {
  if (value === null || value === undefined) return "NULL";
  if (typeof value === "boolean") return value ? "1" : "0";
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number") return Number.isInteger(value) ? String(BigInt(value)) : value.toPrecision(12);
  return JSON.stringify(String(value));
}

function rowsOfText(text) {
  const [, types, ...rows] = (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
  const kinds = types.split("\t");
  return rows.map((row) => row.split("\t").map((cell, i) => {
    if (cell === "\\N") return "NULL";
    if (kinds[i].includes("Bool")) return cell === "true" ? "1" : "0";
    if (kinds[i].includes("Int")) return normal(BigInt(cell));
    if (kinds[i].includes("Float")) return normal(Number(cell));
    return normal(cell.replace(/\\(.)/g, (_, letter) => ({ n: "\n", t: "\t", "0": "\0", r: "\r", b: "\b", f: "\f" }[letter] ?? letter)));
  }).join("|"));
}

/// {compared, mismatches}
export async function compareWithDuckDB(server, count, seed) {
  const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  const db = await instance.connect();
  await load(db);
  const generator = new StandardQuery(seed);
  const mismatches = [];
  for (let i = 0; i < count; ++i) {
    const sql = generator.next();
    const expected = (await db.runAndReadAll(sql)).getRows().map((row) => row.map(normal).join("|")).sort();
    const answered = await server.ask({ sql, settings: { join_use_nulls: "1" } });
    const got = answered.text === undefined ? [answered.message] : rowsOfText(answered.text).sort();
    const at = expected.findIndex((row, r) => row !== got[r]);
    if (at >= 0 || expected.length !== got.length) {
      mismatches.push({ topic: "standard", sql, wrong: `expected ${expected.length} rows, ${expected[at]}; got ${got.length}, ${got[Math.max(at, 0)]}` });
    }
  }
  db.closeSync();
  instance.closeSync();
  return { compared: count, mismatches };
}
