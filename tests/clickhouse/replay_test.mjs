// Requests of tools that cannot run here, as they send them; their answers decoded and held against
// what was stored.

import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { nativeRows, readNative } from "./native_reader.mjs";
import * as recorded from "./recorded.mjs";
import { readRowBinary } from "./row_binary_reader.mjs";
import { events, grouped, kFirst, serveShop, sum } from "./shop.mjs";

const kDay = 86_400_000;
const kDays = 86_400;

let server;

before(async () => {
  server = await serveShop();
});
after(async () => {
  assert.equal(await server?.stop(), 0);
});

// Sends a recorded request with its own headers; the body is inflated.
function send({ method, target, headers, body }) {
  const url = new URL(target, server.url);
  return new Promise((done, failed) => {
    const sent = request(url, { method, headers }, (answer) => {
      const pieces = [];
      answer.on("data", (piece) => pieces.push(piece));
      answer.on("error", failed);
      answer.on("end", () => {
        const whole = Buffer.concat(pieces);
        const gzip = answer.headers["content-encoding"] === "gzip";
        done({
          status: answer.statusCode,
          headers: answer.headers,
          body: gzip ? gunzipSync(whole) : whole,
        });
      });
    });
    sent.on("error", failed);
    sent.end(body);
  });
}

async function succeed(recording) {
  const answer = await send(recording);
  assert.equal(answer.status, 200, String(answer.body));
  assert.match(answer.headers["x-clickhouse-exception-tag"], /^[0-9a-f]{16}$/);
  assert.equal(answer.headers["x-clickhouse-timezone"], "UTC");
  assert.match(answer.headers["keep-alive"], /^timeout=\d+$/);
  assert.ok(Number(JSON.parse(answer.headers["x-clickhouse-summary"]).elapsed_ns) > 0);
  return answer;
}
const text = async (recording) => String((await succeed(recording)).body);
const native = async (recording, version = 0) => nativeRows((await succeed(recording)).body, version);
const jsonLines = async (recording) =>
  (await text(recording)).trimEnd().split("\n").map((line) => JSON.parse(line));

// Of a version such as 25.8.1.1.
const kVersion = /^2\d\.\d+\.\d+\.\d+$/;

test("clickhouse-connect opens a connection", async () => {
  const { hello, settings, probe } = recorded.clickhouseConnect;
  const [version, zone] = (await text(hello)).trimEnd().split("\t");
  assert.match(version, kVersion);
  assert.equal(zone, "UTC");
  const rows = await native(settings);
  const known = new Map(rows.map(([name, value, readonly]) => [name, [value, readonly]]));
  assert.equal(known.size, rows.length, "each once");
  for (const name of [
    "session_timezone", "date_time_input_format",
    "cancel_http_readonly_queries_on_client_close", "send_progress_in_http_headers",
    "http_headers_progress_interval_ms", "enable_http_compression", "wait_end_of_query",
  ]) {
    assert.ok(known.has(name), `the client sends ${name} where it is listed`);
    assert.equal(known.get(name)[1], 0, "and may be changed");
  }
  const probed = (await succeed(probe)).body;
  assert.equal(probed.subarray(8, 16).toString("latin1"), "\x01\x01\x05check");
  assert.deepEqual(nativeRows(probed, 54405), [[1]]);
});

