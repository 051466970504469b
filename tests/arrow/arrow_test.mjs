// Lists as Arrow streams, read by Arrow's own library.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { tableFromIPC } from "apache-arrow";

import { serve } from "../sdk/served.mjs";

const STREAM = "application/vnd.apache.arrow.stream";
const MONDAY = "2024-01-01T00:00:00.000Z";
const MANY = 70_001; // More than a batch has, and no multiple of 64.

let server;

before(async () => {
  server = await serve();
  const { ask } = server;
  const identify = (userId, traits) =>
    ask("POST", "/v1/identify", { userId, traits, timestamp: MONDAY });
  await identify("t0", { plan: "gold", spend: 1.5, visits: 3, vip: true, born: "2001-02-03T04:05:06.007Z", email: " T0@X.com" });
  await identify("t1", { plan: "은하 ✨", spend: -0.25, visits: -9007199254740991, vip: false, born: "1969-12-31T23:59:59.999Z" });
  await identify("t2", { plan: "", nobody: null });
  await identify("t3", { plan: "gold", email: "" });
  await identify('t4"\n,é', { vip: true });
  await ask("POST", "/v1/track", { userId: "t1", event: "Order Completed", timestamp: MONDAY });
  await ask("PUT", "/v1/segments/types", {
    definition: { any: [{ attribute: "plan", exists: true }, { attribute: "vip", exists: true }] },
  });
  await ask("PUT", "/v1/segments/nobody", { definition: { customers: ["nobody"] } });
});

after(() => server.stop());

// An answer and its table.
async function list(path, headers = { Accept: STREAM }) {
  const answer = await fetch(server.url + path, { headers });
  const bytes = new Uint8Array(await answer.arrayBuffer());
  assert.equal(answer.status, 200, new TextDecoder().decode(bytes));
  assert.equal(answer.headers.get("Content-Type"), STREAM);
  return { answer, bytes, table: tableFromIPC(bytes) };
}

const types = (table) => Object.fromEntries(table.schema.fields.map((f) => [f.name, `${f.type}`]));
const rows = (table) => table.toArray().map((row) => row.toJSON());

// Customers of an import.
async function importCustomers(id, count, traitsOf) {
  const lines = [];
  for (let i = 0; i < count; ++i) {
    const traits = traitsOf(i);
    lines.push(JSON.stringify({ type: "identify", userId: `${id}${i}`, timestamp: MONDAY, traits }));
  }
  const answer = await fetch(`${server.url}/v1/import?table=customers&import_id=${id}`, {
    method: "POST",
    headers: { "Content-Type": "application/x-ndjson" },
    body: lines.join("\n") + "\n",
  });
  const result = await answer.json();
  assert.equal(answer.status, 200, JSON.stringify(result));
  assert.equal(result.accepted, count, JSON.stringify(result));
}

test("every type, and what is missing", async () => {
  const fields = "plan,spend,visits,vip,born,email,sha256(email),first_seen,influence.pagerank";
  const { table, answer } = await list(`/v1/segments/types/members?fields=${fields}`);
  assert.deepEqual(types(table), {
    customer_id: "Utf8",
    plan: "Dictionary<Int32, Utf8>",
    spend: "Float64",
    visits: "Int64",
    vip: "Bool",
    born: "Timestamp<MILLISECOND, UTC>",
    email: "Dictionary<Int32, Utf8>",
    "sha256(email)": "Utf8",
    first_seen: "Timestamp<MILLISECOND, UTC>",
    "influence.pagerank": "Float64",
  });
  const nothing = Object.fromEntries(table.schema.fields.map((f) => [f.name, null]));
  assert.deepEqual(rows(table), [
    {
      ...nothing, customer_id: "t0", plan: "gold", spend: 1.5, visits: 3n, vip: true,
      born: Date.parse("2001-02-03T04:05:06.007Z"), email: " T0@X.com",
      // printf 't0@x.com' | sha256sum
      "sha256(email)": "2a4cc2d455ce33d46b1d606503bf8b4ee3d8b53607c776e157351dec8664e821",
    },
    {
      ...nothing, customer_id: "t1", plan: "은하 ✨", spend: -0.25, visits: -9007199254740991n,
      vip: false, born: -1, first_seen: Date.parse(MONDAY),
    },
    { ...nothing, customer_id: "t2", plan: "" },
    { ...nothing, customer_id: "t3", plan: "gold", email: "" },
    { ...nothing, customer_id: 't4"\n,é', vip: true },
  ]);
  assert.equal(answer.headers.get("X-Grapevine-Next-Cursor"), null);
  assert.equal(answer.headers.get("X-Grapevine-Withheld"), '{"consent":0,"restricted":0,"holdout":0}');
  assert.match(answer.headers.get("X-Grapevine-As-Of"), /^\d{4}-.*Z$/);
  assert.match(answer.headers.get("X-Grapevine-Snapshot"), /^\d+$/);
});

