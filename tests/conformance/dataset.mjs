// The events and customers that queries are asked about: a few hundred rows with what is hard in them
// (NULLs, quotes, several scripts, hours that daylight saving skips and repeats, -0.0, large integers,
// ties). Said once, as calls that Grapevine collects and as tables of ClickHouse's.

import { Random } from "../duckdb/random.mjs";

const kNames = ["Order Completed", "Product Viewed", "Product Added", "Post Shared", "Ticket Opened"];
const kChannels = ["web", "app", "store", null, "e-mail"];
const kTexts = [
  null, "", "plain", "It's \"quoted\"", "back\\slash", "tab\tand\nline", "žluťoučký kůň", "한국어 문장",
  "emoji 🚀 here", "100% sure_thing", "UPPER lower", "  spaces  ", "a,b;c", "ŠČŘ",
];
const kCategories = ["shoes", "Shoes", "bags", "hats_and_caps", null, "50%"];
// Around the changes of summer time in Europe and New York, midnights, month ends, leap days.
const kMoments = [
  "2023-12-31T23:59:59.999Z", "2024-01-01T00:00:00.000Z", "2024-02-29T12:00:00.500Z",
  "2024-03-10T06:59:59.999Z", "2024-03-10T07:00:00.000Z", "2024-03-31T00:59:59.000Z",
  "2024-03-31T01:00:00.000Z", "2024-10-27T00:30:00.000Z", "2024-10-27T01:30:00.000Z",
  "2024-11-03T05:30:00.000Z", "2024-11-03T06:30:00.000Z", "2024-12-31T15:00:00.000Z",
  "2024-06-30T22:00:00.000Z", "2024-07-01T00:00:00.001Z",
];
// Sums of these are exact in any order; those of kPrices are not, but nothing cancels out.
const kValues = [0, -0.0, 1, -1, 0.5, 0.25, 1048576, -1048576, 12.5, 99.75, 0.0009765625, 3, 3, 7, 60];
const kPrices = [0.1, 0.2, 0.30000000000000004, 1.25, 19.99, 10, 1e9];
const kLarge = ["9223372036854775807", "-9223372036854775808", "9007199254740993", "0", "-1", "42"];

const kCustomers = 40;
const kEvents = 400;

// null, or one of them.
const some = (random, values, share) => (random.chance(share) ? random.pick(values) : null);

function makeEvents() {
  const random = new Random(20241127);
  const events = [];
  for (let i = 0; i < kEvents; ++i) {
    const ts = random.chance(30)
      ? random.pick(kMoments)
      : new Date(Date.UTC(2024, 0, 1) + random.below(366 * 24 * 60) * 60_000 + random.below(4) * 250)
          .toISOString();
    events.push({
      ts,
      event: random.pick(kNames),
      customer_id: `c${String(random.below(kCustomers)).padStart(2, "0")}`,
      event_id: `m${String(i).padStart(4, "0")}`,
      channel: random.pick(kChannels),
      order_id: some(random, ["o-1", "o-2", "o-3", "O-1"], 40),
      product_id: some(random, ["p1", "p2", "p3", "p10", "p02"], 70),
      category: random.pick(kCategories),
      value: some(random, kValues, 80),
      rating: some(random, [1, 2, 3.5, 4, 5], 50),
      // Text that is empty is kept as it is; what has none gets no sentiment either.
      text: random.pick(kTexts),
      "properties.quantity": some(random, [0, 1, 2, 3, 100], 80),
      "properties.price": some(random, kPrices, 70),
      "properties.gift": some(random, [true, false], 60),
      "properties.coupon": some(random, ["SAVE10", "save10", "", "10%", "a_b"], 50),
      "properties.large": some(random, kLarge, 60),
    });
  }
  return events;
}

function makeCustomers() {
  const random = new Random(7);
  const customers = [];
  for (let i = 0; i < kCustomers; ++i) {
    customers.push({
      customer_id: `c${String(i).padStart(2, "0")}`,
      age: some(random, [18, 25, 25, 33, 47, 64], 85),
      city: some(random, ["Praha", "Seoul", "New York", "São Paulo", "O'Fallon"], 80),
      balance: some(random, [0, -1.5, 10.25, 1e6, 0.1], 70),
      vip: some(random, [true, false], 50),
    });
  }
  return customers;
}

