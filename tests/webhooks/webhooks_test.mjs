// Webhooks and followers of the real binary: receivers that fail, servers that are killed.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { receive, SECRET } from "./received.mjs";
import { serve } from "./served.mjs";

const SEGMENT = "/v1/segments/buyers";
const BUYERS = { definition: { event: "Order Completed" } };

function folderFor(context) {
  const folder = mkdtempSync(join(tmpdir(), "grapevine-webhooks-"));
  context.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

// What a receiver knows who applies every change in order: nobody may enter twice without having
// left but where a delivery was repeated, which begins where an earlier one began.
function membersAfter(deliveries) {
  const members = new Set();
  for (const delivery of deliveries) {
    if (delivery.restart) members.clear();
    for (const change of delivery.changes) {
      if (change.change === "entered") members.add(change.customer_id);
      else members.delete(change.customer_id);
    }
  }
  return [...members].sort();
}

test("a receiver that fails and a server that is killed lose nothing and mix nothing up", async (context) => {
  const folder = folderFor(context);
  // Every third delivery is refused, every seventh breaks off: after it was read, so it comes again.
  const receiver = await receive({ answer: (n) => (n % 7 === 5 ? 0 : n % 3 === 1 ? 500 : 200) });
  context.after(() => receiver.close());
  let server = await serve(folder);
  await server.ask("PUT", SEGMENT, BUYERS);
  await server.ask("PUT", `${SEGMENT}/webhook`, { url: `http://127.0.0.1:${receiver.port}/`, secret: SECRET, batch: 3 });
  const expected = [];
  for (let n = 0; n < 60; ++n) {
    const id = `c${String(n).padStart(3, "0")}`;
    await server.track(id, "Order Completed");
    expected.push(`+${id}`);
    if (n % 20 === 10) {
      const taken = receiver.deliveries.length;
      await receiver.until(() => receiver.deliveries.length > taken);
      await server.kill();
      server = await serve(folder);
    }
  }
  await receiver.until((told) => new Set(told).size === expected.length);
  // Each arrived, the first arrivals in the order of the stream, and all by now are members.
  assert.deepEqual([...new Set(receiver.told())].sort(), expected);
  const page = await server.ask("GET", `${SEGMENT}/changes?limit=10000`);
  assert.deepEqual([...new Set(receiver.told())], page.changes.map((c) => `+${c.customer_id}`));
  assert.deepEqual(membersAfter(receiver.deliveries), expected.map((told) => told.slice(1)));
  const state = await server.ask("GET", `${SEGMENT}/webhook`);
  assert.equal("secret" in state, false);
  assert.equal(await server.stop(), 0);
});

test("consent that is withdrawn is a member that leaves", async (context) => {
  const server = await serve(folderFor(context));
  const receiver = await receive();
  context.after(() => receiver.close());
  for (const [id, email] of [["ann", true], ["bob", false], ["eve", true]]) {
    await server.ask("POST", "/v1/identify", { userId: id, traits: { consent: { email } } });
    await server.track(id, "Order Completed");
  }
  await server.ask("PUT", SEGMENT, BUYERS);
  await server.ask("PUT", `${SEGMENT}/webhook`, { url: `http://localhost:${receiver.port}/`, secret: SECRET, consent: "email" });
  await receiver.until((told) => told.length === 2);
  assert.deepEqual(receiver.told().sort(), ["+ann", "+eve"]);
  await server.ask("POST", "/v1/identify", { userId: "ann", traits: { consent: { email: false } } });
  await receiver.until((told) => told.length === 3);
  assert.equal(receiver.told()[2], "-ann");
  await server.ask("POST", "/v1/identify", { userId: "eve", traits: { processing_restricted: true } });
  await receiver.until((told) => told.length === 4);
  assert.equal(receiver.told()[3], "-eve");
  await server.ask("DELETE", SEGMENT);
  await assert.rejects(server.ask("GET", `${SEGMENT}/webhook`), /404/);
  assert.equal(await server.stop(), 0);
});

test("https goes to who the certificate says, and to nobody else", async (context) => {
  const folder = folderFor(context);
  const keys = folderFor(context);
  const key = join(keys, "key.pem");
  const certificate = join(keys, "certificate.pem");
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
    "-keyout", key, "-out", certificate, "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"], { stdio: "ignore" });
  const receiver = await receive({ tls: { key: readFileSync(key), cert: readFileSync(certificate) } });
  context.after(() => receiver.close());
  const put = (server, host) =>
    server.ask("PUT", `${SEGMENT}/webhook`, { url: `https://${host}:${receiver.port}/`, secret: SECRET });
  const failure = async (server) => {
    for (;;) {
      const { last_error } = await server.ask("GET", `${SEGMENT}/webhook`);
      if (last_error) return last_error.detail;
    }
  };

  let server = await serve(folder);
  await server.track("ann", "Order Completed");
  await server.ask("PUT", SEGMENT, BUYERS);
  await put(server, "localhost");
  assert.match(await failure(server), /^TLS failed: certificate verify failed/, "nobody vouches for it");
  assert.equal(await server.stop(), 0);

  assert.equal(receiver.deliveries.length, 0);

  server = await serve(folder, { SSL_CERT_FILE: certificate });
  await receiver.until((told) => told.length === 1);
  assert.deepEqual(receiver.told(), ["+ann"]);
  await put(server, "127.0.0.1");
  assert.match(await failure(server), /^TLS failed: certificate verify failed/, "another host's");
  assert.equal(receiver.deliveries.length, 1);
  assert.equal(await server.stop(), 0);
});

// Events of text/event-stream, one after the other.
async function* events(server, path, headers) {
  const answer = await fetch(server.url + path, { headers: { Accept: "text/event-stream", ...headers } });
  assert.equal(answer.status, 200);
  let text = "";
  for await (const piece of answer.body) {
    text += Buffer.from(piece).toString();
    for (let end; (end = text.indexOf("\n\n")) >= 0; text = text.slice(end + 2)) {
      const fields = Object.fromEntries(text.slice(0, end).split("\n").map((line) => line.split(/: (.*)/s)));
      if (fields.data) yield { ...fields, data: JSON.parse(fields.data) };
    }
  }
}

test("a follower goes on behind the last event, also of a server that was killed", async (context) => {
  const folder = folderFor(context);
  let server = await serve(folder);
  await server.track("ann", "Order Completed");
  await server.ask("PUT", SEGMENT, BUYERS);
  let following = events(server, `${SEGMENT}/changes`);
  let { value } = await following.next();
  assert.deepEqual([value.event, value.data.customer_id, value.data.change], ["entered", "ann", "entered"]);
  await server.track("bob", "Order Completed");
  ({ value } = await following.next());
  assert.equal(value.data.customer_id, "bob");
  await server.kill();
  await assert.rejects(following.next());

  server = await serve(folder);
  await server.track("eve", "Order Completed");
  following = events(server, `${SEGMENT}/changes`, { "Last-Event-ID": value.id });
  ({ value } = await following.next());
  assert.equal(value.data.customer_id, "eve");
  await server.ask("DELETE", SEGMENT);
  ({ value } = await following.next());
  assert.equal(value.event, "ended");
  assert.equal((await following.next()).done, true);
  assert.equal(await server.stop(), 0);
});
