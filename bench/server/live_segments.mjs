// What keeping segments live costs, and how soon they are right: a thousand segments (two to four conditions
// each over twenty event names, a tenth with sequences) on a stream of events. The same stream is sent without
// them first, so that the difference is theirs.
//
//   node live_segments.mjs ../../build/release/grapevine FOLDER [--customers 1000000] [--segments 1000] [--rate 20000] [--seconds 30]
//
// FOLDER: of a world that `segments_suite make` made; it is copied, not written to.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

const { values: options, positionals: [binary, folder] } = parseArgs({
  allowPositionals: true,
  options: {
    customers: { type: 'string', default: '1000000' },
    segments: { type: 'string', default: '1000' },
    rate: { type: 'string', default: '20000' },
    seconds: { type: 'string', default: '30' },
  },
});
const people = Number(options.customers);  // Of the world: c0000000 and so on.
const segments = Number(options.segments);
const rate = Number(options.rate);
const seconds = Number(options.seconds);

let state = 1;
const random = (below) => {  // A generator of its own, so that every run sends the same.
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return (state >>> 8) % below;
};
const pick = (list) => list[random(list.length)];
const names = Array.from({ length: 20 }, (_, i) => `Step ${i}`);

const cpuOf = (pid) => {  // Seconds, user and system.
  const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
};
const freePort = () => new Promise((resolve) => {
  const server = net.createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});
const sleep = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

const copy = fs.mkdtempSync(path.join(os.tmpdir(), 'live-segments-'));
execFileSync(path.resolve(binary), ['backup', folder, '--to', path.join(copy, 'data')], { stdio: 'ignore' });
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const server = spawn(path.resolve(binary), ['serve', '--listen', `127.0.0.1:${port}`, '--data', path.join(copy, 'data')],
                     { stdio: 'ignore' });

const ask = async (method, target, body) => {
  const answer = await fetch(url + target, { method, body: body && JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${target}: ${answer.status} ${await answer.text()}`);
  return answer.json();
};

function condition() {
  const window = pick(['1h', '1d', '7d', '30d']);
  const event = pick(names);
  switch (random(4)) {
    case 0: return { event, within: window, count: { gte: 1 + random(3) } };
    case 1: return { event, within: window, sum: { of: 'value', gte: random(300) } };
    case 2: return { event, within: window, where: [{ column: 'channel', eq: pick(['web', 'app']) }] };
    default: return { not: { event, within: window } };
  }
}
function definition(i) {
  const conditions = Array.from({ length: 2 + random(3) }, condition);
  if (i % 10 === 0) {
    conditions[0] = { sequence: [{ event: pick(names) }, { event: pick(names) }], within: '7d',
                      conversion_window: '2d' };
  }
  return { all: conditions };
}

let probes = 0;
const sent = new Map();
function batch(events, probe) {
  const calls = [];
  for (let i = 0; i < events; ++i) {
    calls.push({ type: 'track', userId: `c${String(random(people)).padStart(7, '0')}`, event: pick(names),
                 properties: { value: random(100), channel: pick(['web', 'app', 'store']) } });
  }
  if (probe) {
    const userId = `probe-${++probes}`;
    calls.push({ type: 'track', userId, event: 'Probed' });
    sent.set(userId, performance.now());
  }
  return JSON.stringify({ batch: calls });
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
const post = (body) => new Promise((resolve, reject) => {
  const request = http.request({ port, host: '127.0.0.1', path: '/v1/batch', method: 'POST', agent }, (answer) => {
    answer.resume();
    answer.on('end', () => (answer.statusCode === 200 ? resolve() : reject(new Error(`${answer.statusCode}`))));
  });
  request.on('error', reject);
  request.end(body);
});

// Sends `rate` events a second; the CPU that the server took, in cores.
async function stream(probe) {
  const each = rate / 20;
  const ready = Array.from({ length: 40 }, () => batch(each, false));
  const cpu = cpuOf(server.pid);
  const begun = performance.now();
  const waiting = new Set();
  let count = 0;
  for (let tick = 0; tick < seconds * 20; ++tick) {
    const due = begun + tick * 50;
    if (performance.now() < due) await sleep(due - performance.now());
    const bodies = [ready[tick % ready.length]];
    if (probe && tick % 4 === 0) bodies.push(batch(0, true));
    for (const body of bodies) {
      const posted = post(body).finally(() => waiting.delete(posted));
      waiting.add(posted);
    }
    count += each;
  }
  await Promise.all(waiting);
  const elapsed = (performance.now() - begun) / 1000;
  return { rate: count / elapsed, cores: (cpuOf(server.pid) - cpu) / elapsed };
}

try {
  for (let tries = 0; !(await fetch(`${url}/readyz`).then((answer) => answer.ok, () => false)); ++tries) {
    if (tries === 1200) throw new Error('the server does not come up');
    await sleep(100);
  }
  const { totals } = await ask('GET', '/v1/schema');
  await post(batch(2000, true));
  sent.clear();
  console.log(`load ${os.loadavg()[0].toFixed(1)}, ${totals.customers} customers`);
  const without = await stream(false);
  console.log(`without segments: ${without.rate.toFixed(0)} events/s, ${without.cores.toFixed(2)} cores`);

  let begun = performance.now();
  await ask('PUT', '/v1/segments/probed', { definition: { event: 'Probed', within: '1h' } });
  for (let i = 0; i < segments; i += 8) {
    await Promise.all(Array.from({ length: Math.min(8, segments - i) }, (_, k) =>
      ask('PUT', `/v1/segments/live_${i + k}`, { definition: definition(i + k) })));
  }
  await ask('GET', `/v1/segments/live_${segments - 1}/changes?limit=1`);
  console.log(`${segments} segments defined and filled in ${((performance.now() - begun) / 1000).toFixed(1)} s`);

  const delays = [];
  const follow = http.get({ port, host: '127.0.0.1', path: '/v1/segments/probed/changes',
                            headers: { accept: 'text/event-stream' } }, (answer) => {
    let text = '';
    answer.setEncoding('utf8');
    answer.on('data', (piece) => {
      text += piece;
      for (const [, id] of text.matchAll(/"customer_id":\s*"(probe-\d+)"/g)) {
        if (!sent.has(id)) continue;
        delays.push(performance.now() - sent.get(id));
        sent.delete(id);
      }
      text = text.slice(-200);
    });
  });
  const live = await stream(true);
  for (let tries = 0; sent.size > 0 && tries < 100; ++tries) await sleep(100);
  follow.destroy();
  delays.sort((a, b) => a - b);
  const at = (share) => delays[Math.min(delays.length - 1, Math.floor(delays.length * share))]?.toFixed(0);
  console.log(`with segments: ${live.rate.toFixed(0)} events/s, ${live.cores.toFixed(2)} cores: ` +
              `${(live.cores - without.cores).toFixed(2)} more`);
  console.log(`from sending an event to its change: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, ` +
              `${delays.length} of ${delays.length + sent.size} told`);
} finally {
  const ended = new Promise((resolve) => { server.on('exit', resolve); });
  server.kill();
  await ended;
  fs.rmSync(copy, { recursive: true, force: true });
}