test("clickhouse-connect queries", async () => {
  const { numbers, parameters, quotes, describe, jsonCompact, stream } = recorded.clickhouseConnect;
  const [block] = readNative((await succeed(numbers)).body, 54405);
  assert.deepEqual(block.columns.map(({ name, type }) => [name, type]), [
    ["number", "UInt64"], ["s", "String"], ["t", "DateTime"],
  ]);
  assert.deepEqual(block.columns[0].values, [0n, 1n, 2n]);
  assert.deepEqual(block.columns[1].values, ["0", "1", "2"]);
  assert.ok(block.columns[2].values[0] > 1_600_000_000);
  assert.deepEqual(await native(parameters), [[1, "it's"]]);
  assert.deepEqual(await native(quotes), [[1, "it's"]]);
  const columns = await native(describe);
  assert.deepEqual(columns[0].length, 7);
  const types = Object.fromEntries(columns);
  assert.match(types.ts, /^DateTime64\(3/);
  assert.equal(types.customer_id, "String");
  assert.deepEqual(JSON.parse(await text(jsonCompact)).data, [[1]]);
  const streamed = await succeed(stream);
  assert.equal(streamed.headers["content-encoding"], "gzip");
  assert.deepEqual(nativeRows(streamed.body).map(([n]) => Number(n)), [...Array(1000).keys()]);
});

test("clickhouse-connect inserts, by LZ4 too", async () => {
  const { insertLz4, insertCsv, count } = recorded.clickhouseConnect;
  const inserted = await succeed(insertLz4);
  assert.equal(JSON.parse(inserted.headers["x-clickhouse-summary"]).written_rows, "2");
  assert.equal(String(inserted.body), "");
  assert.deepEqual(await native(count), [[2n]]);
  await succeed(insertCsv);
});

test("clickhouse-connect hears of errors", async () => {
  const { unknownTable, create } = recorded.clickhouseConnect;
  const unknown = await send(unknownTable);
  assert.equal(unknown.status, 404);
  assert.equal(unknown.headers["x-clickhouse-exception-code"], "60");
  assert.match(String(unknown.body), /^Code: 60\. DB::Exception: .*nope_tbl.*\(UNKNOWN_TABLE\) \(version 2/);
  const created = await send(create);
  assert.equal(created.status, 501);
  assert.equal(created.headers["x-clickhouse-exception-code"], "48");
});

test("the dialect of SQLAlchemy looks around", async () => {
  const { database, databases, tables, table, describe } = recorded.sqlalchemy;
  assert.deepEqual(await native(database), [["default"]]);
  const names = (await native(databases)).map(([name]) => name);
  for (const name of ["default", "system", "information_schema"]) assert.ok(names.includes(name));
  const listed = (await native(tables)).map(([name]) => name);
  for (const name of ["events", "customers"]) assert.ok(listed.includes(name));
  const [[engine, full, comment]] = await native(table);
  for (const value of [engine, full, comment]) assert.equal(typeof value, "string");
  assert.notEqual(engine, "");
  assert.ok((await native(describe)).some(([name]) => name === "channel"));
});

test("a chart of Superset", async () => {
  const rows = await native(recorded.sqlalchemy.chart);
  const kept = events.filter((e) => ["twitter", "web"].includes(e.channel));
  const days = grouped(kept, (e) => `${Math.floor(e.ts / kDay)} ${e.channel}`).map(([, of]) => [
    Math.floor(of[0].ts / kDay) * kDays, of[0].channel, BigInt(of.length), sum(of, (e) => e.value),
  ]);
  const most = days.map((day) => Number(day[2])).sort((a, b) => b - a).slice(0, 5);
  assert.deepEqual(rows.map((row) => Number(row[2])), most);
  for (const row of rows) {
    const same = days.find(([time, channel]) => time === row[0] && channel === row[1]);
    assert.deepEqual(row, same);
  }
});

test("DbGate looks around", async () => {
  const { version, databases, tables, columns, views } = recorded.dbgate;
  assert.match((await jsonLines(version))[0].version, kVersion);
  assert.deepEqual(await jsonLines(databases), [{ name: "default" }]);
  const [names, , ...rows] = await jsonLines(tables);
  assert.deepEqual(names, [
    "pureName", "contentHash", "tableRowCount", "objectId", "objectComment", "tableEngine",
    "primaryKeyColumns", "sortingKeyColumns",
  ]);
  assert.ok(rows.some(([name]) => name === "events"));
  const [, , ...described] = await jsonLines(columns);
  assert.ok(described.some(([table, , name]) => table === "events" && name === "customer_id"));
  const [viewNames] = await jsonLines(views);
  assert.deepEqual(viewNames, ["pureName", "objectId", "viewDefinition", "contentHash"]);
});

test("DbGate and Evidence count by channel", async () => {
  const counts = new Map(grouped(events, (e) => e.channel).map(([c, of]) => [c, of.length]));
  const [names, types, ...rows] = await jsonLines(recorded.dbgate.query);
  assert.deepEqual([names, types], [["channel", "c"], [types[0], "UInt64"]]);
  const told = new Map(rows);
  const objects = await jsonLines(recorded.evidence.channels);
  const toldToo = new Map(objects.map(({ channel, c }) => [channel, c]));
  for (const [channel, count] of counts) {
    assert.equal(told.get(channel), count);
    assert.equal(toldToo.get(channel), count);
  }
});

async function rowBinary(recording) {
  const answer = await succeed(recording);
  assert.equal(answer.headers["content-encoding"], "gzip", "or the client would look for LZ4");
  assert.equal(answer.headers["x-clickhouse-format"], "RowBinaryWithNamesAndTypes");
  assert.equal(answer.headers["x-clickhouse-query-id"], recording.headers["X-ClickHouse-Query-Id"]);
  return readRowBinary(answer.body);
}

test("Metabase opens a connection and looks around", async () => {
  const { hello, databases, tables, columns } = recorded.metabase;
  const { names, rows } = await rowBinary(hello);
  assert.deepEqual(names, ["user", "timezone", "version"]);
  assert.deepEqual(rows[0].slice(0, 2), ["default", "UTC"]);
  assert.match(rows[0][2], kVersion);
  assert.ok((await rowBinary(databases)).rows.some(([name]) => name === "default"));
  const listed = await rowBinary(tables);
  assert.ok(listed.rows.some(([schema, name]) => schema === "default" && name === "events"));
  const described = await rowBinary(columns);
  assert.ok(described.rows.some((row) => row[2] === "ts" && row[3].startsWith("DateTime64(3")));
});

test("Metabase charts by month", async () => {
  const { rows } = await rowBinary(recorded.metabase.chart);
  const before = (row) => row[0] * kDay < Date.UTC(2026, 1, 1);
  const january = events.filter((e) => e.ts < Date.UTC(2026, 1, 1));
  const values = january.map((e) => e.value).filter((value) => value !== null);
  assert.deepEqual(rows.find(before), [
    kFirst / kDay, BigInt(january.length), values.reduce((a, b) => a + b) / values.length,
  ]);
});

test("Metabase hears of errors, not compressed", async () => {
  const answer = await send(recorded.metabase.unknownTable);
  assert.equal(answer.status, 404);
  assert.equal(answer.headers["content-encoding"], undefined);
  assert.match(String(answer.body), /^Code: 60\./);
});

test("Grafana opens a connection and looks around", async () => {
  const { hello, ping, tables, describe } = recorded.grafana;
  const version = recorded.kGoVersion;
  const [[name, server_version, revision, zone]] = await native(hello, version);
  assert.equal(name, "grapevine");
  assert.match(server_version, kVersion);
  assert.ok(revision >= 54454, "so that what it decodes is what we write");
  assert.equal(zone, "UTC");
  const [one] = readNative((await succeed(ping)).body, version);
  assert.deepEqual(one.columns.map((column) => [column.name, column.values]), [["1", [1]]]);
  assert.ok((await native(tables, version)).some(([table]) => table === "events"));
  assert.ok((await native(describe, version)).some(([column]) => column === "ts"));
});

test("Grafana draws a series", async () => {
  const [block] = readNative((await succeed(recorded.grafana.series)).body, recorded.kGoVersion);
  const [times, channels, counts] = block.columns.map(({ values }) => values);
  const day = (e) => Math.floor(e.ts / kDay) * kDays;
  const kept = events.filter((e) => e.ts <= 1767657600000);
  const expected = grouped(kept, (e) => `${day(e)} ${e.channel}`).map(([, of]) => [
    day(of[0]), of[0].channel, BigInt(of.length),
  ]);
  assert.deepEqual(times.map((time, i) => [Number(time), channels[i], counts[i]]), expected);
});
