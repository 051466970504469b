// What must be stored of mixed_calls.mjs, whoever delivered them.

import assert from "node:assert/strict";

import { CUSTOMERS, STORED } from "./mixed_calls.mjs";

// `campaignColumn`: where what Segment calls the context stands.
export async function assertNothingLost(server, { campaignColumn = "context.campaign.source" } = {}) {
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
    { event: "Product Viewed", where: [{ column: campaignColumn, eq: "mail" }] },
    { attribute: "email", eq: "u0@example.com" },
    { attribute: "account_id", eq: "account-1" },
  ] }), 1);
  assert.equal(await server.size({ event: "Page Viewed", where: [
    { column: "properties.url", eq: "https://example.com/991" },
  ] }), 1);
}
