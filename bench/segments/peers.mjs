// The peers, and how they are asked: the world's rows in tables of theirs, every way to ask and every order
// of rows tried, the fastest timed, its answer compared with ours.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import * as clickhouse from './clickhouse.mjs';
import * as duckdb from './duckdb.mjs';
import { FROM, MONDAY } from './moments.mjs';

export const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

// Whether a question was asked often enough: so many runs, and for so long. Of short ones the first few are
// of caches that other questions left.
const AT_LEAST_MS = 200;
export const enough = (took, runs) =>
  took.length >= runs && took.reduce((sum, ms) => sum + ms, 0) >= AT_LEAST_MS;

// The world and its tables are made once and kept.
export async function prepare(suite, folder, customers, events) {
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
    execFileSync(suite, ['make', data, customers, events], { stdio: 'inherit' });
  });
  await once('peers', async () => {
    execFileSync(suite, ['export', data, peers], { stdio: 'inherit' });
    await duckdb.makeParquet(peers);
    for (const table of ['events', 'customers']) fs.rmSync(path.join(peers, `${table}.csv`));
  });
  return { data, peers };
}

export async function openPeers(folder, threads) {
  const moments = { threads, origin: FROM, monday: MONDAY };
  const peers = [
    { ...await duckdb.openDuckdb(folder, moments), key: 'duckdb', tables: duckdb.TABLES },
    { ...clickhouse.openClickhouse(folder, moments), key: 'clickhouse', tables: clickhouse.TABLES },
  ];
  console.error(peers.map(({ name, version }) => `${name} ${version}`).join(', '));
  return peers;
}

// The SQL of every way, with every table in place.
function waysOf(texts, tables) {
  return texts.flatMap((text) => text.includes('{events}')
    ? tables.map((table) => ({ table, sql: text.replaceAll('{events}', table) })) : [{ sql: text }]);
}

// The fastest of all ways, warm, and what it answers.
async function askPeer(peer, texts, runs) {
  let best;
  const tries = [];
  for (const { table, sql } of waysOf(texts, peer.tables)) {
    await peer.time(sql);
    const ms = await peer.time(sql);
    tries.push({ ms, table, sql });
    if (!best || ms < best.ms) best = tries.at(-1);
  }
  const rows = await peer.rows(best.sql);
  const took = [], used = [];
  while (!enough(took, runs)) {
    const cpu = process.cpuUsage();
    took.push(await peer.time(best.sql));
    const { user, system } = process.cpuUsage(cpu);
    used.push((user + system) / 1000);
  }
  best.ms = median(took);
  return { ms: best.ms, cpu: median(used), rows, sql: best.sql, tries };
}

function sameValue(a, b, tolerance) {
  if (typeof a !== 'number' || typeof b !== 'number') return JSON.stringify(a) === JSON.stringify(b);
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

// Asks every peer what was `answer`ed here ({ms, cpu_ms, answer}: of runs, and rows), in `runs` runs or
// more (see enough).
export async function besidePeers(name, question, answer, peers, runs) {
  const result = { name, asks: question.asks, ms: median(answer.ms), cpu: median(answer.cpu_ms),
                   peers: [], load: os.loadavg()[0] };
  for (const peer of peers) {
    const theirs = await askPeer(peer, question[peer.key], runs);
    compare(name, peer.name, answer.answer, theirs.rows, question);
    result.peers.push({ ...theirs, rows: undefined });
  }
  result.ratio = Math.min(...result.peers.map(({ ms }) => ms)) / result.ms;
  result.cpuRatio = Math.min(...result.peers.map(({ cpu }) => cpu)) / result.cpu;
  console.error(`${name.padEnd(20)} ${result.ms.toFixed(2).padStart(9)} ms (cpu ${result.cpu.toFixed(1)}) ` +
    result.peers.map(({ ms, cpu }) => `${ms.toFixed(1).padStart(9)} (cpu ${cpu.toFixed(0)})`).join(' ') +
    `  ${result.ratio.toFixed(1)} times (cpu ${result.cpuRatio.toFixed(1)}) load ${result.load.toFixed(1)}`);
  return result;
}

// The mean ratio where each peer keeps its rows once, as we do: in the orders, one of each, with which the peers
// together are fastest. What is slower in a peer's other orders was timed once, warm.
function oneOrderEach(results) {
  const times = (number, table) => results.map(({ peers }) =>
    Math.min(...peers[number].tries.filter((of) => !of.table || of.table === table).map(({ ms }) => ms)));
  const tables = [...new Set(results.flatMap(({ peers }) => peers.flatMap(({ tries }) =>
    tries.map(({ table }) => table).filter(Boolean))))];
  const orders = results[0].peers.reduce(
    (chosen, _, number) => chosen.flatMap((some) => tables.map((table) => [...some, { number, table }])), [[]]);
  return Math.min(...orders.map((chosen) => {
    const all = chosen.map(({ number, table }) => times(number, table));
    return Math.exp(results.reduce(
      (sum, { ms }, i) => sum + Math.log(Math.min(...all.map((of) => of[i])) / ms), 0) / results.length);
  }));
}

// A table of Markdown.
export function tableOf(results, runs) {
  const mean = (key) => Math.exp(results.reduce((sum, r) => sum + Math.log(r[key]), 0) / results.length);
  const least = (key) => Math.min(...results.map((result) => result[key]));
  const lines = ['| question | Grapevine | DuckDB | ClickHouse | times the better peer | in CPU |',
                 '| --- | ---: | ---: | ---: | ---: | ---: |'];
  for (const { asks, ms, peers, ratio, cpuRatio } of results) {
    lines.push(`| ${asks} | ${ms.toFixed(2)} | ${peers.map((p) => p.ms.toFixed(1)).join(' | ')} | ` +
               `${ratio.toFixed(1)} | ${cpuRatio.toFixed(1)} |`);
  }
  lines.push('', `Geometric mean ${mean('ratio').toFixed(1)} times, least ${least('ratio').toFixed(1)}; in CPU ` +
                 `${mean('cpuRatio').toFixed(1)}, least ${least('cpuRatio').toFixed(1)}. Peers keep their rows in ` +
                 `several orders here; in one each, the mean is ${oneOrderEach(results).toFixed(1)}. ` +
                 `Medians of ${runs} runs, and ${AT_LEAST_MS} ms, at least; ms.`);
  return lines.join('\n');
}
