// Every other kind of condition, and trees of them: {json, sql(asOf)}.

import { randomEvents, randomSequence } from "./event_conditions.mjs";
import { inBounds, list, local, satisfies, durationMs, inStretch, time } from "./sql.mjs";

function randomAttribute(data, random) {
  const attribute = random.pick(data.attributes);
  const rule = attribute.rule(random);
  const { sql, convert } = attribute;
  return { json: { attribute: attribute.name, ...rule }, sql: () => satisfies(sql, rule, convert) };
}

function randomSeen(data, random) {
  const last = random.chance(50);
  const bound = random.between(data.from, data.to);
  const rule = random.pick([{ gte: time(bound) }, { lt: time(bound) }, { within: "30d" },
                            { within: "this_month", timezone: "Asia/Seoul" }]);
  const json = { attribute: last ? "last_seen" : "first_seen", ...rule };
  const sql = (asOf) => {
    const seen = rule.gte || rule.lt
      ? inBounds("m", { [rule.gte ? "gte" : "lt"]: bound })
      : rule.timezone
        ? inStretch("m", rule.within, asOf, rule.timezone)
        : `m > ${asOf - durationMs(rule.within)}`;
    return `customer IN (SELECT customer FROM (SELECT customer, ${last ? "max" : "min"}(ts) AS m
      FROM ev WHERE ts <= ${asOf} GROUP BY customer) WHERE ${seen})`;
  };
  return { json, sql };
}

// Birthdays from today on until the window ends, by the days of Seoul.
function randomAnniversary(random) {
  const span = random.pick(["1d", "7d", "30d"]);
  const json = { attribute: "birth_date", anniversary_within: span, timezone: "Asia/Seoul" };
  const sql = (asOf) => `coalesce(strftime(birth_date::DATE, '%m-%d') IN (
    SELECT strftime(day, '%m-%d') FROM range(date_trunc('day', ${local(asOf, "Asia/Seoul")}),
      ${local(asOf + durationMs(span), "Asia/Seoul")}, INTERVAL 1 day) days(day)), false)`;
  return { json, sql };
}

// The place of a customer: the attributes', else that of the last event which has one.
const placed = (asOf, is) => `customer IN (SELECT customer FROM (SELECT cu.customer,
  CASE WHEN cu.latitude IS NULL OR cu.longitude IS NULL THEN e.latitude ELSE cu.latitude END AS lat,
  CASE WHEN cu.latitude IS NULL OR cu.longitude IS NULL THEN e.longitude ELSE cu.longitude END AS lon
  FROM cu LEFT JOIN (SELECT DISTINCT ON (customer) customer, latitude, longitude FROM ev
    WHERE latitude IS NOT NULL AND longitude IS NOT NULL AND ts <= ${asOf}
    ORDER BY customer, ts DESC, seq DESC) e USING (customer)) WHERE ${is})`;

function randomNear(random) {
  const near = { latitude: 35 + random.below(300) / 100, longitude: 126 + random.below(300) / 100,
                 radius_km: random.pick([3, 10.5, 40, 120, 400]) };
  // The law of cosines, not the haversine.
  const km = `6371.0088 * acos(least(1.0, sin(radians(lat)) * sin(radians(${near.latitude})) +
    cos(radians(lat)) * cos(radians(${near.latitude})) * cos(radians(lon - ${near.longitude}))))`;
  return { json: { near }, sql: (asOf) => placed(asOf, `lat IS NOT NULL AND ${km} <= ${near.radius_km}`) };
}

function randomBox(random) {
  const south = 34 + random.below(300) / 100;
  const west = 125 + random.below(400) / 100;
  const box = { south, west, north: south + random.below(200) / 100, east: west + random.below(200) / 100 };
  if (random.chance(20)) [box.west, box.east] = [box.east + 0.001, box.west];
  const { north, east } = box;
  const inside = box.west > east ? `(lon >= ${box.west} OR lon <= ${east})`
                                 : `lon BETWEEN ${box.west} AND ${east}`;
  return { json: { in_box: box },
           sql: (asOf) => placed(asOf, `lat BETWEEN ${south} AND ${north} AND ${inside}`) };
}

