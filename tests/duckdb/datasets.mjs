// Data for both: what Grapevine imports and the tables `ev` and `cu` of DuckDB, made from the same files
// without each other's help; and what a condition may ask of them.

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { literal, time } from "./sql.mjs";

const kDay = 86400e3;
const kShared = new URL("../../../shared/data/", import.meta.url).pathname;
const kSocial = ["Post Shared", "Post Replied", "Customer Mentioned", "Post Liked", "Customer Followed"];

const strings = (name, values, sql = name) => ({
  name, sql, convert: literal,
  rule: (random) => random.pick([
    () => ({ eq: random.pick(values) }),
    () => ({ ne: random.pick(values) }),
    () => ({ in: random.some(values, 4) }),
    () => ({ not_in: random.some(values, 4) }),
    () => ({ exists: random.chance(50) }),
    () => ({ contains: random.pick(values).slice(1, 3) }),
    () => ({ starts_with: random.pick(values).slice(0, 2) }),
    () => ({ gte: random.pick(values) }),
  ])(),
});
const numbers = (name, least, most, convert = literal, sql = name) => ({
  name, sql, convert,
  rule: (random) => random.pick([
    () => ({ eq: random.between(least, most) }),
    () => ({ not_in: [random.between(least, most), random.between(least, most)] }),
    () => ({ lt: random.between(least, most) }),
    () => ({ gt: random.between(least, most) + 0.5 }),
    () => ({ between: [random.between(least, most), random.between(least, most)] }),
    () => ({ exists: random.chance(50) }),
  ])(),
});
const moments = (from, to) => ({
  name: "ts", sql: "ts", convert: (moment) => String(Date.parse(moment)),
  rule: (random) => {
    const moment = () => time(random.between(from, to));
    return random.pick([
      () => ({ [random.pick(["lt", "lte", "gt", "gte", "eq"])]: moment() }),
      () => ({ between: [moment(), moment()] }),
      () => ({ exists: random.chance(80) }),
    ])();
  },
});
// `not_event` takes no rule on it.
const people = (ids) => ({
  name: "customer_id", sql: "customer", convert: literal, ofOwnEvents: true,
  rule: (random) => ({ [random.pick(["in", "not_in"])]: random.some(ids, 6) }),
});
const truths = (name, sql) => ({
  name, sql, convert: literal,
  rule: (random) => random.pick([{ eq: true }, { ne: true }, { eq: false }, { exists: false }]),
});

export class Folder {
  path = mkdtempSync(join(tmpdir(), "grapevine-duckdb-"));
  file(name, lines) {
    const path = join(this.path, name);
    if (lines) writeFileSync(path, lines.map((line) => JSON.stringify(line)).join("\n") + "\n");
    return path;
  }
  remove() {
    rmSync(this.path, { recursive: true });
  }
}

function run(command, ...args) {
  const ended = spawnSync(command, args, { encoding: "utf8" });
  if (ended.status !== 0) throw new Error(`${command} ${args[0]}: ${ended.stderr}`);
}

const importInto = (server, file, ...options) =>
  run(process.env.GRAPEVINE_BINARY, "import", "--server", server.url, ...options, file);

// As 32 bits keep it.
function degrees(call, name) {
  const value = call.properties[name] ?? call.context.location?.[name];
  return value === undefined ? null : Math.fround(value);
}