test("nobody is a table without rows", async () => {
  const { table, bytes } = await list("/v1/segments/nobody/members?fields=plan,spend");
  assert.equal(table.numRows, 0);
  assert.deepEqual(Object.keys(types(table)), ["customer_id", "plan", "spend"]);
  assert.deepEqual([...bytes.slice(-8)], [255, 255, 255, 255, 0, 0, 0, 0], "the end is said");
});

test("pages have one schema, and are the list", async () => {
  const pages = [];
  let cursor = "";
  do {
    const next = cursor && `&cursor=${cursor}`;
    const page = await list(`/v1/segments/types/members?format=arrow&limit=2&fields=plan,vip${next}`, {});
    pages.push(page.table);
    cursor = page.answer.headers.get("X-Grapevine-Next-Cursor");
  } while (cursor);
  assert.deepEqual(pages.map((page) => page.numRows), [2, 2, 1]);
  for (const page of pages) assert.deepEqual(types(page), types(pages[0]));
  assert.deepEqual(
    pages.flatMap((page) => rows(page).map((row) => row.plan)),
    ["gold", "은하 ✨", "", "gold", null],
  );
});

test("several batches, with nulls in each and texts of few and many values", async () => {
  await importCustomers("m", MANY, (i) => ({
    batched: true,
    address: `${i}@例え.jp`,
    ...(i % 3 ? { shelf: `shelf ${i % 100}` } : {}),
    ...(i % 7 ? { number: i } : {}),
    ...(i % 5 ? { even: i % 2 === 0 } : {}),
  }));
  await server.ask("PUT", "/v1/segments/batched", {
    definition: { attribute: "batched", eq: true },
  });
  const { table } = await list(
    `/v1/segments/batched/members?limit=${MANY}&fields=address,shelf,number,even`,
  );
  assert.ok(table.batches.length > 1);
  assert.equal(table.numRows, MANY);
  assert.equal(types(table).address, "Utf8");
  assert.equal(types(table).shelf, "Dictionary<Int32, Utf8>");
  const seen = new Set();
  for (const row of table) {
    const i = Number(row.customer_id.slice(1));
    seen.add(i);
    const found = [row.address, row.shelf, row.number, row.even];
    const stored = [
      `${i}@例え.jp`,
      i % 3 ? `shelf ${i % 100}` : null,
      i % 7 ? BigInt(i) : null,
      i % 5 ? i % 2 === 0 : null,
    ];
    if (found.some((value, k) => value !== stored[k])) assert.deepEqual(found, stored);
  }
  assert.equal(seen.size, MANY);
});

test("a dictionary of large texts comes in several batches", async () => {
  const text = (i) => `${i} ${"长".repeat(160_000)}`;
  await importCustomers("l", 150, (i) => ({ essay: text(i) }));
  await server.ask("PUT", "/v1/segments/essays", {
    definition: { attribute: "essay", exists: true },
  });
  const { table, bytes } = await list("/v1/segments/essays/members?limit=150&fields=essay");
  assert.ok(bytes.length > 64 << 20, "one batch of a dictionary is 64 MiB");
  assert.equal(table.numRows, 150);
  for (const row of table) assert.ok(row.essay === text(row.customer_id.slice(1)), row.customer_id);
});

test("rankings", async () => {
  for (const [from, to] of [["a", "b"], ["c", "b"], ["d", "c"]]) {
    await server.ask("POST", "/v1/track", {
      userId: from, event: "Post Liked", properties: { target_id: to }, timestamp: MONDAY,
    });
  }
  const { customers } = await server.ask("GET", "/v1/influence");
  assert.equal(customers.length, 4);
  const { table, answer } = await list("/v1/influence?limit=3");
  assert.deepEqual(types(table), {
    customer_id: "Utf8", rank: "Int64", value: "Float64", percentile_rank: "Float64",
  });
  assert.deepEqual(
    rows(table).map((row) => ({ ...row, rank: Number(row.rank) })),
    customers.slice(0, 3),
  );
  const cursor = answer.headers.get("X-Grapevine-Next-Cursor");
  const rest = await list(`/v1/influence?limit=3&cursor=${cursor}`);
  assert.deepEqual(rows(rest.table).map((row) => row.customer_id), [customers[3].customer_id]);
});

test("changes", async () => {
  await server.ask("PUT", "/v1/segments/live", {
    definition: { attribute: "plan", exists: true },
  });
  const asJson = await server.ask("GET", "/v1/segments/live/changes?limit=10");
  assert.equal(asJson.changes.length, 4);
  const { table, answer } = await list("/v1/segments/live/changes?limit=10");
  assert.deepEqual(types(table), {
    customer_id: "Utf8",
    change: "Dictionary<Int32, Utf8>",
    ts: "Timestamp<MILLISECOND, UTC>",
  });
  assert.deepEqual(
    rows(table).map((row) => ({ ...row, ts: new Date(row.ts).toISOString() })),
    asJson.changes,
  );
  assert.equal(answer.headers.get("X-Grapevine-More"), "false");
  assert.equal(answer.headers.get("X-Grapevine-Next-Cursor"), asJson.next_cursor);
});
