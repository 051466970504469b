// How many cheap SQL queries over HTTP with keep-alive are answered, beside what Boost.Beast answers at most; and
// how long they take while two full scans run without pause. wants wrk, and a data folder that
// `segments_suite make` made. The load generator runs on the same cores.
//
//   node cheap_query.mjs BUILD FOLDER [--seconds 8]     BUILD: where grapevine, beast_ceiling and request_times are
import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';

const { values: options, positionals: [build, folder] } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '8' }, threads: { type: 'string', default: '2' } },
});
const lua = path.join(path.dirname(fileURLToPath(import.meta.url)), 'cheap_query.lua');
const FULL_SCAN = `SELECT channel, sum(value), uniqExact(product_id), avg(length(event)) FROM events
  WHERE toSecond(ts) != 61 GROUP BY channel`;  // Every row is read and tested.

async function start(program, args, match) {
  const child = spawn(path.resolve(build, program), args, { stdio: ['ignore', 'pipe', 'ignore'] });
  process.on('exit', () => child.kill());
  for await (const line of readline.createInterface({ input: child.stdout })) {
    const found = line.match(match);
    if (found) return { child, url: `http://127.0.0.1:${found[1]}` };
  }
  throw new Error(`${program} did not come up`);
}

async function wrk(url, query, clients) {
  const { stdout } = await promisify(execFile)('wrk', ['-t', '1', '-c', String(clients), '-d', `${options.seconds}s`,
    '--timeout', '30s', '-s', lua, url, '--', query]);
  const result = JSON.parse(stdout.trim().split('\n').at(-1));
  if (result.errors > 0) throw new Error(`${result.errors} of ${result.requests} failed`);
  return { ...result, rate: result.requests / result.seconds };
}
const row = (...cells) => console.log(`| ${cells.join(' | ')} |`);
const told = (result) => [result.rate.toFixed(0), result.p50_ms, result.p99_ms];

const ceiling = await start('beast_ceiling', [options.threads], /^(\d+)$/);
const ours = await start('grapevine', ['serve', '--listen', '127.0.0.1:0', '--data', folder, '--threads', options.threads],
                         /listening on http:\/\/127\.0\.0\.1:(\d+)/);
while (!await fetch(`${ours.url}/readyz`).then((answer) => answer.ok, () => false)) {
  await new Promise((resolve) => setTimeout(resolve, 100));
}
await wrk(ours.url, 'one', 1);  // Warms up.
console.log(`load ${os.loadavg()[0].toFixed(1)}\n`);
row('query', 'clients', 'requests/s', 'p50 ms', 'p99 ms');
row('---', '---:', '---:', '---:', '---:');
for (const clients of [1, 8, 32]) {
  row("Beast's ceiling", clients, ...told(await wrk(ceiling.url, 'one', clients)));
  row('SELECT 1', clients, ...told(await wrk(ours.url, 'one', clients)));
  row('count of an event', clients, ...told(await wrk(ours.url, 'count', clients)));
}

let scans = 0;
let stopped = false;
const scan = async () => {
  while (!stopped) {
    const answer = await fetch(`${ours.url}/`, { method: 'POST', body: FULL_SCAN });
    if (!answer.ok) throw new Error(await answer.text());
    await answer.text();
    ++scans;
  }
};
// A machine that is lent may stand still for some milliseconds while all its cores are busy: how often, without us.
const STILL_MS = 2;
const spin = `const end = performance.now() + 3000; let last = performance.now(), gaps = 0, longest = 0;
  while (last < end) { const now = performance.now(); if (now - last > ${STILL_MS}) { ++gaps; longest = Math.max(longest, now - last); } last = now; }
  console.log(gaps + ' ' + longest.toFixed(1));`;
const spinning = await Promise.all(os.cpus().map(() => promisify(execFile)(process.execPath, ['-e', spin])));
console.log(`\nThe machine, with every core busy for 3 s: stood still for more than ${STILL_MS} ms ` +
            `${spinning.map(({ stdout }) => stdout.trim().replace(' ', ' times, at most ')).join(' ms; ')} ms`);
const SQL = { one: 'SELECT 1', count: "SELECT count() FROM events WHERE event = 'Order Completed'" };  // As in cheap_query.lua.
async function timed(query, rate) {
  const { stdout } = await promisify(execFile)(path.resolve(build, 'request_times'),
    [new URL(ours.url).port, SQL[query], options.seconds, String(rate)]);
  return JSON.parse(stdout);
}
// wrk adds the requests that a slow one kept from being sent: its percentiles are of time, the others' of requests.
const ways = {
  'one after the other': (query) => timed(query, 0),
  '200 a second': (query) => timed(query, 200),
  wrk: (query) => wrk(ours.url, query, 1),
};
for (const query of ['one', 'count']) {
  for (const [way, ask] of Object.entries(ways)) {
    const alone = await ask(query);
    stopped = false;
    const both = [scan(), scan()];
    await new Promise((resolve) => setTimeout(resolve, 500));
    const before = scans;
    const begun = performance.now();
    const beside = await ask(query);
    const rate = ((scans - before) / (performance.now() - begun) * 1000).toFixed(1);
    console.log(`\n${query}, ${way}, alone and beside two full scans (${rate} scans/s):`);
    for (const at of ['p50_ms', 'p95_ms', 'p99_ms']) {
      console.log(`  ${at} ${alone[at]} and ${beside[at]}, ${(beside[at] / alone[at]).toFixed(1)} times`);
    }
    stopped = true;
    await Promise.all(both);
  }
}
for (const { child } of [ceiling, ours]) child.kill();
process.exit(0);
