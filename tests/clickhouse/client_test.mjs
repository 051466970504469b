// ClickHouse's official client for Node, unmodified, against a server of our own.

import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { after, before, test } from "node:test";
import { ClickHouseError, ClickHouseLogLevel, createClient, TupleParam } from "@clickhouse/client";
import { events, grouped, serveShop, timeText } from "./shop.mjs";

let server;
let client;

before(async () => {
  server = await serveShop();
  client = connect();
});
after(async () => {
  await client?.close();
  assert.equal(await server?.stop(), 0);
});

function connect(options = {}) {
  return createClient({ url: server.url, log: { level: ClickHouseLogLevel.OFF }, ...options });
}

const rows = async (query, options = {}) =>
  (await client.query({ query, format: "JSONEachRow", ...options })).json();

async function failure(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new assert.AssertionError({ message: "it did not fail" });
}

test("ping, by itself and by a query", async () => {
  assert.deepEqual(await client.ping(), { success: true });
  assert.deepEqual(await client.ping({ select: true }), { success: true });
});

test("ping of nobody says so", async () => {
  const nobody = connect({ url: "http://127.0.0.1:9" });
  assert.equal((await nobody.ping()).success, false);
  await nobody.close();
});

// One query in every format in which the client reads rows.
const kQuery = "SELECT number, toString(number) AS s FROM system.numbers LIMIT 2";
const kMeta = [
  { name: "number", type: "UInt64" },
  { name: "s", type: "String" },
];
const kObjects = [
  { number: 0, s: "0" },
  { number: 1, s: "1" },
];
const kStrings = [
  { number: "0", s: "0" },
  { number: "1", s: "1" },
];
const kArrays = [
  [0, "0"],
  [1, "1"],
];
const kArraysOfStrings = [
  ["0", "0"],
  ["1", "1"],
];
const kNames = ["number", "s"];
const kTypes = ["UInt64", "String"];

for (const [format, data] of [
  ["JSON", kObjects],
  ["JSONStrings", kStrings],
  ["JSONCompact", kArrays],
  ["JSONCompactStrings", kArraysOfStrings],
]) {
  test(`one document of ${format}`, async () => {
    const answer = await client.query({ query: kQuery, format });
    assert.equal(answer.response_headers["x-clickhouse-format"], format);
    const document = await answer.json();
    assert.deepEqual(document.meta, kMeta);
    assert.deepEqual(document.data, data);
    assert.equal(document.rows, 2);
    assert.equal(typeof document.statistics.elapsed, "number");
  });
}

for (const [format, data] of [
  ["JSONEachRow", kObjects],
  ["JSONStringsEachRow", kStrings],
  ["JSONCompactEachRow", kArrays],
  ["JSONCompactStringsEachRow", kArraysOfStrings],
  ["JSONCompactEachRowWithNames", [kNames, ...kArrays]],
  ["JSONCompactEachRowWithNamesAndTypes", [kNames, kTypes, ...kArrays]],
  ["JSONCompactStringsEachRowWithNames", [kNames, ...kArraysOfStrings]],
  ["JSONCompactStringsEachRowWithNamesAndTypes", [kNames, kTypes, ...kArraysOfStrings]],
]) {
  test(`rows of ${format}, as a whole and as a stream`, async () => {
    assert.deepEqual(await (await client.query({ query: kQuery, format })).json(), data);
    const streamed = [];
    for await (const some of (await client.query({ query: kQuery, format })).stream()) {
      streamed.push(...some.map((row) => row.json()));
    }
    assert.deepEqual(streamed, data);
  });
}

for (const [format, text] of [
  ["CSV", '0,"0"\n1,"1"\n'],
  ["CSVWithNames", '"number","s"\n0,"0"\n1,"1"\n'],
  ["CSVWithNamesAndTypes", '"number","s"\n"UInt64","String"\n0,"0"\n1,"1"\n'],
  ["TabSeparated", "0\t0\n1\t1\n"],
  ["TabSeparatedRaw", "0\t0\n1\t1\n"],
  ["TabSeparatedWithNames", "number\ts\n0\t0\n1\t1\n"],
  ["TabSeparatedWithNamesAndTypes", "number\ts\nUInt64\tString\n0\t0\n1\t1\n"],
]) {
  test(`text of ${format}`, async () => {
    assert.equal(await (await client.query({ query: kQuery, format })).text(), text);
  });
}

