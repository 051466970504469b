// Alerts of the real binary over sockets: how soon they are told, and that a server which is killed
// tells each burst once.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import { serve } from "./served.mjs";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function folderFor(context) {
  const folder = mkdtempSync(join(tmpdir(), "grapevine-alerts-"));
  context.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

function post(ts, properties, id) {
  return {
    type: "track",
    event: "Post Created",
    userId: `c${id % 997}`,
    messageId: `m${id}`,
    timestamp: new Date(ts).toISOString(),
    properties: { channel: "web", sentiment: -0.7, ...properties },
  };
}

async function send(server, calls) {
  for (let i = 0; i < calls.length; i += 500) {
    await server.ask("POST", "/v1/batch", { batch: calls.slice(i, i + 500) });
  }
}

// Calls `told(event)` for each step that the stream tells, until `signal` fires; `after`: the step that
// was told last, "" to begin with how things stand.
async function follow(server, signal, after, told) {
  const headers = { Accept: "text/event-stream" };
  if (after) headers["Last-Event-ID"] = after;
  const answer = await fetch(`${server.url}/v1/alerts`, { headers, signal });
  let text = "";
  try {
    for await (const piece of answer.body.pipeThrough(new TextDecoderStream())) {
      text += piece;
      const events = text.split("\n\n");
      text = events.pop();
      for (const event of events) {
        const data = event.split("\n").find((line) => line.startsWith("data: "));
        if (!data) continue;
        const read = JSON.parse(data.slice("data: ".length));
        if (event.startsWith("event: live")) {
          assert.equal(read.open, 0);
        } else {
          told(read);
        }
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function until(condition, what) {
  for (let i = 0; i < 600; ++i) {
    if (await condition()) return;
    await sleep(50);
  }
  throw new Error(`waited in vain: ${what}`);
}

test("a burst is on the stream within a second, of a brand and of a topic", async (context) => {
  const server = await serve(folderFor(context));
  const now = Date.now();
  await server.ask("PUT", "/v1/topics/delivery", { kind: "theme", phrases: ["parcel"] });
  const usual = [];
  for (let hour = 72; hour > 0; --hour) {
    usual.push(post(now - hour * HOUR, { brand: "Acme" }, hour));
    usual.push(post(now - hour * HOUR, { text: "the parcel came" }, 100 + hour));
  }
  await send(server, usual);
  const told = [];
  const ended = new AbortController();
  const following = follow(server, ended.signal, "", (event) => told.push([event, Date.now()]));
  await sleep(500);
  assert.equal(told.length, 0);
  for (const [at, properties] of [[1000, { brand: "Acme" }], [2000, { text: "no parcel, awful" }]]) {
    const before = told.length;
    const calls = Array.from({ length: 40 }, (_, i) => post(Date.now() + i, properties, at + i));
    await send(server, calls);
    const sent = Date.now();
    const opened = () => told.slice(before).find(([event]) => event.change === "opened");
    await until(opened, "an alert");
    const took = opened()[1] - sent;
    context.diagnostic(`${JSON.stringify(properties)}: ${took} ms from the answer to the stream`);
    assert.ok(took < 1000, `${took} ms`);
  }
  const told_of = (change) => told.map(([event]) => event).filter((event) => event.change === change);
  assert.deepEqual(told_of("opened").map(({ brand, topic }) => [brand, topic]), [["Acme", null], [null, "delivery"]]);
  assert.ok(told_of("escalated").length > 0, "40 mentions are twice 9");
  const [, { id: ofTopic }] = told_of("opened");
  const alert = await server.ask("GET", `/v1/alerts/${ofTopic}`);
  assert.deepEqual(alert.terms.map((term) => term.term).sort(), ["awful"]);
  const { alerts } = await server.ask("GET", "/v1/alerts?topic=delivery");
  assert.deepEqual(alerts.map(({ id }) => id), [ofTopic]);
  ended.abort();
  await following;
  assert.equal(await server.stop(), 0);
});

test("an import of the past tells each burst once, though the server is killed", async (context) => {
  const folder = folderFor(context);
  const begin = Date.now() - 50 * DAY;
  let id = 0;
  // 300 products; a burst of each, some minutes after that of the one before.
  const calls = [];
  const products = Array.from({ length: 300 }, (_, n) => `p${String(n).padStart(3, "0")}`);
  for (let hour = 0; hour < 48; ++hour) calls.push(post(begin + hour * HOUR, { product_id: "p000" }, ++id));
  for (const [n, product_id] of products.entries()) {
    for (let i = 0; i < 15; ++i) calls.push(post(begin + 3 * DAY + n * 7 * MINUTE + i * 1000, { product_id }, ++id));
  }
  const opened = new Map();
  let server = await serve(folder);
  let last = 0;
  // Half of it stands before what was counted already: it is history.
  const half = calls.length / 2;
  for (const [kill, piece] of [calls.slice(half), calls.slice(0, half)].flatMap((part, n) =>
    Array.from({ length: 5 }, (_, i) => [n * 5 + i, part.slice(i * half / 5, (i + 1) * half / 5)]))) {
    await send(server, piece);
    await sleep(kill * 37 % 250);
    await server.kill();
    server = await serve(folder);
  }
  const told = [];
  const ended = new AbortController();
  const following = follow(server, ended.signal, "0", (event) => told.push(event));
  const count = () => told.filter(({ change }) => change === "closed").length;
  await until(() => count() >= products.length, "all bursts");
  await sleep(1000);
  for (const { change, product_id, number } of told) {
    assert.ok(number > last);
    last = number;
    if (change !== "opened") continue;
    assert.ok(!opened.has(product_id), `${product_id} was told twice`);
    opened.set(product_id, number);
  }
  assert.deepEqual([...opened.keys()].sort(), products);
  ended.abort();
  await following;
  assert.equal(await server.stop(), 0);
});
