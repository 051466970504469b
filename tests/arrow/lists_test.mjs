// Lists that are answered as JSON, as Arrow streams: the same rows.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { tableFromIPC } from "apache-arrow";

import { serve } from "../sdk/served.mjs";

const STREAM = "application/vnd.apache.arrow.stream";
const MONDAY = "2024-01-01T00:00:00.000Z";

let server;

before(async () => {
  server = await serve();
  const { ask } = server;
  for (const [i, plan] of ["gold", "은하 ✨", "gold", "silver"].entries()) {
    await ask("POST", "/v1/identify", { userId: `p${i}`, traits: { plan, age: 20 + i }, timestamp: MONDAY });
  }
  for (const [from, to] of [["p0", "p1"], ["p2", "p1"], ["p3", "p2"], ["p0", "p2"], ["p1", "p3"]]) {
    await ask("POST", "/v1/track", {
      userId: from, event: "Post Liked", timestamp: MONDAY,
      properties: { target_id: to, product_id: `of ${to}`, sentiment: 0.5 },
    });
  }
  await ask("POST", "/v1/identify", { userId: "p0", anonymousId: "a0", timestamp: MONDAY });
  await ask("POST", "/v1/alias", { userId: "p0", previousId: "b0", messageId: "m0", timestamp: MONDAY });
  await ask("PUT", "/v1/segments/golden", { definition: { attribute: "plan", eq: "gold" } });
  await ask("PUT", "/v1/segments/planned", {
    definition: { any: [{ segment: "golden" }, { attribute: "plan", exists: true }] },
    description: "who has a plan",
  });
  await fetch(`${server.url}/v1/import?table=customers&import_id=i%201`, {
    method: "POST",
    headers: { "Content-Type": "application/x-ndjson" },
    body: JSON.stringify({ type: "identify", userId: "p9", timestamp: MONDAY, traits: {} }) + "\n",
  });
});

after(() => server.stop());

async function request(method, path, body, headers) {
  const answer = await fetch(server.url + path, {
    method,
    headers: { "Content-Type": "application/json", ...headers },
    body: body && JSON.stringify(body),
  });
  const bytes = new Uint8Array(await answer.arrayBuffer());
  return { answer, bytes, text: () => new TextDecoder().decode(bytes) };
}

// A value of Arrow as JSON has it.
function asJson(value, type) {
  if (value === null || value === undefined) return null;
  const name = `${type}`;
  if (name.startsWith("Timestamp")) return new Date(Number(value)).toISOString();
  if (name.startsWith("List")) return [...value].map((each) => asJson(each, type.children[0].type));
  if (name.startsWith("Struct")) {
    return Object.fromEntries(type.children.map((child) => [child.name, asJson(value[child.name], child.type)]));
  }
  return typeof value === "bigint" ? Number(value) : value;
}

// A member of JSON as a column of that type has it.
function asColumn(value, type) {
  if (value === undefined || value === null) return null;
  const name = `${type}`;
  const isText = name.includes("Utf8") && !name.startsWith("List") && !name.startsWith("Struct");
  if (isText) return typeof value === "string" ? value : JSON.stringify(value);
  if (name.startsWith("List")) return value.map((each) => asColumn(each, type.children[0].type));
  if (name.startsWith("Struct")) {
    return Object.fromEntries(type.children.map((child) => [child.name, asColumn(value[child.name], child.type)]));
  }
  return value;
}

const DIMENSIONS = ["account", "brand", "channel", "community", "own", "product", "region", "segment", "topic"];
const VOICE = [
  "from", "to", ...DIMENSIONS, "mentions", "positive", "neutral", "negative", "unknown", "net_sentiment",
  "share_of_voice", "people", "reach", "share_of_voice_by_reach", "previous",
];
const SERVICE = [
  "from", "to", ...DIMENSIONS, "opened", "tickets", "posts", "answered", "resolved", "open", "reopened",
  "first_answer", "resolution", "within_target", "counted_by",
];

