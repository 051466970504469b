// The npm package `cloudevents`, unmodified, posts activities in every content mode.

import assert from "node:assert/strict";
import { test } from "node:test";

import { CloudEvent, HTTP, Mode, emitterFor, httpTransport } from "cloudevents";

import { serve } from "./served.mjs";

const PEOPLE = 30;
const source = "https://mastodon.example/";
const person = (n) => `https://mastodon.example/users/p${n}`;
const post = (n) => `https://mastodon.example/posts/${n}`;

// Everyone posts; each answers, shares and likes the post of the one before, follows and mentions.
function activitiesOf(n) {
  const actor = person(n);
  const before = (n + PEOPLE - 1) % PEOPLE;
  return [
    { type: "Create", actor, object: { type: "Note", id: post(n), content: `<p>post nº ${n} &amp; more</p>` } },
    { type: "Create", actor, object: { type: "Note", id: `${post(n)}/reply`, inReplyTo: post(before), content: "yes" } },
    { type: "Announce", id: `${post(n)}/share`, actor, object: post(before) },
    { type: "Like", actor, object: post(before) },
    { type: "Follow", actor, object: person(before) },
    { type: "Create", actor: { id: actor, type: "Person" }, object: {
      type: "Note", id: `${post(n)}/mention`, content: "hello", tag: [{ type: "Mention", href: person(before) }] } },
  ];
}

const STORED = {
  "Post Created": 2 * PEOPLE,
  "Post Replied": PEOPLE,
  "Post Shared": PEOPLE,
  "Post Liked": PEOPLE,
  "Customer Followed": PEOPLE,
  "Customer Mentioned": PEOPLE,
  "com.example.login": PEOPLE,
};

function events() {
  const all = [];
  for (let n = 0; n < PEOPLE; ++n) {
    for (const data of activitiesOf(n)) {
      all.push(new CloudEvent({ id: `a-${all.length}`, source, type: "org.example.activity", data }));
    }
    all.push(new CloudEvent({
      id: `a-${all.length}`, source, type: "com.example.login", subject: person(n), data: { device: "phone", n } }));
  }
  return all;
}

async function assertStored(server) {
  assert.deepEqual(await server.eventCounts(), STORED);
  assert.equal(await server.size({ all: [
    { customers: [person(7)] },
    { event: "Post Created", where: [{ column: "text", eq: "post nº 7 & more" }] },
    { event: "Post Replied", where: [{ column: "parent_id", eq: post(6) }] },
    { event: "Post Shared", where: [{ column: "parent_id", eq: post(6) }] },
    { event: "Post Liked", where: [{ column: "parent_id", eq: post(6) }] },
    { event: "Customer Followed", where: [{ column: "target_id", eq: person(6) }] },
    { event: "Customer Mentioned", where: [{ column: "target_id", eq: person(6) }] },
    { event: "com.example.login", where: [{ column: "properties.device", eq: "phone" }] },
  ] }), 1);
  // Everyone is heard by the next one: a ring, in which all have the same rank.
  const { graph } = await (await fetch(`${server.url}/v1/influence?score=pagerank&limit=1`)).json();
  assert.deepEqual(graph, { customers: PEOPLE, edges: PEOPLE });
}

// Sends every event twice, as a sender does that has not heard an answer.
async function deliver(send) {
  const server = await serve();
  try {
    for (let i = 0; i < 2; ++i) await send(`${server.url}/v1/cloudevents`, events());
    await assertStored(server);
    assert.equal(await server.stop(), 0);
  } finally {
    await server.stop();
  }
}

for (const mode of [Mode.BINARY, Mode.STRUCTURED]) {
  test(`cloudevents emits in ${mode} mode`, () =>
    deliver(async (url, all) => {
      const emit = emitterFor(httpTransport(url), { mode });
      for (const event of all) {
        const answer = await emit(event);
        assert.deepEqual(JSON.parse(answer.body), { success: true });
      }
    }));
}

// The package reads batches, but writes none: this puts together what it wrote.
test("cloudevents in batches", () =>
  deliver(async (url, all) => {
    const body = `[${all.map((event) => HTTP.structured(event).body).join(",")}]`;
    assert.equal(HTTP.toEvent({ headers: { "content-type": "application/cloudevents-batch+json" }, body }).length, all.length);
    const answer = await fetch(url, { method: "POST", headers: { "Content-Type": "application/cloudevents-batch+json" }, body });
    assert.deepEqual([answer.status, await answer.json()], [200, { success: true }]);
  }));

test("what is wrong is a problem that names the place", async () => {
  const server = await serve();
  try {
    const event = new CloudEvent({ id: "1", source, type: "t", data: { type: "Follow", actor: person(1), object: {} } });
    const { headers, body } = HTTP.structured(event);
    const answer = await fetch(`${server.url}/v1/cloudevents`, { method: "POST", headers, body });
    assert.equal(answer.headers.get("content-type"), "application/problem+json");
    const { type, status, errors } = await answer.json();
    assert.deepEqual({ type, status, errors }, {
      type: "/problems/unprocessable", status: 422, errors: [{ pointer: "/data/object", detail: "has no id" }] });
  } finally {
    await server.stop();
  }
});