test("a format that is not here is named", async () => {
  const error = await failure(client.query({ query: kQuery, format: "Parquet" }));
  assert.equal(error.code, "73");
  assert.match(error.message, /Parquet/);
});

test("parameters of all types that the client writes", async () => {
  const [row] = await rows(
    `SELECT {i:Int32} AS i, {f:Float64} AS f, {s:String} AS s, {b:Bool} AS b, {l:Array(String)} AS l,
            {n:Nullable(UInt8)} AS n, {d:DateTime64(3, 'UTC')} AS d, {t:Tuple(UInt8, String)} AS t,
            {a:Array(Array(UInt8))} AS a, {e:Array(UInt8)} AS e, {name:Identifier} AS c
       FROM (SELECT 'column' AS x)`,
    {
      query_params: {
        i: -5,
        f: 0.1,
        s: "it's\ta \\tab\n'quoted' 한글",
        b: true,
        l: ["a", "b'c", "d\\e"],
        n: null,
        d: new Date(Date.UTC(2026, 10, 22, 1, 2, 3, 4)),
        t: new TupleParam([1, "x"]),
        a: [[1, 2], [], [3]],
        e: [],
        name: "x",
      },
    },
  );
  assert.deepEqual(row, {
    i: -5,
    f: 0.1,
    s: "it's\ta \\tab\n'quoted' 한글",
    b: true,
    l: ["a", "b'c", "d\\e"],
    n: null,
    d: "2026-11-22 01:02:03.004",
    t: [1, "x"],
    a: [[1, 2], [], [3]],
    e: [],
    c: "column",
  });
});

test("parameters in a form of parts", async () => {
  const long = "x".repeat(100_000);
  const [row] = await rows("SELECT length({s:String}) AS n, {l:Array(String)} AS l", {
    query_params: { s: long, l: ["a", "b\r\nc"] },
    use_multipart_params: true,
  });
  assert.deepEqual(row, { n: 100_000, l: ["a", "b\r\nc"] });
});

test("a dashboard's query over events", async () => {
  const answered = await rows(
    `SELECT channel, count() AS c, sum(value) AS total, max(ts) AS last
       FROM events WHERE event = {event:String} GROUP BY channel ORDER BY channel`,
    { query_params: { event: "Order Completed" } },
  );
  const orders = events.filter((e) => e.event === "Order Completed");
  const expected = grouped(orders, (e) => e.channel).map(([channel, of]) => ({
    channel,
    c: of.length,
    total: of.reduce((total, e) => total + e.value, 0),
    last: timeText(Math.max(...of.map((e) => e.ts))),
  }));
  assert.deepEqual(answered, expected);
});

test("rows of objects are inserted, and seen at once", async () => {
  const inserted = await client.insert({
    table: "events",
    format: "JSONEachRow",
    values: [
      { event: "Inserted", customer_id: "i1", ts: "2026-02-01 00:00:00.000", value: 1.5 },
      { event: "Inserted", customer_id: "i2", ts: "2026-02-01 00:00:01.000", value: 2.5 },
    ],
  });
  assert.equal(inserted.executed, true);
  assert.equal(inserted.summary.written_rows, "2");
  assert.deepEqual(
    await rows(
      "SELECT customer_id, value, ts FROM events WHERE event = 'Inserted' ORDER BY customer_id",
    ),
    [
      { customer_id: "i1", value: 1.5, ts: "2026-02-01 00:00:00.000" },
      { customer_id: "i2", value: 2.5, ts: "2026-02-01 00:00:01.000" },
    ],
  );
});

test("a stream of rows is inserted, compressed and not", async () => {
  for (const compression of [false, true]) {
    const compressing = connect({ compression: { request: compression, response: compression } });
    const event = `Streamed ${compression}`;
    async function* values() {
      for (let i = 0; i < 10_000; ++i) {
        yield { event, customer_id: `s${i % 100}`, ts: 1_770_000_000 + i, value: i };
      }
    }
    await compressing.insert({
      table: "events",
      format: "JSONEachRow",
      values: Readable.from(values()),
    });
    const answer = await compressing.query({
      query: "SELECT count() AS c, sum(value) AS s FROM events WHERE event = {event:String}",
      query_params: { event },
      format: "JSONEachRow",
    });
    assert.deepEqual(await answer.json(), [{ c: 10_000, s: 49_995_000 }]);
    await compressing.close();
  }
});