const LISTS = [
  ["GET", "/v1/segments", "segments", ["definition", "description", "name", "problem", "refreshed_at", "size", "used_by"]],
  ["GET", "/v1/segments?limit=1", "segments", ["definition", "description", "name", "problem", "refreshed_at", "size", "used_by"]],
  ["GET", "/v1/segments/golden/history?every=1d", "history", ["entered", "from", "left", "size", "to"]],
  ["GET", "/v1/segments/golden/profile", "attributes", ["bins", "missing", "name", "type", "values"]],
  ["POST", "/v1/segments/overlap", "regions", ["in", "size"], { segments: ["golden", "planned"] }],
  ["GET", "/v1/influence/communities", "communities",
    ["community", "leaders", "mean_sentiment", "members", "products", "scored_events", "size"]],
  ["GET", "/v1/influence/communities?segment=golden", "communities",
    ["community", "leaders", "mean_sentiment", "members", "products", "scored_events", "size"]],
  ["GET", "/v1/influence/graph", "edges", ["attention", "influencer", "listener", "weight"]],
  ["GET", "/v1/imports", "imports", ["events", "import_id", "resume_at", "undone"]],
  ["GET", "/v1/jobs", "jobs", ["job", "operation", "progress", "state"]],
  ["GET", "/v1/customers/p0/identities", "merges",
    ["call", "from", "merge", "message_id", "state", "timestamp", "to", "undone_at"]],
  ["GET", "/v1/listen/voice?by=plan,channel&from=2024-01-01&to=2024-01-02", "voice", [...VOICE, "plan"].sort()],
  ["GET", "/v1/listen/service?by=plan", "service", [...SERVICE, "plan"].sort()],
  ["POST", "/v1/wom/seeds", "seeds", ["cost", "customer_id", "marginal_spread"], { k: 2 }],
  ["POST", "/v1/wom/contain", "customers", ["customer_id", "prevented_spread", "stderr"],
    { spreading: ["p1"], k: 1, simulations: 100 }],
  ["POST", "/v1/wom/simulate", "curve", ["mean", "p05", "p95", "step"], { seeds: ["p1"], simulations: 100 }],
];

for (const [method, path, list, columns, body] of LISTS) {
  test(`${method} ${path}: the rows of ${list}`, async () => {
    const json = await request(method, path, body);
    assert.equal(json.answer.status, 200, json.text());
    const whole = JSON.parse(json.text());
    const asOf = whole.as_of && method === "GET" && !/history|imports|jobs|identities/.test(path)
      ? `${path.includes("?") ? "&" : "?"}as_of=${encodeURIComponent(whole.as_of)}` : "";
    for (const [suffix, headers] of [["", { Accept: STREAM }], ["format=arrow", {}]]) {
      const query = suffix && ((path + asOf).includes("?") ? "&" : "?") + suffix;
      const arrow = await request(method, path + asOf + query, body, headers);
      assert.equal(arrow.answer.status, 200, arrow.text());
      assert.equal(arrow.answer.headers.get("Content-Type"), STREAM);
      const table = tableFromIPC(arrow.bytes);
      assert.deepEqual(table.schema.fields.map((field) => field.name).sort(), columns);
      const rows = Array.from({ length: table.numRows }, (_, row) =>
        Object.fromEntries(table.schema.fields.map((field, i) =>
          [field.name, asJson(table.getChildAt(i).get(row), field.type)])));
      const wanted = whole[list].map((row) =>
        Object.fromEntries(table.schema.fields.map((field) =>
          [field.name, asColumn(row[field.name], field.type) ?? emptyOf(field)])));
      if (list !== "history") assert.deepEqual(rows, wanted);
      assert.equal(rows.length, wanted.length);
      assert.equal(arrow.answer.headers.get("X-Grapevine-Next-Cursor") === null, whole.next_cursor === undefined);
      // Live segments write what changed in the meantime: a later question may see a later snapshot.
      if (whole.snapshot) assert.ok(Number(arrow.answer.headers.get("X-Grapevine-Snapshot")) >= whole.snapshot);
    }
  });
}

// What a list without the member has: no attribute has both values and bins.
const emptyOf = (field) => (`${field.type}`.startsWith("List") ? [] : null);

test("JSON can be asked for by name, and nothing else", async () => {
  const { answer, text } = await request("GET", "/v1/segments?format=json");
  assert.equal(answer.status, 200);
  assert.equal(JSON.parse(text()).segments.length, 2);
  const other = await request("GET", "/v1/segments?format=csv");
  assert.equal(other.answer.status, 422);
  assert.match(other.text(), /\?format/);
});

test("mistakes are told as JSON", async () => {
  const { answer, text } = await request("GET", "/v1/segments?nonsense=1", undefined, { Accept: STREAM });
  assert.equal(answer.status, 422);
  assert.match(answer.headers.get("Content-Type"), /problem\+json/);
  assert.match(text(), /nonsense/);
});

test("an answer without rows says so", async () => {
  const { answer, text } = await request("POST", "/v1/wom/simulate",
    { seeds: ["p1"], rival_seeds: ["p2"], simulations: 100 }, { Accept: STREAM });
  assert.equal(answer.status, 422, text());
});