// The generated world without visitors that become customers and items of orders, with some places.
async function loadWorld(server, db) {
  const folder = new Folder();
  const [events, customers] = [folder.file("events"), folder.file("customers")];
  run(process.env.GRAPEVINE_BINARY, "generate", "--customers", "2500", "--events", "30000",
      "--seed", "5", "--until", "2026-06-01", "--out", events, "--customers-out", customers);
  const lines = (file) => readFileSync(file, "utf8").trimEnd().split("\n").map(JSON.parse);
  const authors = new Map();
  const rows = lines(events).map((call, seq) => {
    const { products, ...properties } = call.properties;
    if (seq % 3 === 0) {
      properties.latitude = 35 + (seq % 64) / 32;
      properties.longitude = 126 + (seq % 96) / 32;
    }
    // Whole quarters of an hour, so that many times are the same.
    const ts = Math.floor(Date.parse(call.timestamp) / 900e3) * 900e3;
    const userId = call.userId ?? call.anonymousId;
    if (properties.content_id && !authors.has(properties.content_id)) {
      authors.set(properties.content_id, userId);
    }
    return { ...call, userId, anonymousId: undefined, timestamp: time(ts), properties };
  });
  const identified = lines(customers).map(({ anonymousId, ...call }) => call);
  importInto(server, folder.file("calls", identified), "--table", "customers");
  importInto(server, folder.file("calls", rows), "--table", "events");

  await db.run(`CREATE TABLE ev AS SELECT * FROM read_json('${folder.file("rows", rows.map((call, seq) => ({
    seq, ts: Date.parse(call.timestamp), event: call.event, customer: call.userId,
    target: call.properties.target_id ?? authors.get(call.properties.parent_id) ?? null,
    social: kSocial.includes(call.event), channel: call.context.channel ?? null,
    product_id: call.properties.product_id ?? null, category: call.properties.category ?? null,
    brand: call.properties.brand ?? null, coupon: call.properties.coupon ?? null,
    value: call.properties.revenue ?? call.properties.value ?? null,
    price: call.properties.price ?? null, rating: call.properties.rating ?? null,
    latitude: degrees(call, "latitude"), longitude: degrees(call, "longitude"),
  })))}', format='newline_delimited', columns={seq: 'BIGINT', ts: 'BIGINT', event: 'VARCHAR',
    customer: 'VARCHAR', target: 'VARCHAR', social: 'BOOLEAN', channel: 'VARCHAR', product_id: 'VARCHAR',
    category: 'VARCHAR', brand: 'VARCHAR', coupon: 'VARCHAR', value: 'DOUBLE', price: 'BIGINT',
    rating: 'FLOAT', latitude: 'DOUBLE', longitude: 'DOUBLE'})`);
  await db.run(`CREATE TABLE traits AS SELECT * FROM read_json('${folder.file("traits", identified.map((call) => ({
    customer: call.userId, age: call.traits.age ?? null, region: call.traits.region ?? null,
    hobby: call.traits.hobby ?? null, tier: call.traits.tier ?? null, email: call.traits.email ?? null,
    own: call.traits.own ?? null, consent_email: call.traits.consent?.email ?? null,
    birth_date: call.traits.birth_date ?? null, latitude: call.traits.latitude ?? null,
    longitude: call.traits.longitude ?? null,
  })))}', format='newline_delimited', columns={customer: 'VARCHAR', age: 'BIGINT', region: 'VARCHAR',
    hobby: 'VARCHAR', tier: 'VARCHAR', email: 'VARCHAR', own: 'BOOLEAN', consent_email: 'BOOLEAN',
    birth_date: 'VARCHAR', latitude: 'DOUBLE', longitude: 'DOUBLE'})`);
  await db.run(`CREATE TABLE cu AS SELECT * FROM traits FULL JOIN (SELECT customer FROM ev UNION
    SELECT target FROM ev WHERE target IS NOT NULL) USING (customer)`);
  folder.remove();
  const [from, to] = [Date.parse("2026-03-01"), Date.parse("2026-06-01")];
  return {
    from, to, asOfs: [to, Date.parse("2026-05-20T03:20:00Z"), Date.parse("2026-04-01T00:00:00Z")],
    events: ["Product Viewed", "Page Viewed", "Product Added", "Order Completed", "Post Shared",
             "Post Liked", "Ticket Opened", "Product Reviewed"],
    spans: ["15m", "12h", "7d", "30d", "8w"], conversions: ["1h", "2d", "1w"], hopsMax: 2, hasPlaces: true,
    people: rows.slice(0, 200).map((row) => row.userId),
    columns: [
      strings("channel", ["web", "app", "email", "store"]),
      strings("category", ["camping", "golf", "outdoor"]),
      strings("brand", ["Haneulbit", "Norvane"]),
      strings("properties.coupon", ["WELCOME", "SPRING"], "coupon"),
      strings("product_id", ["p0001", "p0181", "p0040"]),
      numbers("value", 5000, 90000),
      numbers("rating", 1, 5, (n) => `CAST(${n} AS FLOAT)`),
      numbers("properties.price", 5000, 90000, literal, "price"),
      moments(from, to), people(rows.slice(0, 200).map((row) => row.userId)),
    ],
    numbers: [{ name: "value", values: [9000, 30000, 64000, 150000] },
              { name: "rating", values: [1, 2, 3, 4] }],
    distinct: ["channel", "category", "brand", "product_id", "target_id", "rating", "value"],
    attributes: [
      numbers("age", 14, 80),
      strings("region", ["Seoul Guro-gu", "Busan Haeundae-gu", "Gyeonggi Suwon-si"]),
      strings("hobby", ["camping", "golf", "hiking"]),
      strings("tier", ["gold", "silver", "bronze"]),
      strings("email", ["c0000017@example.com", "c0000100@example.com"]),
      truths("own", "own"),
      truths("consent.email", "consent_email"),
      strings("birth_date", ["1990-05-20", "1984-01-01", "2001-12-31"]),
      numbers("latitude", 33, 38),
    ],
  };
}

