// Asks the questions of questions/ of Grapevine, DuckDB and ClickHouse's engine, one after the other in one
// run, on the same generated rows, two threads each; compares the answers and prints medians and ratios.
//
//   npm install && node run.mjs ../../build/release/segments_suite [--folder F] [--events N]
//
// A peer may be told how to answer in several ways and with several orders of rows: the fastest counts.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { besidePeers, openPeers, prepare, tableOf } from './peers.mjs';

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

const { data, peers: tables } = await prepare(suite, folder, options.customers, options.events);
const names = options.only?.split(',') ?? JSON.parse(
  fs.readFileSync(path.join(here, 'questions.json'), 'utf8'));
const ours = await openGrapevine(data);
const peers = await openPeers(tables, options.threads);
const results = [];
for (const name of names) {
  const question = (await import(`./questions/${name}.mjs`)).default;
  results.push(await besidePeers(name, question, await ours.ask(name), peers, runs));
}
ours.close();
const table = tableOf(results, runs);
console.log(table);
if (options.out) fs.writeFileSync(options.out, table + '\n');
fs.writeFileSync(path.join(folder, 'results.json'), JSON.stringify(results, null, 1));
process.exit(0);  // The engines keep threads of their own.