export const events = makeEvents();
export const customers = makeCustomers();

const kEventColumns = [
  ["ts", "DateTime64(3)"], ["event", "String"], ["customer_id", "String"], ["event_id", "String"],
  ["channel", "Nullable(String)"], ["order_id", "Nullable(String)"],
  ["product_id", "Nullable(String)"], ["category", "Nullable(String)"],
  ["value", "Nullable(Float64)"], ["rating", "Nullable(Float32)"], ["text", "Nullable(String)"],
  ["properties.quantity", "Nullable(Int64)"], ["properties.price", "Nullable(Float64)"],
  ["properties.gift", "Nullable(Bool)"], ["properties.coupon", "Nullable(String)"],
  ["properties.large", "Nullable(Int64)"],
];
const kCustomerColumns = [
  ["customer_id", "String"], ["first_seen", "Nullable(DateTime64(3))"],
  ["last_seen", "Nullable(DateTime64(3))"], ["age", "Nullable(Int64)"],
  ["city", "Nullable(String)"], ["balance", "Nullable(Float64)"], ["vip", "Nullable(Bool)"],
];
/// Columns that queries may name: {events: [[name, type]], customers: ...}.
export const columns = { events: kEventColumns, customers: kCustomerColumns };

// JSON with integers that a double does not hold, and -0.0, which JSON.stringify writes as 0.
function json(value) {
  if (Array.isArray(value)) return `[${value.map(json).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${json(member)}`).join(",")}}`;
  }
  if (Object.is(value, -0)) return "-0.0";
  if (typeof value === "string" && value.startsWith("\u0000")) return value.slice(1);
  return JSON.stringify(value);
}
const verbatim = (text) => `\u0000${text}`;

/// Calls of the collect API, one a line.
export function calls() {
  const lines = customers.map(({ customer_id, ...traits }) =>
    json({
      type: "identify", userId: customer_id, messageId: `i-${customer_id}`,
      timestamp: "2023-01-01T00:00:00.000Z",
      traits: Object.fromEntries(Object.entries(traits).map(([name, value]) =>
        [name, value === null ? undefined : value])),
    }));
  for (const event of events) {
    const properties = {};
    for (const [name] of kEventColumns.slice(4)) {
      const value = event[name];
      if (value === null) continue;
      const said = name.replace("properties.", "");
      properties[said] = said === "large" ? verbatim(value) : value;
    }
    // A whole number would make the column an integer one.
    for (const name of ["price"]) {
      if (Number.isInteger(properties[name])) properties[name] = verbatim(`${properties[name]}.0`);
    }
    lines.push(json({
      type: "track", event: event.event, userId: event.customer_id, messageId: event.event_id,
      timestamp: event.ts, properties,
    }));
  }
  return lines.join("\n") + "\n";
}

const quoted = (text) => `'${text.replace(/\\/g, "\\\\").replace(/'/g, "\\'")}'`;
function literal(value, type) {
  if (value === null || value === undefined) return "NULL";
  if (type.includes("Date")) return `toDateTime64(${quoted(value.replace("T", " ").replace("Z", ""))}, 3, 'UTC')`;
  if (type.includes("Int64")) return String(value);
  if (typeof value === "string") return quoted(value);
  if (Object.is(value, -0)) return "-0.0";
  return String(value);
}

/// A customer with the times of their first and last event.
export function seen(customer) {
  const times = events.filter((e) => e.customer_id === customer.customer_id).map((e) => e.ts).sort();
  return { ...customer, first_seen: times[0] ?? null, last_seen: times.at(-1) ?? null };
}

/// CREATE and INSERT statements of the same tables.
export function tables() {
  const statements = [];
  for (const [name, shape, rows] of [["events", kEventColumns, events],
                                     ["customers", kCustomerColumns, customers.map(seen)]]) {
    const shapes = shape.map(([column, type]) => `\`${column}\` ${type}`).join(", ");
    statements.push(`CREATE TABLE ${name} (${shapes}) ENGINE = MergeTree ORDER BY tuple()`);
    const values = rows.map((row) =>
      `(${shape.map(([column, type]) => literal(row[column], type)).join(", ")})`);
    statements.push(`INSERT INTO ${name} VALUES ${values.join(", ")}`);
  }
  return statements;
}