// Who shared, mentioned and answered whom around the discovery of the Higgs boson.
async function loadHiggs(server, db) {
  const file = `${kShared}higgs-twitter/higgs-activity_time.txt.gz`;
  if (!existsSync(file)) return null;
  importInto(server, file, "--table", "events", "--format", "higgs");
  await db.run(`CREATE TABLE ev AS SELECT row_number() OVER () AS seq, s * 1000 AS ts,
    CASE kind WHEN 'RT' THEN 'Post Shared' WHEN 'MT' THEN 'Customer Mentioned' ELSE 'Post Replied' END
      AS event, a AS customer, b AS target, true AS social
    FROM read_csv('${file}', delim=' ', header=false, parallel=false,
      columns={a: 'VARCHAR', b: 'VARCHAR', s: 'BIGINT', kind: 'VARCHAR'})`);
  await db.run("CREATE TABLE cu AS SELECT customer FROM ev UNION SELECT target FROM ev");
  const [from, to] = [1341100972e3, 1341705594e3];
  return {
    from, to, asOfs: [to, from + 3 * kDay],
    events: ["Post Shared", "Customer Mentioned", "Post Replied"],
    spans: ["15m", "12h", "1d", "3d"], conversions: ["15m", "6h", "1d"], hopsMax: 1, hasPlaces: false,
    people: ["88", "14454", "677", "1503", "348", "nobody"],
    columns: [strings("target_id", ["88", "14454", "677", "1503", "1988"], "target"),
              moments(from, to), people(["88", "14454", "677", "1503", "348", "nobody"])],
    numbers: [], distinct: ["target_id"], attributes: [],
  };
}

// Eighteen months of purchases of compact discs.
async function loadCdnow(server, db) {
  const file = `${kShared}cdnow/CDNOW_master.txt`;
  if (!existsSync(file)) return null;
  const folder = new Folder();
  const rows = [];
  for (const line of readFileSync(file, "utf8").split("\n")) {
    const [customer, date, quantity, value] = line.trim().split(/\s+/);
    if (!/^\d{8}$/.test(date ?? "")) continue;
    const ts = Date.UTC(date.slice(0, 4), date.slice(4, 6) - 1, date.slice(6));
    rows.push({ seq: rows.length, ts, event: "Order Completed", customer, quantity: Number(quantity),
                value: Number(value) });
  }
  importInto(server, folder.file("calls", rows.map(({ ts, event, customer, quantity, value }) => ({
    type: "track", event, userId: customer, timestamp: time(ts), properties: { quantity, value } }))),
    "--table", "events");
  await db.run(`CREATE TABLE ev AS SELECT *, NULL::VARCHAR AS target, false AS social
    FROM read_json('${folder.file("rows", rows)}', format='newline_delimited', columns={seq: 'BIGINT',
      ts: 'BIGINT', event: 'VARCHAR', customer: 'VARCHAR', quantity: 'BIGINT', value: 'DOUBLE'})`);
  await db.run("CREATE TABLE cu AS SELECT DISTINCT customer FROM ev");
  folder.remove();
  const [from, to] = [Date.parse("1997-01-01"), Date.parse("1998-07-01")];
  return {
    from, to, asOfs: [to, Date.parse("1997-10-15T12:00:00Z")],
    events: ["Order Completed"],
    spans: ["7d", "30d", "12w", "360d"], conversions: ["7d", "60d", "26w"], hopsMax: 0, hasPlaces: false,
    people: ["00001", "00003", "23570", "99999"],
    columns: [numbers("value", 5, 80), numbers("properties.quantity", 1, 6, literal, "quantity"),
              moments(from, to), people(["00001", "00003", "23570", "99999"])],
    numbers: [{ name: "value", values: [11.77, 35.2, 80.9, 200] }],
    distinct: ["value"], attributes: [],
  };
}

export const kDatasets = [
  { name: "the generated world", load: loadWorld, definitions: 200, seed: 1 },
  { name: "the Higgs tweets", load: loadHiggs, definitions: 40, seed: 2 },
  { name: "the CDNOW purchases", load: loadCdnow, definitions: 60, seed: 3 },
];
