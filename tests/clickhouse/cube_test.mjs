// Cube's driver for ClickHouse, unmodified: its own queries, and those that Cube's server makes.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import cube from "@cubejs-backend/clickhouse-driver";
import { events, grouped, kFirst, serveShop, sum } from "./shop.mjs";

const { ClickHouseDriver } = cube;
const kDay = 86_400_000;

let server;
let driver;

before(async () => {
  server = await serveShop();
  const { hostname, port } = new URL(server.url);
  driver = new ClickHouseDriver({ host: hostname, port, username: "default", password: "pw" });
});
after(async () => {
  await driver?.release();
  assert.equal(await server?.stop(), 0);
});

test("the connection is tested", async () => {
  await driver.testConnection();
});

test("the schema has the tables and the types of their columns", async () => {
  const schema = await driver.tablesSchema();
  const columns = Object.fromEntries(schema.default.events.map(({ name, type }) => [name, type]));
  assert.match(columns.ts, /^DateTime64\(3/);
  assert.equal(columns.event, "String");
  assert.equal(columns.customer_id, "String");
  assert.ok(schema.default.customers);
});

test("schemas, their tables and columns are listed one by one", async () => {
  assert.deepEqual(await driver.getSchemas(), [{ schema_name: "default" }]);
  const tables = await driver.getTablesForSpecificSchemas([{ schema_name: "default" }]);
  assert.ok(tables.some(({ table_name }) => table_name === "events"));
  const columns = await driver.getColumnsForSpecificTables([
    { schema_name: "default", table_name: "events" },
  ]);
  assert.ok(columns.some(({ column_name }) => column_name === "customer_id"));
  assert.ok((await driver.getTablesQuery("default")).some((t) => t.table_name === "events"));
});

test("values are put into a query", async () => {
  const rows = await driver.query(
    "SELECT count() AS c FROM events WHERE channel = ? AND value > ? AND event != ?",
    ["web", 3.0, "it's \\ none"],
  );
  const expected = events.filter((e) => e.channel === "web" && e.value > 3).length;
  assert.deepEqual(rows, [{ c: String(expected) }]);
});

// As Cube's server wrote it for a measure by day and channel.
test("events by day and channel", async () => {
  const rows = await driver.query(
    `SELECT
      \`events\`.channel \`events__channel\`, toDateTime64(toStartOfDay(toTimeZone(toDateTime64(\`events\`.ts, 0), 'UTC'), 'UTC'), 0, 'UTC') \`events__ts_day\`, count(\`events\`.event_id) \`events__count\`, count(distinct \`events\`.customer_id) \`events__users\`, sum(\`events\`.value) \`events__revenue\`
    FROM
      default.events AS \`events\`  WHERE (\`events\`.ts >= parseDateTimeBestEffort(?) AND \`events\`.ts <= parseDateTimeBestEffort(?)) GROUP BY \`events__channel\`, \`events__ts_day\` ORDER BY \`events__ts_day\` ASC, \`events__channel\` ASC LIMIT 10000`,
    ["2026-01-01T00:00:00.000Z", "2026-01-05T23:59:59.999Z"],
  );
  const days = events.filter((e) => e.ts < kFirst + 5 * kDay);
  const day = (e) => Math.floor(e.ts / kDay) * kDay;
  const expected = grouped(days, (e) => `${day(e)} ${e.channel}`).map(([, of]) => ({
    events__channel: of[0].channel,
    events__ts_day: new Date(day(of[0])).toISOString().replace("Z", ""),
    events__count: String(of.length),
    events__users: String(new Set(of.map((e) => e.customer_id)).size),
    events__revenue: String(sum(of, (e) => e.value)),
  }));
  assert.deepEqual(rows, expected);
});

test("events by week of Berlin, with filters", async () => {
  const rows = await driver.query(
    `SELECT
      toDateTime64(toMonday(toTimeZone(toDateTime64(\`events\`.ts, 0), 'Europe/Berlin'), 'Europe/Berlin'), 0, 'Europe/Berlin') \`events__ts_week\`, uniq(\`events\`.customer_id) \`events__users_approx\`, avg(\`events\`.value) \`events__avg_amount\`, count(CASE WHEN (\`events\`.channel='twitter') THEN \`events\`.event_id END) \`events__twitter\`
    FROM
      default.events AS \`events\`  WHERE (\`events\`.ts >= parseDateTimeBestEffort('2025-12-31T23:00:00.000Z') AND \`events\`.ts <= parseDateTimeBestEffort('2026-01-11T22:59:59.999Z')) AND (\`events\`.channel IN ('twitter','mastodon')) AND (lower(\`events\`.channel)  LIKE CONCAT('%', lower('twit'), '%')) GROUP BY \`events__ts_week\` ORDER BY \`events__ts_week\` ASC LIMIT 10000`,
    [],
  );
  // Berlin is an hour ahead of UTC in winter; the weeks begin on 29 December and 5 January.
  const kept = events.filter((e) => e.channel === "twitter" && e.ts < Date.UTC(2026, 0, 11, 23));
  const monday = Date.UTC(2026, 0, 4, 23);
  const expected = grouped(kept, (e) => (e.ts < monday ? 0 : 1)).map(([week, of]) => {
    const values = of.map((e) => e.value).filter((value) => value !== null);
    return {
      events__ts_week: week === 0 ? "2025-12-29T00:00:00.000" : "2026-01-05T00:00:00.000",
      events__users_approx: String(new Set(of.map((e) => e.customer_id)).size),
      events__avg_amount: String(values.reduce((a, b) => a + b, 0) / values.length),
      events__twitter: String(of.length),
    };
  });
  assert.deepEqual(rows, expected);
});

test("months with a condition on their sum", async () => {
  const rows = await driver.query(
    `SELECT
      toDateTime64(toStartOfMonth(toTimeZone(toDateTime64(\`events\`.ts, 0), 'UTC'), 'UTC'), 0, 'UTC') \`events__ts_month\`, count(\`events\`.event_id) \`events__count\`
    FROM
      default.events AS \`events\`  WHERE (\`events\`.channel IS NOT NULL) GROUP BY \`events__ts_month\` HAVING (sum(\`events\`.value) > toFloat64('10')) ORDER BY \`events__ts_month\` ASC LIMIT 10000`,
    [],
  );
  const expected = grouped(events, (e) => new Date(e.ts).toISOString().slice(0, 7)).map(
    ([month, of]) => ({
      events__ts_month: `${month}-01T00:00:00.000`,
      events__count: String(of.length),
    }),
  );
  assert.deepEqual(rows, expected);
});

test("a query streams, with the types of its columns", async () => {
  const { rowStream, types, release } = await driver.stream(
    "SELECT event_id, value, ts FROM events WHERE event = 'Order Completed' ORDER BY ts",
    [],
    { highWaterMark: 100 },
  );
  assert.deepEqual(
    types.map(({ name, type }) => [name, type]),
    [
      ["event_id", "text"],
      ["value", "double"],
      ["ts", "timestamp"],
    ],
  );
  const ids = [];
  for await (const row of rowStream) ids.push(row.event_id);
  await release();
  const orders = events.filter((e) => e.event === "Order Completed");
  assert.deepEqual(ids, orders.map((e) => e.event_id));
});

test("results are downloaded with their types", async () => {
  const { rows, types } = await driver.downloadQueryResults("SELECT 1 AS one, 'x' AS x", [], {});
  assert.deepEqual(rows, [{ one: "1", x: "x" }]);
  assert.deepEqual(types, [
    { name: "one", type: "int" },
    { name: "x", type: "text" },
  ]);
});

test("a query is cancelled", async () => {
  const running = driver.queryResponse("SELECT max(number) FROM system.numbers", []);
  let ended;
  const failed = running.then(
    () => assert.fail("it did not fail"),
    (error) => (ended = error),
  );
  const isListed = async () => {
    const listed = await driver.query(
      "SELECT 1 AS x FROM system.processes WHERE query LIKE 'SELECT max(number)%'",
      [],
    );
    return listed.length > 0;
  };
  while (!(await isListed())) if (ended) throw ended;
  await running.cancel();
  assert.match(String(await failed), /abort|cancel/i);
  while (await isListed());
});

test("an error tells the server's words", async () => {
  await assert.rejects(driver.query("SELECT nope FROM events", []), /UNKNOWN_IDENTIFIER|nope/);
});