// Ties as pairs (a, b): b is one tie away from a.
const ties = (asOf, direction) => {
  const heard = `SELECT DISTINCT customer AS a, target AS b FROM ev WHERE social AND ts <= ${asOf}
    AND target IS NOT NULL AND target <> customer`;
  if (direction === "influenced_by") return heard;
  const turned = `SELECT b AS a, a AS b FROM (${heard})`;
  return direction === "influences" ? turned : `${heard} UNION ${turned}`;
};

function randomConnected(data, random, segments) {
  const segment = random.pick(segments);
  const direction = random.pick(["influenced_by", "influences", "either"]);
  const hops = random.between(1, data.hopsMax);
  const json = { connected_to: { segment: segment.name, hops, direction } };
  const sql = (asOf) => {
    const paths = ["SELECT a, b FROM ties"];
    if (hops >= 2) paths.push("SELECT t.a, u.b FROM ties t JOIN ties u ON t.b = u.a");
    if (hops >= 3) {
      paths.push("SELECT t.a, v.b FROM ties t JOIN ties u ON t.b = u.a JOIN ties v ON u.b = v.a");
    }
    return `customer IN (WITH ties AS (${ties(asOf, direction)})
      SELECT a FROM (${paths.join(" UNION ")}) WHERE a <> b AND
      b IN (SELECT customer FROM cu WHERE ${segment.sql(asOf)}))`;
  };
  return { json, sql };
}

// How deep everyone is in the crowd, by taking away who has too few neighbours; see coreNumbers.
function randomCore(data, random) {
  const json = { influence: "core_number" };
  const kind = random.below(4);
  if (kind === 0) json.top = random.between(1, 300);
  if (kind === 1) json.top_share = random.pick([0.01, 0.05, 0.07, 0.5, 1]);
  if (kind === 2) json.gte = random.between(0, 4);
  if (kind === 3) json.between = [random.between(0, 2), random.between(2, 5)];
  const sql = (asOf) => {
    const core = `core_${asOf}`;
    if (kind > 1) {
      return `customer IN (SELECT customer FROM ${core}
        WHERE ${inBounds("core", kind === 2 ? { gte: json.gte } : { between: json.between })})`;
    }
    const people = json.top ?? `(SELECT ceil(round(${json.top_share} * count(*), 6)) FROM ${core})`;
    return `customer IN (SELECT customer FROM (SELECT customer, row_number() OVER
      (ORDER BY core DESC, encode(customer)) AS place FROM ${core}) WHERE place <= ${people})`;
  };
  return { json, sql };
}

function randomLeaf(data, random, segments) {
  const kinds = ["events", "events", "events", "events", "sequence", "sequence", "seen", "customers"];
  if (data.attributes.length > 0) kinds.push("attribute", "attribute", "attribute");
  if (data.hasPlaces) kinds.push("near", "box", "anniversary");
  if (data.hopsMax > 0) kinds.push("core");
  if (segments.length > 0) kinds.push("segment");
  if (segments.length > 0 && data.hopsMax > 0) kinds.push("connected");
  switch (random.pick(kinds)) {
    case "events": return randomEvents(data, random);
    case "sequence": return randomSequence(data, random);
    case "seen": return randomSeen(data, random);
    case "attribute": return randomAttribute(data, random);
    case "anniversary": return randomAnniversary(random);
    case "near": return randomNear(random);
    case "box": return randomBox(random);
    case "core": return randomCore(data, random);
    case "connected": return randomConnected(data, random, segments);
    case "segment": {
      const segment = random.pick(segments);
      return { json: { segment: segment.name }, sql: (asOf) => `(${segment.sql(asOf)})` };
    }
    default: {
      const customers = random.some(data.people, 20);
      return { json: { customers }, sql: () => `customer IN ${list(customers)}` };
    }
  }
}

// A definition of at most `depth` levels. `segments`: stored ones that it may nest.
export function randomDefinition(data, random, segments, depth = 2) {
  if (depth === 0 || random.chance(45)) return randomLeaf(data, random, segments);
  const part = () => randomDefinition(data, random, segments, depth - 1);
  if (random.chance(20)) {
    const negated = part();
    return { json: { not: negated.json }, sql: (asOf) => `(NOT (${negated.sql(asOf)}))` };
  }
  const kind = random.pick(["all", "any"]);
  const parts = Array.from({ length: random.between(2, 3) }, part);
  return {
    json: { [kind]: parts.map(({ json }) => json) },
    sql: (asOf) => `(${parts.map(({ sql }) => `(${sql(asOf)})`).join(kind === "all" ? " AND " : " OR ")})`,
  };
}

