// Asks the questions of questions/ of Grapevine, DuckDB and ClickHouse's engine, one after the other in one
// run, on the same generated rows, two threads each; compares the answers and prints medians and ratios.
//
//   npm install && node run.mjs ../../build/release/segments_suite [--folder F] [--events N]
//
// A peer may be told how to answer in several ways and with several orders of rows: the fastest counts.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DAY, FROM } from './moments.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    customers: { type: 'string', default: '1000000' },
    events: { type: 'string', default: '10000000' },
    folder: { type: 'string', default: path.join(os.tmpdir(), 'grapevine-segments') },
    runs: { type: 'string', default: '7' },
    threads: { type: 'string', default: '2' },
    only: { type: 'string' },  // Questions by name, with commas between.
    out: { type: 'string' },   // Where the table goes too, as Markdown.
  },
});
const here = path.dirname(fileURLToPath(import.meta.url));
const suite = path.resolve(positionals[0] ?? '../../build/release/segments_suite');
const folder = path.join(options.folder, `${options.customers}x${options.events}`);
const runs = Number(options.runs);
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

// The world and its tables are made once and kept.
async function prepare() {
  const data = path.join(folder, 'data');
  const peers = path.join(folder, 'peers');
  fs.mkdirSync(peers, { recursive: true });
  const once = async (name, make) => {
    const done = path.join(folder, `${name}-done`);
    if (fs.existsSync(done)) return;
    console.error(`making ${name} ...`);
    await make();
    fs.writeFileSync(done, '');
  };
  await once('data', () => {
    fs.rmSync(data, { recursive: true, force: true });
    execFileSync(suite, ['make', data, options.customers, options.events], { stdio: 'inherit' });
  });
  await once('peers', async () => {
    execFileSync(suite, ['export', data, peers], { stdio: 'inherit' });
    const { makeParquet } = await import('./duckdb.mjs');
    await makeParquet(peers);
    for (const table of ['events', 'customers']) fs.rmSync(path.join(peers, `${table}.csv`));
  });
  return { data, peers };
}

async function openGrapevine(data) {
  const child = spawn(suite, ['answer', data, options.threads], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error('segments_suite ended');
    return value;
  };
  if (await next() !== 'ready') throw new Error('segments_suite is not ready');
  return {
    async ask(name) {
      child.stdin.write(`${name} ${runs}\n`);
      return JSON.parse(await next());
    },
    close: () => child.stdin.end(),
  };
}

// The SQL of every way, with every table in place.
function waysOf(texts, tables) {
  return texts.flatMap((text) => text.includes('{events}')
    ? tables.map((table) => text.replaceAll('{events}', table)) : [text]);
}

// The fastest of all ways, warm, and what it answers.
async function askPeer(peer, texts, tables) {
  let best;
  const tries = [];
  for (const sql of waysOf(texts, tables)) {
    await peer.time(sql);
    const ms = await peer.time(sql);
    tries.push({ ms, sql });
    if (!best || ms < best.ms) best = { ms, sql };
  }
  const rows = await peer.rows(best.sql);
  const took = [], used = [];
  for (let run = 0; run < runs; ++run) {
    const cpu = process.cpuUsage();
    took.push(await peer.time(best.sql));
    const { user, system } = process.cpuUsage(cpu);
    used.push((user + system) / 1000);
  }
  return { ms: median(took), cpu: median(used), rows, sql: best.sql, tries };
}

function sameValue(a, b, tolerance) {
  if (typeof a !== 'number' || typeof b !== 'number') return a === b;
  return a === b || Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b));
}

