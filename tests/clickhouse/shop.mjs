// A small shop's events, which tests store and add up again by themselves.

import { serve } from "../sdk/served.mjs";

const kChannels = ["web", "twitter", "email", "mastodon"];
const kHour = 3_600_000;
export const kFirst = Date.UTC(2026, 0, 1);

// 1,000 events, one an hour: {ts (epoch ms), event, customer_id, channel, value, event_id}.
export const events = Array.from({ length: 1000 }, (_, i) => ({
  ts: kFirst + i * kHour,
  event: i % 5 === 0 ? "Product Viewed" : "Order Completed",
  customer_id: `c${i % 25}`,
  channel: kChannels[i % 4],
  value: i % 5 === 0 ? null : (i % 10) * 1.5,
  event_id: `e${i}`,
}));

// A server that has them.
export async function serveShop() {
  const server = await serve();
  const lines = events.map((e) =>
    JSON.stringify({
      type: "track",
      event: e.event,
      userId: e.customer_id,
      messageId: e.event_id,
      timestamp: new Date(e.ts).toISOString(),
      properties: { channel: e.channel, ...(e.value === null ? {} : { revenue: e.value }) },
    }),
  );
  const answer = await fetch(`${server.url}/v1/import?table=events`, {
    method: "POST",
    headers: { "Content-Type": "application/x-ndjson" },
    body: lines.join("\n") + "\n",
  });
  const told = await answer.json();
  if (told.accepted !== events.length) throw new Error(JSON.stringify(told));
  return server;
}

// The events by what `keyOf` says of them: [[key, events], ...] in order of the keys.
export function grouped(rows, keyOf) {
  const groups = new Map();
  for (const row of rows) {
    const key = keyOf(row);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(row);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

export const sum = (rows, of) => rows.reduce((total, row) => total + (of(row) ?? 0), 0);

// "2026-01-01 00:00:00.000"
export const timeText = (ms) => new Date(ms).toISOString().replace("T", " ").replace("Z", "");
