// PostHog's SDK for Node, as npm has it, delivers a thousand mixed calls without loss.

import assert from "node:assert/strict";
import { test } from "node:test";

import { PostHog } from "posthog-node";

import { CUSTOMERS, STORED, mixedCalls } from "./mixed_calls.mjs";
import { assertNothingLost } from "./nothing_lost.mjs";
import { serve } from "./served.mjs";

// The same call in PostHog's words; a group is told of through the event that PostHog makes of it.
function deliver(client, kind, { userId, anonymousId, event, properties, context, traits, groupId, previousId, name }) {
  switch (kind) {
    case "track":
      return client.capture({ distinctId: userId, event, properties: { ...properties, from: context } });
    case "page":
      return client.capture({
        distinctId: anonymousId, event: "$pageview",
        properties: { ...properties, name, $process_person_profile: false },
      });
    case "screen":
      return client.capture({ distinctId: userId, event: "$screen", properties: { ...properties, name } });
    case "identify":
      return client.identify({ distinctId: userId, properties: traits });
    case "group":
      return client.groupIdentify({ distinctId: userId, groupType: "company", groupKey: groupId, properties: traits });
    case "alias":
      return client.alias({ distinctId: userId, alias: previousId });
  }
  throw new Error(`no such kind: ${kind}`);
}

for (const disableCompression of [false, true]) {
  test(`posthog-node delivers a thousand mixed calls, gzip ${!disableCompression}`, async () => {
    const server = await serve();
    try {
      const client = new PostHog("phc_key", { host: server.url, flushAt: 50, flushInterval: 200, disableCompression });
      client.on("error", (error) => assert.fail(String(error)));
      for (const { kind, message } of mixedCalls()) deliver(client, kind, message);
      await client.shutdown();
      await assertNothingLost(server, { campaignColumn: "properties.from.campaign.source" });
      assert.equal(await server.size({ all: [{ attribute: "kind", eq: "visitor" }, { event: "Page Viewed" }] }), STORED["Page Viewed"]);
      assert.equal(await server.size({ attribute: "account.name", eq: "ACME" }), CUSTOMERS);
      assert.equal(await server.stop(), 0);
    } finally {
      await server.stop();
    }
  });
}
