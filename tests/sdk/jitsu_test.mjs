// Jitsu's SDK, as npm has it, delivers mixed calls from Node without loss.

import assert from "node:assert/strict";
import { test } from "node:test";

import { jitsuAnalytics } from "@jitsu/js";

import { serve } from "./served.mjs";

const CUSTOMERS = 40;

for (const s2s of [false, true]) {
  test(`@jitsu/js delivers every call, server to server ${s2s}`, async () => {
    const server = await serve();
    try {
      for (let n = 0; n < CUSTOMERS; ++n) {
        // A client stands for one person at a time.
        const client = jitsuAnalytics({
          host: server.url, writeKey: "key:secret", s2s, fetchTimeoutMs: 10_000, errorPolicy: "rethrow",
        });
        await client.identify(`u${n}`, { age: 20 + n, plan: "pro" });
        await client.track("Order Completed", { revenue: n, note: `nº ${n} "quoted"` });
        await client.page({ url: `https://example.com/${n}`, name: "Home" });
        await client.group(`account-${n % 3}`, { name: "ACME" });
      }
      assert.deepEqual(await server.eventCounts(), { "Order Completed": CUSTOMERS, "Page Viewed": CUSTOMERS });
      for (const definition of [
        { event: "Order Completed", count: { eq: 1 } },
        { event: "Page Viewed", count: { eq: 1 } },
        { attribute: "plan", eq: "pro" },
        { attribute: "account_id", starts_with: "account-" },
        { attribute: "account.name", eq: "ACME" },
      ]) {
        assert.equal(await server.size(definition), CUSTOMERS, JSON.stringify(definition));
      }
      assert.equal(await server.size({ all: [
        { customers: ["u7"] },
        { attribute: "age", eq: 27 },
        { event: "Order Completed", sum: { of: "value", eq: 7 } },
        { event: "Order Completed", where: [{ column: "properties.note", eq: 'nº 7 "quoted"' }] },
      ] }), 1);
      assert.equal(await server.stop(), 0);
    } finally {
      await server.stop();
    }
  });
}