test("lines of CSV are inserted", async () => {
  await client.insert({
    table: "events",
    columns: ["event", "customer_id", "ts"],
    format: "CSV",
    values: Readable.from(['"CSV, inserted","k1",2026-02-01 00:00:00\n'], { objectMode: false }),
  });
  const [row] = await rows("SELECT count() AS c FROM events WHERE event = 'CSV, inserted'");
  assert.deepEqual(row, { c: 1 });
});

test("a row that is wrong inserts nothing, and says which it is", async () => {
  const error = await failure(
    client.insert({
      table: "events",
      format: "JSONEachRow",
      values: [{ event: "Half", customer_id: "h1", ts: 1 }, { event: 7, nonsense: [] }],
    }),
  );
  assert.ok(error instanceof ClickHouseError, String(error));
  const [row] = await rows("SELECT count() AS c FROM events WHERE event = 'Half'");
  assert.deepEqual(row, { c: 0 });
});

test("a large answer streams", async () => {
  const kRows = 3_000_000;
  const answer = await client.query({
    query: `SELECT number FROM system.numbers LIMIT ${kRows}`,
    format: "JSONCompactEachRow",
  });
  assert.equal(answer.response_headers["transfer-encoding"], "chunked");
  let next = 0;
  let total = 0;
  for await (const some of answer.stream()) {
    for (const row of some) {
      const [number] = row.json();
      assert.equal(number, next);
      next += 1;
      total += number;
    }
  }
  assert.equal(next, kRows);
  assert.equal(total, (kRows * (kRows - 1)) / 2);
});

test("a large answer is compressed while it streams", async () => {
  const compressing = connect({ compression: { response: true } });
  const kRows = 500_000;
  const answer = await compressing.query({
    query: `SELECT number, toString(number) AS s FROM system.numbers LIMIT ${kRows}`,
    format: "JSONEachRow",
  });
  assert.equal(answer.response_headers["content-encoding"], "gzip");
  let count = 0;
  for await (const some of answer.stream()) count += some.length;
  assert.equal(count, kRows);
  await compressing.close();
});

for (const [query, code, type] of [
  ["SELEC 1", "62", "SYNTAX_ERROR"],
  ["SELECT * FROM nope", "60", "UNKNOWN_TABLE"],
  ["SELECT nope FROM events", "47", "UNKNOWN_IDENTIFIER"],
  ["SELECT nope(1)", "46", "UNKNOWN_FUNCTION"],
  ["SELECT 1 FROM nope.events", "81", "UNKNOWN_DATABASE"],
  ["SELECT toUInt8('x')", "6", "CANNOT_PARSE_TEXT"],
  ["SELECT {missing:String}", "456", "UNKNOWN_QUERY_PARAMETER"],
  ["CREATE TABLE t (x UInt8) ENGINE = Memory", "48", "NOT_IMPLEMENTED"],
]) {
  test(`the error of ${query} is known by code and type`, async () => {
    const error = await failure(client.command({ query }));
    assert.ok(error instanceof ClickHouseError, String(error));
    assert.equal(error.code, code);
    assert.equal(error.type, type);
  });
}

test("an error in the middle of an answer is thrown, not passed over", async () => {
  const query = "SELECT throwIf(number = 2000000, 'boom') AS x, number FROM system.numbers LIMIT 3000000";
  for (const compression of [false, true]) {
    const reading = connect({ compression: { response: compression } });
    const answer = await reading.query({ query, format: "JSONEachRow" });
    const error = await failure(
      (async () => {
        for await (const some of answer.stream()) void some;
      })(),
    );
    assert.ok(error instanceof ClickHouseError, String(error));
    assert.equal(error.code, "395");
    assert.equal(error.type, "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO");
    await reading.close();
  }
});

