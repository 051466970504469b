// Segment's and RudderStack's SDKs, as npm has them, deliver a thousand mixed calls without loss.
// Only where to send is configured, as their documentation says.

import assert from "node:assert/strict";
import { test } from "node:test";

import RudderAnalytics from "@rudderstack/rudder-sdk-node";
import { Analytics } from "@segment/analytics-node";

import { CUSTOMERS, STORED, mixedCalls } from "./mixed_calls.mjs";
import { serve } from "./served.mjs";

// Sends all calls; resolves when the SDK says of every one that it was delivered.
function deliverAll(client) {
  return Promise.all(
    mixedCalls().map(
      ({ kind, message }) =>
        new Promise((resolve, reject) => {
          client[kind](message, (error) => (error ? reject(error) : resolve()));
        }),
    ),
  );
}

async function assertNothingLost(server) {
  assert.deepEqual(await server.eventCounts(), STORED);
  const everyCustomer = [
    { event: ["Order Completed", "Product Viewed"], count: { eq: 5 } },
    { event: "Screen Viewed", count: { eq: 1 } },
    { attribute: "plan", eq: "pro" },
    { attribute: "age", between: [20, 69] },
    { attribute: "account_id", starts_with: "account-" },
  ];
  for (const definition of everyCustomer) {
    assert.equal(await server.size(definition), CUSTOMERS, JSON.stringify(definition));
  }
  // Every value that was sent is there: u0 ordered at 0, 4 and 8; a context travels too.
  assert.equal(await server.size({ all: [
    { customers: ["u0"] },
    { event: "Order Completed", sum: { of: "value", eq: 12 } },
    { event: "Order Completed", where: [{ column: "properties.note", eq: 'nº 4 "quoted"' }] },
    { event: "Product Viewed", where: [{ column: "properties.nested.deep", eq: 2 }] },
    { event: "Product Viewed", where: [{ column: "context.campaign.source", eq: "mail" }] },
    { attribute: "email", eq: "u0@example.com" },
    { attribute: "account_id", eq: "account-1" },
  ] }), 1);
  assert.equal(await server.size({ event: "Page Viewed", where: [
    { column: "properties.url", eq: "https://example.com/991" },
  ] }), 1);
}

test("@segment/analytics-node delivers a thousand mixed calls", async () => {
  const server = await serve();
  try {
    const client = new Analytics({ writeKey: "key", host: server.url, flushInterval: 200 });
    client.on("error", (error) => assert.fail(`${error.code}: ${error.reason}`));
    await deliverAll(client);
    await client.closeAndFlush();
    await assertNothingLost(server);
    assert.equal(await server.stop(), 0);
  } finally {
    await server.stop();
  }
});

for (const gzip of [true, false]) {
  test(`@rudderstack/rudder-sdk-node delivers a thousand mixed calls, gzip ${gzip}`, async () => {
    const server = await serve();
    try {
      const client = new RudderAnalytics("key", { dataPlaneUrl: server.url, gzip, flushInterval: 200 });
      await deliverAll(client);
      await client.flush();
      await assertNothingLost(server);
      assert.equal(await server.stop(), 0);
    } finally {
      await server.stop();
    }
  });
}