// Rows without an order are compared in that of their exact values.
function compare(name, peer, ours, theirs, { ordered, tolerance = 0 }) {
  const exact = (row) => JSON.stringify(row.map((v) => Number.isInteger(v) || typeof v === 'string' ? v : 0));
  const sorted = (rows) => ordered ? rows : [...rows].sort((a, b) => exact(a) < exact(b) ? -1 : 1);
  const [a, b] = [sorted(ours), sorted(theirs)];
  const at = a.findIndex((row, i) => !b[i] || row.length !== b[i].length ||
                                     row.some((value, k) => !sameValue(value, b[i][k], tolerance)));
  if (a.length === b.length && at < 0) return;
  throw new Error(`${name}: ${a.length} rows here, ${b.length} in ${peer}; row ${at}: ` +
                  `${JSON.stringify(a[at])} here, ${JSON.stringify(b[at])} there`);
}

async function main() {
  const { data, peers } = await prepare();
  const names = options.only?.split(',') ?? JSON.parse(
    fs.readFileSync(path.join(here, 'questions.json'), 'utf8'));
  const moments = { threads: options.threads, origin: FROM, monday: FROM - DAY };
  const duckdb = await import('./duckdb.mjs');
  const clickhouse = await import('./clickhouse.mjs');
  const ours = await openGrapevine(data);
  const both = [[await duckdb.openDuckdb(peers, moments), 'duckdb', duckdb.TABLES],
                [clickhouse.openClickhouse(peers, moments), 'clickhouse', clickhouse.TABLES]];
  console.error(both.map(([peer]) => `${peer.name} ${peer.version}`).join(', '));
  const results = [];
  for (const name of names) {
    const question = (await import(`./questions/${name}.mjs`)).default;
    const answer = await ours.ask(name);
    const result = { name, asks: question.asks, ms: median(answer.ms), cpu: median(answer.cpu_ms),
                     peers: [], load: os.loadavg()[0] };
    for (const [peer, key, tables] of both) {
      const theirs = await askPeer(peer, question[key], tables);
      compare(name, peer.name, answer.answer, theirs.rows, question);
      result.peers.push({ ...theirs, rows: undefined });
    }
    result.ratio = Math.min(...result.peers.map(({ ms }) => ms)) / result.ms;
    result.cpuRatio = Math.min(...result.peers.map(({ cpu }) => cpu)) / result.cpu;
    results.push(result);
    console.error(`${name.padEnd(20)} ${result.ms.toFixed(2).padStart(9)} ms (cpu ${result.cpu.toFixed(1)}) ` +
      result.peers.map(({ ms, cpu }) => `${ms.toFixed(1).padStart(9)} (cpu ${cpu.toFixed(0)})`).join(' ') +
      `  ${result.ratio.toFixed(1)} times (cpu ${result.cpuRatio.toFixed(1)}) load ${result.load.toFixed(1)}`);
  }
  ours.close();
  report(results);
}

function report(results) {
  const mean = (key) => Math.exp(results.reduce((sum, r) => sum + Math.log(r[key]), 0) / results.length);
  const least = (key) => Math.min(...results.map((result) => result[key]));
  const lines = ['| question | Grapevine | DuckDB | ClickHouse | times the better peer | in CPU |',
                 '| --- | ---: | ---: | ---: | ---: | ---: |'];
  for (const { asks, ms, peers, ratio, cpuRatio } of results) {
    lines.push(`| ${asks} | ${ms.toFixed(2)} | ${peers.map((p) => p.ms.toFixed(1)).join(' | ')} | ` +
               `${ratio.toFixed(1)} | ${cpuRatio.toFixed(1)} |`);
  }
  lines.push('', `Geometric mean ${mean('ratio').toFixed(1)} times, least ${least('ratio').toFixed(1)}; in CPU ` +
                 `${mean('cpuRatio').toFixed(1)}, least ${least('cpuRatio').toFixed(1)}. Medians of ${runs} runs, ms.`);
  console.log(lines.join('\n'));
  if (options.out) fs.writeFileSync(options.out, lines.join('\n') + '\n');
  fs.writeFileSync(path.join(folder, 'results.json'), JSON.stringify(results, null, 1));
}

await main();
process.exit(0);  // The engines keep threads of their own.
