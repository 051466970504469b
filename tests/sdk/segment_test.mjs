// Segment's and RudderStack's SDKs, as npm has them, deliver a thousand mixed calls without loss.
// Only where to send is configured, as their documentation says.

import assert from "node:assert/strict";
import { test } from "node:test";

import RudderAnalytics from "@rudderstack/rudder-sdk-node";
import { Analytics } from "@segment/analytics-node";

import { mixedCalls } from "./mixed_calls.mjs";
import { assertNothingLost } from "./nothing_lost.mjs";
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