// A query that does not end by itself: its error, once it ends.
function runForEver(query_id, options = {}) {
  const query = "SELECT max(number) FROM system.numbers";
  return failure(client.query({ query, query_id, format: "JSONEachRow", ...options }));
}
const isListed = async (query_id) => {
  const listed = await rows("SELECT 1 FROM system.processes WHERE query_id = {query_id:String}", {
    query_params: { query_id },
  });
  return listed.length > 0;
};
// Waits until it runs.
async function listed(query_id, running) {
  let ended;
  running.then((error) => (ended = error));
  while (!(await isListed(query_id))) if (ended) throw ended;
}

test("an aborted query ends on the server", async () => {
  const abort = new AbortController();
  const running = runForEver("to-be-aborted", { abort_signal: abort.signal });
  await listed("to-be-aborted", running);
  abort.abort();
  assert.match(String(await running), /abort/i);
  while (await isListed("to-be-aborted"));
});

test("a query is killed by its id, which nobody else has", async () => {
  const query_id = "to-be-killed";
  const running = runForEver(query_id);
  await listed(query_id, running);
  const same = await failure(client.query({ query: "SELECT 1", query_id }));
  assert.equal(same.code, "216");
  await client.command({ query: `KILL QUERY WHERE query_id = '${query_id}'` });
  assert.equal((await running).code, "394");
});

test("a running query is replaced where that is asked for", async () => {
  const query_id = "to-be-replaced";
  const running = runForEver(query_id);
  await listed(query_id, running);
  const replaced = await rows("SELECT 1 AS x", {
    query_id,
    clickhouse_settings: { replace_running_query: 1 },
  });
  assert.deepEqual(replaced, [{ x: 1 }]);
  assert.equal((await running).code, "394");
});

test("a limit of time ends a query", async () => {
  const error = await failure(
    client.query({
      query: "SELECT max(number) FROM system.numbers",
      clickhouse_settings: { max_execution_time: 1 },
    }),
  );
  assert.equal(error.code, "159");
  assert.equal(error.type, "TIMEOUT_EXCEEDED");
});

test("a session keeps what SET and USE say", async () => {
  const session = connect({ session_id: "one" });
  const value = async (asking, query) =>
    (await (await asking.query({ query, format: "JSONCompactEachRow" })).json())[0][0];
  await session.command({ query: "SET session_timezone = 'Asia/Seoul'" });
  await session.command({ query: "USE system" });
  assert.equal(await value(session, "SELECT timezone()"), "Asia/Seoul");
  assert.equal(await value(session, "SELECT currentDatabase()"), "system");
  assert.equal(await value(client, "SELECT timezone()"), "UTC");
  assert.equal(await value(client, "SELECT currentDatabase()"), "default");
  await session.close();
});

test("settings of a request are honoured", async () => {
  const settings = (clickhouse_settings) => ({ clickhouse_settings });
  assert.deepEqual(
    await rows("SELECT toUInt64(1) AS x", settings({ output_format_json_quote_64bit_integers: 1 })),
    [{ x: "1" }],
  );
  assert.deepEqual(
    await rows(
      "SELECT toDateTime(0) AS x",
      settings({ session_timezone: "Asia/Seoul", date_time_output_format: "simple" }),
    ),
    [{ x: "1970-01-01 09:00:00" }],
  );
  const error = await failure(
    rows("SELECT number FROM system.numbers LIMIT 100", settings({ max_result_rows: "10" })),
  );
  assert.equal(error.code, "396");
});

test("exec gives the bytes of any statement", async () => {
  const { stream, query_id } = await client.exec({ query: "SELECT 1, 2 FORMAT Vertical" });
  let text = "";
  for await (const bytes of stream) text += bytes;
  assert.equal(text, "Row 1:\n──────\n1: 1\n2: 2\n");
  assert.match(query_id, /^[0-9a-f-]{36}$/);
});

test("command tells what was read", async () => {
  const { summary, response_headers } = await client.command({ query: "SELECT 1" });
  assert.equal(typeof summary.read_rows, "string");
  assert.ok(Number(summary.elapsed_ns) > 0);
  assert.equal(response_headers["x-clickhouse-timezone"], "UTC");
  assert.equal(response_headers["x-clickhouse-server-display-name"], "grapevine");
});

test("a name and a password are taken", async () => {
  const ann = connect({ username: "ann", password: "secret" });
  const answer = await ann.query({ query: "SELECT currentUser() AS u", format: "JSONEachRow" });
  assert.deepEqual(await answer.json(), [{ u: "ann" }]);
  await ann.close();
});
